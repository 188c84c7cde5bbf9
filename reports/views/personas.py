"""Whom a journey is about."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.access import get_workspace
from journeys.models import Journey
from reports.faces import faces_of


@login_required
@require_GET
def personas(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """Each as a card: segment, picture, goals, frustrations."""
    workspace = get_workspace(request, slug)
    journeys = Journey.objects.select_related("workspace")
    found = get_object_or_404(journeys, workspace=workspace, slug=journey)
    return render(request, "reports/personas.html", {"journey": found, "faces": faces_of(found)})
