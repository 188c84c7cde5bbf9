"""Units of a journey compared: one funnel, and who is really different anywhere."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts import wording
from accounts.access import get_workspace
from painpoints.models import ScoringRun
from painpoints.outliers import Place, UnitsFound, units_of
from reports import exports
from reports.figures import funnel_records, words
from reports.figures.funnel import funnel
from reports.figures.sheet import Figure
from reports.figures.units_list import units_list, verdict
from reports.sources import source_of
from reports.units import (
    MOST_LISTED,
    Cast,
    UnitLine,
    all_lines,
    cast_of,
    chosen_lines,
    lines_of,
    surest,
)
from reports.views.downloads import sentence
from reports.views.pages import Asked, address, asked_for, page, reading_of

FUNNEL, LIST = "funnel", "list"
SHOW = (
    ("", gettext_lazy("Really different")),
    ("worse", gettext_lazy("Worse")),
    ("better", gettext_lazy("Better")),
    ("all", gettext_lazy("All compared")),
)
SORT = (
    ("", gettext_lazy("The surest first")),
    ("rate", gettext_lazy("The highest rate first")),
    ("unit", gettext_lazy("By unit")),
    ("touchpoint", gettext_lazy("By touchpoint")),
    ("owner", gettext_lazy("By owner")),
)


@login_required
@require_GET
def units(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    workspace = get_workspace(request, slug)
    asked = asked_for(request, workspace, journey)
    reading = reading_of(request, asked)
    context: dict[str, Any] = {"kept": "touchpoint family show sort"}
    if reading is not None and reading.run is not None:
        found = units_of(reading.run)
        context["gone"] = found is None
        if found is not None and found.places:
            context |= _shown(request, asked, reading.run, found)
    return page(request, asked, "units", reading, context)


@login_required
@require_GET
def units_download(
    request: HttpRequest, slug: str, journey: str, figure: str, form: str
) -> HttpResponse:
    """The funnel in ?touchpoint= and ?family=, or all comparisons, to take away."""
    workspace = get_workspace(request, slug)
    asked = asked_for(request, workspace, journey)
    if figure not in (FUNNEL, LIST):
        raise Http404
    reading = reading_of(request, asked)
    if reading is None:
        return sentence(asked.error, 400)
    if reading.run is None:
        said = _("The journey is being scored for this scope. Try again in a few seconds.")
        return sentence(said, 503)
    found = units_of(reading.run)
    if found is None or not found.places:
        said = _("There is nothing to download here: no evidence of this kind in this scope.")
        return sentence(said, 404)
    cast = cast_of(asked.journey, reading.run)
    if figure == LIST:
        taken = _list(asked, reading.run, found, all_lines(found, cast))
    else:
        taken = _funnel(asked, reading.run, _place(request, found, cast), cast)
    answer = exports.csv_response if form == "csv" else exports.html_response
    return answer([taken], f"{asked.journey.slug}-units-{figure}.{form}")


def _shown(
    request: HttpRequest, asked: Asked, run: ScoringRun, found: UnitsFound
) -> dict[str, Any]:
    cast = cast_of(asked.journey, run)
    place, lines = _place(request, found, cast), all_lines(found, cast)
    figure, listed = _funnel(asked, run, place, cast), _list(asked, run, found, lines)
    show, sort = request.GET.get("show", ""), request.GET.get("sort", "")
    try:
        chosen = chosen_lines(lines, show, sort)
    except KeyError:
        raise Http404 from None
    more = {"touchpoint": place.code, "family": place.family}
    return {
        "verdict": verdict(lines, found),
        "figure": figure.context(_downloads(asked, FUNNEL, **more)),
        "list": listed.context(_downloads(asked, LIST)),
        "rows": [_row(asked, line) for line in chosen[:MOST_LISTED]],
        "cut": len(chosen) - MOST_LISTED if len(chosen) > MOST_LISTED else 0,
        "judged": found.judged,
        "place": place,
        "places": _options(cast.places, place),
        "families": [
            {"value": p.family, "label": words.family_name(p.family),
             "selected": p.family == place.family}
            for p in found.places if p.code == place.code
        ],
        "scope_pairs": [(k, v) for k, vs in request.GET.lists() for v in vs
                        if k not in ("touchpoint", "family")],
        "shows": _switch(asked, SHOW, "show", show, sort=sort, **more),
        "sorts": _switch(asked, SORT, "sort", sort, show=show, **more),
    }  # fmt: skip


def _place(request: HttpRequest, found: UnitsFound, cast: Cast) -> Place:
    """The touchpoint and signal of the address; the surest difference where it names none."""
    code, family = request.GET.get("touchpoint", ""), request.GET.get("family", "")
    if (family and family not in words.FAMILIES) or (code and code not in cast.places):
        raise Http404
    of_code = [place for place in found.places if not code or place.code == code]
    # Another touchpoint chosen may lack the signal shown before, or any.
    chosen = surest([place for place in of_code if place.family == family] or of_code)
    return chosen or Place(code, family or words.FAMILIES[0], (), (), (), None, "none", ())


def _funnel(asked: Asked, run: ScoringRun, place: Place, cast: Cast) -> Figure:
    source = source_of(asked.journey, asked.scope, run)
    name = cast.places.get(place.code, place.code)
    return funnel(place, lines_of(place, cast), name, source)


def _list(asked: Asked, run: ScoringRun, found: UnitsFound, lines: list[UnitLine]) -> Figure:
    return units_list(lines, found, source_of(asked.journey, asked.scope, run))


def _row(asked: Asked, line: UnitLine) -> dict[str, Any]:
    journey = asked.journey
    args = [journey.workspace.slug, journey.slug]
    more = {"touchpoint": line.touchpoint, "family": line.family}
    return {
        "line": line,
        "url": address("reports:units", args, asked.scope, **more) + "#funnel",
        "family": words.family_name(line.family),
        "verdict": funnel_records.verdict_text(line.verdict),
        "points": funnel_records.points_text(line),
        "far": wording.number(abs(line.z or 0.0), 1),
        "unit_url": reverse("touchpoints:word_edit", args=[args[0], "unit", line.pk])
        if line.pk
        else reverse("touchpoints:words", args=[args[0], "unit"]),
    }


def _options(labels: Mapping[str, str], place: Place) -> list[dict[str, Any]]:
    return [
        {"value": code, "label": name, "selected": code == place.code}
        for code, name in labels.items()
    ]


def _switch(
    asked: Asked, choices: Any, name: str, current: str, **more: str
) -> list[dict[str, Any]]:
    args = [asked.journey.workspace.slug, asked.journey.slug]
    return [
        {
            "label": label,
            "url": address("reports:units", args, asked.scope, **more, **{name: value}) + "#units",
            "current": value == current,
        }
        for value, label in choices
    ]


def _downloads(asked: Asked, figure: str, **more: str) -> list[dict[str, str]]:
    args = [asked.journey.workspace.slug, asked.journey.slug, figure]
    return [
        {"label": label, "url": address(f"reports:units_{form}", args, asked.scope, **more)}
        for label, form in (
            (_("HTML, works offline"), "html"),
            (_("CSV, exact values"), "csv"),
        )
    ]
