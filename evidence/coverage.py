"""What the evidence covers: rows by code and week, and who passes without answering."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from accounts.models import Workspace
from analytics.rates import wilson
from evidence import lake
from evidence.models import Kind

WEEKS = 52
KEPT_S = 3600


@dataclass
class Seen:
    """Rows of one kind under one code: how many, from when to when, and in which weeks shown."""

    n: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    weeks: dict[int, int] = field(default_factory=dict)

    def add(self, week: int | None, n: int, first: datetime, last: datetime) -> None:
        self.n += n
        self.first_at = min(filter(None, (self.first_at, first)))
        self.last_at = max(filter(None, (self.last_at, last)))
        if week is not None:
            self.weeks[week] = self.weeks.get(week, 0) + n

    def merge(self, other: "Seen") -> None:
        if other.first_at is None or other.last_at is None:
            return
        self.add(None, other.n, other.first_at, other.last_at)
        for week, n in other.weeks.items():
            self.weeks[week] = self.weeks.get(week, 0) + n


ByKind = dict[str, Seen]


@dataclass(frozen=True)
class Coverage:
    """`lines`: raw code (None: about a journey as a whole) → kind → what was seen of it."""

    mondays: list[date]
    lines: dict[str | None, ByKind]

    def total(self, kind: str) -> Seen:
        found = Seen()
        for line in self.lines.values():
            found.merge(line.get(kind, Seen()))
        return found


@dataclass(frozen=True)
class Share:
    """A share with its 95% interval; x of n."""

    x: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        return self.x / self.n if self.n else None


@dataclass(frozen=True)
class Mixed:
    """One channel or segment: its share of those who answer, beside its share of those who pass."""

    value: str
    answers: Share
    passages: Share

    @property
    def verdict(self) -> str:
        """more, fewer, or empty: told only where the two intervals lie apart."""
        if self.answers.low > self.passages.high:
            return "more"
        return "fewer" if self.answers.high < self.passages.low else ""


def share(x: int, n: int) -> Share:
    low, high = wilson(x, n)
    return Share(x, n, float(low), float(high))


def mondays_until(workspace: Workspace, day: date | None, weeks: int = WEEKS) -> list[date]:
    """The Mondays of the last weeks up to that day's; without a day, up to the newest row's.

    Rows that claim to come from the future do not move the weeks shown out of sight.
    """
    today = timezone.now().astimezone(workspace.zone).date()
    if day is None:
        newest = max(
            (
                last
                for last in workspace.imports.standing().values_list("last_at", flat=True)
                if last
            ),
            default=None,
        )
        day = min(today, newest.astimezone(workspace.zone).date()) if newest else today
    day = max(day, date(1900, 1, 1))
    monday = day - timedelta(days=day.weekday())
    return [monday - timedelta(weeks=back) for back in reversed(range(weeks))]


def coverage(workspace: Workspace, mondays: list[date]) -> Coverage:
    """Counted from the rows, by one query a kind; kept until the evidence changes."""
    key = (
        f"coverage:{workspace.pk}:{workspace.evidence_revision}:{workspace.timezone}:{mondays[-1]}"
    )
    kept: Coverage | None = cache.get(key)
    if kept is None:
        kept = Coverage(mondays, _lines(workspace, mondays))
        cache.set(key, kept, KEPT_S)
    return kept


def _lines(workspace: Workspace, mondays: list[date]) -> dict[str | None, ByKind]:
    ends = [*mondays, mondays[-1] + timedelta(weeks=1)]
    bounds = [
        datetime.combine(day, time(), workspace.zone).astimezone(UTC).replace(tzinfo=None)
        for day in ends
    ]
    lines: dict[str | None, ByKind] = {}
    with lake.cursor() as cursor:
        cursor.execute(lake.query("week_of"))
        for kind in Kind.values:
            statement = (
                f"WITH found AS (SELECT * FROM {lake.known(kind)})\n{lake.query('coverage')}"
            )
            asked = cursor.execute(statement, {"workspace": workspace.pk, "bounds": bounds})
            for code, week, n, first, last in asked.fetchall():
                seen = lines.setdefault(code, {}).setdefault(kind, Seen())
                seen.add(week, n, first.replace(tzinfo=UTC), last.replace(tzinfo=UTC))
    return lines


def reply(
    workspace: Workspace, places: Mapping[str, int], since: datetime, until: datetime
) -> tuple[dict[int | None, Share], int]:
    """Place (None: all together) → the share of known customers who answered; and how many
    known customers answered at all, who need not be among those who passed."""
    with lake.cursor() as cursor:
        found = cursor.execute(
            lake.query("coverage_reply"),
            {
                **_asked(workspace, since, until),
                "codes": list(places),
                "places": list(places.values()),
            },
        ).fetchall()
    answering = found[0][3] if found else 0
    return {place: share(x, n) for place, x, n, _all in found if n}, answering


def mix(
    workspace: Workspace, codes: list[str], since: datetime, until: datetime
) -> dict[str, list[Mixed]]:
    """Dimension → its values, most passed first. Rows that name no value are not among them."""
    with lake.cursor() as cursor:
        found = cursor.execute(
            lake.query("coverage_mix"), {**_asked(workspace, since, until), "codes": codes}
        ).fetchall()
    people: dict[str, dict[str, dict[str, int]]] = {"channel": {}, "segment": {}}
    for dimension, value, side, n in found:
        if value is not None:
            people[dimension].setdefault(value, {})[side] = n
    return {dimension: _mixed(values) for dimension, values in people.items()}


def _mixed(values: Mapping[str, Mapping[str, int]]) -> list[Mixed]:
    totals = {
        side: sum(counts.get(side, 0) for counts in values.values())
        for side in ("answers", "passages")
    }
    if not all(totals.values()):
        return []
    rows = [
        Mixed(
            value,
            share(counts.get("answers", 0), totals["answers"]),
            share(counts.get("passages", 0), totals["passages"]),
        )
        for value, counts in values.items()
    ]
    return sorted(rows, key=lambda row: (-row.passages.x, row.value))


def _asked(workspace: Workspace, since: datetime, until: datetime) -> dict[str, Any]:
    naive = [moment.astimezone(UTC).replace(tzinfo=None) for moment in (since, until)]
    return {"workspace": workspace.pk, "since": naive[0], "until": naive[1]}
