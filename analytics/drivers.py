"""Key drivers: how much each touchpoint's answers explain of the journey's outcome.

Letters:
    p           predictors (touchpoints);  n  linked customers, those with the outcome and an answer
    answers     float (n, p), nan where a customer did not answer
    outcome     float (n,), nan where missing
    weights     float (n,), >= 0
    importance  (p,), parts of R², which they add up to; 0 to 1
    _low, _high ends of the bootstrap's percentile interval

Both methods divide R² fairly among predictors that go together. They describe, they do not prove
that improving a touchpoint would move the outcome.
"""

from collections.abc import Callable
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from analytics.rates import checked_confidence

LEAST_CUSTOMERS = 100
LEAST_PER_PREDICTOR = 10
LEAST_TOGETHER = 30
MOST_FOR_LMG = 12
MOST_RESAMPLES = 0.9
CONFIDENCE = 0.95
_COLLINEAR = 1e-9
_REPAIRED = 1e-6
_WITHOUT_THREADS = 200_000  # multiplications; OpenBLAS starts threads from 262,144 on


class NotShown(ValueError):
    """Key drivers that would mislead; `reason` is a stable code, the message is for developers.

    Codes: customers (too few), constant (an answer or the outcome never varies), together (two
    questions hardly answered by the same customers), collinear (answers that say the same),
    predictors (too many for LMG, or none).
    """

    def __init__(self, reason: str, message: str):
        super().__init__(message)
        self.reason = reason


class Drivers(NamedTuple):
    """importance, importance_low, importance_high, performance: (p,)."""

    n: int
    r_squared: float
    importance: np.ndarray
    importance_low: np.ndarray
    importance_high: np.ndarray
    performance: np.ndarray


def relative_weights(correlation: ArrayLike, with_outcome: ArrayLike) -> np.ndarray:
    """Johnson's relative weights.

    correlation: (p, p) of the predictors.  with_outcome: (p,).  Returns (p,), adding up to R².
    The predictors are turned into the closest orthogonal variables; each gets what these explain,
    in proportion to its squared loadings.  Raises NotShown where predictors are collinear.
    Source: Johnson 2000, Multivariate Behavioral Research 35, 1–19.

    >>> relative_weights([[1, 0], [0, 1]], [0.6, 0.3]).round(4).tolist()
    [0.36, 0.09]
    """
    correlation, with_outcome = _matrix(correlation, with_outcome)
    sizes, directions = np.linalg.eigh(correlation)
    _refuse_collinear(sizes)
    loadings = (directions * np.sqrt(sizes)) @ directions.T
    explained = np.linalg.solve(loadings, with_outcome) ** 2
    return loadings**2 @ explained


def lmg(correlation: ArrayLike, with_outcome: ArrayLike) -> np.ndarray:
    """LMG: what each predictor adds to R², averaged over all orders of adding them (Shapley).

    correlation: (p, p), p <= 12.  with_outcome: (p,).  Returns (p,), adding up to R².
    Raises NotShown where predictors are collinear or more than 12.
    Sources: Lindeman, Merenda & Gold 1980, p. 119; Grömping 2006, J. Stat. Software 17(1).

    >>> lmg([[1, 0.5], [0.5, 1]], [0.6, 0.6]).round(4).tolist()
    [0.24, 0.24]
    """
    correlation, with_outcome = _matrix(correlation, with_outcome)
    p = len(with_outcome)
    if p > MOST_FOR_LMG:
        raise NotShown("predictors", f"expected at most {MOST_FOR_LMG} predictors, got {p}")
    _refuse_collinear(np.linalg.eigvalsh(correlation))
    r_squared = _r_squared_of_subsets(correlation, with_outcome)
    subsets = np.arange(1 << p)
    members = (subsets[:, None] >> np.arange(p)) & 1
    chances = np.array([1 / (p * comb(p - 1, k)) for k in range(p)])
    parts = np.empty(p)
    for j in range(p):
        without = subsets[members[:, j] == 0]
        gains = r_squared[without | (1 << j)] - r_squared[without]
        parts[j] = np.sum(chances[members[without].sum(axis=1)] * gains)
    return parts


METHODS: dict[str, Callable[[ArrayLike, ArrayLike], np.ndarray]] = {
    "weights": relative_weights,
    "lmg": lmg,
}


