"""Where the jump palette can go."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import get_workspace
from accounts.models import Workspace
from journeys.jump import jump_entries
from painpoints.models import PainPoint


@login_required
@require_GET
def jump(request: HttpRequest, slug: str) -> HttpResponse:
    """Journeys with their figures, touchpoints, open pain points: label, url, kind."""
    workspace = get_workspace(request, slug)
    entries = [*jump_entries(workspace), *_figures(workspace), *_pain_points(workspace)]
    return JsonResponse(entries, safe=False)


def _figures(workspace: Workspace) -> list[dict[str, str]]:
    pages = (
        ("ranking", _("Ranking: %s")),
        ("waiting", _("Waiting: %s")),
        ("change", _("Change: %s")),
    )
    return [
        {
            "label": label % name,
            "url": reverse(f"reports:{view}", args=[workspace.slug, slug]),
            "kind": _("Figure"),
        }
        for slug, name in workspace.journeys.values_list("slug", "name")
        for view, label in pages
    ]


def _pain_points(workspace: Workspace) -> list[dict[str, str]]:
    points = PainPoint.objects.filter(workspace=workspace).unsolved()
    return [
        {
            "label": str(point),
            "url": reverse("painpoints:detail", args=[workspace.slug, point.pk]),
            "kind": _("Pain point"),
        }
        for point in points.select_related("touchpoint")
    ]
