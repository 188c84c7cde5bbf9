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
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from analytics import moments
from analytics.rates import checked_confidence, kish_n, mean_t

LEAST_CUSTOMERS = 100
LEAST_PER_PREDICTOR = 10
LEAST_TOGETHER = 30
MOST_FOR_LMG = 12
MOST_RESAMPLES = 0.9
CONFIDENCE = 0.95
_COLLINEAR = 1e-9
_RESAMPLES_AT_ONCE = 64


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
    """importance, importance_low, importance_high, performance: (p,); so are those told below.

    r_squared_low, r_squared_high: percentiles of the bootstrap, less its bias (resamples explain a
    little more by chance than the whole does).
    stands_out: bool, more important than a question answered at random would be.
    performance_low, performance_high: Student's t interval of the mean, by Kish's number.
    answered: customers who answered.  together: the fewest and the most customers behind any of the
    correlations.
    """

    n: int
    r_squared: float
    importance: np.ndarray
    importance_low: np.ndarray
    importance_high: np.ndarray
    performance: np.ndarray
    r_squared_low: float
    r_squared_high: float
    stands_out: np.ndarray
    performance_low: np.ndarray
    performance_high: np.ndarray
    answered: np.ndarray
    together: tuple[int, int]


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
    _refuse_collinear(correlation)
    return moments.relative_weights(correlation[None], with_outcome[None])[0]


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
    _refuse_collinear(correlation)
    return moments.lmg(correlation[None], with_outcome[None])[0]


