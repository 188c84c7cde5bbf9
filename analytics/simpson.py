"""Orders that turn round: two touchpoints compared as a whole and segment by segment.

A touchpoint may look worse overall only because it serves the segment that is hurt everywhere
(Simpson 1951). Where that happens, the overall order misleads.

Letters:
    x, n     arrays (touchpoints, segments), painful experiences out of n
    overall  rate over all segments together
    within   difference of rates, averaged over the segments both touchpoints serve, each segment
             weighted by what the two count in it together (direct standardisation)
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analytics.rates import JEFFREYS, counts

LEAST_N = 30
SURE = 0.9


@dataclass(frozen=True)
class Reversal:
    """Touchpoint `worse` (an index) looks worse than `better` overall, but is not within segments.

    p_overall: probability that `worse` has the higher overall rate.  p_within: probability that
    `better` has the higher standardised rate.  everywhere: `better` has the higher rate in every
    shared segment, not just on average.  segments: indices of the shared segments.
    """

    worse: int
    better: int
    p_overall: float
    p_within: float
    everywhere: bool
    segments: tuple[int, ...]


def reversals(x: ArrayLike, n: ArrayLike, sure: float = SURE) -> list[Reversal]:
    """Pairs whose order turns round, both orders being at least `sure`.

    Segments in which either touchpoint counts fewer than 30 are not compared, neither overall nor
    within; fewer than two such segments make no comparison. Probabilities are the normal
    approximation to the difference of Beta posteriors (Jeffreys' prior).
    Returns the surest first; ties in the order of the input.

    >>> # kidney stones (Charig et al. 1986), failures of open surgery and of nephrolithotomy
    >>> found = reversals([[6, 71], [36, 25]], [[87, 263], [270, 80]], sure=0.8)
    >>> [(r.worse, r.better, r.everywhere) for r in found]
    [(0, 1, True)]
    """
    x, n = counts(x, n)
    if x.ndim != 2:
        raise ValueError(f"expected arrays (touchpoints, segments), got shape {x.shape}")
    found = []
    for i in range(len(x)):
        for j in range(i + 1, len(x)):
            shared = np.flatnonzero((n[i] >= LEAST_N) & (n[j] >= LEAST_N))
            if len(shared) >= 2 and (turned := _turned(x, n, i, j, shared, sure)):
                found.append(turned)
    return sorted(found, key=lambda r: -min(r.p_overall, r.p_within))


def _turned(
    x: np.ndarray, n: np.ndarray, i: int, j: int, shared: np.ndarray, sure: float
) -> Reversal | None:
    mean, variance = _moments(x[[i, j]].take(shared, axis=1), n[[i, j]].take(shared, axis=1))
    total_x, total_n = x[[i, j]][:, shared].sum(axis=1), n[[i, j]][:, shared].sum(axis=1)
    overall_mean, overall_variance = _moments(total_x, total_n)
    weight = n[[i, j]][:, shared].sum(axis=0) / total_n.sum()
    # above 0 where i is worse
    overall = float((overall_mean[0] - overall_mean[1]) / np.sqrt(overall_variance.sum()))
    gaps = mean[0] - mean[1]
    within = float((weight * gaps).sum() / np.sqrt((weight**2 * variance.sum(axis=0)).sum()))
    if overall * within >= 0:
        return None
    p_overall, p_within = float(special.ndtr(abs(overall))), float(special.ndtr(abs(within)))
    if min(p_overall, p_within) < sure:
        return None
    worse, better = (i, j) if overall > 0 else (j, i)
    everywhere = bool(np.all(gaps < 0) if overall > 0 else np.all(gaps > 0))
    return Reversal(worse, better, p_overall, p_within, everywhere, tuple(shared.tolist()))


def _moments(x: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of the Beta posteriors."""
    a, b = JEFFREYS.a + x, JEFFREYS.b + n - x
    return a / (a + b), a * b / ((a + b) ** 2 * (a + b + 1))
