"""What-if of a queue: how long customers wait, and how many give up, with n agents.

Erlang-A (M/M/n+M): calls arrive at random, service and patience are exponential, first come first
served. Erlang-C is its limit when nobody ever gives up.

Suffixes and letters:
    _s       seconds;  _per_s  per second
    _share   share of all calls offered, 0 to 1
    agents   number at work, >= 1
    promise_s  the wait promised; a call waits longer if it is neither served nor gone by then

Sources: Erlang 1917; Palm 1957; Mandelbaum & Zeltyn 2007, "Service engineering in action: the
Palm/Erlang-A queue" (their building blocks J and E are `_log_wait` and `_log_idle` here).
"""

from collections.abc import Callable
from math import inf
from typing import NamedTuple

import numpy as np
from scipy import special

MOST_AGENTS = 20_000
_CHUNK = 4096
_NEGLIGIBLE = 1e-18


class Queue(NamedTuple):
    """A queue's parameters; patience_s is inf where nobody gives up."""

    arrivals_per_s: float
    service_s: float
    patience_s: float

    @property
    def load(self) -> float:
        """Offered load in erlangs, the number of agents that calls alone would keep busy."""
        return self.arrivals_per_s * self.service_s


class Outlook(NamedTuple):
    """What to expect. The painful share is 1 − in_time_share: served late, or gone."""

    delayed_share: float
    late_share: float
    in_time_share: float
    abandoned_share: float
    mean_wait_s: float
    occupancy: float


def estimate(
    *,
    offered: float,
    period_s: float,
    served: float,
    service_total_s: float,
    abandoned: float,
    wait_total_s: float,
) -> Queue:
    """The queue behind observed totals.

    wait_total_s: time spent waiting by all calls, served and abandoned; divided by the number of
    abandonments it estimates the mean patience without bias for exponential patience.
    Raises ValueError without calls, time or service.

    >>> estimate(offered=480, period_s=3600, served=450, service_total_s=81_000, abandoned=30,
    ...          wait_total_s=5400)
    Queue(arrivals_per_s=0.13333333333333333, service_s=180.0, patience_s=180.0)
    """
    if min(offered, period_s, served, service_total_s) <= 0:
        raise ValueError(
            "expected calls offered and served, over some time, with some service time"
        )
    if min(abandoned, wait_total_s) < 0:
        raise ValueError("expected abandonments and waiting time >= 0")
    patience_s = wait_total_s / abandoned if abandoned else inf
    if patience_s == 0:
        raise ValueError("expected waiting time where calls were abandoned, got none")
    return Queue(offered / period_s, service_total_s / served, patience_s)


def erlang_c(load: float, agents: int) -> float:
    """Probability that a call must wait, 1 where the load is at least the number of agents.

    >>> round(erlang_c(10, 14), 3)
    0.174
    """
    if load >= agents:
        return 1.0
    return outlook(Queue(load, 1.0, inf), agents, 0.0).delayed_share


def outlook(queue: Queue, agents: int, promise_s: float) -> Outlook:
    """Waits and abandonment with that many agents, in the long run.

    Where nobody gives up and the load is too much, the queue grows without end: every share of
    waiting is 1 and the mean wait inf.

    >>> expected = outlook(Queue(48 / 60, 60, 120), 50, 10)
    >>> f"{expected.abandoned_share:.3f} {expected.mean_wait_s:.1f} {expected.occupancy:.2f}"
    '0.031 3.7 0.93'
    """
    check(queue, agents, promise_s)
    return _outlook(queue, agents, promise_s, float(_log_idle(queue.load, agents)[agents - 1]))


def agents_needed(
    queue: Queue, promise_s: float, late_share: float, abandoned_share: float = 1.0
) -> int:
    """The fewest agents with at most these shares waiting longer than promised, and giving up.

    Raises ValueError where no number up to 20,000 suffices.

    >>> agents_needed(Queue(200 / 3600, 180, inf), promise_s=20, late_share=0.2)
    14
    """
    check(queue, 1, promise_s)
    found = fewest(
        lambda agents: (
            agents > 0 and _suffices(queue, agents, promise_s, late_share, abandoned_share)
        )
    )
    if found is None:
        raise ValueError(f"expected a goal that {MOST_AGENTS} agents can reach")
    return found


