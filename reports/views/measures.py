"""Evidence within the map editor: figures for its chips and curves, and what opens beside them."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import get_workspace
from painpoints.explanation import explain
from painpoints.models import PainPoint
from reports import measures as evidence
from reports.reading import Reading
from reports.views.pages import Asked, asked_for, reading_of

MOST_AT_ONCE = 20


@login_required
@require_GET
def measures(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """The figures of the scope in the address, by touchpoint and by step."""
    workspace = get_workspace(request, slug)
    asked = asked_for(request, workspace, journey)
    reading = reading_of(request, asked)
    if reading is None:
        return JsonResponse({"error": asked.error}, status=400)
    return JsonResponse(
        {
            **evidence.measures_of(asked.journey, reading),
            "scope": evidence.scope_of(asked.journey, reading, request.GET),
            "beside": evidence.others_of(asked.journey),
        }
    )


@login_required
@require_GET
def behind(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """The numbers and pain points of some touchpoints (?at=code), each open to its evidence."""
    workspace = get_workspace(request, slug)
    asked = asked_for(request, workspace, journey)
    reading = reading_of(request, asked)
    codes = list(dict.fromkeys(request.GET.getlist("at")))[:MOST_AT_ONCE]
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    in_panel = bool(htmx) and htmx.target == "panel"
    context = {
        "journey": asked.journey,
        "scope": asked.scope,
        "scope_error": asked.error,
        "run": reading.run if reading else None,
        "reading": reading,
        "places": _places(asked, reading, codes),
    }
    template = "reports/measures_panel.html" if in_panel else "reports/measures.html"
    return render(request, template, context, status=400 if asked.error else 200)


def _places(asked: Asked, reading: Reading | None, codes: list[str]) -> list[dict[str, Any]]:
    """Those of the library, in the order they were asked for."""
    touchpoints = asked.journey.workspace.touchpoints.filter(code__in=codes)
    known = {each.code: each for each in touchpoints.select_related("channel")}
    result = (reading and reading.run and reading.run.result) or {}
    lines = {line["code"]: line for line in result.get("touchpoints", [])}
    points: dict[int, list[PainPoint]] = {}
    for point in (
        PainPoint.objects.filter(journey=asked.journey, touchpoint__in=known.values())
        .select_related("owner", "touchpoint")
        .order_by("title")
    ):
        points.setdefault(point.touchpoint_id, []).append(point)
    return [
        {
            "touchpoint": known[code],
            "line": lines.get(code),
            "parts": explain(lines.get(code)),
            "points": points.get(known[code].pk, []),
        }
        for code in codes
        if code in known
    ]
