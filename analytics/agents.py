"""How many agents a queue looked like, and whether the model fits what was observed.

Suffixes and letters as in queues.py; arrays are (k,), one place per hour as in hours.py. Counts
are of waits: in_time (served within the promise), abandoned (given up), offered (all).
"""

from collections.abc import Callable, Sequence
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from analytics.hours import HourQueue
from analytics.queues import Queue, check, fewest, outlook

CLOSE = 0.05


class Fit(NamedTuple):
    """Agents under which observed waits are most likely, and the shares to expect with them.

    agents: a fraction lies between two whole numbers, as if some hours had one and some the other.
    at_least: nobody waited too long or gave up, so that any larger number fits as well.
    There is no interval: waits of one hour are alike, and their number says too much.
    """

    agents: float
    at_least: bool
    in_time_share: float
    abandoned_share: float


class Implied(NamedTuple):
    """The agents an hour looked like, with what the model then expects beside what was observed.

    late_share: waited longer than the promise or gave up, the painful share of formula pain/1.
    close: both shares of the model within 5 points of the observed ones; where not, do not believe
    the model in this hour.  reason: one of hours.py, or "contradiction" (no number of agents fits).
    """

    fit: Fit | None
    reason: str | None
    observed_late_share: float | None
    observed_abandoned_share: float | None
    expected_late_share: float | None
    expected_abandoned_share: float | None
    close: bool | None


def fit_agents(
    queue: Queue, promise_s: float, *, in_time: float, abandoned: float, offered: float
) -> Fit | None:
    """How many agents the queue looked like.

    in_time: waits served within the promise.  abandoned: given up.  The rest of those offered were
    served late. Chosen is the number under which these three counts are most likely (multinomial);
    shares between two whole numbers of agents are mixed in proportion.
    Returns None where no number up to 20,000 explains them: somebody gave up, but the queue's
    patience is endless.  Raises ValueError for impossible counts.

    >>> expected = outlook(Queue(48 / 60, 60, 120), 50, 10)
    >>> fit = fit_agents(Queue(48 / 60, 60, 120), 10, in_time=1e6 * expected.in_time_share,
    ...                  abandoned=1e6 * expected.abandoned_share, offered=1e6)
    >>> round(fit.agents, 3), fit.at_least
    (50.0, False)
    """
    check(queue, 1, promise_s)
    late = offered - in_time - abandoned
    if min(in_time, abandoned) < 0 or offered <= 0 or late < -1e-9 * offered:
        raise ValueError(
            "expected counts >= 0, in time and abandoned together at most those offered"
        )
    if abandoned > 0 and queue.patience_s == inf:
        return None
    told = np.array([in_time, max(late, 0.0), abandoned])
    known: dict[int, np.ndarray] = {}

    def shares(agents: int) -> np.ndarray:
        if agents not in known:
            known[agents] = _shares(queue, agents, promise_s)
        return known[agents]

    if in_time == offered:  # three expected and none seen: chance 5%
        best = fewest(lambda agents: shares(agents)[0] >= 1 - 3 / max(offered, 3.0))
        return None if best is None else Fit(float(best), True, *shares(best)[[0, 2]].tolist())
    # where one share alone would put it; half an experience stands for none
    by_time = fewest(lambda agents: shares(agents)[0] >= (in_time or 0.5) / offered)
    by_gone = fewest(lambda agents: shares(agents)[2] <= (abandoned or 0.5) / offered)
    if by_time is None or by_gone is None:
        return None
    span = range(max(0, min(by_time, by_gone) - 2), max(by_time, by_gone) + 2)
    best = max(span, key=lambda agents: _log_likelihood(shares(agents), told))
    agents, expected = max(
        (_between(shares, low, told) for low in (best - 1, best) if low >= 0),
        key=lambda found: _log_likelihood(found[1], told),
    )
    return Fit(agents, False, *expected[[0, 2]].tolist())


def implied_agents(
    hours: Sequence[HourQueue],
    *,
    in_time: ArrayLike,
    abandoned: ArrayLike,
    promise_s: float,
) -> list[Implied]:
    """The number of agents under which each hour's waits are most likely.

    in_time: served within the promise.  abandoned: gave up.  The rest of the waits offered was
    served late; the three shares decide, see fit_agents. Agents are those who answer this
    queue, not those on the payroll: who also does other work counts as a part.

    >>> from analytics.hours import by_hour
    >>> hours = by_hour(period_s=[36000], offered=[600], served=[560], service_total_s=[100_800],
    ...                 abandoned=[40], wait_total_s=[8000])
    >>> [found] = implied_agents(hours, in_time=[440], abandoned=[40], promise_s=20)
    >>> round(found.fit.agents, 1), found.close
    (4.2, True)
    """
    in_time, abandoned = np.asarray(in_time, dtype=float), np.asarray(abandoned, dtype=float)
    if not in_time.shape == abandoned.shape == (len(hours),):
        raise ValueError(f"expected counts of {len(hours)} hours")
    return [
        _implied(hour, float(kept), float(gone), promise_s)
        for hour, kept, gone in zip(hours, in_time, abandoned, strict=True)
    ]


def _shares(queue: Queue, agents: int, promise_s: float) -> np.ndarray:
    """Shares (3,) served in time, served late and given up; without agents nobody is served."""
    if agents == 0:
        return np.array([0.0, 1.0, 0.0] if queue.patience_s == inf else [0.0, 0.0, 1.0])
    expected = outlook(queue, agents, promise_s)
    in_time, gone = expected.in_time_share, expected.abandoned_share
    return np.array([in_time, max(0.0, 1.0 - in_time - gone), gone])


def _log_likelihood(shares: np.ndarray, told: np.ndarray) -> float:
    return float(np.sum(told * np.log(np.maximum(shares, 1e-12))))


def _between(
    shares: Callable[[int], np.ndarray], low: int, told: np.ndarray
) -> tuple[float, np.ndarray]:
    """The best mixture of `low` agents and one more; its likelihood has one top."""
    few, more = shares(low), shares(low + 1)
    left, right = 0.0, 1.0
    for _ in range(40):
        thirds = left + (right - left) / 3, right - (right - left) / 3
        heights = [_log_likelihood(few + part * (more - few), told) for part in thirds]
        if heights[0] < heights[1]:
            left = thirds[0]
        else:
            right = thirds[1]
    part = (left + right) / 2
    return low + part, few + part * (more - few)


def _implied(hour: HourQueue, in_time: float, abandoned: float, promise_s: float) -> Implied:
    if hour.queue is None:
        return Implied(None, hour.reason, None, None, None, None, None)
    late, gone = 1 - in_time / hour.offered, abandoned / hour.offered
    fit = fit_agents(
        hour.queue, promise_s, in_time=in_time, abandoned=abandoned, offered=hour.offered
    )
    if fit is None:
        return Implied(None, "contradiction", late, gone, None, None, None)
    expected = 1 - fit.in_time_share
    close = max(abs(expected - late), abs(fit.abandoned_share - gone)) <= CLOSE
    return Implied(fit, None, late, gone, expected, fit.abandoned_share, close)
