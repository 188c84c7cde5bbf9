"""How long customers wait at a journey's touchpoints, and how many give up: all of them."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from accounts.access import get_workspace
from reports import gallery
from reports.reading import Reading
from reports.views.pages import address, asked_for, contexts_of, page, reading_of


@login_required
@require_GET
def waiting(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    workspace = get_workspace(request, slug)
    asked = asked_for(request, workspace, journey)
    reading = reading_of(request, asked)
    context: dict[str, Any] = {}
    if reading is not None:
        figures = gallery.figures_of("waiting", asked.journey, reading)
        context = contexts_of(asked.journey, asked.scope, "waiting", figures)
        args = [slug, asked.journey.slug]
        for figure in context["figures"]:
            code = figure["id"].removeprefix("waiting-")
            figure["place_url"] = address(
                "reports:waiting_place", args, asked.scope, touchpoint=code
            )
        context["rows_gone"] = not figures and _had_waits(reading)
    return page(request, asked, "waiting", reading, context)


def _had_waits(reading: Reading) -> bool:
    lines = ((reading.run and reading.run.result) or {}).get("touchpoints", [])
    return any(line["waits"] for line in lines)
