"""One touchpoint's waits: how long, at what hour, how patient, and what other numbers would do."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import get_workspace
from reports import exports
from reports.figures import waiting_levels
from reports.figures.sheet import Figure
from reports.place import Place, place_of
from reports.views import waiting_parts as parts
from reports.views.downloads import sentence
from reports.views.pages import Asked, address, asked_for, page, reading_of

# What htmx asks for alone; the address gives the whole page otherwise.
HOURS, WHATIF = "by-hour", "what-if"
CURVES = ("patience", "patience-segments", "virtual", "hazard")
ANSWERS = ("whatif", "fit", "staffing")
# Own words of the address, beside the scope; filtering keeps them.
KEPT = "touchpoint show weekday day hour promise target change"


@login_required
@require_GET
def waiting_place(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    workspace = get_workspace(request, slug)
    asked = asked_for(request, workspace, journey)
    code = request.GET.get("touchpoint", "")
    if not code:
        return redirect(address("reports:waiting", [slug, journey], asked.scope))
    name = _name_or_404(asked, code)
    reading = reading_of(request, asked)
    context: dict[str, Any] = {"touchpoint": {"code": code, "name": name}, "kept": KEPT}
    context["overview_url"] = address("reports:waiting", [slug, journey], asked.scope)
    if reading is not None and reading.run is not None:
        place = place_of(asked.journey, asked.scope, reading.run, code)
        context |= _shown(request, asked, place) if place else {"no_waits": True}
    return page(request, asked, "waiting", reading, context)


@login_required
@require_GET
def waiting_place_download(
    request: HttpRequest, slug: str, journey: str, figure: str, form: str
) -> HttpResponse:
    """One figure of the page, with everything the address asks."""
    workspace = get_workspace(request, slug)
    asked = asked_for(request, workspace, journey)
    if figure not in FIGURES:
        raise Http404
    code = request.GET.get("touchpoint", "")
    _name_or_404(asked, code)
    if asked.error:
        return sentence(asked.error, 400)
    reading = reading_of(request, asked)
    if reading is None or reading.run is None:
        said = _("The journey is being scored for this scope. Try again in a few seconds.")
        return sentence(said, 503)
    place = place_of(asked.journey, asked.scope, reading.run, code)
    found = FIGURES[figure](request, place) if place else None
    if found is None:
        said = _("There is nothing to download here: no evidence of this kind in this scope.")
        return sentence(said, 404)
    answer = exports.csv_response if form == "csv" else exports.html_response
    return answer([found], f"{asked.journey.slug}-{figure}.{form}")


def _name_or_404(asked: Asked, code: str) -> str:
    name = asked.journey.touchpoints().filter(code=code).values_list("name", flat=True).first()
    if name is None:
        raise Http404
    return str(name)


def _shown(request: HttpRequest, asked: Asked, place: Place) -> dict[str, Any]:
    """All parts, or the one that htmx asks for."""
    target = request.headers.get("HX-Target", "")
    wanted = {target} if target in (HOURS, WHATIF) else {HOURS, WHATIF, "distribution", "patience"}
    found: dict[str, Any] = {"place": place, "parts": wanted, "others": _others(asked, place)}
    found["query"] = _query(request)
    found["rows_gone"] = place.hours is None or place.patience is None
    if "distribution" in wanted:
        found["distribution"] = _drawn(request, asked, "distribution", place)
        found["levels"] = waiting_levels.levels(place.line, place.hours)
    if place.hours is not None and HOURS in wanted:
        found["hours"] = {
            **parts.hours(request, place),
            "map": _drawn(request, asked, "hours", place),
            "line": _drawn(request, asked, "weekday", place),
        }
    if place.patience is not None and "patience" in wanted:
        found["curves"] = _all_drawn(request, asked, place, CURVES)
        found["sentences"] = parts.sentences(place)
    if place.hours is not None and WHATIF in wanted:
        figures = _all_drawn(request, asked, place, ANSWERS)
        found["whatif"] = {**parts.whatif(request, place), "figures": figures}
    return found


def _all_drawn(
    request: HttpRequest, asked: Asked, place: Place, names: tuple[str, ...]
) -> list[dict[str, Any]]:
    drawn = [_drawn(request, asked, name, place) for name in names]
    return [figure for figure in drawn if figure]


def _drawn(request: HttpRequest, asked: Asked, name: str, place: Place) -> dict[str, Any] | None:
    figure = FIGURES[name](request, place)
    return figure.context(_downloads(request, asked, name)) if figure else None


def _downloads(request: HttpRequest, asked: Asked, name: str) -> list[dict[str, str]]:
    args = [asked.journey.workspace.slug, asked.journey.slug, name]
    tail = "?" + request.GET.urlencode()
    return [
        {"label": label, "url": reverse(f"reports:waiting_place_{form}", args=args) + tail}
        for label, form in ((_("HTML, works offline"), "html"), (_("CSV, exact values"), "csv"))
    ]


def _others(asked: Asked, place: Place) -> list[dict[str, Any]]:
    """The journey's touchpoints with waits, to go from one to the next."""
    args = [asked.journey.workspace.slug, asked.journey.slug]
    return [
        {
            "name": line["name"],
            "url": address("reports:waiting_place", args, asked.scope, touchpoint=line["code"]),
            "current": line["code"] == place.code,
        }
        for line in place.lines
        if line["waits"]
    ]


def _query(request: HttpRequest) -> list[tuple[str, str]]:
    """What the form keeps beside its own fields: the scope and the touchpoint."""
    own = set(KEPT.split()) - {"touchpoint"}
    return [(k, v) for k, values in request.GET.lists() if k not in own for v in values]


FIGURES: dict[str, Callable[[HttpRequest, Place], Figure | None]] = {
    "distribution": parts.distribution_figure,
    "hours": parts.hours_figure,
    "weekday": parts.weekday_figure,
    "patience": parts.patience_figure,
    "patience-segments": parts.segments_figure,
    "virtual": parts.virtual_figure,
    "hazard": parts.hazard_figure,
    "whatif": parts.whatif_figure,
    "staffing": parts.staffing_figure,
    "fit": parts.fit_figure,
}
