"""A journey's map and its ranking; filters stay in the address."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from accounts.access import get_workspace
from journeys.tree import trail
from reports import gallery
from reports.faces import faces_of
from reports.views.pages import Asked, address, asked_for, contexts_of, page, reading_of
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
    context: dict[str, Any] = {"trail": trail(asked.journey)}
    if reading is not None:
        persona = request.GET.get("persona", "")
        figures = gallery.figures_of(shown, asked.journey, reading, persona)
        context |= contexts_of(asked.journey, asked.scope, shown, figures, persona=persona)
        if shown == "ranking":
            context["turned"] = turned_of(reading.run)
    if shown == "map":
        faces = faces_of(asked.journey, request.GET)
        context |= {
            "faces": faces,
            "chosen_persona": any(face.is_chosen for face in faces),
            "everybody_url": address(
                "reports:journey", [asked.journey.workspace.slug, asked.journey.slug], asked.scope
            ),
            "within": [
                step
                for figure in context.get("figures", [])
                for stage in figure["stages"]
                for step in stage["steps"]
                if step["opens"]
            ],
        }
    return page(request, asked, shown, reading, context)