def fewest(enough: Callable[[int], bool]) -> int | None:
    """The fewest agents, from 0 on, that are enough; None where 20,000 are not."""
    if enough(0):
        return 0
    low, high = 0, 1
    while not enough(high):
        low, high = high, 2 * high
        if low >= MOST_AGENTS:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _suffices(
    queue: Queue, agents: int, promise_s: float, late_share: float, abandoned_share: float
) -> bool:
    expected = outlook(queue, agents, promise_s)
    return expected.late_share <= late_share and expected.abandoned_share <= abandoned_share


def check(queue: Queue, agents: int, promise_s: float) -> None:
    """ValueError for parameters that no queue has."""
    if not (0 < queue.arrivals_per_s < inf and 0 < queue.service_s < inf and queue.patience_s > 0):
        raise ValueError(f"expected rates and times above 0, got {queue}")
    if agents < 1 or agents != int(agents):
        raise ValueError(f"expected a whole number of agents >= 1, got {agents}")
    if not 0 <= promise_s < inf:
        raise ValueError(f"expected a promise of 0 s or more, got {promise_s}")


def _outlook(queue: Queue, agents: int, promise_s: float, log_idle: float) -> Outlook:
    arrivals, service_s, patience_s = queue
    usage = queue.load / agents
    if patience_s == inf and usage >= 1:
        return Outlook(1.0, 1.0, 0.0, 0.0, inf, 1.0)
    leaving = 0.0 if patience_s == inf else 1.0 / patience_s  # per second
    held = np.exp(-leaving * promise_s)  # still patient after the promise
    log_a, queued = _growth(queue, agents, 1.0)
    log_a_late, _ = _growth(queue, agents, held)
    # λH(t) − nμt: how the density of the virtual wait falls from 0 to the promise
    patient_s = -np.expm1(-leaving * promise_s) / leaving if leaving else promise_s
    falls = arrivals * patient_s - agents / service_s * promise_s
    log_all = np.logaddexp(log_idle, np.log(usage) + log_a)

    delayed = np.exp(np.log(usage) + log_a - log_all)
    virtual_late = np.exp(np.log(usage) + falls + log_a_late - log_all)
    served_late = np.exp(falls - log_all + log_a_late) * -np.expm1(-log_a_late)
    if queue.load <= agents:  # mean queue length given that all agents are busy, times their chance
        mean_wait_s = float(delayed * queued / arrivals)
        abandoned = mean_wait_s * leaving
    else:
        abandoned = float(delayed * (1.0 - 1.0 / usage + np.exp(-log_a) / usage))
        mean_wait_s = abandoned * patience_s
    return Outlook(
        delayed_share=float(delayed),
        late_share=float(virtual_late * held),
        in_time_share=float(max(0.0, 1.0 - abandoned - served_late)),
        abandoned_share=abandoned,
        mean_wait_s=mean_wait_s,
        occupancy=float(usage * (1.0 - abandoned)),
    )


def _log_idle(load: float, agents: int) -> np.ndarray:
    """ln(1/B(k, load)) for k = 0 … agents − 1, B being Erlang's loss formula, by its recursion."""
    logs = np.zeros(agents)
    for k in range(1, agents):
        logs[k] = np.logaddexp(0.0, np.log(k / load) + logs[k - 1])
    return logs


def _growth(queue: Queue, agents: int, held: float) -> tuple[float, float]:
    """ln A and the mean queue, A = Σ_k Π_{j<=k} λ·held / (nμ + jθ), over k waiting calls.

    With held = 1, A is the chance of all agents being busy in units of that of no queue. Below
    full load the terms fall and are summed; above it the sum is an incomplete gamma function (and
    the mean queue, which then comes from the abandonments, is returned as nan).
    """
    flow = queue.load * held
    theta = 0.0 if queue.patience_s == inf else queue.service_s / queue.patience_s
    if flow > agents:
        shape, level = agents / theta, flow / theta
        log_gamma = special.gammaln(shape) + np.log(special.gammainc(shape, level))
        return float(np.log(shape) + level - shape * np.log(level) + log_gamma), float("nan")
    if theta == 0:  # a geometric series, which near full load has too many terms to be summed
        spare = 1.0 - flow / agents
        return float(-np.log(spare)), flow / agents / spare
    total, weighted, term, k = 1.0, 0.0, 1.0, 0
    while term > _NEGLIGIBLE * total:
        places = np.arange(k + 1, k + 1 + _CHUNK)
        terms = term * np.cumprod(flow / (agents + places * theta))
        total += float(terms.sum())
        weighted += float((places * terms).sum())
        term, k = float(terms[-1]), k + _CHUNK
    return float(np.log(total)), weighted / total
