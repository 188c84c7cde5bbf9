"""Two segments, channels or units side by side; two periods stand on the page of change."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.access import get_workspace
from evidence.scope import FILTERS, Scope
from journeys.models import Journey
from painpoints.beside import beside, foremost
from painpoints.models import ScoringRun
from painpoints.opening import address_of
from painpoints.vocabulary import names_of
from painpoints.whom import DIMENSIONS, best_dimension, sizes_of
from reports import exports
from reports.figures import beside as drawing
from reports.figures.sheet import Figure
from reports.reading import read
from reports.sources import source_of
from reports.views.downloads import sentence
from reports.views.pages import Asked, address, asked_for, page, reading_of, user_of

LABELS = {
    "segment": gettext_lazy("Segments"),
    "channel": gettext_lazy("Channels"),
    "unit": gettext_lazy("Units"),
}


@login_required
@require_GET
def beside_page(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """`by` a dimension, `one` and `other` two of its values; the two best known unless told."""
    asked = asked_for(request, get_workspace(request, slug), journey)
    reading = reading_of(request, asked)
    context: dict[str, Any] = {}
    if reading is not None and reading.run is not None:
        context = _shown(request, asked, reading.run)
    return page(request, asked, "beside", reading, context)


@login_required
@require_GET
def beside_download(
    request: HttpRequest, slug: str, journey: str, figure: str, form: str
) -> HttpResponse:
    asked = asked_for(request, get_workspace(request, slug), journey)
    by = figure.removeprefix("beside-")
    if by not in DIMENSIONS:
        raise Http404
    if asked.error:
        return sentence(asked.error, 400)
    reading = read(journey=asked.journey, scope=asked.scope, user=user_of(request.user))
    if reading.run is None:
        said = _("The journey is being scored for this scope. Try again in a few seconds.")
        return sentence(said, 503)
    pair = pair_of(request.GET, reading.run, by)
    found = figure_of(asked.journey, asked.scope, reading.run, by, pair) if pair else None
    if found is None:
        said = _("There is nothing to download here: no evidence of this kind in this scope.")
        return sentence(said, 404)
    name = f"{asked.journey.slug}-beside-{by}.{form}"
    respond = exports.csv_response if form == "csv" else exports.html_response
    return respond([found], name)


def _shown(request: HttpRequest, asked: Asked, run: ScoringRun) -> dict[str, Any]:
    sizes = sizes_of(run)
    if sizes is None:
        return {"gone": True}
    by = request.GET.get("by", "") or best_dimension(sizes)
    if by not in DIMENSIONS:
        raise Http404
    args = [asked.journey.workspace.slug, asked.journey.slug]
    pair = pair_of(request.GET, run, by)
    found = figure_of(asked.journey, asked.scope, run, by, pair) if pair else None
    known = names_of(asked.journey.workspace)[FILTERS[by]]
    values = foremost(run, by)
    here = {"by": by, "one": pair[0], "other": pair[1]} if pair else {"by": by}
    downloads = [
        {"label": label, "url": address(f"reports:beside_{form}", [*args, f"beside-{by}"],
                                        asked.scope, **here)}
        for form, label in (("html", _("HTML, works offline")), ("csv", _("CSV, exact values")))
    ]  # fmt: skip
    return {
        "by": by,
        "pair": pair,
        "figure": found.context(downloads) if found else None,
        "values": sorted(((v, known.get(v, v)) for v in values), key=lambda one: one[1]),
        "choices": [
            {"label": LABELS[d], "url": address("reports:beside", args, asked.scope, by=d),
             "current": d == by, "count": sizes[d]}
            for d in DIMENSIONS
        ],
        "change_url": address("reports:change", args, asked.scope),
        "swap_url": address("reports:beside", args, asked.scope,
                            **{**here, "one": pair[1], "other": pair[0]}) if pair else "",
        "hidden": [(name, value) for name, values in request.GET.lists() for value in values
                   if name not in ("by", "one", "other")],
    }  # fmt: skip


def pair_of(query: QueryDict, run: ScoringRun, by: str) -> tuple[str, str] | None:
    """Both as asked for, where the evidence knows them; else the best known."""
    values = foremost(run, by)
    if len(values) < 2:
        return None
    one, other = (query.get(name, "") for name in ("one", "other"))
    one = one if one in values else next(v for v in values if v != other)
    if other not in values or other == one:
        other = next(v for v in values if v != one)
    return one, other


def figure_of(
    journey: Journey, scope: Scope, run: ScoringRun, by: str, pair: tuple[str, str]
) -> Figure | None:
    found = beside(run, by, *pair)
    lines = (run.result or {}).get("touchpoints", [])
    if found is None or not lines:
        return None

    def link(code: str, value: str) -> str:
        against = pair[1] if value == pair[0] else pair[0]
        return address_of(run, "cell", {"at": code, by: value, "against": against})

    names = names_of(journey.workspace)[FILTERS[by]]
    return drawing.beside(lines, found, names, source_of(journey, scope, run), link)
