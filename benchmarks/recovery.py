"""Does the score find the pain that is there? `python -m benchmarks.recovery [--journeys N]`

Plants known pain in simulated journeys of 15 touchpoints and scores what customers would tell of
it. Two worlds:
    as assumed  every touchpoint's rates come from one Beta distribution per family and journey,
                as formula pain/1 assumes
    planted     calm touchpoints, and three with one or two families far worse, which no single
                Beta distribution describes; this is what real journeys look like
each with rich evidence (typically 600 experiences per family and touchpoint), moderate (120) and
sparse (25), and volumes that differ by a factor of up to a hundred between touchpoints. A third of
the families is not measured at a touchpoint; what customers feel always is.

Prints, for each:
    the share of true severities inside their 90% intervals (goal 88–92%), of ranked touchpoints and
    of those with too little evidence, and of the true rates; burden's is the same as severity's,
    because reach is taken as known
    NDCG@5, how much of the true burden the first five places of a ranking catch: Touchline's, and
    the same with touchpoints of too little evidence left in their place; by mean CSAT; by mean
    wait; and by severity or burden straight from the observed rates, without shrinkage
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analytics import severity
from analytics.ranking import Scores, TouchpointCounts, score

TOUCHPOINTS = 15
PLANTED = 3
FELT, WAITED = severity.FAMILIES.index("felt"), severity.FAMILIES.index("waited")
INTERVALS = ("ranked", "too little", "rates")
WEIGHTS = np.array([severity.DEFAULT_WEIGHTS[family] for family in severity.FAMILIES])
# What a family's rate is like at a calm touchpoint: its mean over touchpoints
CALM = np.array([0.08, 0.12, 0.06, 0.05, 0.02])


@dataclass(frozen=True)
class World:
    """A journey as it is: rates (touchpoints, families), reach, n and promise_s (touchpoints,)."""

    rates: np.ndarray
    measured: np.ndarray
    reach: np.ndarray
    n: np.ndarray
    promise_s: np.ndarray

    @property
    def severity(self) -> np.ndarray:
        """Of the families measured: nobody can be asked to find what leaves no trace."""
        return 1 - np.prod(1 - WEIGHTS * self.rates * self.measured, axis=1)

    @property
    def burden(self) -> np.ndarray:
        return 1000 * self.reach * self.severity


@dataclass(frozen=True)
class Told:
    """What customers told: x, n (touchpoints, families), and the two figures others rank by."""

    x: np.ndarray
    n: np.ndarray
    mean_csat: np.ndarray
    mean_wait_s: np.ndarray


def as_assumed(rng: np.random.Generator) -> np.ndarray:
    mean, size = CALM * rng.uniform(0.5, 2.0, 5), np.exp(rng.uniform(np.log(4), np.log(40), 5))
    return rng.beta(size * mean, size * (1 - mean), (TOUCHPOINTS, 5))


def planted(rng: np.random.Generator) -> np.ndarray:
    calm = rng.beta(40 * CALM, 40 * (1 - CALM), (TOUCHPOINTS, 5))
    for touchpoint in rng.choice(TOUCHPOINTS, PLANTED, replace=False):
        families = rng.choice(5, rng.integers(1, 3), replace=False)
        calm[touchpoint, families] = rng.uniform(0.25, 0.6, len(families))
    return calm


def world(rng: np.random.Generator, rates: np.ndarray, typical_n: float) -> World:
    measured = rng.random(rates.shape) < 2 / 3
    measured[:, FELT] = True
    volume = np.exp(rng.normal(0.0, 1.0, TOUCHPOINTS))
    reach = np.clip(volume / np.quantile(volume, 0.9), 0.02, 1.0)
    n = np.maximum(np.rint(typical_n * volume), 3)
    return World(rates, measured, reach, n, rng.choice([60.0, 300.0, 900.0], TOUCHPOINTS))


def tell(rng: np.random.Generator, truth: World) -> Told:
    share_answering = rng.uniform(0.3, 1.5, truth.rates.shape)
    n = np.maximum(np.rint(truth.n[:, None] * share_answering), 1) * truth.measured
    x = rng.binomial(n.astype(int), truth.rates)
    # CSAT: the painful answers 1 or 2, the others 3 to 5; touchpoints differ in how they are liked
    liking = rng.dirichlet([2.0, 5.0, 5.0], TOUCHPOINTS)
    answers, hurt = n[:, FELT].astype(int), x[:, FELT]
    ones = rng.binomial(hurt, 0.5)
    fine = np.array([rng.multinomial(k, p) for k, p in zip(answers - hurt, liking, strict=True)])
    total = ones + 2 * (hurt - ones) + fine @ [3, 4, 5]
    # waits: exponential, late with the touchpoint's rate; a promise of a minute is no long wait
    mean_s = truth.promise_s / -np.log(truth.rates[:, WAITED])
    waits = n[:, WAITED]
    drawn_s = rng.gamma(np.maximum(waits, 1), mean_s) / np.maximum(waits, 1)
    return Told(x, n, total / answers, np.where(waits > 0, drawn_s, 0.0))


def touchline(truth: World, told: Told) -> Scores:
    counted = [
        TouchpointCounts(
            f"t{i:02}",
            {
                family: (float(told.x[i, f]), float(told.n[i, f]))
                for f, family in enumerate(severity.FAMILIES)
                if told.n[i, f] > 0
            },
            float(truth.reach[i]),
            "volume",
        )
        for i in range(TOUCHPOINTS)
    ]
    return score(counted)


def raw_severity(told: Told) -> np.ndarray:
    rate = told.x / np.maximum(told.n, 1)
    return 1 - np.prod(1 - WEIGHTS * rate, axis=1)


# Each answers how bad the touchpoints look, worst largest
OTHERS: dict[str, Callable[[World, Told], np.ndarray]] = {
    "mean CSAT": lambda truth, told: -told.mean_csat,
    "mean wait": lambda truth, told: told.mean_wait_s,
    "raw severity": lambda truth, told: raw_severity(told),
    "raw burden": lambda truth, told: truth.reach * raw_severity(told),
}


def ndcg(gains: np.ndarray, order: np.ndarray, places: int = 5) -> float:
    """Discounted gains of the first places, as a share of the best possible (Järvelin 2002)."""
    discount = 1 / np.log2(np.arange(2, places + 2))
    best = np.sort(gains)[::-1][:places]
    return float((gains[order[:places]] * discount).sum() / (best * discount).sum())


def covered(truth: World, scores: Scores) -> dict[str, list[bool]]:
    """For each kind of interval whether it holds the truth."""
    inside: dict[str, list[bool]] = {name: [] for name in INTERVALS}
    for code, found in scores.by_code().items():
        i = int(code[1:])
        hit = found.severity_low <= truth.severity[i] <= found.severity_high
        inside["too little" if found.too_little_evidence else "ranked"].append(hit)
        for family, believed in found.families.items():
            rate = truth.rates[i, severity.FAMILIES.index(family)]
            inside["rates"].append(believed.low <= rate <= believed.high)
    return inside


def measure(
    rates_of: Callable[[np.random.Generator], np.ndarray], typical_n: float, journeys: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Coverage and NDCG@5, each by name, over that many journeys."""
    rng = np.random.default_rng(20_260)
    inside: dict[str, list[bool]] = {name: [] for name in INTERVALS}
    gains: dict[str, list[float]] = {name: [] for name in ("Touchline", "all ranked", *OTHERS)}
    for _ in range(journeys):
        truth = world(rng, rates_of(rng), typical_n)
        told = tell(rng, truth)
        scores = touchline(truth, told)
        for name, hits in covered(truth, scores).items():
            inside[name].extend(hits)
        ranking = np.array([int(found.code[1:]) for found in scores.touchpoints])
        gains["Touchline"].append(ndcg(truth.burden, ranking))
        believed = np.array([scores.by_code()[f"t{i:02}"].burden for i in range(TOUCHPOINTS)])
        gains["all ranked"].append(ndcg(truth.burden, np.argsort(-believed, kind="stable")))
        for name, look in OTHERS.items():
            order = np.argsort(-look(truth, told), kind="stable")
            gains[name].append(ndcg(truth.burden, order))
    return (
        {name: float(np.mean(hits)) if hits else float("nan") for name, hits in inside.items()},
        {name: float(np.mean(values)) for name, values in gains.items()},
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--journeys", type=int, default=300, help="per line of the table")
    journeys = parser.parse_args().journeys
    print(f"{journeys} journeys of {TOUCHPOINTS} touchpoints per line, seed fixed")
    print(f"{'':22}{'inside the 90% interval':^36}{'NDCG@5':^78}")
    heads = "".join(f"{name:>12}" for name in INTERVALS)
    for label, rates_of in (("as assumed", as_assumed), ("planted", planted)):
        for evidence, typical_n in (("rich", 600.0), ("moderate", 120.0), ("sparse", 25.0)):
            inside, gains = measure(rates_of, typical_n, journeys)
            if heads:
                print(f"{'world, evidence':22}{heads}" + "".join(f"{name:>13}" for name in gains))
                heads = ""
            shares = "".join(f"{share:12.1%}" for share in inside.values())
            values = "".join(f"{gain:13.3f}" for gain in gains.values())
            print(f"{label + ', ' + evidence:22}{shares}{values}", flush=True)


if __name__ == "__main__":
    main()
