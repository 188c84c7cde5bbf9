"""A journey's map and its ranking; filters stay in the address."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts import kept
from accounts.access import get_workspace
from journeys.tree import trail
from painpoints.beforehand import expect
from reports import gallery
from reports.faces import faces_of
from reports.views.pages import (
    Asked,
    address,
    asked_for,
    contexts_of,
    frame_of,
    reading_of,
    template_of,
)
from reports.watched import JOURNEY
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
    if asked.scope.is_whole:
        expect(asked.journey)
    return kept.page(
        request,
        template_of(shown),
        JOURNEY,
        {"workspace": asked.journey.workspace_id, "journey": asked.journey.pk},
        lambda: _made(request, asked, shown),
    )


def _made(request: HttpRequest, asked: Asked, shown: str) -> kept.Made:
    reading = reading_of(request, asked)
    context: dict[str, Any] = {"trail": trail(asked.journey)}
    if reading is not None:
        persona = request.GET.get("persona", "")
        figures = gallery.figures_of(shown, asked.journey, reading, persona)
        context |= contexts_of(asked.journey, asked.scope, shown, figures, persona=persona)
        if reading.run is not None and figures and figures[0].plot is not None:
            args = [asked.journey.workspace.slug, asked.journey.slug]
            context["numbers_url"] = reverse(f"reports:numbers_{shown}", args=args)
            context["live_url"] = reverse("figures_live", args=args[:1])
        if shown == "ranking":
            context["turned"] = turned_of(reading.run)
    if shown == "map":
        context |= _faces(request, asked, context.get("figures", []))
    return kept.Made(
        {**frame_of(request, asked, shown, reading), **context},
        status=400 if asked.error else 200,
        lasting=reading is not None and reading.is_fresh,
    )


def _faces(request: HttpRequest, asked: Asked, figures: list[dict[str, Any]]) -> dict[str, Any]:
    """The personas to choose among, and the journeys within this one."""
    faces = faces_of(asked.journey, request.GET)
    args = [asked.journey.workspace.slug, asked.journey.slug]
    return {
        "faces": faces,
        "chosen_persona": any(face.is_chosen for face in faces),
        "everybody_url": address("reports:journey", args, asked.scope),
        "within": [
            step
            for figure in figures
            for stage in figure["stages"]
            for step in stage["steps"]
            if step["opens"]
        ],
    }
