"""Sends simulated customers through the demo bank's journeys (`process.py`).

Everything is drawn from one seeded generator and vectorised over cases, so that equal seeds and
scales give equal evidence. Times are whole seconds since the start of the period, local time.
"""

from dataclasses import dataclass

import numpy as np

from reports.demo.process import (
    BRANCHES,
    DAYS,
    PROCESSES,
    SEGMENTS,
    START,
    Point,
    Process,
    Slot,
    day_of,
)

SEED = 20250901
DAY = 86_400
ANYTIME = np.array([1, 0, 0, 0, 0, 1, 3, 6, 8, 7, 6, 6, 8, 7, 6, 6, 6, 7, 9, 11, 12, 10, 6, 3.0])
HOURS = {
    "branch": np.array([0] * 9 + [9, 13, 12, 8, 9, 12, 11, 8] + [0] * 7, dtype=float),
    "phone": np.array([0] * 8 + [7, 11, 13, 11, 8, 9, 10, 9, 8, 6, 5, 3] + [0] * 4, dtype=float),
    "visit": np.array([0] * 9 + [8, 10, 10, 4, 8, 10, 8, 6] + [0] * 7, dtype=float),
    "post": np.array([0] * 9 + [8, 12, 12, 10, 8, 8, 6, 4] + [0] * 7, dtype=float),
}
CLOSED_ON_SUNDAY = {"branch", "visit", "post"}
MOST_PASSES = 5
# Log-odds that an earlier disappointment adds to the next experience being bad.
LATE_HURTS, AGAIN_HURTS = 1.5, 0.9


@dataclass(frozen=True)
class Passages:
    """One entry per passage of a touchpoint; `wait_s` is −1 where nobody queues."""

    journey: str
    points: tuple[Point, ...]
    case: np.ndarray
    customer: np.ndarray
    point: np.ndarray  # index into points
    at: np.ndarray
    unit: np.ndarray  # index into BRANCHES, −1 away from branches
    wait_s: np.ndarray
    service_s: np.ndarray
    abandoned: np.ndarray
    again: np.ndarray  # the customer has to come back
    hurt: np.ndarray
    # Per case: when it ended, whether it reached its goal, and the sum of what hurt it.
    ended_at: np.ndarray
    reached: np.ndarray
    sorrow: np.ndarray
    case_customer: np.ndarray


@dataclass(frozen=True)
class Customers:
    """The bank's customers: what stays with a person across journeys."""

    segment: np.ndarray  # index into SEGMENTS
    home: np.ndarray  # index into BRANCHES
    chinese: np.ndarray
    mood: np.ndarray  # log-odds of being hurt, besides what happens


def make_customers(rng: np.random.Generator, n: int) -> Customers:
    size = np.array([branch.size for branch in BRANCHES])
    return Customers(
        segment=rng.choice(len(SEGMENTS), n, p=[0.08, 0.33, 0.59]),
        home=rng.choice(len(BRANCHES), n, p=size / size.sum()),
        chinese=rng.random(n) < 0.45,
        mood=rng.normal(0.0, 0.45, n),
    )


def simulate(scale: float = 1.0, seed: int = SEED) -> tuple[Customers, list[Passages]]:
    """All journeys of all customers; `scale` multiplies how many cases there are."""
    rng = np.random.default_rng(seed)
    customers = make_customers(rng, max(200, int(26_000 * scale)))
    return customers, [Run(rng, process, customers, scale).go() for process in PROCESSES]


