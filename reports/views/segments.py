"""Whom a journey hurts: severities by segment, channel or unit."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.access import get_workspace
from painpoints.models import ScoringRun
from painpoints.opening import address_of
from painpoints.whom import DIMENSIONS, MOST_VALUES, best_dimension, sizes_of
from reports.views.pages import Asked, address, asked_for, contexts_of, page, reading_of
from reports.whom import segments_of, stages_of, turned_of

STAGES = "stages"
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
    stages = request.GET.get("rows") == STAGES
    reading = reading_of(request, asked)
    context: dict[str, Any] = {}
    if reading is not None and reading.run is not None:
        context = _shown(asked, reading.run, by, stages)
    return page(request, asked, "segments", reading, context)


def _shown(asked: Asked, run: ScoringRun, by: str, stages: bool) -> dict[str, Any]:
    sizes = sizes_of(run)
    if sizes is None:
        return {"gone": True}
    by = by or best_dimension(sizes)
    made, kind = (stages_of, "stage") if stages else (segments_of, "cell")
    figures = made(by, lambda code, value: address_of(run, kind, {"at": code, by: value}))(
        asked.journey, asked.scope, run
    )
    return {
        **contexts_of(
            asked.journey, asked.scope, f"{'stages' if stages else 'by'}-{by}", figures or []
        ),
        "by": by,
        "choices": [
            {
                "label": LABELS[d],
                "url": _here(asked, d, stages),
                "current": d == by,
                "count": sizes[d],
            }
            for d in DIMENSIONS
        ],
        "rows": [
            {"label": _("Touchpoints"), "url": _here(asked, by, False), "current": not stages},
            {"label": _("Stages"), "url": _here(asked, by, True), "current": stages},
        ],
        "beside_url": address(
            "reports:beside", [asked.journey.workspace.slug, asked.journey.slug], asked.scope, by=by
        ),
        "count": sizes[by],
        "most": MOST_VALUES,
        "too_many": sizes[by] > MOST_VALUES,
        "turned": None if stages else turned_of(run, by),
    }


def _here(asked: Asked, by: str, stages: bool) -> str:
    args = [asked.journey.workspace.slug, asked.journey.slug]
    rows = STAGES if stages else ""
    return address("reports:segments", args, asked.scope, by=by, rows=rows)
