"""Severity over time, and when it changed.

Letters and suffixes:
    weeks        number of equal spans of time (weeks, or any other), in order
    x, n         family → arrays (weeks,), painful experiences out of n in each week
    starts       indices of the weeks in which a new level begins, the first one, 0, not included
    _low, _high  ends of a 90% equal-tailed interval
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analytics import rates, severity
from analytics.draws import DRAWS, draw_posterior, draw_uniform, equal_tailed

SHORTEST = 3


class Series(NamedTuple):
    """Severity of each week and its interval, arrays (weeks,), nan where there is no evidence."""

    severity: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class Levels:
    """Weeks between changes.

    starts: see above.  severity: of each level, (levels,), raw rates over all its weeks.
    dispersion: how much more than luck the weeks scatter around their neighbours, >= 1.
    """

    starts: tuple[int, ...]
    severity: tuple[float, ...]
    dispersion: float


def weekly_severity(
    code: str,
    x: Mapping[str, ArrayLike],
    n: Mapping[str, ArrayLike],
    *,
    weights: Mapping[str, float] = severity.DEFAULT_WEIGHTS,
    draws: int = DRAWS,
) -> Series:
    """One touchpoint's severity week by week.

    The prior of each family is fitted over the weeks, so that thin weeks lean on the others; the
    intervals carry the prior's own uncertainty, which is large where the weeks are few. In a
    week in which only other families have evidence, a family's rate is what its prior says: left
    out, it would make that week look better than its neighbours. Where the prior cannot be fitted
    (fewer than three weeks, or none or all painful), it is left out there.

    >>> series = weekly_severity("queue", {"waited": [10, 0, 12]}, {"waited": [90, 0, 100]})
    >>> series.severity.round(2).tolist()
    [0.07, nan, 0.07]
    """
    families = severity.known(n)
    counted = {family: rates.counts(x[family], n[family]) for family in families}
    weeks = _weeks(counted)
    spared_mean, spared = np.ones(weeks), np.ones((weeks, draws))
    evidence = np.any([seen > 0 for _, seen in counted.values()], axis=0)
    for family, (hurt, seen) in counted.items():
        prior = rates.fit_beta_prior(hurt, seen)
        uniform = draw_uniform(f"{code}/{family}", draws)
        priors = rates.plausible_priors(hurt, seen, uniform)
        told = evidence if prior != rates.JEFFREYS else seen > 0
        hurt, seen = hurt[told], seen[told]
        a, b = rates.posterior(prior, hurt, seen)
        spared_mean[told] *= 1.0 - weights[family] * a / (a + b)
        rate = draw_posterior(
            code, family, *rates.posterior(priors, hurt[:, None], seen[:, None]), (len(seen), draws)
        )
        spared[told] *= 1.0 - weights[family] * rate
    low, high = equal_tailed(1.0 - spared)
    return Series(
        *(np.where(evidence, figure, np.nan) for figure in (1.0 - spared_mean, low, high))
    )


def change_points(
    x: Mapping[str, ArrayLike],
    n: Mapping[str, ArrayLike],
    *,
    weights: Mapping[str, float] = severity.DEFAULT_WEIGHTS,
    shortest: int = SHORTEST,
) -> Levels:
    """The weeks in which severity moved to another level.

    Between changes each family has one rate. The best division of the weeks, over all there are,
    is found by dynamic programming: least binomial deviance, plus for each change a penalty of
    2·(families + 1)·ln(weeks), twice Schwarz's, which on steady series is seldom paid. Deviances
    are divided by the dispersion, estimated from neighbouring weeks, so that the ordinary unrest of
    a service makes no changes. A level lasts at least `shortest` weeks.
    Source: Jackson et al. 2005, "An algorithm for optimal partitioning of data on an interval",
    IEEE Signal Processing Letters 12, 105–108.

    >>> levels = change_points({"felt": [5] * 10 + [25] * 10}, {"felt": [100] * 20})
    >>> levels.starts, [round(s, 2) for s in levels.severity]
    ((10,), [0.05, 0.25])
    """
    if shortest < 1:
        raise ValueError(f"expected levels of at least one week, got {shortest}")
    counted = {f: rates.counts(x[f], n[f]) for f in severity.known(n)}
    weeks = _weeks(counted)
    dispersion = scatter(counted)
    cost = _segment_costs(counted, weeks) / dispersion
    penalty = 2.0 * (len(counted) + 1) * np.log(max(weeks, 2))

    best = np.full(weeks + 1, np.inf)
    best[0] = -penalty
    last = np.zeros(weeks + 1, dtype=int)
    for end in range(1, weeks + 1):
        begin = np.arange(0, end - shortest + 1) if end >= shortest else np.array([0])
        totals = best[begin] + cost[begin, end] + penalty
        if end < shortest:  # too short to stand alone: only a whole series may be
            totals = totals if end == weeks else np.full(1, np.inf)
        last[end] = begin[int(np.argmin(totals))]
        best[end] = totals.min()
    bounds = [weeks]
    while bounds[-1] > 0:
        bounds.append(int(last[bounds[-1]]))
    bounds.reverse()
    levels = [_level(counted, weights, begin, end) for begin, end in itertools.pairwise(bounds)]
    return Levels(tuple(bounds[1:-1]), tuple(levels), dispersion)


def _weeks(counted: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> int:
    shapes = {seen.shape for _, seen in counted.values()}
    if len(shapes) != 1 or len(next(iter(shapes))) != 1:
        raise ValueError("expected arrays (weeks,) of one length for all families")
    return next(iter(shapes))[0]


def _segment_costs(counted: Mapping[str, tuple[np.ndarray, np.ndarray]], weeks: int) -> np.ndarray:
    """Binomial deviance (weeks + 1, weeks + 1) of the weeks begin … end − 1 having one rate each.

    Up to a constant that is the same for every division of the weeks.
    """
    cost = np.zeros((weeks + 1, weeks + 1))
    for hurt, seen in counted.values():
        all_x = np.concatenate([[0.0], np.cumsum(hurt)])
        all_n = np.concatenate([[0.0], np.cumsum(seen)])
        x = np.maximum(all_x[None, :] - all_x[:, None], 0.0)
        n = np.maximum(all_n[None, :] - all_n[:, None], 0.0)
        fine = np.maximum(n - x, 0.0)
        cost -= 2.0 * (special.xlogy(x, x) + special.xlogy(fine, fine) - special.xlogy(n, n))
    return cost


def scatter(counted: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> float:
    """Median squared step between neighbouring weeks ÷ its value under luck alone; at least 1.

    counted: family → (x, n), arrays (weeks,).  Steps between neighbours see no slow change, and the
    median no sudden one. 1 where fewer than six steps are known.

    >>> x = np.array([20.0, 60.0] * 6)
    >>> round(scatter({"felt": (x, np.full(12, 400.0))}), 1)
    48.8
    """
    ratios: list[float] = []
    for hurt, seen in counted.values():
        x, n = hurt[seen > 0], seen[seen > 0]
        pooled = (x[1:] + x[:-1]) / (n[1:] + n[:-1])
        variance = pooled * (1 - pooled) * (1 / n[1:] + 1 / n[:-1])
        steps = np.diff(x / n)
        ratios.extend(steps[variance > 0] ** 2 / variance[variance > 0])
    if len(ratios) < 2 * SHORTEST:
        return 1.0
    return max(1.0, float(np.median(ratios) / special.chdtri(1, 0.5)))


def scatter_of_severity(
    counted: Mapping[str, tuple[ArrayLike, ArrayLike]], weights: Mapping[str, float]
) -> float:
    """φ of severity: each family's `scatter`, by its part in severity's variance (to first order).

    counted: family → (x, n), arrays (weeks,).

    >>> calm, restless = ([20, 20] * 6, [400] * 12), ([20, 60] * 6, [400] * 12)
    >>> found = scatter_of_severity({"felt": restless, "waited": calm}, severity.DEFAULT_WEIGHTS)
    >>> 1 < found < 48.8
    True
    """
    parts, scatters = [], []
    for family, given in counted.items():
        x, n = rates.counts(*given)
        rate = x.sum() / max(n.sum(), 1.0)
        slope = weights[family] / max(1.0 - weights[family] * rate, 1e-6)
        parts.append(slope**2 * rate * (1.0 - rate) / max(n.sum(), 1.0))
        scatters.append(scatter({family: (x, n)}))
    return float(np.average(scatters, weights=parts)) if sum(parts) > 0 else 1.0


def _level(
    counted: Mapping[str, tuple[np.ndarray, np.ndarray]],
    weights: Mapping[str, float],
    begin: int,
    end: int,
) -> float:
    means = {
        family: hurt[begin:end].sum() / seen[begin:end].sum()
        for family, (hurt, seen) in counted.items()
        if seen[begin:end].sum() > 0
    }
    return float(severity.severity(means, weights)) if means else float("nan")
