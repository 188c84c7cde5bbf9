"""Does the score find the pain that is there? `python -m benchmarks.recovery [--journeys N]`

Plants known pain in simulated journeys of 15 touchpoints, each served by 20 units over three
channels (simulated.py), and scores what customers would tell of it. Kinds of journeys:
    as assumed    rates come from one Beta distribution per family, as formula pain/1 assumes
    planted       calm touchpoints, and three with one or two families far worse, which no single
                  Beta distribution describes; this is what real journeys look like
    unhappy more  planted, but unhappy customers answer twice as readily as the others
    unhappy less  planted, but unhappy customers answer half as readily
each with rich evidence (typically 600 experiences per family and touchpoint), moderate (120) and
sparse (25), and volumes that differ by a factor of up to a hundred between touchpoints. A third of
the families is not measured at a touchpoint; what customers feel always is.

Prints, for each:
    the share of true severities inside their 90% intervals (goal 88–92%), of ranked touchpoints, of
    those with too little evidence, and (told) of the severity that those who answer have; burden's
    is the same as severity's, because reach is taken as known
    how often the touchpoint with the largest true burden is in the first band, and how many are
    NDCG@5, how much of the true burden the first five places of a ranking catch: Touchline's, and
    the same with touchpoints of too little evidence left in their place; by mean CSAT; by mean
    wait; by number of complaints; by severity or burden straight from the observed rates, without
    shrinkage. The same where severity itself is looked for, of one passage, however many pass.
    units named as really different: how many of the bad ones are found, how many are wrong
Then the alerts of whole years (years.py). Under five minutes on one core.
"""

import argparse
import time
from collections import defaultdict
from collections.abc import Callable

import numpy as np

from analytics import outliers, severity
from analytics.ranking import Scores, score
from benchmarks import years
from benchmarks.simulated import (
    COMPLAINED,
    TOUCHPOINTS,
    Told,
    World,
    as_assumed,
    planted,
    raw_severity,
    tell,
    touchpoints_of,
    world,
)

KINDS: dict[str, tuple[Callable[[np.random.Generator], np.ndarray], float]] = {
    "as assumed": (as_assumed, 1.0),
    "planted": (planted, 1.0),
    "unhappy more": (planted, 2.0),
    "unhappy less": (planted, 0.5),
}
EVIDENCE = {"rich": 600.0, "moderate": 120.0, "sparse": 25.0}

# Each answers how bad the touchpoints look, worst largest
OTHERS: dict[str, Callable[[World, Told], np.ndarray]] = {
    "mean CSAT": lambda truth, told: -told.mean_csat,
    "mean wait": lambda truth, told: told.mean_wait_s,
    "complaints": lambda truth, told: told.x[:, COMPLAINED],
    "raw severity": lambda truth, told: raw_severity(told),
    "raw burden": lambda truth, told: truth.reach * raw_severity(told),
}
SHARES = ("ranked", "too little", "told", "worst in band", "bad units", "wrong units")
GAINS = ("Touchline", "all ranked", *OTHERS, "severity", "its raw")


def ndcg(gains: np.ndarray, order: np.ndarray, places: int = 5) -> float:
    """Discounted gains of the first places, as a share of the best possible (Järvelin 2002)."""
    discount = 1 / np.log2(np.arange(2, places + 2))
    best = np.sort(gains)[::-1][:places]
    return float((gains[order[:places]] * discount).sum() / (best * discount).sum())


def measure(
    kind: str, typical_n: float, journeys: int, seed: int = 20_260
) -> tuple[dict[str, float], dict[str, np.ndarray]]:
    """Shares (and the size of the first band), by name; and NDCG@5 of each journey, by name."""
    rates_of, bias = KINDS[kind]
    rng = np.random.default_rng(seed)
    seen: dict[str, list[float]] = defaultdict(list)
    gains: dict[str, list[float]] = defaultdict(list)
    for _ in range(journeys):
        truth = world(rng, rates_of, typical_n, bias)
        told = tell(rng, truth)
        scores = score(touchpoints_of(told.x, told.n, truth.reach))
        for name, values in (
            *_covered(truth, scores).items(),
            *_first_band(truth, scores).items(),
            *_units(truth, told).items(),
        ):
            seen[name].extend(values)
        for name, order in _orders(truth, told, scores).items():
            worth = truth.severity if name in GAINS[-2:] else truth.burden
            gains[name].append(ndcg(worth, order))
    means = {name: float(np.mean(seen[name])) if seen[name] else np.nan for name in seen}
    return means, {name: np.array(values) for name, values in gains.items()}


