"""A number of a part of a run: what is painful at a touchpoint within one segment, channel or unit,
in some weeks, or of its waits in one hour of the week, from the counts kept with the run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from accounts.clock import hour_of_week
from accounts.filter_bar import period_label
from analytics.rates import wilson
from analytics.severity import FAMILIES
from evidence.breakdown import Breakdown
from evidence.hours import WEEK_HOURS
from evidence.rows import HOUR, Part, Wanted
from evidence.scope import FILTERS
from painpoints.counts import breakdown_of, hours_of, patience_of
from painpoints.knowing import Number, UnknownNumber, Value, address
from painpoints.models import ScoringRun
from painpoints.readings import line_of
from painpoints.vocabulary import names_of

GROUPS = ("segment", "channel", "unit")
GAVE_UP = "abandonment"
WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class PartNumber(Number):
    """x of n in one family; `counted` is None where the rows are gone and were not counted."""

    counted: tuple[float, float] | None = None

    @property
    def place(self) -> str:
        return f"{self.line['name']} · {part_text(self.run, self.part)}"

    @cached_property
    def found(self) -> Mapping[str, Any] | None:  # type: ignore[override]
        """Counted, not drawn towards anything: the rate is x ÷ n."""
        if self.counted is None or not self.counted[1]:
            return None
        # Weighted answers of several weeks add up to a little more in parts than as a whole.
        n = self.counted[1]
        x = min(self.counted[0], n)
        low, high = wilson(x, n)
        ends = {"rate": x / n, "low": float(low), "high": float(high)}
        return {"x": x, "n": n, "abandoned": x, "offered": n, **ends}

    @cached_property
    def shown(self) -> Value:
        found = self.found
        if found is None:
            return Value()
        return Value(found["rate"], found["low"], found["high"], found["n"], "percent", 1)

    @property
    def is_scored(self) -> bool:
        return False

    @property
    def wanted(self) -> Wanted | None:
        whole = super().wanted
        return replace(whole, part=self.part) if whole else None

    @property
    def is_sum(self) -> bool:
        """Several weeks are added up; of weighted answers each has its own effective number."""
        since, until = self.part.since, self.part.until
        return since is not None and until is not None and until - since > WEEK

    def address(self, view: str = "know", **more: str) -> str:
        return address(self.run, self.figure, self.code, view=view, **query_of(self.part), **more)


def part_number(run: ScoringRun, figure: str, code: str, part: Part) -> PartNumber:
    """Raises UnknownNumber where the run counted no such part."""
    line = line_of(run, code)
    if line is None or figure not in (*FAMILIES, GAVE_UP):
        raise UnknownNumber(figure)
    counted = _counted(run, figure, code, part)
    return PartNumber(run, figure, code, line=line, part=part, counted=counted)


def _counted(run: ScoringRun, figure: str, code: str, part: Part) -> tuple[float, float] | None:
    """x and n; None where the rows are gone and were never counted."""
    if part.dimension == HOUR:
        return _in_hour(run, figure, code, int(part.value))
    if figure == GAVE_UP:
        return _gave_up(run, code, part)
    breakdown = breakdown_of(run)
    return count_in(breakdown, code, part).get(figure, (0, 0)) if breakdown else None


def _in_hour(run: ScoringRun, figure: str, code: str, hour: int) -> tuple[float, float] | None:
    hours = hours_of(run)
    if hours is None:
        return None
    place = hours.places.get(code)
    if place is None or hour not in place.hours or figure not in (GAVE_UP, "waited"):
        raise UnknownNumber(HOUR)
    found = {name: counts[place.hours.index(hour)] for name, counts in place.counts.items()}
    if figure == GAVE_UP:
        return found["abandoned"], found["offered"]
    late = found["served_late"] + found["gave_up_in_time"] + found["gave_up_late"]
    return late, late + found["in_time"]


def _gave_up(run: ScoringRun, code: str, part: Part) -> tuple[float, float] | None:
    """Waits are counted by how they ended for segments only."""
    patience = patience_of(run)
    if patience is None:
        return None
    segments = patience.places.get(code, {})
    if part.dimension != "segment" or part.value not in segments:
        raise UnknownNumber(GAVE_UP)
    return sum(segments[part.value].gave_up), segments[part.value].n


def count_in(breakdown: Breakdown, code: str, part: Part) -> dict[str, tuple[float, float]]:
    """Family → (x, n) of a touchpoint within the part; families without evidence are left out."""
    dimension = part.dimension or "week"
    places = _places(breakdown, part)
    families = breakdown.counts[dimension].get(code, {})
    sums = {f: (sum(x[i] for i in places), sum(n[i] for i in places))
            for f, (x, n) in families.items()}  # fmt: skip
    return {family: (x, n) for family, (x, n) in sums.items() if n}


def _places(breakdown: Breakdown, part: Part) -> list[int]:
    values = breakdown.values[part.dimension or "week"]
    if part.dimension:
        if part.value not in values:
            raise UnknownNumber(part.value)
        return [values.index(part.value)]
    places = [
        i
        for i, monday in enumerate(breakdown.weeks())
        if (part.since is None or monday >= part.since)
        and (part.until is None or monday + WEEK <= part.until)
    ]
    if not places:
        raise UnknownNumber("week")
    return places


def part_of(query: Mapping[str, str]) -> Part:
    """The part that an address names: a segment, channel or unit; an hour of the week; a week, or
    weeks since … until.

    Nothing where it names none. Raises UnknownNumber for what cannot be meant.
    """
    groups = [name for name in GROUPS if query.get(name)]
    since, until = _day(query.get("since", "")), _day(query.get("until", ""))
    if week := _day(query.get("week", "")):
        since, until = week, week + WEEK
    hour = query.get(HOUR, "")
    if len(groups) + bool(hour) + bool(since or until) > 1:
        raise UnknownNumber("part")
    if hour:
        if hour not in map(str, range(WEEK_HOURS)):
            raise UnknownNumber(HOUR)
        return Part(HOUR, hour)
    if groups:
        return Part(groups[0], query[groups[0]])
    if (since or until) and not (since and until and since < until):
        raise UnknownNumber("part")
    return Part(since=since, until=until)


def query_of(part: Part) -> dict[str, str]:
    """As an address names it."""
    if part.dimension:
        return {part.dimension: part.value}
    if part.since is None or part.until is None:
        return {}
    if part.until - part.since == WEEK:
        return {"week": part.since.isoformat()}
    return {"since": part.since.isoformat(), "until": part.until.isoformat()}


def part_text(run: ScoringRun, part: Part) -> str:
    """For people, by the names of the library."""
    if part.dimension == HOUR:
        return hour_of_week(int(part.value))
    if part.dimension:
        names = names_of(run.workspace)[FILTERS[part.dimension]]
        label = {"segment": _("segment %s"), "channel": _("channel %s"), "unit": _("unit %s")}
        return label[part.dimension] % names.get(part.value, part.value)
    assert part.since is not None and part.until is not None
    if part.until - part.since == WEEK:
        return _("week of %(day)s") % {"day": period_label(part.since, part.until)}
    return period_label(part.since, part.until)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnknownNumber(text) from None
