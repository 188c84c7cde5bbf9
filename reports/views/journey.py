"""A journey's map and its ranking; filters stay in the address."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from accounts.access import get_workspace
from reports import gallery
from reports.views.pages import Asked, asked_for, contexts_of, page, reading_of
from reports.whom import turned_of


@login_required
@require_GET
def journey_map(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    workspace = get_workspace(request, slug)
    return _drawn(request, asked_for(request, workspace, journey), "map")


@login_required
@require_GET
def ranking(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    workspace = get_workspace(request, slug)
    return _drawn(request, asked_for(request, workspace, journey), "ranking")


def _drawn(request: HttpRequest, asked: Asked, shown: str) -> HttpResponse:
    reading = reading_of(request, asked)
    context = {}
    if reading is not None:
        figures = gallery.figures_of(shown, asked.journey, reading)
        context = contexts_of(asked.journey, asked.scope, shown, figures)
        if shown == "ranking":
            context["turned"] = turned_of(reading.run)
    return page(request, asked, shown, reading, context)
