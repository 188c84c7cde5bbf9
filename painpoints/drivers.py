"""Key drivers of a run: which touchpoints' answers move the journey's outcome.

Everything is computed once, when first looked at, by a job of its own, and kept with the run as
plain JSON; pages only show it.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from analytics.drivers import (
    LEAST_CUSTOMERS,
    LEAST_PER_PREDICTOR,
    METHODS,
    MOST_FOR_LMG,
    NotShown,
    key_drivers,
    pairwise_correlation,
    quadrants,
)
from analytics.predictors import usable
from evidence.lake import Cursor
from evidence.linked import Linked, linked, outcomes
from evidence.question import Question

KIND = "drivers"
RESAMPLES = 1000

Progress = Callable[[int, int], None]


def count_drivers(
    cursor: Cursor, question: Question, progress: Progress = lambda done, total: None
) -> dict[str, Any]:
    """Outcome by outcome, the drivers by each method; asks the lake through one cursor."""
    metrics = outcomes(cursor, question)
    found = []
    for done, metric in enumerate(metrics):
        progress(done, len(metrics))
        found.append(drivers_of(linked(cursor, question, metric)))
    return {"outcomes": found}


def drivers_of(answered: Linked) -> dict[str, Any]:
    kept, left_out = usable(answered.answers, answered.outcome)
    return {
        "metric": answered.metric,
        "linked": answered.customers,
        "taken": len(answered.outcome),
        "left_out": [
            {
                "code": answered.codes[j],
                "reason": reason,
                "n": int(np.count_nonzero(~np.isnan(answered.answers[:, j]))),
            }
            for j, reason in left_out.items()
        ],
        "methods": {method: _by(method, answered, kept) for method in METHODS},
    }


def _by(method: str, answered: Linked, kept: list[int]) -> dict[str, Any]:
    """The drivers by one method, or why they are not shown."""
    answers = answered.answers[:, kept]
    n = int(np.count_nonzero(~np.isnan(answers).all(axis=1)))
    try:
        found = key_drivers(
            answers, answered.outcome, weights=answered.weights, method=method, resamples=RESAMPLES
        )
    except NotShown as refusal:
        return {
            "refused": refusal.reason, "n": n, "p": len(kept),
            "least": max(LEAST_CUSTOMERS, LEAST_PER_PREDICTOR * len(kept)), "most": MOST_FOR_LMG,
        }  # fmt: skip
    with_outcome = pairwise_correlation(
        np.column_stack([answers, answered.outcome]), answered.weights
    )[:-1, -1]
    columns = {
        "importance": found.importance,
        "importance_low": found.importance_low,
        "importance_high": found.importance_high,
        "performance": found.performance,
        "performance_low": np.clip(found.performance_low, 0, 10),
        "performance_high": np.clip(found.performance_high, 0, 10),
        "correlation": with_outcome,
    }
    touchpoints: list[dict[str, Any]] = [
        {
            "code": answered.codes[j],
            **{name: _finite(column[i]) for name, column in columns.items()},
            "n": int(found.answered[i]),
            "stands_out": bool(found.stands_out[i]),
            "quadrant": quadrant,
        }
        for i, (j, quadrant) in enumerate(
            zip(kept, quadrants(found.importance, found.performance), strict=True)
        )
    ]
    touchpoints.sort(key=lambda line: (-line["importance"], line["code"]))
    return {
        "n": found.n,
        "r_squared": found.r_squared,
        "r_squared_low": found.r_squared_low,
        "r_squared_high": found.r_squared_high,
        "together": list(found.together),
        "touchpoints": touchpoints,
    }


def _finite(value: float) -> float:
    assert math.isfinite(value)
    return float(value)