def key_drivers(
    answers: ArrayLike,
    outcome: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    method: str = "weights",
    resamples: int = 1000,
    seed: int = 0,
    confidence: float = CONFIDENCE,
) -> Drivers:
    """Importance of each touchpoint with its bootstrap interval.

    Missing answers are handled pair by pair: each correlation uses all who answered both. Where
    such correlations contradict one another, the nearest ones that do not are used.
    method: "weights" (Johnson) or "lmg".  Resampling is by customer, seeded: the same input gives
    the same output.  performance is each touchpoint's weighted mean answer.
    Raises NotShown below 100 linked customers or 10 per predictor, where an answer or the outcome
    is constant in more than a tenth of the resamples, and see NotShown.

    >>> rng = np.random.default_rng(1)
    >>> answers = rng.normal(size=(400, 2))
    >>> found = key_drivers(answers, answers @ [2.0, 1.0] + rng.normal(size=400), resamples=200)
    >>> found.n, found.importance.round(2).tolist()
    (400, [0.64, 0.17])
    """
    importance_of = METHODS[method]
    table, weight = _linked(answers, outcome, weights)
    n, p = len(table), table.shape[1] - 1
    seen = ~np.isnan(table)
    centre = _means(table, seen, weight)
    filled = np.where(seen, table - centre, 0.0)
    together = seen.T.astype(float) @ seen
    if together.min() < LEAST_TOGETHER:
        raise NotShown("together", f"expected {LEAST_TOGETHER} customers for each pair of answers")
    importance = _importance(importance_of, filled, seen, weight)

    rng = np.random.default_rng(seed)
    drawn = np.full((resamples, p), np.nan)
    for i in range(resamples):
        counts = np.bincount(rng.integers(0, n, n), minlength=n)
        try:
            drawn[i] = _importance(importance_of, filled, seen, weight * counts)
        except NotShown:  # a resample in which an answer never varies says nothing
            continue
    told = ~np.isnan(drawn[:, 0])
    if told.sum() < MOST_RESAMPLES * resamples:  # all hangs on a customer or two
        raise NotShown("constant", "expected answers that vary, got some that hardly do")
    tail = (1 - checked_confidence(confidence)) / 2
    low, high = np.quantile(drawn[told], (tail, 1 - tail), axis=0)
    return Drivers(n, float(importance.sum()), importance, low, high, centre[:-1])


def quadrants(importance: ArrayLike, performance: ArrayLike) -> list[str]:
    """Which touchpoints to work on: importance × performance, each split at its mean.

    importance, performance: (p,).  Returns codes (p,): "concentrate" (important, performs badly),
    "keep_up", "low_priority", "overkill" (performs well, matters little).
    Source: Martilla & James 1977, Journal of Marketing 41, 77–79.

    >>> quadrants([0.4, 0.3, 0.1, 0.05], [2.0, 4.0, 2.5, 4.5])
    ['concentrate', 'keep_up', 'low_priority', 'overkill']
    """
    importance, performance = np.asarray(importance, float), np.asarray(performance, float)
    important, good = importance >= importance.mean(), performance >= performance.mean()
    names = {(1, 0): "concentrate", (1, 1): "keep_up", (0, 0): "low_priority", (0, 1): "overkill"}
    return [names[int(i), int(g)] for i, g in zip(important, good, strict=True)]


def pairwise_correlation(table: ArrayLike, weights: ArrayLike | None = None) -> np.ndarray:
    """Weighted correlations (k, k) of columns (n, k), each from the rows that have both.

    >>> pairwise_correlation([[1, 2], [2, 4.1], [3, 5.9], [np.nan, 7]]).round(3).tolist()
    [[1.0, 0.999], [0.999, 1.0]]
    """
    table = np.asarray(table, dtype=float)
    weight = np.ones(len(table)) if weights is None else np.asarray(weights, dtype=float)
    seen = ~np.isnan(table)
    return _correlation(np.where(seen, table - _means(table, seen, weight), 0.0), seen, weight)


def _linked(
    answers: ArrayLike, outcome: ArrayLike, weights: ArrayLike | None
) -> tuple[np.ndarray, np.ndarray]:
    """Answers and outcome side by side (n, p + 1) and weights (n,), linked customers only."""
    answers, outcome = np.asarray(answers, dtype=float), np.asarray(outcome, dtype=float)
    weight = np.ones(len(outcome)) if weights is None else np.asarray(weights, dtype=float)
    if answers.ndim != 2 or not len(answers) == len(outcome) == len(weight):
        raise ValueError("expected answers (n, p), outcome (n,) and weights (n,)")
    if np.any(~(weight >= 0)):
        raise ValueError("expected weights >= 0")
    linked = ~np.isnan(outcome) & ~np.isnan(answers).all(axis=1) & (weight > 0)
    n, p = int(linked.sum()), answers.shape[1]
    if p == 0:
        raise NotShown("predictors", "expected at least one predictor, got none")
    least = max(LEAST_CUSTOMERS, LEAST_PER_PREDICTOR * p)
    if n < least:
        raise NotShown("customers", f"expected at least {least} linked customers, got {n}")
    return np.column_stack([answers, outcome])[linked], weight[linked]


