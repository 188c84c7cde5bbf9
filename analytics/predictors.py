"""Which touchpoints' answers can be key drivers at all, and why the others cannot.

Where customers need not answer everything, a few rarely answered touchpoints would make all of them
impossible to compare; they are left out, and told with the reason.
"""

import numpy as np
from numpy.typing import ArrayLike

from analytics.drivers import LEAST_CUSTOMERS, LEAST_TOGETHER, pairwise_correlation

LEAST_DEVIATING = 5
_SAME = 1 - 1e-9


def usable(answers: ArrayLike, outcome: ArrayLike) -> tuple[list[int], dict[int, str]]:
    """Columns to use, and the reason for each of the others.

    answers: (n, p), nan where not answered.  outcome: (n,), nan where missing.
    Reasons: "none" (no answer beside the outcome), "few" (fewer than 100), "constant" (fewer than
    five customers answered otherwise than most), "together" (fewer than 30 customers answered this
    and another question, or all these alike), "same" (another touchpoint has the same answers).

    >>> rng = np.random.default_rng(0)
    >>> answers = rng.normal(size=(200, 4))
    >>> answers[:, 1], answers[50:, 2], answers[:, 3] = 4.0, np.nan, answers[:, 0]
    >>> usable(answers, rng.normal(size=200))
    ([0], {1: 'constant', 2: 'few', 3: 'same'})
    """
    table = np.asarray(answers, dtype=float)[~np.isnan(np.asarray(outcome, dtype=float))]
    left_out = {
        j: reason for j, column in enumerate(table.T) if (reason := _alone(column)) is not None
    }
    kept = [j for j in range(table.shape[1]) if j not in left_out]
    for reason, bad in (("together", _hardly_together), ("same", _the_same)):
        while len(kept) > 1:
            pairs = bad(table[:, kept])
            if not pairs.any():
                break
            worst = _worst(pairs, table[:, kept])
            left_out[kept.pop(worst)] = reason
    return kept, dict(sorted(left_out.items()))


def _alone(column: np.ndarray) -> str | None:
    said = column[~np.isnan(column)]
    if len(said) < LEAST_CUSTOMERS:
        return "few" if len(said) else "none"
    _values, times = np.unique(said, return_counts=True)
    return "constant" if len(said) - times.max() < LEAST_DEVIATING else None


def _worst(pairs: np.ndarray, answers: np.ndarray) -> int:
    """The column in most of the bad pairs; of equals the least answered, then the last."""
    answered = (~np.isnan(answers)).sum(axis=0)
    return max(range(len(pairs)), key=lambda j: (pairs[j].sum(), -answered[j], j))


def _hardly_together(answers: np.ndarray) -> np.ndarray:
    """Pairs (k, k) that too few answered together, or all those alike."""
    k = answers.shape[1]
    pairs = np.zeros((k, k), dtype=bool)
    for i in range(k):
        for j in range(i):
            both = answers[~np.isnan(answers[:, i]) & ~np.isnan(answers[:, j])][:, (i, j)]
            pairs[i, j] = pairs[j, i] = len(both) < LEAST_TOGETHER or not np.ptp(both, axis=0).all()
    return pairs


def _the_same(answers: np.ndarray) -> np.ndarray:
    found = np.abs(pairwise_correlation(answers)) > _SAME
    np.fill_diagonal(found, False)
    return found
