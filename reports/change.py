"""Two periods of a journey compared by the weeks of a run: which ones, what changed, what held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.filter_bar import period_label
from analytics import alerts
from analytics.change import Change, compare
from analytics.ranking import LITTLE_EVIDENCE_N
from evidence.breakdown import Breakdown
from evidence.scope import Scope
from painpoints.models import ScoringRun

KEPT_S = 3600
YEAR_WEEKS = 52

# What an address says, and the words on the page.
LENGTHS = {
    "1": gettext_lazy("last week"),
    "4": gettext_lazy("last 4 weeks"),
    "13": gettext_lazy("last 13 weeks"),
}
PERIOD = "period"
BEFORE, YEAR = "before", "year"
EARLIER = {
    BEFORE: gettext_lazy("the weeks before"),
    YEAR: gettext_lazy("a year before"),
}


@dataclass(frozen=True)
class Asked:
    """Which two periods: `length` of LENGTHS or PERIOD (the scope's own), `against` of EARLIER."""

    length: str
    against: str


@dataclass(frozen=True)
class Span:
    """Weeks begin … end − 1."""

    begin: int
    end: int


@dataclass(frozen=True)
class Line:
    """A touchpoint; `change` is None where it cannot be told, `why` says the reason."""

    code: str
    name: str
    n_before: float
    n_now: float
    change: Change | None
    holds: str = ""  # alerts.WORSE, alerts.BETTER, or nothing
    why: str = ""


@dataclass(frozen=True)
class Comparison:
    """`why` where two periods cannot be compared at all; then there are no lines."""

    weeks: Sequence[date]
    now: Span | None = None
    before: Span | None = None
    lines: Sequence[Line] = ()
    unfinished: date | None = None  # a newest week that was left out
    why: str = ""

    @property
    def tested(self) -> list[Line]:
        return [line for line in self.lines if line.change]

    @property
    def worse(self) -> list[Line]:
        return [line for line in self.lines if line.holds == alerts.WORSE]

    @property
    def better(self) -> list[Line]:
        return [line for line in self.lines if line.holds == alerts.BETTER]

    def last_day(self, span: Span) -> date:
        return self.weeks[span.end - 1] + timedelta(days=6)

    def said(self, span: Span | None) -> str:
        """The span's first and last day."""
        if span is None:
            return ""
        return period_label(self.weeks[span.begin], self.last_day(span) + timedelta(days=1))


def compared(
    run: ScoringRun, breakdown: Breakdown, asked: Asked, scope: Scope, names: Mapping[str, str]
) -> Comparison:
    """The whole comparison, from counts that are kept with the run."""
    weeks, weekly = breakdown.weeks(), alerts.ripe(breakdown.counts["week"])
    whole = alerts.whole_weeks(weekly)
    unfinished = weeks[whole] if whole < len(weeks) else None
    now = _now(weeks, whole, asked, scope)
    before = _before(now, asked) if now else None
    if now is None or before is None or before.begin < 0:
        why = _too_short(whole, asked, now)
        return Comparison(weeks, now=now, unfinished=unfinished, why=why)
    lines = _lines(run, weekly, before, now, names)
    return Comparison(weeks, now, before, lines, unfinished)


def _now(weeks: Sequence[date], whole: int, asked: Asked, scope: Scope) -> Span | None:
    if asked.length != PERIOD:
        return Span(whole - int(asked.length), whole) if whole >= int(asked.length) else None
    week = timedelta(weeks=1)
    inside = [
        i
        for i, monday in enumerate(weeks[:whole])
        if (scope.since is None or monday >= scope.since)
        and (scope.until is None or monday + week <= scope.until)
    ]
    return Span(inside[0], inside[-1] + 1) if inside else None


def _before(now: Span, asked: Asked) -> Span:
    back = YEAR_WEEKS if asked.against == YEAR else now.end - now.begin
    return Span(now.begin - back, now.end - back)


def _too_short(whole: int, asked: Asked, now: Span | None) -> str:
    have = ngettext(
        "The evidence covers %(n)s whole week here.",
        "The evidence covers %(n)s whole weeks here.",
        whole,
    ) % {"n": whole}
    if now is None and asked.length == PERIOD:
        return have + " " + _("No whole week lies in the chosen period; choose a longer one.")
    return have + " " + _("That is too little for these two periods; choose shorter ones.")


def _lines(
    run: ScoringRun, weekly: Any, before: Span, now: Span, names: Mapping[str, str]
) -> list[Line]:
    """The surest changes first, then what could not be told."""
    counted = [alerts.summed(weekly, span.begin, span.end) for span in (before, now)]
    key = f"change:{run.pk}:{before.begin}-{before.end}:{now.begin}-{now.end}"
    changes: list[Change] | None = cache.get(key)
    if changes is None:
        weights = run.parameters["weights"]
        changes = alerts.with_unrest(compare(*counted, weights=weights), weekly, weights)
        cache.set(key, changes, KEPT_S)
    holding = {change.code: direction for change, direction in alerts.held(changes)}
    by_code = {change.code: change for change in changes}
    found = []
    for was, is_now in zip(*counted, strict=True):
        change = by_code.get(is_now.code)
        families = change.families if change else None
        n_before, n_now = _n(was.families, families), _n(is_now.families, families)
        why = "" if change else _why(was.families, is_now.families)
        name = names.get(is_now.code, is_now.code)
        holds = holding.get(is_now.code, "")
        found.append(Line(is_now.code, name, n_before, n_now, change, holds, why))
    return sorted(found, key=_place)


def _n(families: Mapping[str, tuple[float, float]], among: Sequence[str] | None) -> float:
    return max((n for f, (_x, n) in families.items() if among is None or f in among), default=0)


def _why(was: Mapping[str, Any], is_now: Mapping[str, Any]) -> str:
    if not was and not is_now:
        return _("no evidence in either period")
    if not was or not is_now:
        return _("no evidence in the earlier period") if not was else _("no evidence in this one")
    if not set(was) & set(is_now):
        return _("no signal was measured in both periods")
    return _("fewer than %(n)s experiences in one of the periods") % {"n": LITTLE_EVIDENCE_N}


def _place(line: Line) -> tuple[bool, bool, float, str]:
    if line.change is None:
        return True, True, 0.0, line.name
    sure = max(line.change.p_worse, 1 - line.change.p_worse)
    return False, not line.holds, -sure, line.name
