"""How a journey's severities move: week by week, and one period against another."""

from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import get_workspace
from evidence.scope import Scope
from journeys.models import Journey
from painpoints import trend as drawing
from painpoints.counts import breakdown_of
from painpoints.models import ScoringRun
from painpoints.series import Trends, trends_of
from reports import change as periods
from reports import exports
from reports.change import Comparison
from reports.figures import change as change_figure
from reports.figures import change_records
from reports.figures import weeks as weeks_figure
from reports.figures.sheet import Figure
from reports.figures.weeks_records import Weeks
from reports.gallery import user_of
from reports.happenings import happenings
from reports.reading import Reading, read
from reports.sources import source_of
from reports.views.downloads import sentence
from reports.views.pages import Asked, asked_for, page

COMPARISON, SERIES = "comparison", "weeks"


@dataclass(frozen=True)
class Moves:
    """What the page and its downloads draw."""

    comparison: Comparison
    trends: Trends
    names: dict[str, str]
    order: list[str]  # touchpoints with weeks, the most certain changes first
    chosen: str


@login_required
@require_GET
def change(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    workspace = get_workspace(request, slug)
    asked = asked_for(request, workspace, journey)
    reading = None if asked.error else _reading(request, asked)
    context: dict[str, Any] = {"kept": "length against touchpoint"}
    if reading is not None and reading.run is not None:
        moves = _moves(request, asked, reading.run)
        context |= {"choices": _choices(request, asked), "rows_gone": moves is None}
        if moves is not None:
            context |= _shown(request, asked, reading.run, moves)
    return page(request, asked, "change", reading, context)


@login_required
@require_GET
def change_download(
    request: HttpRequest, slug: str, journey: str, figure: str, form: str
) -> HttpResponse:
    """The comparison, or the weeks of the touchpoint in ?touchpoint= (or of all), to take away."""
    workspace = get_workspace(request, slug)
    asked = asked_for(request, workspace, journey)
    if figure not in (COMPARISON, SERIES):
        raise Http404
    if asked.error:
        return sentence(asked.error, 400)
    run = _reading(request, asked).run
    if run is None:
        said = _("The journey is being scored for this scope. Try again in a few seconds.")
        return sentence(said, 503)
    moves = _moves(request, asked, run)
    found = _taken(request, asked, run, moves, figure) if moves else []
    if not found:
        said = _("There is nothing to download here: no evidence of this kind in this scope.")
        return sentence(said, 404)
    answer = exports.csv_response if form == "csv" else exports.html_response
    return answer(found, f"{asked.journey.slug}-change-{figure}.{form}")


def _reading(request: HttpRequest, asked: Asked) -> Reading:
    """All weeks are read: the scope's period only says which of them are compared."""
    return read(journey=asked.journey, scope=_undated(asked), user=user_of(request.user))


def _undated(asked: Asked) -> Scope:
    return replace(asked.scope, since=None, until=None)


def _periods(request: HttpRequest, asked: Asked) -> periods.Asked:
    has_period = bool(asked.scope.since or asked.scope.until)
    length = request.GET.get("length", "")
    against = request.GET.get("against") or periods.BEFORE
    if length not in periods.LENGTHS and length not in ("", periods.PERIOD):
        raise Http404
    if against not in periods.EARLIER:
        raise Http404
    if length == periods.PERIOD and not has_period:
        length = ""
    return periods.Asked(length or (periods.PERIOD if has_period else "4"), against)


def _moves(request: HttpRequest, asked: Asked, run: ScoringRun) -> Moves | None:
    """None where the rows behind the run are gone and were never counted by week."""
    breakdown, trends = breakdown_of(run), trends_of(run)
    if breakdown is None or trends is None or run.result is None:
        return None
    names = {line["code"]: line["name"] for line in run.result["touchpoints"]}
    comparison = periods.compared(run, breakdown, _periods(request, asked), asked.scope, names)
    order = _order(comparison, trends)
    chosen = request.GET.get("touchpoint", "")
    if chosen and chosen not in names:
        raise Http404
    if chosen not in trends.by_code:
        chosen = "" if chosen else next(iter(order), "")
    return Moves(comparison, trends, names, order, chosen)


def _order(comparison: Comparison, trends: Trends) -> list[str]:
    """What changed for certain, then what changed its level last, then by severity."""
    held = {line.code: i for i, line in enumerate(comparison.lines) if line.holds}

    def place(code: str) -> tuple[int, int, float, str]:
        trend = trends.by_code[code]
        newest = trend.steps[-1][0].toordinal() if trend.steps else 0
        level = trend.levels[-1].severity or 0.0
        return held.get(code, len(held)), -newest, -level, code

    return sorted(trends.by_code, key=place)


def _shown(request: HttpRequest, asked: Asked, run: ScoringRun, moves: Moves) -> dict[str, Any]:
    journey, comparison = asked.journey, moves.comparison
    top = drawing.top_of(list(moves.trends.by_code.values()))
    large = [_large(asked, run, moves, moves.chosen)] if moves.chosen else []
    source = source_of(journey, _undated(asked), run)
    compared = [change_figure.differences(comparison, source)] if comparison.lines else []
    return {
        "comparison": comparison,
        "verdict": change_records.verdict(comparison),
        "span_now": comparison.said(comparison.now),
        "span_before": comparison.said(comparison.before),
        "unfinished": comparison.unfinished,
        "figures": [f.context(_downloads(request, journey, COMPARISON)) for f in compared],
        "large": [f.context(_downloads(request, journey, SERIES, moves.chosen)) for f in large],
        "untold": moves.names.get(request.GET.get("touchpoint", "")) if not moves.chosen else "",
        "trends": [_card(request, moves, code, top) for code in moves.order],
        "trends_top": round(top * 100),
        "all_downloads": _downloads(request, journey, SERIES) if len(moves.order) > 1 else [],
    }


def _large(asked: Asked, run: ScoringRun, moves: Moves, code: str) -> Figure:
    shown = Weeks(
        name=moves.names.get(code, code),
        trend=moves.trends.by_code[code],
        whole=moves.trends.whole,
        marks=happenings(asked.journey, code),
        comparison=moves.comparison,
    )
    return weeks_figure.weeks(shown, source_of(asked.journey, _undated(asked), run))


def _card(request: HttpRequest, moves: Moves, code: str, top: float) -> dict[str, Any]:
    name = moves.names.get(code, code)
    return {
        "name": name,
        "url": _query(request, touchpoint=code) + "#weeks",
        "chosen": code == moves.chosen,
        "trend": drawing.context_of(moves.trends.by_code[code], name, top),
    }


def _taken(
    request: HttpRequest, asked: Asked, run: ScoringRun, moves: Moves, figure: str
) -> list[Figure]:
    if figure == COMPARISON:
        source = source_of(asked.journey, _undated(asked), run)
        return (
            [change_figure.differences(moves.comparison, source)] if moves.comparison.lines else []
        )
    codes = [moves.chosen] if request.GET.get("touchpoint") else moves.order
    return [_large(asked, run, moves, code) for code in codes if code]


def _choices(request: HttpRequest, asked: Asked) -> list[dict[str, Any]]:
    """The two choices, as links that keep everything else."""
    now = _periods(request, asked)
    lengths: dict[str, Any] = dict(periods.LENGTHS)
    if asked.scope.since or asked.scope.until:
        lengths = {periods.PERIOD: _("the chosen period"), **lengths}
    groups: tuple[tuple[str, str, dict[str, Any], str], ...] = (
        (_("Compare"), "length", lengths, now.length),
        (_("with"), "against", dict(periods.EARLIER), now.against),
    )
    return [
        {
            "label": label,
            "options": [
                {
                    "label": text,
                    "url": _query(request, **{name: value}),
                    "current": value == current,
                }
                for value, text in options.items()
            ],
        }
        for label, name, options, current in groups
    ]


def _query(request: HttpRequest, **changed: str) -> str:
    query = request.GET.copy()
    for name, value in changed.items():
        query[name] = value
    return "?" + query.urlencode()


def _downloads(
    request: HttpRequest, journey: Journey, figure: str, code: str = ""
) -> list[dict[str, str]]:
    query = request.GET.copy()
    query.pop("touchpoint", None)
    if code:
        query["touchpoint"] = code
    args = [journey.workspace.slug, journey.slug, figure]
    tail = "?" + query.urlencode() if query else ""
    return [
        {"label": label, "url": reverse(f"reports:change_{form}", args=args) + tail}
        for label, form in ((_("HTML, works offline"), "html"), (_("CSV, exact values"), "csv"))
    ]
