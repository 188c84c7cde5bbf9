"""A touchpoint's queue, hour by hour, as the model sees it; and what it expects of other numbers.

late: waited longer than the promise or gave up, the painful share of the family `waited`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf, sqrt

from django.core.cache import cache

from analytics.agents import Implied, implied_agents
from analytics.hours import HourQueue, by_hour
from analytics.queues import Queue, fewest, outlook
from analytics.rates import wilson
from evidence.hours import HourCounts

KEPT_S = 24 * 3600
# Beyond so many points the model is a direction, not a figure.
BELIEVED = 0.05


@dataclass(frozen=True)
class Hour:
    """One hour of the week: 24 · weekday + hour. needed is None where the model cannot tell."""

    place: int
    days: int
    fitted: HourQueue
    implied: Implied
    needed: int | None

    @property
    def offered(self) -> int:
        return int(self.fitted.offered)

    @property
    def told(self) -> bool:
        return self.implied.fit is not None

    @property
    def agents(self) -> float:
        assert self.implied.fit is not None
        return self.implied.fit.agents

    @property
    def queue(self) -> Queue:
        assert self.fitted.queue is not None
        return self.fitted.queue

    def after(self, change: int) -> float:
        """Agents after a change; nobody takes away the last one (or what there was of it)."""
        return max(self.agents + change, min(self.agents, 1.0))


@dataclass(frozen=True)
class Expected:
    """Shares of waits offered; mean_s is inf where the queue would grow without end."""

    late: float
    abandoned: float
    mean_s: float
    occupancy: float | None


@dataclass(frozen=True)
class Fitness:
    """How far the model is from the observed hours, each hour alike; shares 0–1."""

    hours: int
    late_error: float
    abandoned_error: float
    inside: float  # share of hours whose late share the model meets within Wilson's interval

    @property
    def is_believed(self) -> bool:
        return max(self.late_error, self.abandoned_error) <= BELIEVED


def model_of(key: str, counts: HourCounts, promise_s: float, target: float) -> list[Hour]:
    """Every hour with waits. `key` names the counts; the same question is answered from memory."""
    name = f"queue:{key}:{promise_s}:{target}"
    found: list[Hour] | None = cache.get(name)
    if found is None:
        found = _modelled(counts, promise_s, target)
        cache.set(name, found, KEPT_S)
    return found


def _modelled(counts: HourCounts, promise_s: float, target: float) -> list[Hour]:
    found = counts.counts
    queues = by_hour(
        period_s=counts.period_s,
        offered=found["offered"],
        served=found["service_n"],
        service_total_s=[ms / 1000 for ms in found["service_ms"]],
        abandoned=found["abandoned"],
        wait_total_s=[ms / 1000 for ms in found["wait_ms"]],
    )
    implied = implied_agents(
        queues,
        in_time=counts.served_within(promise_s),
        abandoned=found["abandoned"],
        promise_s=promise_s,
    )
    return [
        Hour(place, days, queue, fit, _needed(queue.queue, promise_s, target))
        for place, days, queue, fit in zip(counts.hours, counts.days, queues, implied, strict=True)
    ]


def _needed(queue: Queue | None, promise_s: float, target: float) -> int | None:
    """The fewest agents with at least this share served in time."""
    if queue is None:
        return None
    return fewest(lambda n: n > 0 and outlook(queue, n, promise_s).in_time_share >= target)


def expected(hours: Sequence[Hour], change: int, promise_s: float) -> Expected:
    """These hours together, each with so many agents more (or fewer), weighted by their waits."""
    parts = [(h.offered, _staffed(h.queue, h.after(change), promise_s)) for h in hours]
    total = sum(n for n, _ in parts)
    busy = sum(h.queue.load * (1 - e.abandoned) for h, (_n, e) in zip(hours, parts, strict=True))
    agents = sum(h.after(change) for h in hours)
    return Expected(
        late=sum(n * e.late for n, e in parts) / total,
        abandoned=sum(n * e.abandoned for n, e in parts) / total,
        mean_s=sum(n * e.mean_s for n, e in parts) / total,
        occupancy=min(1.0, busy / agents) if agents else None,
    )


def _staffed(queue: Queue, agents: float, promise_s: float) -> Expected:
    """Between two whole numbers of agents: as if it had one of them for a part of the time."""
    whole = int(agents)
    part = agents - whole
    few = _with(queue, whole, promise_s)
    if part < 1e-9:
        return few
    more = _with(queue, whole + 1, promise_s)
    return Expected(
        (1 - part) * few.late + part * more.late,
        (1 - part) * few.abandoned + part * more.abandoned,
        (1 - part) * few.mean_s + part * more.mean_s,
        None,
    )


@lru_cache(maxsize=20_000)
def _with(queue: Queue, agents: int, promise_s: float) -> Expected:
    if agents == 0:  # nobody is served: all go, after as long as they are patient
        return Expected(1.0, 0.0 if queue.patience_s == inf else 1.0, queue.patience_s, None)
    found = outlook(queue, agents, promise_s)
    return Expected(
        1 - found.in_time_share, found.abandoned_share, found.mean_wait_s, found.occupancy
    )


def fitness(hours: Sequence[Hour]) -> Fitness | None:
    """Over the hours the model can tell something of; None where it can of none."""
    told = [h for h in hours if h.told]
    if not told:
        return None
    late, gone, inside = 0.0, 0.0, 0
    for hour in told:
        found = hour.implied
        assert found.expected_late_share is not None and found.observed_late_share is not None
        assert found.expected_abandoned_share is not None
        assert found.observed_abandoned_share is not None
        late += abs(found.expected_late_share - found.observed_late_share)
        gone += abs(found.expected_abandoned_share - found.observed_abandoned_share)
        low, high = wilson(found.observed_late_share * hour.offered, hour.offered)
        inside += bool(low <= found.expected_late_share <= high)
    n = len(told)
    return Fitness(n, late / n, gone / n, inside / n)


def mean_wait(offered: int, sum_ms: int, squares_ms2: int) -> tuple[float, float, float]:
    """Mean wait in seconds with its 95% interval (normal: small hours are not shown)."""
    mean = sum_ms / offered
    spread = max(0.0, (squares_ms2 - offered * mean * mean) / max(1, offered - 1))
    reach = 1.959964 * sqrt(spread / offered)
    return mean / 1000, max(0.0, mean - reach) / 1000, (mean + reach) / 1000
