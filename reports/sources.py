"""From a run to the line beneath its figures."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.filter_bar import day, period_label
from evidence.scope import FILTERS, Scope
from journeys.models import Journey
from painpoints.models import ScoringRun
from reports.figures.sheet import Source


def source_of(journey: Journey, scope: Scope, run: ScoringRun | None) -> Source:
    """Where a run's numbers come from, in words and in codes."""
    made_at = (run and (run.finished_at or run.created_at)) or timezone.now()
    local = made_at.astimezone(journey.workspace.zone)
    filters = {
        name: ", ".join(getattr(scope, field))
        for name, field in FILTERS.items()
        if getattr(scope, field)
    }
    return Source(
        workspace=journey.workspace.name,
        journey=journey.name,
        scope=scope.describe(),
        filters=filters,
        period=period_label(scope.since, scope.until) or _("all evidence"),
        revision=run.evidence_revision if run else None,
        snapshot=run.snapshot if run else None,
        formula=run.formula if run else "",
        made_at=made_at,
        made_at_text=_("scored %s") % f"{day(local)}, {local:%H:%M}" if run else "",
    )
