"""What of a page of figures is another in another scope, for a reader who changes only that.

The page stays, with the map and its cards; static/js/scope.js puts these parts into their places.
They are made by the page's own templates, so a number here is the number there. What is out of
sight there, the table or the form for narrow screens, waits until it is looked at.
"""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import get_workspace
from accounts.models import Workspace
from journeys.models import Journey
from painpoints.vocabulary import names_of, scope_in
from reports import gallery
from reports.figures.sheet import NARROW, TABLE, Figure
from reports.filters import chosen_filters
from reports.reading import Reading
from reports.views.pages import Asked, reading_of, scope_frame, state_of
from reports.whom import turned_of

PAGES = {"map": "reports:journey", "ranking": "reports:ranking"}
LIVE = "X-Live"  # nobody asked: the page heard that something changed
IN_SIGHT = "X-In-Sight"  # the parts of figures that the page shows; without it all of them
DRAWN = "X-Drawn"  # which places for numbers the page has (Figure.extra["drawn"])


@login_required
@require_GET
def of_map(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    return _told(request, get_workspace(request, slug), journey, "map")


@login_required
@require_GET
def of_ranking(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    return _told(request, get_workspace(request, slug), journey, "ranking")


def _told(request: HttpRequest, workspace: Workspace, slug: str, shown: str) -> HttpResponse:
    journey = get_object_or_404(Journey, workspace=workspace, slug=slug)
    journey.workspace = workspace
    names = names_of(workspace)
    asked = Asked(journey, *scope_in(workspace, request.GET, names))
    page_url = reverse(PAGES[shown], args=[journey.workspace.slug, journey.slug])
    reading = reading_of(request, asked)
    parts = request.headers.get(IN_SIGHT, f"{TABLE} {NARROW}").split()
    figure = _figure(request, asked, shown, reading, parts)
    if (reading is None or figure is None) and LIVE in request.headers:
        return HttpResponse(status=204)
    if reading is None or figure is None:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseClientRedirect(page_url + (f"?{query}" if query else ""))
    context: dict[str, Any] = {
        **scope_frame(asked, chosen_filters(asked.scope, names), page_url),
        **state_of(journey, reading),
        "figure": figure.context(),
        "parts": parts,
    }
    if shown == "ranking":
        context["turned"] = turned_of(reading.run)
    return render(request, f"reports/numbers/{shown}.html", context)


def _figure(
    request: HttpRequest,
    asked: Asked,
    shown: str,
    reading: Reading | None,
    parts: Collection[str],
) -> Figure | None:
    """None where the page has no places for it: then it must be made anew, as a whole."""
    if reading is None or reading.run is None or not reading.is_fresh:
        return None
    persona = request.GET.get("persona", "")
    figures: list[Figure]
    if shown == "map":
        figures = [gallery.map_of(asked.journey, asked.scope, reading.run, persona, parts)]
    else:
        figures = gallery.ranking_of(asked.journey, asked.scope, reading.run, parts)
    if not figures or figures[0].plot is None:
        return None
    drawn = figures[0].extra["drawn"]
    return figures[0] if request.headers.get(DRAWN, drawn) == drawn else None
