"""Whether customers of one group give up sooner than those of others.

Letters and suffixes as in waits.py; each group is counted as (times, events, censored).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analytics.waits import counted


class LogRank(NamedTuple):
    """chi2 has groups − 1 degrees of freedom, and p is its tail; observed and expected are events.

    A group with more events than expected ends sooner than the others. p is None where no moment
    had events with more than one group still waiting: then nothing can be told.
    """

    chi2: float
    p: float | None
    observed: np.ndarray
    expected: np.ndarray


def log_rank(groups: Sequence[tuple[ArrayLike, ArrayLike, ArrayLike]]) -> LogRank:
    """The log-rank test of equal hazards, with the hypergeometric variance.

    groups: at least two of (times, events, censored), each as for kaplan_meier_counts.
    Waits are taken as independent: those of one customer are not quite, so p is a little too small.
    Sources: Mantel 1966, Cancer Chemotherapy Reports 50, 163–170; Peto & Peto 1972.

    >>> quick, slow = ([1, 2, 3], [1, 1, 1], [0, 0, 0]), ([4, 5, 6], [1, 1, 1], [0, 0, 0])
    >>> found = log_rank([quick, slow])
    >>> round(found.chi2, 3), round(found.p, 3), found.expected.round(2).tolist()
    (5.052, 0.025, [1.15, 4.85])
    """
    if len(groups) < 2:
        raise ValueError("expected two groups or more")
    told = [counted(*group) for group in groups]
    times = np.unique(np.concatenate([t[events > 0] for t, events, _ in told]))
    at_risk = np.array([_waiting(t, e + c, times) for t, e, c in told])
    died = np.array([_placed(t, e, times) for t, e, _c in told])
    n, d = at_risk.sum(axis=0), died.sum(axis=0)
    expected = at_risk * (d / n)
    spread = np.where(n > 1, d * (n - d) / np.maximum(n - 1, 1), 0.0) / n**2
    variance = np.diag((at_risk * n * spread).sum(axis=1)) - (at_risk * spread) @ at_risk.T
    observed, awaited = died.sum(axis=1), expected.sum(axis=1)
    excess = (observed - awaited)[:-1]
    part = variance[:-1, :-1]
    if not np.any(np.diag(part) > 0):
        return LogRank(0.0, None, observed, awaited)
    chi2 = float(excess @ np.linalg.pinv(part) @ excess)
    return LogRank(chi2, float(special.chdtrc(len(groups) - 1, chi2)), observed, awaited)


def _waiting(times: np.ndarray, gone: np.ndarray, moments: np.ndarray) -> np.ndarray:
    """How many were still waiting just before each moment."""
    left = np.concatenate([np.cumsum(gone[::-1])[::-1], [0.0]])
    return np.asarray(left[np.searchsorted(times, moments)])


def _placed(times: np.ndarray, events: np.ndarray, moments: np.ndarray) -> np.ndarray:
    """The events at each moment."""
    found = np.zeros(len(moments))
    here = events > 0
    found[np.searchsorted(moments, times[here])] = events[here]
    return found
