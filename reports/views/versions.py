"""Two states of a map compared: what differs on it, and what its figures did meanwhile."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import get_workspace
from journeys.comparing import STATUSES
from journeys.state_grid import shown
from journeys.views import journey_of
from reports import versions


@login_required
@require_GET
def compare(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """`?then=` and `?now=`: an operation's number, "now", or "journey:<address>" of its kin."""
    found = journey_of(get_workspace(request, slug), journey)
    sides = [
        versions.side(found, request.GET.get(name) or usual)
        for name, usual in (("then", versions.usual_then(found)), ("now", versions.NOW))
    ]
    then, now = sides
    if then is None or now is None:
        raise Http404
    told = versions.beside(then, now)
    counts = told.found.counts
    return render(
        request,
        "reports/versions.html",
        {
            "journey": found,
            "told": told,
            "map": shown(told.found),
            "words": told.names,
            "counts": [(status, counts[status]) for status in STATUSES if counts[status]],
            "choices": versions.choices(found, then, now),
        },
    )