def _importance(
    importance_of: Callable[[ArrayLike, ArrayLike], np.ndarray],
    filled: np.ndarray,
    seen: np.ndarray,
    weight: np.ndarray,
) -> np.ndarray:
    correlation = _correlation(filled, seen, weight)
    if not seen.all():
        correlation = _consistent(correlation)
    return importance_of(correlation[:-1, :-1], correlation[:-1, -1])


def _means(table: np.ndarray, seen: np.ndarray, weight: np.ndarray) -> np.ndarray:
    totals = (weight[:, None] * seen).sum(axis=0)
    if np.any(totals == 0):
        raise NotShown("together", "expected answers to every question, got one without any")
    return (weight[:, None] * np.where(seen, table, 0.0)).sum(axis=0) / totals


def _correlation(filled: np.ndarray, seen: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """From columns with 0 for what is missing; those who answered both count, pair by pair."""
    mask = seen.astype(float)
    weighted = filled * weight[:, None]
    total = _cross(mask, mask * weight[:, None])
    if total.min() <= 0:
        raise NotShown("together", "expected customers who answered both questions of each pair")
    mean = _cross(weighted, mask) / total  # of the row's question, among those who answered both
    square = _cross(weighted * filled, mask) / total
    variance = square - mean**2
    if np.any(variance <= 1e-12 * np.maximum(square, 1e-300)):
        raise NotShown("constant", "expected answers that vary, got a constant question")
    covariance = _cross(weighted, filled) / total - mean * mean.T
    correlation = covariance / np.sqrt(variance * variance.T)
    np.fill_diagonal(correlation, 1.0)
    return np.clip(correlation, -1.0, 1.0)


def _cross(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """left.T @ right, (k, k), in blocks too small for threads.

    Threads add up in another order, and the last bits would depend on how many there are.
    """
    n, k = left.shape
    rows = max(1, _WITHOUT_THREADS // (k * k))
    whole = n - n % rows
    blocks = left[:whole].reshape(-1, rows, k).transpose(0, 2, 1) @ right[:whole].reshape(
        -1, rows, k
    )
    return blocks.sum(axis=0) + left[whole:].T @ right[whole:]


def _consistent(correlation: np.ndarray) -> np.ndarray:
    """The matrix itself where it is positive definite, else one with its negative parts removed."""
    sizes, directions = np.linalg.eigh(correlation)
    if sizes[0] > _REPAIRED:
        return correlation
    repaired = (directions * np.maximum(sizes, _REPAIRED)) @ directions.T
    scale = np.sqrt(np.diag(repaired))
    return repaired / np.outer(scale, scale)


def _matrix(correlation: ArrayLike, with_outcome: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    correlation = np.asarray(correlation, dtype=float)
    with_outcome = np.asarray(with_outcome, dtype=float)
    p = len(with_outcome)
    if correlation.shape != (p, p):
        raise ValueError(f"expected correlations of shape {(p, p)}, got {correlation.shape}")
    return correlation, with_outcome


def _refuse_collinear(sizes: np.ndarray) -> None:
    if sizes.min() < _COLLINEAR:
        raise NotShown("collinear", "expected answers that differ, got some that say the same")


def _r_squared_of_subsets(correlation: np.ndarray, with_outcome: np.ndarray) -> np.ndarray:
    """R² of each subset of predictors (2**p,), bit j of the index telling whether j is in it."""
    p = len(with_outcome)
    subsets = np.arange(1 << p)
    members = ((subsets[:, None] >> np.arange(p)) & 1).astype(bool)
    size = members.sum(axis=1)
    r_squared = np.zeros(1 << p)
    for k in range(1, p + 1):
        chosen = np.nonzero(members[size == k])[1].reshape(-1, k)
        inside = correlation[chosen[:, :, None], chosen[:, None, :]]
        outside = with_outcome[chosen]
        slopes = np.linalg.solve(inside, outside[..., None])[..., 0]
        r_squared[size == k] = np.sum(slopes * outside, axis=1)
    return r_squared
