"""The burden of a whole journey: painful passages per 1,000 customers, over all its touchpoints.

    total        Σ 1000 · reach · severity over the touchpoints with evidence
    _low, _high  ends of its 90% equal-tailed interval

The draws are those of the ranking (ranking.py): touchpoints that share a plausible prior move
together in them, as they do in what is not known.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from analytics import severity
from analytics.draws import DRAWS, equal_tailed
from analytics.ranking import (
    TouchpointCounts,
    checked,
    fit_priors,
    rate_draws,
)
from analytics.rates import posterior_mean


class Total(NamedTuple):
    """touchpoints: how many have evidence and are summed."""

    value: float
    low: float
    high: float
    touchpoints: int


def total_burden(
    touchpoints: Sequence[TouchpointCounts],
    *,
    weights: Mapping[str, float] = severity.DEFAULT_WEIGHTS,
    draws: int = DRAWS,
) -> Total | None:
    """The sum of the burdens that `ranking.score` tells, with its interval; None without evidence.

    >>> counted = [
    ...     TouchpointCounts("counter", {"waited": (120, 300)}, 0.9, "volume"),
    ...     TouchpointCounts("app", {"felt": (15, 500)}, 0.6, "volume"),
    ... ]
    >>> total = total_burden(counted)
    >>> 200 < total.low < total.value < total.high < 300
    True
    """
    scope = checked(touchpoints, weights)
    seen = [counted for counted in scope if counted.families]
    if not seen:
        return None
    per_1000 = 1000.0 * np.array([counted.reach for counted in seen])
    priors = fit_priors(scope)
    means = {
        family: np.array(
            [
                posterior_mean(prior, *counted.families[family])
                if family in counted.families
                else 0.0
                for counted in seen
            ]
        )
        for family, prior in priors.items()
    }
    drawn = severity.severity(rate_draws(seen, scope, draws), weights)
    low, high = equal_tailed((per_1000[:, None] * drawn).sum(axis=0))
    value = float((per_1000 * severity.severity(means, weights)).sum())
    return Total(value, float(low), float(high), len(seen))
