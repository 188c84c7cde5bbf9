"""The work of scoring many journeys in one scope, and in the period it is compared with."""

from django.db import transaction
from django.utils.translation import gettext as _

from analytics.ranking import FORMULA
from evidence.scope import Scope
from jobs.actions import Running, register
from journeys.models import Journey
from painpoints.against import documents_of
from painpoints.glance import keep
from painpoints.models import ScoringRun
from painpoints.parameters import key_of, parameters_of
from painpoints.scopes import SCORE_SCOPE
from painpoints.work import score_run


class _Part(Running):
    """A part of a job: it can be stopped like the whole, but only the whole says how far it is."""

    def __init__(self, whole: Running) -> None:
        super().__init__(whole.job)
        self._whole = whole

    def check(self) -> None:
        self._whole.check()

    def progress(
        self, done: int, total: int | None = None, *, unit: str = "", message: str = ""
    ) -> None:
        self.check()


@register(SCORE_SCOPE)
def score_scope(running: Running) -> None:
    """Scores what is missing, and keeps what lists show of it; never the same thing twice."""
    asked = running.arguments
    scopes = [Scope.from_json(one) for one in (asked["scope"], asked["earlier"]) if one]
    journeys = Journey.objects.filter(workspace=running.workspace, pk__in=asked["journeys"])
    total = journeys.count() * len(scopes)
    done = 0
    for journey in journeys.order_by("name", "pk"):
        runs = []
        for scope in scopes:
            running.progress(done, total, unit=_("scores"), message=journey.name)
            runs.append(_scored(journey, scope, running))
            done += 1
        if len(runs) == 2:
            documents_of([(runs[1], runs[0])])
    running.progress(total, total, unit=_("scores"), message=_("Scored"))


def _scored(journey: Journey, scope: Scope, running: Running) -> ScoringRun:
    run = _run_of(journey, scope, running)
    if run.result is None:
        score_run(run, _Part(running))
    keep(run)
    return run


@transaction.atomic
def _run_of(journey: Journey, scope: Scope, running: Running) -> ScoringRun:
    """The run that answers on today's evidence, made where there is none."""
    journey = (
        Journey.objects.select_for_update(of=("self",), no_key=True)
        .select_related("workspace")
        .get(pk=journey.pk)
    )
    parameters = parameters_of(journey)
    run, _is_new = ScoringRun.objects.select_related("workspace", "journey").get_or_create(
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
    )
    return run