class Run:
    """One process while its cases are on their way: arrays over cases, filled slot by slot."""

    def __init__(
        self, rng: np.random.Generator, process: Process, customers: Customers, scale: float
    ) -> None:
        self.rng, self.process, self.customers = rng, process, customers
        self.index = {point.code: i for i, point in enumerate(process.points)}
        days = DAYS + process.lead_days
        self.n = int(process.cases * scale * days / DAYS)
        self.customer = self._who()
        self.segment = customers.segment[self.customer]
        self.last = (rng.random(self.n) * days - process.lead_days) * DAY
        self.alive = np.ones(self.n, dtype=bool)
        self.reached = np.zeros(self.n, dtype=bool)
        self.sorrow = np.zeros(self.n)
        self.chunks: list[tuple[np.ndarray, ...]] = []

    def _who(self) -> np.ndarray:
        """Customers of the journey's own mix of segments, each drawn at random."""
        wanted = self.rng.choice(len(SEGMENTS), self.n, p=self.process.mix)
        who = np.empty(self.n, dtype=np.int64)
        for segment in range(len(SEGMENTS)):
            pool = self.rng.permutation(np.flatnonzero(self.customers.segment == segment))
            mine = wanted == segment
            who[mine] = np.resize(pool, int(mine.sum()))
        return who

    def go(self) -> Passages:
        for slot in self.process.slots:
            self._take(slot)
        case, point, at, unit, wait, service, abandoned, again, hurt = (
            np.concatenate(column) for column in zip(*self.chunks, strict=True)
        )
        seen = (at >= 0) & (at < DAYS * DAY)
        return Passages(
            self.process.journey, self.process.points, case[seen], self.customer[case[seen]],
            point[seen], at[seen].astype(np.int64), unit[seen], wait[seen], service[seen],
            abandoned[seen], again[seen], hurt[seen],
            self.last.astype(np.int64), self.reached, self.sorrow, self.customer,
        )  # fmt: skip

    def _take(self, slot: Slot) -> None:
        going = self.alive & (self.rng.random(self.n) < slot.visit)
        if slot.since:
            going &= self.last >= day_of(slot.since) * DAY
            going &= self.last < (DAYS - 5) * DAY
        if slot.at_most:
            going &= np.cumsum(going) <= slot.at_most
        weights = np.array(list(slot.choices.values())).T  # segments × choices
        cumulated = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
        draw = self.rng.random(self.n)[:, None]
        choice = (draw > cumulated[self.segment]).sum(axis=1).clip(max=len(slot.choices) - 1)
        codes = list(slot.choices)
        switching: list[tuple[str, np.ndarray]] = []
        for i, code in enumerate(codes):
            mine = going & (choice == i)
            self._pass(code, mine, slot.lag_days)
            if code in slot.switch:
                to, share = slot.switch[code]
                switching.append((to, mine & self.alive & (self.rng.random(self.n) < share)))
        for to, who in switching:
            self._pass(to, who, 0.5)

    def _pass(self, code: str, who: np.ndarray, lag_days: float) -> None:
        """Lets these cases pass a touchpoint, again and again where they have to come back."""
        point = self.process.points[self.index[code]]
        going, lag = np.flatnonzero(who), lag_days
        for attempt in range(MOST_PASSES):
            if not len(going):
                break
            again = self._once(point, going, lag, attempt)
            going, lag = going[again], 1.6
        if code == self.process.goal:
            self.reached |= who & self.alive

    def _once(self, point: Point, going: np.ndarray, lag: float, attempt: int) -> np.ndarray:
        rng, n = self.rng, len(going)
        at = self._when(point.hours or point.channel, going, lag)
        unit = self._where(point.channel, going)
        wait, service, abandoned = self._queue(point, at, unit)
        late = (wait > point.queue.promise_s) if point.queue else np.zeros(n, dtype=bool)
        odds = point.hurt / (1 - point.hurt) * self._factor(point, "hurt", at)
        odds *= np.asarray(point.segments)[self.segment[going]]
        if point.channel == "branch":
            odds *= np.array([branch.hurt for branch in BRANCHES])[unit]
        logit = np.log(odds) + self.customers.mood[self.customer[going]]
        logit += LATE_HURTS * late + AGAIN_HURTS * (attempt > 0)
        hurt = (rng.random(n) < 1 / (1 + np.exp(-logit))) | abandoned
        comes_back = np.where(
            abandoned, 0.65, (point.repeat * self._factor(point, "repeat", at)).clip(max=0.9)
        )
        again = (rng.random(n) < comes_back) & (attempt < MOST_PASSES - 1)
        gives_up = np.where(abandoned, 0.3, point.drop * np.where(hurt, 2.5, 0.6))
        lost = ~again & (rng.random(n) < gives_up) & (point.code != self.process.goal)
        self.last[going] = at + np.maximum(wait, 0) + service
        self.alive[going[lost]] = False
        self.sorrow[going] += point.drives * hurt
        number = np.full(n, self.index[point.code])
        self.chunks.append((going, number, at, unit, wait, service, abandoned, again, hurt))
        return again

    def _factor(self, point: Point, what: str, at: np.ndarray) -> np.ndarray:
        factor = np.ones(len(at))
        for change in point.changes:
            if change.what == what:
                factor = np.where(at >= day_of(change.since) * DAY, factor * change.factor, factor)
        return factor

    def _when(self, hours_of: str, going: np.ndarray, lag_days: float) -> np.ndarray:
        """The next time within these opening hours, after what happened last."""
        rng, n, last = self.rng, len(going), self.last[going]
        lag = lag_days * rng.lognormal(-0.1, 0.45, n) if lag_days else np.zeros(n)
        day = np.floor(last / DAY + lag)
        hours = HOURS.get(hours_of, ANYTIME)
        clock = rng.choice(24, n, p=hours / hours.sum()) * 3600 + rng.integers(0, 3600, n)
        soon = last + 90 + rng.exponential(1500.0, n)
        if hours_of in HOURS:
            day += day * DAY + clock <= last + 60
            if hours_of in CLOSED_ON_SUNDAY:
                day += day % 7 == 6
            return day * DAY + clock
        at = day * DAY + clock
        return np.where(at <= last + 60, np.floor(soon), at)

    def _where(self, channel: str, going: np.ndarray) -> np.ndarray:
        """Mostly the customer's own branch, sometimes another; −1 away from branches."""
        n = len(going)
        if channel != "branch":
            return np.full(n, -1)
        home = self.customers.home[self.customer[going]]
        elsewhere = self.rng.random(n) < 0.08
        return np.where(elsewhere, self.rng.integers(0, len(BRANCHES), n), home)

    def _queue(
        self, point: Point, at: np.ndarray, unit: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Seconds waited (−1: no queue), seconds served, and who left before."""
        n, queue = len(at), point.queue
        if queue is None:
            spent = self.rng.lognormal(np.log(point.minutes * 60), 0.5, n).round()
            return np.full(n, -1.0), spent, np.zeros(n, dtype=bool)
        return draw_waits(self.rng, point, at, unit, self._factor(point, "wait", at))


def draw_waits(
    rng: np.random.Generator, point: Point, at: np.ndarray, unit: np.ndarray, factor: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Waits of arrivals at these times: longer at noon, on busy days, in slow branches."""
    queue = point.queue
    assert queue is not None
    weekday = np.asarray(queue.weekdays)[((at // DAY) % 7).astype(int)]
    noon = 1 + 0.35 * np.exp(-(((at % DAY) / 3600 - 11.5) ** 2) / 4)
    branch = np.where(unit >= 0, np.array([branch.wait for branch in BRANCHES])[unit], 1.0)
    median = queue.median_s * weekday * noon * branch * factor
    offered = median * rng.lognormal(0.0, queue.sigma, len(at))
    patience = rng.exponential(queue.patience_s, len(at))
    abandoned = patience < offered
    wait = np.where(abandoned, patience, offered).round()
    service = rng.lognormal(np.log(queue.service_s), 0.5, len(at)).round()
    return wait, np.where(abandoned, 0, service), abandoned


def clock(seconds: np.ndarray) -> np.ndarray:
    """Local times as text, 2025-09-01T09:00:00."""
    return np.datetime_as_string(START + seconds.astype("m8[s]"))
