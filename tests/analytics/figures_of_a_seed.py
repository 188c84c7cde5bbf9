"""Prints a digest of every figure of the numeric core for one made-up journey."""

import hashlib
import json

import numpy as np

from analytics import change, drivers, ranking, series, units
from analytics.severity import FAMILIES


def journey(seed: int) -> list[ranking.TouchpointCounts]:
    rng = np.random.default_rng(seed)
    touchpoints = []
    for i in range(12):
        n = rng.integers(5, 4000, len(FAMILIES)) + rng.choice([0.0, 0.37], len(FAMILIES))
        x = rng.uniform(0, 0.4, len(FAMILIES)) * n
        families = {
            f: (float(x[j]), float(n[j])) for j, f in enumerate(FAMILIES) if rng.random() < 0.8
        }
        touchpoints.append(
            ranking.TouchpointCounts(f"t{i}", families, float(rng.random()), "volume")
        )
    return touchpoints


def figures() -> dict[str, str]:
    rng = np.random.default_rng(3)
    weeks = rng.integers(20, 400, 60)
    hurt = {"felt": rng.binomial(weeks, 0.2), "waited": rng.binomial(weeks, 0.1)}
    answers = rng.normal(size=(60_000, 12)) @ rng.normal(size=(12, 12))
    outcome = answers.sum(axis=1) + rng.normal(size=60_000)
    answers[rng.random(answers.shape) < 0.2] = np.nan
    return {
        "score": repr(ranking.score(journey(1))),
        "change": repr(change.compare(journey(1), journey(2))),
        "series": repr(
            [a.tolist() for a in series.weekly_severity(hurt, {f: weeks for f in hurt})]
        ),
        "levels": repr(series.change_points(hurt, {f: weeks for f in hurt})),
        "drivers": repr(
            [
                [
                    np.asarray(part).tolist()
                    for part in drivers.key_drivers(answers, outcome, method=method, resamples=3)
                ]
                for method in drivers.METHODS
            ]
        ),
        "units": repr(units.funnel(hurt["felt"], weeks)),
    }


def digests() -> dict[str, str]:
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in figures().items()}


if __name__ == "__main__":
    print(json.dumps(digests()))
