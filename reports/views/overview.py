"""The journeys of a workspace as a tree, each with how it does."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import get_workspace
from journeys.tree import tree
from reports.overview import branches_of, overview_of


@login_required
@require_GET
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    workspace = get_workspace(request, slug)
    cards = {card.journey.pk: card for card in overview_of(workspace).cards}
    branches = branches_of(tree(workspace), cards)
    return render(request, "reports/overview.html", {"branches": branches})
