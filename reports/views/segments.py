"""Whom a journey hurts: severities by segment, channel or unit."""

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.access import get_workspace
from evidence.scope import FILTERS
from painpoints.models import ScoringRun
from painpoints.whom import DIMENSIONS, MOST_VALUES, best_dimension, sizes_of
from reports.views.pages import Asked, address, asked_for, contexts_of, page, reading_of
from reports.whom import segments_of, turned_of

LABELS = {
    "segment": gettext_lazy("By segment"),
    "channel": gettext_lazy("By channel"),
    "unit": gettext_lazy("By unit"),
}


@login_required
@require_GET
def segments(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    workspace = get_workspace(request, slug)
    asked = asked_for(request, workspace, journey)
    by = request.GET.get("by", "")
    if by and by not in DIMENSIONS:
        raise Http404
    reading = reading_of(request, asked)
    context: dict[str, Any] = {}
    if reading is not None and reading.run is not None:
        context = _shown(asked, reading.run, by)
    return page(request, asked, "segments", reading, context)


def _shown(asked: Asked, run: ScoringRun, by: str) -> dict[str, Any]:
    sizes = sizes_of(run)
    if sizes is None:
        return {"gone": True}
    by = by or best_dimension(sizes)
    figures = segments_of(by, lambda value: _filtered(asked, by, value))(
        asked.journey, asked.scope, run
    )
    return {
        **contexts_of(asked.journey, asked.scope, f"by-{by}", figures or []),
        "by": by,
        "choices": [
            {"label": LABELS[d], "url": _here(asked, d), "current": d == by, "count": sizes[d]}
            for d in DIMENSIONS
        ],
        "count": sizes[by],
        "most": MOST_VALUES,
        "too_many": sizes[by] > MOST_VALUES,
        "turned": turned_of(run, by),
    }


def _here(asked: Asked, by: str) -> str:
    journey = asked.journey
    return address("reports:segments", [journey.workspace.slug, journey.slug], asked.scope, by=by)


def _filtered(asked: Asked, by: str, value: str) -> str:
    """The journey's own page, for this group alone."""
    journey = asked.journey
    scope = replace(asked.scope, **{FILTERS[by]: (value,)})  # type: ignore[arg-type]
    return address("reports:journey", [journey.workspace.slug, journey.slug], scope)