def _covered(truth: World, scores: Scores) -> dict[str, list[float]]:
    """For each kind of interval whether it holds the truth."""
    inside: dict[str, list[float]] = {"ranked": [], "too little": [], "told": []}
    as_told = truth.severity_of(truth.rates_of_those_who_answer)
    for code, found in scores.by_code().items():
        i = int(code[1:])
        hit, told = (
            float(found.severity_low <= severities[i] <= found.severity_high)
            for severities in (truth.severity, as_told)
        )
        inside["too little" if found.too_little_evidence else "ranked"].append(hit)
        inside["told"].append(told)
    return inside


def _first_band(truth: World, scores: Scores) -> dict[str, list[float]]:
    first = [found.code for found in scores.touchpoints if found.band == 1]
    worst = f"t{int(np.argmax(truth.burden)):02}"
    return {"worst in band": [float(worst in first)], "band": [float(len(first))]}


def _units(truth: World, told: Told) -> dict[str, list[float]]:
    """Of the bad units that can be judged, which are named; of those named, which are not bad."""
    compared, bad = [], []
    for t in range(TOUCHPOINTS):
        for f in range(len(severity.FAMILIES)):
            try:
                compared.append(outliers.compare(told.unit_x[t, f], told.unit_n[t, f]))
            except outliers.NotCompared:
                continue
            bad.append(truth.bad[t] & compared[-1].judged)
    named = outliers.really_different(compared)
    wrong = sum(int((mark & ~planted).sum()) for mark, planted in zip(named, bad, strict=True))
    found = [float(m) for mark, one in zip(named, bad, strict=True) for m in mark[one]]
    return {"bad units": found, "wrong units": [wrong / max(1, sum(int(m.sum()) for m in named))]}


def _orders(truth: World, told: Told, scores: Scores) -> dict[str, np.ndarray]:
    by_code = scores.by_code()
    ours = [by_code[f"t{i:02}"] for i in range(TOUCHPOINTS)]
    looks = {name: look(truth, told) for name, look in OTHERS.items()} | {
        "all ranked": np.array([found.burden for found in ours]),
        "severity": np.array([found.severity for found in ours]),
        "its raw": raw_severity(told),
    }
    orders = {name: np.argsort(-look, kind="stable") for name, look in looks.items()}
    orders["Touchline"] = np.array([int(found.code[1:]) for found in scores.touchpoints])
    return orders


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--journeys", type=int, default=300, help="per line of the tables")
    parser.add_argument("--years", type=int, default=24, help="journeys watched for a year each")
    options = parser.parse_args()
    start = time.process_time()
    print(f"{options.journeys} journeys of {TOUCHPOINTS} touchpoints per line, seed fixed\n")
    found = {
        (kind, evidence): measure(kind, typical_n, options.journeys)
        for kind in KINDS
        for evidence, typical_n in EVIDENCE.items()
    }
    print("| journeys, evidence | " + " | ".join((*SHARES[:4], "its size", *SHARES[4:])) + " |")
    print("|---" + "|--:" * (len(SHARES) + 1) + "|")
    for (kind, evidence), (means, _) in found.items():
        cells = [f"{means.get(name, np.nan):.1%}".replace("nan%", "–") for name in SHARES]
        cells.insert(4, f"{means['band']:.1f}")
        print(f"| {kind}, {evidence} | " + " | ".join(cells) + " |")
    print("\n| NDCG@5 | " + " | ".join(GAINS) + " |")
    print("|---" + "|--:" * len(GAINS) + "|")
    for (kind, evidence), (_, gains) in found.items():
        cells = [f"{gains[name].mean():.3f}" for name in GAINS]
        print(f"| {kind}, {evidence} | " + " | ".join(cells) + " |")
    print(flush=True)
    years.report(options.years)
    print(f"\n{time.process_time() - start:.0f} s of processor time")


if __name__ == "__main__":
    main()
