"""What every page of a journey's figures shares: its scope, its tabs, the run that answers it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Workspace
from evidence.scope import Scope
from journeys.models import Journey
from painpoints.vocabulary import scope_in
from reports.figures.sheet import Figure
from reports.filters import filters_of, last_day
from reports.gallery import user_of
from reports.reading import Reading, read

# The name of a page, its view, its tab.
TABS = (
    ("map", "reports:journey", gettext_lazy("Map")),
    ("ranking", "reports:ranking", gettext_lazy("Ranking")),
    ("waiting", "reports:waiting", gettext_lazy("Waiting")),
    ("drivers", "reports:drivers", gettext_lazy("Drivers")),
    ("units", "reports:units", gettext_lazy("Units")),
    ("segments", "reports:segments", gettext_lazy("Segments")),
    ("change", "reports:change", pgettext_lazy("a page of figures", "Change")),
    ("beside", "reports:beside", pgettext_lazy("a page of figures", "Compare")),
)


@dataclass(frozen=True)
class Asked:
    """The journey and the scope that an address names; `error` where the scope cannot be meant."""

    journey: Journey
    scope: Scope
    error: str = ""


def asked_for(request: HttpRequest, workspace: Workspace, slug: str) -> Asked:
    journeys = Journey.objects.select_related("workspace__scoring_settings", "owner")
    journey = get_object_or_404(journeys, workspace=workspace, slug=slug)
    return Asked(journey, *scope_in(workspace, request.GET))


def reading_of(request: HttpRequest, asked: Asked) -> Reading | None:
    """The newest run that answers; None where the scope cannot be meant."""
    if asked.error:
        return None
    return read(journey=asked.journey, scope=asked.scope, user=user_of(request.user))


def page(
    request: HttpRequest,
    asked: Asked,
    shown: str,
    reading: Reading | None,
    context: dict[str, Any],
) -> HttpResponse:
    """Renders the page's template with the scope bar, the tabs and the run's state.

    Where a run answers, the page shows itself anew when something changed (fresh.js).
    """
    frame = frame_of(request, asked, shown, reading)
    is_answered = reading is not None and reading.run is not None and reading.job is None
    if is_answered:
        frame["fresh_url"] = reverse("figures_live", args=[asked.journey.workspace.slug])
    status = 400 if asked.error else 200
    return render(request, template_of(shown), {**frame, **context}, status=status)


def template_of(shown: str) -> str:
    return f"reports/pages/{shown}.html"


def frame_of(
    request: HttpRequest, asked: Asked, shown: str, reading: Reading | None
) -> dict[str, Any]:
    """What every page of a journey's figures has around them."""
    journey, scope = asked.journey, asked.scope
    frame: dict[str, Any] = {
        **scope_frame(asked, filters_of(journey.workspace, scope), request.path),
        "shown": shown,
        "tabs": _tabs(journey, scope, shown),
    }
    if reading is not None:
        frame |= state_of(journey, reading)
    return frame


def scope_frame(asked: Asked, filters: list[dict[str, Any]], page_url: str) -> dict[str, Any]:
    """What the scope bar says, and where all evidence is shown."""
    scope = asked.scope
    return {
        "journey": asked.journey,
        "scope": scope,
        "scope_error": asked.error,
        "filters": filters,
        "since": scope.since.isoformat() if scope.since else "",
        "until": scope.until.isoformat() if scope.until else "",
        "today": last_day(asked.journey.workspace),
        "page_url": page_url,
    }


def contexts_of(
    journey: Journey, scope: Scope, shown: str, figures: list[Figure], persona: str = ""
) -> dict[str, Any]:
    """The figures as templates take them, each with its downloads."""
    return {
        "figures": [f.context(_downloads(journey, scope, shown, f, persona)) for f in figures],
        "all_downloads": _links(journey, scope, shown) if len(figures) > 1 else [],
    }


def address(view: str, args: list[str], scope: Scope, **more: str) -> str:
    """An address that carries the scope."""
    query = "&".join(
        part for part in (scope.to_query(), urlencode({k: v for k, v in more.items() if v})) if part
    )
    return reverse(view, args=args) + (f"?{query}" if query else "")


def state_of(journey: Journey, reading: Reading) -> dict[str, Any]:
    """What is known of the numbers, and the journey's own answers."""
    watched, slug = reading.job, journey.workspace.slug
    return {
        "reading": reading,
        "run": reading.run,
        "outcome": _outcome(reading),
        "sse_url": reverse("job_live", args=[slug, watched.pk]) if watched else "",
        "poll_url": reverse("job_progress", args=[slug, watched.pk]) if watched else "",
    }


def _outcome(reading: Reading) -> list[dict[str, Any]]:
    """The journey's own answers, for the head of the page."""
    found = ((reading.run and reading.run.result) or {}).get("outcome") or {}
    kinds = (("nps", "NPS", "signed", ""), ("csat", "CSAT", "percent", _("satisfied")),
             ("ces", "CES", "percent", _("found it easy")))  # fmt: skip
    return [
        {"name": name, "figure": key, "fmt": fmt, "unit": unit, **found[key]}
        for key, name, fmt, unit in kinds
        if found.get(key)
    ]


def _tabs(journey: Journey, scope: Scope, shown: str) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": address(view, [journey.workspace.slug, journey.slug], scope),
            "current": name == shown,
            "key": str(i),
        }
        for i, (name, view, label) in enumerate(TABS, 1)
    ]


def _downloads(
    journey: Journey, scope: Scope, shown: str, figure: Figure, persona: str
) -> list[dict[str, str]]:
    """A figure for one touchpoint has an id of page and code."""
    code = figure.id.removeprefix(f"{shown}-") if figure.id != shown else ""
    return _links(journey, scope, shown, touchpoint=code, persona=persona)


def _links(journey: Journey, scope: Scope, shown: str, **more: str) -> list[dict[str, str]]:
    args = [journey.workspace.slug, journey.slug, shown]
    return [
        {"label": label, "url": address(view, args, scope, **more)}
        for label, view in (
            (_("HTML, works offline"), "reports:figure_html"),
            (_("CSV, exact values"), "reports:figure_csv"),
        )
    ]