METHODS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "weights": moments.relative_weights,
    "lmg": moments.lmg,
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
    method: "weights" (Johnson) or "lmg".  Resampling is by customer (above 500 of them by groups
    formed at random, see moments.py), seeded: the same input gives the same output.
    Both methods give every predictor something, so no interval reaches zero. A predictor stands out
    where it explains more than a column of random numbers put beside it, in at least 97.5% of the
    resamples (for confidence 0.95).
    Raises NotShown below 100 linked customers or 10 per predictor, where an answer or the outcome
    is constant in more than a tenth of the resamples, and see NotShown.
    Source: Tonidandel, LeBreton & Johnson 2009, Psychological Methods 14, 387–399 (bootstrap, and
    the comparison with a random predictor).

    >>> rng = np.random.default_rng(1)
    >>> answers = rng.normal(size=(400, 2))
    >>> found = key_drivers(answers, answers @ [2.0, 1.0] + rng.normal(size=400), resamples=200)
    >>> found.n, found.importance.round(2).tolist(), found.stands_out.tolist()
    (400, [0.64, 0.17], [True, True])
    """
    tail = (1 - checked_confidence(confidence)) / 2
    table, weight = _linked(answers, outcome, weights)
    n, p = len(table), table.shape[1] - 1
    if method == "lmg" and p > MOST_FOR_LMG:
        raise NotShown("predictors", f"expected at most {MOST_FOR_LMG} predictors, got {p}")
    seen = ~np.isnan(table)
    together = _together(seen)
    centre = _means(table, seen, weight)
    rng = np.random.default_rng(seed)
    # the random predictor stands between the touchpoints and the outcome
    beside = np.insert(table - centre, p, rng.normal(size=n), axis=1)
    groups = moments.groups_for(n, p + 2)
    sums = moments.grouped(beside, weight, rng.permutation(n) % groups, groups)
    own, everything = [*range(p), p + 1], list(range(p + 2))
    complete = bool(seen.all())
    whole = sums.sum(axis=0)[None]
    importance = _importances(method, whole, own, complete, refuse=True)[0]
    drawn, differences = [], []
    for part in moments.resampled(sums, resamples, rng, _RESAMPLES_AT_ONCE):
        drawn.append(_importances(method, part, own, complete))
        with_noise = _importances(method, part, everything, complete)
        differences.append(with_noise[:, :-1] - with_noise[:, -1:])
    kept, beyond = _told(np.concatenate(drawn)), _told(np.concatenate(differences))
    low, high = np.quantile(kept, (tail, 1 - tail), axis=0)
    r_squared = float(importance.sum())
    ends = np.quantile(kept.sum(axis=1), (tail, 1 - tail)) - (kept.sum(axis=1).mean() - r_squared)
    worst, best = np.clip(ends, 0.0, 1.0)
    return Drivers(
        n, r_squared, importance, low, high, centre[:-1], float(worst), float(best),
        np.quantile(beyond, tail, axis=0) > 0,
        *_mean_intervals(table[:, :-1], weight, confidence),
        seen[:, :-1].sum(axis=0), together,
    )  # fmt: skip


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
    beside = table - _means(table, ~np.isnan(table), weight)
    groups = moments.groups_for(len(table), table.shape[1])
    sums = moments.grouped(beside, weight, np.arange(len(table)) % groups, groups)
    found, told = moments.correlations(sums.sum(axis=0)[None])
    if not told[0]:
        raise NotShown("constant", "expected answers that vary, got a constant question")
    return found[0]


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


def _together(seen: np.ndarray) -> tuple[int, int]:
    """The fewest and the most customers who answered both questions of a pair."""
    both = np.array([[np.count_nonzero(a & b) for b in seen.T] for a in seen.T])
    if both.min() < LEAST_TOGETHER:
        raise NotShown("together", f"expected {LEAST_TOGETHER} customers for each pair of answers")
    pairs = both[np.triu_indices(len(both), 1)]
    return int(pairs.min()), int(pairs.max())


def _importances(
    method: str, sums: np.ndarray, columns: list[int], complete: bool, refuse: bool = False
) -> np.ndarray:
    """(r, p) from sums (r, 4, k, k), nan where they cannot be told; the last column is the outcome.

    refuse: raises NotShown instead.
    """
    correlation, told = moments.correlations(sums[:, :, columns][:, :, :, columns])
    if refuse and not told.all():
        raise NotShown("constant", "expected answers that vary, got a constant question")
    correlation[~told] = np.eye(len(columns))
    if not complete:
        correlation = moments.consistent(correlation)
    among = correlation[:, :-1, :-1]
    apart = np.linalg.eigvalsh(among)[:, 0] >= _COLLINEAR
    if refuse:
        _refuse_collinear(among[0])
    among = np.where(apart[:, None, None], among, np.eye(among.shape[1]))
    found = METHODS[method](among, correlation[:, :-1, -1])
    found[~(told & apart)] = np.nan
    return found


def _told(drawn: np.ndarray) -> np.ndarray:
    """Resamples in which an answer never varies say nothing; there may be few such."""
    told = ~np.isnan(drawn[:, 0])
    if told.sum() < MOST_RESAMPLES * len(drawn):  # all hangs on a customer or two
        raise NotShown("constant", "expected answers that vary, got some that hardly do")
    return drawn[told]


def _means(table: np.ndarray, seen: np.ndarray, weight: np.ndarray) -> np.ndarray:
    totals = (weight[:, None] * seen).sum(axis=0)
    if np.any(totals == 0):
        raise NotShown("together", "expected answers to every question, got one without any")
    return (weight[:, None] * np.where(seen, table, 0.0)).sum(axis=0) / totals


def _mean_intervals(
    table: np.ndarray, weight: np.ndarray, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Student's t interval of each column's weighted mean."""
    ends = []
    for column in table.T:
        seen = ~np.isnan(column)
        values, w = column[seen], weight[seen]
        mean = float((w * values).sum() / w.sum())
        n = float(kish_n(w.sum(), (w**2).sum()))
        spread = float((w * (values - mean) ** 2).sum() / w.sum())
        ends.append(mean_t(mean, spread * n / (n - 1) if n > 1 else 0.0, n, confidence))
    low, high = np.array(ends).T
    return low, high


def _matrix(correlation: ArrayLike, with_outcome: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    correlation = np.asarray(correlation, dtype=float)
    with_outcome = np.asarray(with_outcome, dtype=float)
    p = len(with_outcome)
    if correlation.shape != (p, p):
        raise ValueError(f"expected correlations of shape {(p, p)}, got {correlation.shape}")
    return correlation, with_outcome


def _refuse_collinear(correlation: np.ndarray) -> None:
    if np.linalg.eigvalsh(correlation).min() < _COLLINEAR:
        raise NotShown("collinear", "expected answers that differ, got some that say the same")
