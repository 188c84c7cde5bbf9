"""What the filter bar of a list of pain points offers, and how far the counting for it is."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User, Workspace
from journeys.models import Stage
from painpoints.filters import filters_of
from painpoints.listing import NOBODY, UNDECIDED, Asked
from painpoints.models import PainPoint
from painpoints.scopes import Answered


def offered_filters(
    workspace: Workspace, asked: Asked, statuses: Sequence[tuple[str, Any]] = ()
) -> list[dict[str, Any]]:
    """Those of the pain points, then those that the evidence knows. `statuses`: further ones."""
    journeys = list(workspace.journeys.values_list("slug", "name"))
    own: list[tuple[str, str, Any, tuple[str, ...]]]
    own = [("journey", _("Journey"), journeys, asked.journeys)]
    if len(asked.journeys) == 1:
        stages = Stage.objects.filter(
            journey__workspace=workspace, journey__slug=asked.journeys[0], journey__deleted_at=None
        ).values_list("name", flat=True)
        own.append(("stage", _("Stage"), [(name, name) for name in stages], asked.stages))
    undecided = (UNDECIDED, _("not decided"))
    known = [*PainPoint.Status.choices, *statuses]
    own += [
        ("type", _("Type"), [*PainPoint.Type.choices, undecided], asked.types),
        ("cause", _("Cause"), [*PainPoint.Cause.choices, undecided], asked.causes),
        ("owner", _("Owner"), [*_owners(workspace), (NOBODY, _("Nobody yet"))], asked.owners),
        ("status", _("Status"), known, asked.statuses),
    ]
    chosen = [
        {"name": name, "label": label, "options": options, "selected": list(selected)}
        for name, label, options, selected in own
    ]
    return [*chosen, *filters_of(workspace, asked.scope)]


def progress_of(slug: str, answers: Answered) -> dict[str, Any]:
    """For painpoints/_counting.html and for pages that look again by themselves."""
    job = answers.job
    return {
        "job": job,
        "failed": answers.failed,
        "live_url": reverse("figures_live", args=[slug]),
        "sse_url": reverse("job_live", args=[slug, job.pk]) if job else "",
        "poll_url": reverse("job_progress", args=[slug, job.pk]) if job else "",
    }


def _owners(workspace: Workspace) -> list[tuple[str, str]]:
    owners = User.objects.filter(painpoints__workspace=workspace).distinct()
    return [(str(owner.pk), str(owner)) for owner in owners.order_by("name", "email")]
