"""Answers about touchpoints beside the same customer's answer about the whole journey.

One row a customer; what stands in it is told by `queries/linked.sql` and `linked_answers.sql`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from evidence import lake
from evidence.measures import Cursor
from evidence.metrics import Scale
from evidence.question import Question, code_parameters, scope_parameters

# More customers say no more, and must be held in memory at once.
MOST_CUSTOMERS = 50_000


@dataclass(frozen=True)
class Linked:
    """answers: (customers, touchpoints on the map), nan where not answered; outcome and weights:
    (customers,). Answers run from 0 to 10, the best.  customers: how many are linked altogether;
    of more than 50,000 the first by their keyed hash are taken, which is a sample at random.
    """

    metric: str
    customers: int
    codes: tuple[str, ...]
    answers: np.ndarray
    outcome: np.ndarray
    weights: np.ndarray


def outcomes(cursor: Cursor, question: Question) -> list[str]:
    """The metrics with answers about the journey as a whole; NPS and CSAT first."""
    rows = cursor.execute(
        lake.query("outcome"), {**scope_parameters(question), "journeys": [question.journey]}
    ).fetchall()
    found = {metric for _, metric, *_ in rows if metric in question.scales}
    first = [metric for metric in ("nps", "csat", "ces") if metric in found]
    return [*first, *sorted(found - set(first))]


def linked(cursor: Cursor, question: Question, metric: str, most: int = MOST_CUSTOMERS) -> Linked:
    """Asks the lake through one cursor, see measures.measure."""
    scope, codes = scope_parameters(question), code_parameters(question)
    scale, scales = question.scales[metric], list(question.scales.values())
    metrics = [each.code for each in scales]
    places = {i: at for at, i in enumerate(i for i, p in enumerate(question.places) if p.on_map)}
    cursor.execute(
        lake.query("linked"),
        {
            **scope, "codes": codes["codes"], "journey": question.journey, "metric": metric,
            "metrics": metrics, "most": most, "low": float(scale.low), "high": float(scale.high),
            "reversed": _is_reversed(scale),
        },
    )  # fmt: skip
    asked = _columns(
        cursor.execute("SELECT outcome, weight, altogether FROM linked ORDER BY who"), 3
    )
    customers = len(asked[0])
    answers = np.full((customers, len(places)), np.nan)
    if customers:
        who, place, answer = _columns(
            cursor.execute(
                lake.query("linked_answers"),
                {
                    **scope, **codes, "metrics": metrics,
                    "lows": [float(each.low) for each in scales],
                    "highs": [float(each.high) for each in scales],
                    "are_reversed": [_is_reversed(each) for each in scales],
                },
            ),
            3,
        )  # fmt: skip
        column = np.array([places.get(i, -1) for i in range(len(question.places))])
        answers[who, column[place]] = answer
    return Linked(
        metric=metric,
        customers=int(asked[2][0]) if customers else 0,
        codes=tuple(place.code for place in question.places if place.on_map),
        answers=answers,
        outcome=asked[0],
        weights=asked[1],
    )


def _is_reversed(scale: Scale) -> bool:
    """Whether much is bad, as in “how much effort was it?”."""
    return scale.pain_at_most is None and scale.pain_at_least is not None


def _columns(cursor: Any, count: int) -> list[np.ndarray]:
    found = cursor.fetchnumpy()
    return [np.asarray(column) for column in list(found.values())[:count]]
