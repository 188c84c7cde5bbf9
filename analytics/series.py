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
from analytics.draws import INTERVAL

SHORTEST = 3
# Places in 0…1 that stand for all the priors the weeks leave plausible.
_EVENLY = (np.arange(100) + 0.5) / 100
_TINY = 1e-12


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
    x: Mapping[str, ArrayLike],
    n: Mapping[str, ArrayLike],
    *,
    weights: Mapping[str, float] = severity.DEFAULT_WEIGHTS,
) -> Series:
    """One touchpoint's severity week by week.

    The prior of each family is fitted over the weeks, so that thin weeks lean on the others; the
    intervals carry the prior's own uncertainty, which is large where the weeks are few. In a
    week in which only other families have evidence, a family's rate is what its prior says: left
    out, it would make that week look better than its neighbours. Where the prior cannot be fitted
    (fewer than three weeks, or none or all painful), it is left out there.

    Nothing is drawn: families act independently, so that mean and variance of severity follow
    exactly from those of their rates, and the interval is that of the beta distribution with this
    mean and variance between 0 and the most that the weights allow.

    >>> series = weekly_severity({"waited": [10, 0, 12]}, {"waited": [90, 0, 100]})
    >>> series.severity.round(2).tolist()
    [0.07, nan, 0.07]
    """
    families = severity.known(n)
    counted = {family: rates.counts(x[family], n[family]) for family in families}
    weeks = _weeks(counted)
    # E(spared), E(spared²), and the least of it, of the weeks so far; by the fitted prior alone
    first, second, least, fitted = np.ones((4, weeks))
    evidence = np.any([seen > 0 for _, seen in counted.values()], axis=0)
    for family, (hurt, seen) in counted.items():
        weight = weights[family]
        prior = rates.fit_beta_prior(hurt, seen)
        priors = rates.plausible_priors(hurt, seen, _EVENLY)
        told = evidence if prior != rates.JEFFREYS else seen > 0
        hurt, seen = hurt[told], seen[told]
        a, b = rates.posterior(prior, hurt, seen)
        fitted[told] *= 1.0 - weight * a / (a + b)
        a, b = rates.posterior(priors, hurt[:, None], seen[:, None])
        rate = a / (a + b)
        square = (rate * (a + 1.0) / (a + b + 1.0)).mean(axis=1)
        rate = rate.mean(axis=1)
        first[told] *= 1.0 - weight * rate
        second[told] *= 1.0 - 2.0 * weight * rate + weight**2 * square
        least[told] *= 1.0 - weight
    low, high = _between(1.0 - first, second - first**2, 1.0 - least)
    return Series(*(np.where(evidence, figure, np.nan) for figure in (1.0 - fitted, low, high)))


def _between(mean: np.ndarray, variance: np.ndarray, most: np.ndarray) -> np.ndarray:
    """Ends (2, weeks) of the middle of beta distributions on 0…most with this mean and variance."""
    most = np.where(most > 0, most, 1.0)
    mean, variance = mean / most, np.maximum(variance / most**2, _TINY)
    size = mean * (1.0 - mean) / variance - 1.0
    a, b = np.maximum(mean * size, _TINY), np.maximum((1.0 - mean) * size, _TINY)
    tail = (1.0 - INTERVAL) / 2.0
    return most * special.betaincinv(a, b, np.array([[tail], [1.0 - tail]]))


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
