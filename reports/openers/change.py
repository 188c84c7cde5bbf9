"""Opens the difference between two periods of a touchpoint's severity."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from analytics import alerts
from analytics.change import Change
from analytics.series import scatter_of_severity
from evidence.breakdown import Breakdown
from evidence.rows import Part
from evidence.scope import Scope, ScopeError
from painpoints.counts import breakdown_of
from painpoints.explanation import label_of
from painpoints.formulas import Definition
from painpoints.knowing import UnknownNumber, Value
from painpoints.knowing_counts import count_in
from painpoints.models import ScoringRun
from painpoints.openers import line_asked
from painpoints.opening import Counted, Opened, Query, counted_of, opens
from reports import change as periods
from reports.change import Comparison, Line, Span
from reports.figures import change_records as told

FIGURES = ("difference", "p_worse", "before", "now")


@opens("change")
def change(run: ScoringRun, query: Query) -> Opened:
    place, figure = line_asked(run, query), query.get("figure", "")
    breakdown = breakdown_of(run)
    if breakdown is None or figure not in FIGURES:
        raise UnknownNumber(figure)
    comparison = _comparison(run, breakdown, query)
    line = next((one for one in comparison.lines if one.code == place["code"]), None)
    if line is None or comparison.now is None or comparison.before is None:
        raise UnknownNumber("at")
    spans = {"before": comparison.before, "now": comparison.now}
    counted = [
        one
        for span in (comparison.now, comparison.before)
        for one in _counted(run, breakdown, comparison, line, span)
    ]
    where = f"{comparison.said(comparison.now)}, {comparison.said(comparison.before)}"
    common: dict[str, Any] = {
        "place": f"{line.name} · {where}",
        "counted": tuple(counted),
        "rows": _("There is no evidence in either period."),
    }
    if line.change is None:
        return Opened(name=_("Difference in severity"), shown=Value(), why_not=line.why,
                      definition=Definition("", _what()), **common)  # fmt: skip
    judged = tuple(_judged(run, breakdown, comparison, line, line.change))
    if figure in spans:
        return _severity(line.change, line, figure, judged, common)
    made = _difference if figure == "difference" else _p_worse
    return made(line.change, line, judged, common)


def _comparison(run: ScoringRun, breakdown: Breakdown, query: Query) -> Comparison:
    length, against = query.get("length", ""), query.get("against", "")
    known = length in periods.LENGTHS or length == periods.PERIOD
    if not known or against not in periods.EARLIER:
        raise UnknownNumber("length")
    days = {name: query.get(name) for name in ("since", "until")}
    try:
        scope = Scope.from_words(days, {})
    except ScopeError:
        raise UnknownNumber("since") from None
    names = {one["code"]: one["name"] for one in (run.result or {})["touchpoints"]}
    return periods.compared(run, breakdown, periods.Asked(length, against), scope, names)


def _difference(
    found: Change, line: Line, judged: tuple[tuple[str, str], ...], common: dict[str, Any]
) -> Opened:
    ends = (found.difference, found.difference_low, found.difference_high)
    value, low, high = (100 * end for end in ends)
    points = [wording.points(s) for s in (found.severity_now, found.severity_before)]
    return Opened(
        name=_("Difference in severity"),
        unit=_("points"),
        shown=Value(value, low, high, line.n_now, "signed", 0, level=90),
        definition=Definition(
            _("Of 100 passages %(now)s hurt now, %(before)s before.")
            % {"now": points[0], "before": points[1]},
            _what(),
            (
                _("difference = severity now − severity before"),
                f"= {points[0]} − {points[1]} = {wording.signed(value, 1)}",
            ),
        ),
        judged=judged,
        **common,
    )


def _p_worse(
    found: Change, line: Line, judged: tuple[tuple[str, str], ...], common: dict[str, Any]
) -> Opened:
    return Opened(
        name=_("P(worse)"),
        shown=Value(found.p_worse, n=line.n_now, fmt="percent"),
        interval=_("It is a probability itself, read off 4,000 draws, and has no interval."),
        definition=Definition(
            told.certainty_text(found),
            _("The share of draws in which severity is higher now than before."),
        ),
        judged=judged,
        **common,
    )


def _severity(
    found: Change, line: Line, figure: str, judged: tuple[tuple[str, str], ...],
    common: dict[str, Any],
) -> Opened:  # fmt: skip
    now = figure == "now"
    value = found.severity_now if now else found.severity_before
    n = line.n_now if now else line.n_before
    return Opened(
        name=_("Severity now") if now else _("Severity before"),
        unit=_("of 100 passages"),
        shown=Value(value, n=n, fmt="points"),
        interval=_("Its uncertainty is part of the difference's interval."),
        definition=Definition(
            "",
            _(
                "Severity over the weeks of the period, from their x and n added up, with the "
                "period's own priors, over the families that both periods have."
            ),
            (_("severity = 1 − Π (1 − w · r)"), "r = (a + x) ÷ (a + b + n)"),
        ),
        judged=judged,
        **common,
    )


def _what() -> str:
    return _(
        "Two periods of whole weeks: their weeks' x and n are added up, each period has its own "
        "priors and its own draws, and only families that both have are compared. Journeys lost "
        "take no part."
    )


def _judged(
    run: ScoringRun, breakdown: Breakdown, comparison: Comparison, line: Line, found: Change
) -> Iterator[tuple[str, str]]:
    yield _("90% interval"), told.difference_text(found)
    yield _("P(worse)"), wording.percent(found.p_worse)
    yield _("Compared by"), ", ".join(map(label_of, found.families))
    weekly = alerts.ripe(breakdown.counts["week"])[line.code]
    counted = {family: weekly[family] for family in found.families}
    phi = scatter_of_severity(counted, run.parameters["weights"])
    yield (
        _("Unrest of its weeks, φ"),
        wording.number(phi, 2)
        + ("" if phi <= 1 else " " + _("(the difference is judged and drawn √φ wider)")),
    )
    yield _("Does it hold?"), told.holds_text(line)
    yield (
        _("How it is decided"),
        _(
            "Worse and better are each tested at every one of the %(n)s touchpoints compared; what "
            "passes Benjamini and Hochberg's procedure at 10%% holds."
        )
        % {"n": len(comparison.tested)},
    )


def _counted(
    run: ScoringRun, breakdown: Breakdown, comparison: Comparison, line: Line, span: Span
) -> list[Counted]:
    since = comparison.weeks[span.begin]
    part = Part(since=since, until=comparison.weeks[span.end - 1] + timedelta(weeks=1))
    families = count_in(breakdown, line.code, part)
    families.pop("lost", None)
    return counted_of(run, line.code, families, part, label_of, comparison.said(span))
