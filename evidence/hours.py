"""The waits of each hour of the week, counted exactly, and how often that hour was seen.

Hours are those of the workspace's time zone: place 24 · weekday + hour, 0 for Monday's first.

How long an hour was observed: a touchpoint's day counts as open where anybody waited there on it;
on an open day, every hour of its weekday at which somebody ever came was observed, 3600 s long
(where clocks were changed in it, as long as it was). On the first and the last day only the hours
between the first and the last wait count. So a closed day is not a day on which nobody came.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from evidence import lake
from evidence.measures import Cursor
from evidence.question import Question, code_parameters, scope_parameters, wait_parameters

WEEK_HOURS = 168
HOUR = timedelta(hours=1)
DAY_S = 86_400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EVER = (datetime(1, 1, 1), datetime(9999, 1, 1))
# For how long a wait may be asked, besides the touchpoint's own promises.
LIMITS_S = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600, 900, 1200, 1800, 2700,
            3600, 7200, 14_400, 28_800, 86_400, 172_800, 432_000)  # fmt: skip
COUNTS = ("offered", "abandoned", "wait_ms", "wait_ms2", "service_n", "service_ms",
          "in_time", "served_late", "gave_up_in_time", "gave_up_late")  # fmt: skip


@dataclass(frozen=True)
class HourCounts:
    """Of one touchpoint: lists with one place for each hour of the week that had waits.

    hours: the hours, rising.  period_s: how long each was observed, and days: on how many days.
    counts: see waits_by_hour.sql.  limits_s: times a wait may be compared with;
    within[i][k]: served in hour i within limits_s[k].
    """

    hours: list[int]
    period_s: list[float]
    days: list[int]
    counts: dict[str, list[int]]
    limits_s: list[float]
    within: list[list[int]]

    def total(self, name: str) -> int:
        return sum(self.counts[name])

    def served_within(self, promise_s: float) -> list[int]:
        """Served within this time, hour by hour; it must be one of limits_s."""
        k = self.limits_s.index(promise_s)
        return [upto[k] for upto in self.within]


@dataclass(frozen=True)
class Hours:
    """places: touchpoint's code → its counts."""

    places: dict[str, HourCounts] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {code: vars(one) for code, one in self.places.items()}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> "Hours":
        return cls({code: HourCounts(**one) for code, one in document.items()})


def count_hours(cursor: Cursor, question: Question) -> Hours:
    """Two scans of the waits for all touchpoints on the map."""
    clock = clock_of(cursor, question)
    if clock is None:
        return Hours()
    limits = {i: _limits(place.promises) for i, place in enumerate(question.places)}
    parameters = wait_parameters(question)
    by_hour = {
        **parameters,
        **clock,
        "limits_ms": [[round(1000 * s) for s in limits[i]] for i in parameters["places"]],
    }
    rows: dict[int, list[tuple[Any, ...]]] = {}
    for place, *row in cursor.execute(lake.query("waits_by_hour"), by_hour).fetchall():
        rows.setdefault(place, []).append(tuple(row))
    days = _days(cursor, question, clock)
    return Hours(
        {
            question.places[place].code: _counted(found, limits[place], days[place], question.zone)
            for place, found in rows.items()
        }
    )


def _counted(
    rows: list[tuple[Any, ...]],
    limits_s: list[float],
    days: list[tuple[date, int, int]],
    zone: ZoneInfo,
) -> HourCounts:
    hours = [row[0] for row in rows]
    seen = _observed(hours, days, zone)
    within = []
    for row in rows:
        bins = row[-1] or {}
        upto, total = [], 0
        for s in limits_s:
            total += bins.get(round(1000 * s), 0)
            upto.append(total)
        within.append(upto)
    return HourCounts(
        hours=hours,
        period_s=[sum(seen[h]) for h in hours],
        days=[len(seen[h]) for h in hours],
        counts={name: [int(row[1 + i]) for row in rows] for i, name in enumerate(COUNTS)},
        limits_s=limits_s,
        within=within,
    )


def _observed(
    hours: Iterable[int], days: list[tuple[date, int, int]], zone: ZoneInfo
) -> dict[int, list[float]]:
    """Hour of the week → how long it was on each day it was seen, in seconds."""
    seen: dict[int, list[float]] = {hour: [] for hour in hours}
    for i, (day, first, last) in enumerate(days):
        start = first if i == 0 else 0
        end = last if i == len(days) - 1 else 23
        lengths = _lengths(day, zone)
        for hour in range(start, end + 1):
            place = 24 * day.weekday() + hour
            if place in seen and lengths[hour]:
                seen[place].append(lengths[hour])
    return seen


@cache
def _lengths(day: date, zone: ZoneInfo) -> tuple[float, ...]:
    """How long each hour of the clock was on that day: 0 or 7200 s where clocks were changed."""
    start = datetime.combine(day, datetime.min.time(), zone).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone).astimezone(UTC)
    if end - start == 24 * HOUR:
        return (3600.0,) * 24
    lengths, moment = [0.0] * 24, start
    step = timedelta(minutes=5)
    while moment < end:
        lengths[moment.astimezone(zone).hour] += step.total_seconds()
        moment += step
    return tuple(lengths)


def _days(
    cursor: Cursor, question: Question, clock: dict[str, Any]
) -> dict[int, list[tuple[date, int, int]]]:
    parameters = {
        **scope_parameters(question),
        **code_parameters(question),
        **clock,
        "short_abandon_ms": question.short_abandon_ms,
    }
    found: dict[int, list[tuple[date, int, int]]] = {}
    for place, day, first, last in cursor.execute(lake.query("waits_days"), parameters).fetchall():
        found.setdefault(place, []).append((day, first, last))
    return found


def _limits(promises: Iterable[Any]) -> list[float]:
    own = {promise.max_wait_ms / 1000 for promise in promises}
    return sorted({*map(float, LIMITS_S), *own})


def clock_of(cursor: Cursor, question: Question) -> dict[str, Any] | None:
    """The spans in which the zone kept one distance from UTC; None without waits."""
    scope = scope_parameters(question)
    parameters = {name: scope[name] for name in ("workspace", "since", "until")}
    parameters["codes"] = code_parameters(question)["codes"]
    ((first, last),) = cursor.execute(lake.query("waits_span"), parameters).fetchall()
    return None if first is None else _clock(first, last, question.zone)


def _clock(first: datetime, last: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """From the first to the last moment (UTC, without a zone), found to the second."""

    def offset(second: int) -> int:
        away = (EPOCH + timedelta(seconds=second)).astimezone(zone).utcoffset()
        assert away is not None
        return round(away.total_seconds())

    start, end = (int((m.replace(tzinfo=UTC) - EPOCH).total_seconds()) for m in (first, last))
    changes, offsets = [], [offset(start)]
    for day in range(start, end + DAY_S, DAY_S):
        if offset(day) == offsets[-1]:
            continue
        before, after = day - DAY_S, day
        while after - before > 1:
            middle = (before + after) // 2
            before, after = (middle, after) if offset(middle) == offsets[-1] else (before, middle)
        changes.append((EPOCH + timedelta(seconds=after)).replace(tzinfo=None))
        offsets.append(offset(day))
    return {"from_at": [EVER[0], *changes], "to_at": [*changes, EVER[1]], "offset_s": offsets}
