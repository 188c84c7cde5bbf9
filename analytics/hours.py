"""A queue hour by hour: its parameters fitted from the waits.

Arrays are (k,), one place per hour of the week (168), or per any other spans of time that repeat.

Letters and suffixes, as in queues.py:
    period_s    how long each hour was observed: 3600 · weeks, less the weeks in which it was closed
    offered     waits offered, served + abandoned
    pooled      names of parameters that an hour with too few events borrows from all hours together

What cannot be told has a reason instead, a stable code: "closed" (nobody came), "few" (fewer than
30 waits), "time" (not observed), "service" (no service time is known in any hour), "patience"
(calls were given up, but no waiting time is known).
"""

from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from analytics.queues import Queue

LEAST_WAITS = 30
LEAST_EVENTS = 20


class HourQueue(NamedTuple):
    """The queue of one hour, or why there is none; pooled: see above ("service_s", "patience_s").

    patience_s is inf where nobody gave up in any hour.
    """

    offered: float
    queue: Queue | None
    reason: str | None
    pooled: tuple[str, ...]


def by_hour(
    *,
    period_s: ArrayLike,
    offered: ArrayLike,
    served: ArrayLike,
    service_total_s: ArrayLike,
    abandoned: ArrayLike,
    wait_total_s: ArrayLike,
) -> list[HourQueue]:
    """Arrival rate, mean service and mean patience of each hour.

    offered: all waits.  served, service_total_s: of those with a known service time.  wait_total_s:
    time waited by all, served and abandoned.  The mean patience is waiting time ÷ abandonments.
    Arrivals are always the hour's own; service and patience are the hour's own from 20 services or
    abandonments on, else those of all hours together.
    Raises ValueError for negative numbers or arrays of several lengths.

    >>> hours = by_hour(
    ...     period_s=[36000, 36000], offered=[600, 0], served=[560, 0],
    ...     service_total_s=[100_800, 0], abandoned=[40, 0], wait_total_s=[8000, 0],
    ... )
    >>> hours[0].queue, hours[1].reason
    (Queue(arrivals_per_s=0.016666666666666666, service_s=180.0, patience_s=200.0), 'closed')
    """
    columns = _columns(period_s, offered, served, service_total_s, abandoned, wait_total_s)
    totals = columns[:, columns[1] > 0].sum(axis=1)
    return [_hour(hour, totals) for hour in columns.T]


def _columns(*given: ArrayLike) -> np.ndarray:
    """The arrays as rows (6, k), or ValueError."""
    columns = [np.asarray(column, dtype=float) for column in given]
    if len({column.shape for column in columns}) != 1 or columns[0].ndim != 1:
        raise ValueError("expected arrays of one length, a place per hour")
    table = np.array(columns)
    if not np.all(table >= 0) or not np.all(np.isfinite(table)):
        raise ValueError("expected finite numbers >= 0")
    return table


def _hour(hour: np.ndarray, totals: np.ndarray) -> HourQueue:
    period_s, offered, served, service_total_s, abandoned, wait_total_s = hour.tolist()

    def no(reason: str) -> HourQueue:
        return HourQueue(offered, None, reason, ())

    if offered == 0:
        return no("closed")
    if period_s == 0:
        return no("time")
    if offered < LEAST_WAITS:
        return no("few")
    pooled: tuple[str, ...] = ()
    if served < LEAST_EVENTS or service_total_s == 0:
        served, service_total_s = totals[2:4].tolist()
        pooled += ("service_s",)
    if served == 0 or service_total_s == 0:
        return no("service")
    if abandoned < LEAST_EVENTS or wait_total_s == 0:
        abandoned, wait_total_s = totals[4:6].tolist()
        pooled += ("patience_s",)
    if abandoned > 0 and wait_total_s == 0:
        return no("patience")
    patience_s = wait_total_s / abandoned if abandoned else inf
    return HourQueue(
        offered, Queue(offered / period_s, service_total_s / served, patience_s), None, pooled
    )
