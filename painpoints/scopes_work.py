"""The work of scoring many journeys in one scope, and in the period it is compared with."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from analytics.ranking import FORMULA
from evidence.scope import Scope
from jobs.actions import Running, register
from journeys.models import Journey
from painpoints.against import documents_of
from painpoints.glance import keep
from painpoints.models import ScoringRun
from painpoints.parameters import kept_parameters, key_of
from painpoints.scopes import SCORE_SCOPE
from painpoints.work import count_together, store_filtered

# So many journeys are counted in one pass: it can be stopped between two, and tells how far it is.
TOGETHER = 50


@register(SCORE_SCOPE)
def score_scope(running: Running) -> None:
    """Scores what is missing, and keeps what lists show of it; never the same thing twice."""
    asked = running.arguments
    scopes = [Scope.from_json(one) for one in (asked["scope"], asked["earlier"]) if one]
    journeys = Journey.objects.filter(workspace=running.workspace, pk__in=asked["journeys"])
    ordered = list(journeys.order_by("name", "pk"))
    total = len(ordered) * len(scopes)
    done = 0
    for begin in range(0, len(ordered), TOGETHER):
        running.progress(done, total, unit=_("scores"), message=_("Counting the evidence"))
        several = [_runs_of(j, scopes, running) for j in ordered[begin : begin + TOGETHER]]
        missing = [run for runs in several for run in runs if run.result is None]
        counted = count_together(missing, running) if missing else []
        found = {run.pk: told for run, told in zip(missing, counted, strict=True)}
        for runs in several:
            running.progress(done, total, unit=_("scores"), message=runs[0].journey.name)
            for run in runs:
                if run.pk in found:
                    store_filtered(run, found[run.pk])
                keep(run)
                done += 1
            if len(runs) == 2:
                documents_of([(runs[1], runs[0])])
    running.progress(total, total, unit=_("scores"), message=_("Scored"))


@transaction.atomic
def _runs_of(journey: Journey, scopes: Sequence[Scope], running: Running) -> list[ScoringRun]:
    """In each scope the run that answers on today's evidence, made where there is none."""
    journey = (
        Journey.objects.select_for_update(of=("self",), no_key=True)
        .select_related("workspace")
        .get(pk=journey.pk)
    )
    parameters = kept_parameters(journey)
    runs = ScoringRun.objects.select_related("workspace", "journey")
    return [
        runs.get_or_create(
            journey=journey,
            key=key_of(scope, parameters),
            evidence_revision=journey.workspace.evidence_revision,
            defaults={
                "workspace": journey.workspace,
                "job": running.job,
                "formula": FORMULA,
                "scope": scope.to_json(),
                "is_whole": False,
                "parameters": parameters,
                "created_by": running.user,
            },
        )[0]
        for scope in scopes
    ]
