"""The workspace's first page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import get_workspace
from reports.home import DEMO_WORKSPACE
from reports.overview import overview_of


@login_required
@require_GET
def portfolio(request: HttpRequest, slug: str) -> HttpResponse:
    """All journeys with how they do, the worst pain points, and the next step for own data."""
    workspace = get_workspace(request, slug)
    overview = overview_of(workspace)
    return render(
        request,
        "reports/portfolio.html",
        {"overview": overview, "is_demo": workspace.slug == DEMO_WORKSPACE},
    )
