"""How severities shifted between two spans of a run's weeks, kept with the run as plain JSON.

The newest four whole weeks against the four before them, and against the same a year ago: the
same numbers as the page of a journey's change shows, computed once, for lists of many journeys.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.filter_bar import period_label
from analytics import alerts
from analytics.change import Change, compare
from analytics.draws import DRAWS
from analytics.ranking import LITTLE_EVIDENCE_N, TouchpointCounts

LENGTH = 4
YEAR_WEEKS = 52
BEFORE, YEAR, BASELINE = "before", "year", "baseline"
AGAINST = {
    BEFORE: gettext_lazy("the 4 weeks before"),
    YEAR: gettext_lazy("a year before"),
    BASELINE: gettext_lazy("the baseline"),
}
BACK = {BEFORE: LENGTH, YEAR: YEAR_WEEKS}

# Why a shift cannot be told; kept as a word, said in the reader's language.
NO_WEEKS, NEITHER, NOT_BEFORE, NOT_NOW = "weeks", "neither", "not_before", "not_now"
UNLIKE, FEW, GONE, WAITING = "unlike", "few", "gone", "waiting"
NONE_PINNED, IS_BASELINE, OPEN_PERIOD = "none_pinned", "is_baseline", "open_period"


@dataclass(frozen=True)
class Shift:
    """One touchpoint's severity now against then; `why` where it cannot be told.

    Severities and differences 0 to 1. Two runs of which both may have read a row are no
    independent samples (`shares_rows`): there is a difference, but neither interval nor `p_worse`.
    `now` and `then` are the periods in words, empty where there are none.
    """

    why: str = ""
    difference: float = 0.0
    low: float = 0.0
    high: float = 0.0
    p_worse: float | None = None
    holds: str = ""  # alerts.WORSE, alerts.BETTER, or nothing
    n_then: float = 0.0
    n_now: float = 0.0
    span_now: Sequence[str] | str = ""  # two Mondays, the second of the last week; or words
    span_then: Sequence[str] | str = ""
    shares_rows: bool = False

    @property
    def now(self) -> str:
        return _said(self.span_now)

    @property
    def then(self) -> str:
        return _said(self.span_then)

    @property
    def is_told(self) -> bool:
        return not self.why

    @property
    def points(self) -> float:
        return 100 * self.difference

    @property
    def points_low(self) -> float:
        return 100 * self.low

    @property
    def points_high(self) -> float:
        return 100 * self.high

    @property
    def n(self) -> float:
        """The smaller of the two, on which the difference stands."""
        return min(self.n_then, self.n_now)

    @property
    def chance(self) -> float | None:
        """Of having become worse; never quite 0 or 1, since so many draws cannot tell more."""
        if self.p_worse is None:
            return None
        return min(max(self.p_worse, 0.5 / DRAWS), 1 - 0.5 / DRAWS)

    @property
    def reason(self) -> str:
        return reason_of(self.why) if self.why else ""


def reason_of(why: str) -> str:
    """Why it cannot be told, as the end of “cannot be told: …”."""
    word, _colon, number = why.partition(":")
    if word == NO_WEEKS:
        weeks = int(number or 0)
        return ngettext(
            "the evidence covers %(n)s whole week", "the evidence covers %(n)s whole weeks", weeks
        ) % {"n": weeks}
    return {
        NEITHER: _("no evidence in either period"),
        NOT_BEFORE: _("no evidence in the earlier period"),
        NOT_NOW: _("no evidence in this one"),
        UNLIKE: _("no signal was measured in both periods"),
        FEW: _("fewer than %(n)s experiences in one of the periods") % {"n": LITTLE_EVIDENCE_N},
        GONE: _("the rows behind the run are gone"),
        NONE_PINNED: _("no run is pinned as the baseline"),
        OPEN_PERIOD: _("the period needs a first and a last day"),
        WAITING: _("it is being counted"),
        IS_BASELINE: _("the newest run is the baseline itself"),
    }.get(word, word)


def document_of(
    mondays: Sequence[str], weekly: alerts.Weekly, weights: Mapping[str, float]
) -> dict[str, Any]:
    """Plain JSON: against → code → shift; or why there is none for any."""
    ripe = alerts.ripe(weekly)
    whole = alerts.whole_weeks(ripe)
    return {
        against: _against(mondays, ripe, whole, weights, back) for against, back in BACK.items()
    }


def _against(
    mondays: Sequence[str],
    weekly: alerts.Weekly,
    whole: int,
    weights: Mapping[str, float],
    back: int,
) -> dict[str, Any]:
    now, then = (whole - LENGTH, whole), (whole - LENGTH - back, whole - back)
    if then[0] < 0:
        return {"why": f"{NO_WEEKS}:{whole}"}
    counted = [alerts.summed(weekly, *span) for span in (then, now)]
    changes = alerts.with_unrest(compare(*counted, weights=weights), weekly, weights)
    return {
        "now": [mondays[now[0]], mondays[now[1] - 1]],
        "then": [mondays[then[0]], mondays[then[1] - 1]],
        "lines": lines_of(counted[0], counted[1], changes, alerts.held(changes)),
    }


def lines_of(
    then: Sequence[TouchpointCounts],
    now: Sequence[TouchpointCounts],
    changes: Sequence[Change],
    held: Sequence[tuple[Change, str]],
) -> dict[str, Any]:
    """Code → difference, its ends, P(worse), what holds, n then and now; or why not."""
    holding = {change.code: direction for change, direction in held}
    told = {change.code: change for change in changes}
    was = {counted.code: counted.families for counted in then}
    found: dict[str, Any] = {}
    for counted in now:
        change, families = told.get(counted.code), was.get(counted.code, {})
        if change is None:
            found[counted.code] = {"why": _why(families, counted.families)}
            continue
        found[counted.code] = {
            "difference": change.difference,
            "low": change.difference_low,
            "high": change.difference_high,
            "p_worse": change.p_worse,
            "holds": holding.get(change.code, ""),
            "n_then": max(families[f][1] for f in change.families),
            "n_now": max(counted.families[f][1] for f in change.families),
        }
    return found


def shift_in(document: Mapping[str, Any], code: str) -> Shift:
    """Of a document for one `against`."""
    if document.get("why"):
        return Shift(why=document["why"])
    line = document["lines"].get(code) or {"why": NEITHER}
    return Shift(**line, span_now=document["now"], span_then=document["then"])


def _said(mondays: Sequence[str] | str) -> str:
    """As a period; words as they are."""
    if isinstance(mondays, str):
        return mondays
    first, last = map(date.fromisoformat, mondays)
    return period_label(first, last + timedelta(weeks=1))


def _why(then: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    if not then and not now:
        return NEITHER
    if not then or not now:
        return NOT_NOW if then else NOT_BEFORE
    return FEW if set(then) & set(now) else UNLIKE
