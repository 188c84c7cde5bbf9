"""A map to be looked at by members: presented stage by stage, and on paper."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from accounts.access import get_workspace
from evidence.scope import Scope
from journeys.models import Journey
from journeys.states import present, state_at
from painpoints.models import ScoringRun
from reports.poster import sheets
from reports.poster.build import newest_run, poster_of
from reports.poster.parts import Poster
from reports.views.pages import address, asked_for, reading_of


@login_required
@require_GET
def presentation(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """Slides, a stage each. Notes of the steps are for the one who presents."""
    workspace = get_workspace(request, slug)
    found = asked_for(request, workspace, journey).journey
    context = slides_context(_poster(request, found, newest_run(found))) | {
        "leave_url": found.get_absolute_url(),
        "paper_url": reverse("reports:paper", args=[slug, journey]),
        "with_notes": True,
    }
    return render(request, "reports/poster/slides.html", context)


@login_required
@xframe_options_sameorigin  # the map's page and the editor print it from within themselves
@require_GET
def paper(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """The map on sheets of A3, with the figures of the scope, or none with `?figures=no`.

    `?part` is only the sheets, for a page that prints itself.
    """
    workspace = get_workspace(request, slug)
    asked = asked_for(request, workspace, journey)
    found = asked.journey
    reading = None if request.GET.get("figures") == "no" else reading_of(request, asked)
    poster = _poster(request, found, reading.run if reading else None, asked.scope)
    template = "paper_sheets.html" if "part" in request.GET else "paper.html"
    context = {
        **paper_context(poster),
        "leave_url": address("reports:journey", [slug, journey], asked.scope),
        "journey": found,
    }
    return render(request, f"reports/poster/{template}", context)


def slides_context(poster: Poster) -> dict[str, Any]:
    return {"poster": poster, "sheets": sheets.slides(poster)}


def paper_context(poster: Poster) -> dict[str, Any]:
    return {"poster": poster, "sheets": sheets.paper(poster), "is_paper": True}


def _poster(
    request: HttpRequest, journey: Journey, run: ScoringRun | None, scope: Scope | None = None
) -> Poster:
    """The map as it is, or after operation `?at=`."""
    at = request.GET.get("at", "")
    if at and not (at.isdecimal() and len(at) < 15 and int(at) <= journey.revision):
        raise Http404
    number, lists = (int(at), state_at(journey, int(at))) if at else present(journey)
    slug = journey.workspace.slug
    return poster_of(
        journey=journey,
        lists=lists,
        number=number,
        address_of=lambda key: reverse("journeys:picture", args=[slug, key]),
        run=run,
        scope=scope,
    )
