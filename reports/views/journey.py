"""A journey's figures: its map, its ranking, its waiting times; filters stay in the address."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import get_workspace
from accounts.models import Workspace
from evidence.scope import Scope, ScopeError
from journeys.models import Journey
from painpoints.vocabulary import check_scope
from reports import gallery
from reports.figures.sheet import Figure
from reports.filters import filters_of, last_day


@dataclass(frozen=True)
class Asked:
    """The journey and the scope that an address names; `error` where the scope cannot be meant."""

    journey: Journey
    scope: Scope
    error: str = ""


def asked_for(request: HttpRequest, workspace: Workspace, slug: str) -> Asked:
    journeys = Journey.objects.select_related("workspace", "owner")
    journey = get_object_or_404(journeys, workspace=workspace, slug=slug)
    try:
        scope = Scope.from_query(request.GET)
        if scope.channels or scope.segments or scope.units:
            check_scope(workspace, scope)
    except ScopeError as error:
        return Asked(journey, Scope(), str(error))
    return Asked(journey, scope)


@login_required
@require_GET
def journey_map(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    workspace = get_workspace(request, slug)
    return _page(request, asked_for(request, workspace, journey), "map")


@login_required
@require_GET
def ranking(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    workspace = get_workspace(request, slug)
    return _page(request, asked_for(request, workspace, journey), "ranking")


@login_required
@require_GET
def waiting(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    workspace = get_workspace(request, slug)
    return _page(request, asked_for(request, workspace, journey), "waiting")


def _page(request: HttpRequest, asked: Asked, shown: str) -> HttpResponse:
    journey, scope = asked.journey, asked.scope
    context: dict[str, Any] = {
        "journey": journey,
        "shown": shown,
        "scope": scope,
        "scope_error": asked.error,
        "filters": filters_of(journey.workspace, scope),
        "since": scope.since.isoformat() if scope.since else "",
        "until": scope.until.isoformat() if scope.until else "",
        "today": last_day(journey.workspace),
        "tabs": _tabs(journey, scope, shown),
        "page_url": request.path,
    }
    if not asked.error:
        context |= _answer(request, journey, scope, shown)
    return render(request, "reports/journey.html", context, status=400 if asked.error else 200)


def _answer(request: HttpRequest, journey: Journey, scope: Scope, shown: str) -> dict[str, Any]:
    reading = gallery.read(journey=journey, scope=scope, user=gallery.user_of(request.user))
    figures = gallery.figures_of(shown, journey, reading)
    watched = reading.job
    slug = journey.workspace.slug
    return {
        "reading": reading,
        "run": reading.run,
        "outcome": _outcome(reading),
        "figures": [f.context(_downloads(journey, scope, shown, f)) for f in figures],
        "all_downloads": _links(journey, scope, shown) if len(figures) > 1 else [],
        "rows_changed": shown == "waiting" and not figures and not reading.is_fresh,
        "sse_url": reverse("job_live", args=[slug, watched.pk]) if watched else "",
        "poll_url": reverse("job_progress", args=[slug, watched.pk]) if watched else "",
    }


def _outcome(reading: gallery.Reading) -> list[dict[str, Any]]:
    """The journey's own answers, for the head of the page."""
    found = ((reading.run and reading.run.result) or {}).get("outcome") or {}
    kinds = (("nps", "NPS", "signed", ""), ("csat", "CSAT", "percent", _("satisfied")),
             ("ces", "CES", "percent", _("found it easy")))  # fmt: skip
    return [
        {"name": name, "fmt": fmt, "unit": unit, **found[key]}
        for key, name, fmt, unit in kinds
        if found.get(key)
    ]


def _tabs(journey: Journey, scope: Scope, shown: str) -> list[dict[str, Any]]:
    labels = (("map", "journey", _("Map")), ("ranking", "ranking", _("Ranking")),
              ("waiting", "waiting", _("Waiting")))  # fmt: skip
    return [
        {
            "label": label,
            "url": address(f"reports:{view}", [journey.workspace.slug, journey.slug], scope),
            "current": name == shown,
            "key": str(i),
        }
        for i, (name, view, label) in enumerate(labels, 1)
    ]


def _downloads(journey: Journey, scope: Scope, shown: str, figure: Figure) -> list[dict[str, str]]:
    code = figure.id.removeprefix("waiting-") if shown == "waiting" else ""
    return _links(journey, scope, shown, code)


def _links(journey: Journey, scope: Scope, shown: str, code: str = "") -> list[dict[str, str]]:
    args = [journey.workspace.slug, journey.slug, shown]
    return [
        {"label": label, "url": address(view, args, scope, touchpoint=code)}
        for label, view in (
            (_("HTML, works offline"), "reports:figure_html"),
            (_("CSV, exact values"), "reports:figure_csv"),
        )
    ]


def address(view: str, args: list[str], scope: Scope, **more: str) -> str:
    """An address that carries the scope."""
    query = "&".join(
        part for part in (scope.to_query(), urlencode({k: v for k, v in more.items() if v})) if part
    )
    return reverse(view, args=args) + (f"?{query}" if query else "")
