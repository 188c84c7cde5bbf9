"""Which runs answer for many journeys at once in a scope, and in the period it is compared with.

All evidence is answered by the newest runs there are. A filtered scope is computed from the rows,
by one job for all journeys that lack it; journeys whose rows have not changed keep their runs.
"""

import hashlib
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Func, Q, TextField
from django.db.models.functions import Cast

from accounts.models import User, Workspace
from evidence.scope import Scope
from jobs.actions import create_job
from jobs.models import Job, Status
from journeys.models import Journey
from painpoints.against import documents_of
from painpoints.at_once import answer_at_once
from painpoints.glance import keep
from painpoints.models import ScoringRun
from painpoints.parameters import kept_parameters, key_of
from painpoints.readings import newest_runs

SCORE_SCOPE = "score_scope"
# A page waits so long for its first answer before it shows progress instead.
PATIENCE_S = 1.0
POLL_S = 0.05


@dataclass(frozen=True)
class Answered:
    """runs, earlier: journey → run, without what is large. `job` is at work on newer ones."""

    runs: Mapping[int, ScoringRun]
    earlier: Mapping[int, ScoringRun] = field(default_factory=dict)
    job: Job | None = None
    failed: Job | None = None
    waiting: frozenset[int] = frozenset()  # journeys that have no answer yet


def answered(
    *,
    workspace: Workspace,
    scope: Scope,
    earlier: Scope | None,
    journeys: Iterable[int],
    user: User,
) -> Answered:
    """The answers there are, asking once for those there are not."""
    whole = newest_runs(workspace, light=True)
    if scope.is_whole:
        return Answered(whole)
    asked = [pk for pk in sorted(set(journeys)) if pk in whole]
    if not asked:
        return Answered({})
    settings = _settings(workspace, asked)
    found = _read(workspace, scope, earlier, settings)
    if found.job is None and found.failed is None and found.waiting:
        if len(asked) == 1 and _is_counted(asked[0], scope, earlier, user):
            return _read(workspace, scope, earlier, settings)
        arguments = _arguments(workspace, scope, earlier, settings)
        job = create_job(workspace=workspace, kind=SCORE_SCOPE, arguments=arguments, user=user)
        if not found.runs and _is_done(job):
            return _read(workspace, scope, earlier, settings)
        return Answered(found.runs, found.earlier, job, None, found.waiting)
    return found


def _read(
    workspace: Workspace, scope: Scope, earlier: Scope | None, settings: Mapping[int, str]
) -> Answered:
    """`settings`: journey → what a run must have been made with to be new."""
    wanted = Q(scope=scope.to_json()) | (Q(scope=earlier.to_json()) if earlier else Q())
    runs = (
        ScoringRun.objects.filter(wanted, workspace=workspace, journey__in=settings, is_whole=False)
        .done()
        .annotate(settings=_digest())
        .select_related("workspace", "journey__workspace")
        .defer("result", "parameters")
        .order_by("evidence_revision", "asked_at")
    )
    newest: dict[bool, dict[int, ScoringRun]] = {False: {}, True: {}}
    for run in runs:
        newest[run.scope != scope.to_json()][run.journey_id] = run

    def is_new(run: ScoringRun | None) -> bool:
        return (
            run is not None
            and run.evidence_revision == workspace.evidence_revision
            and run.settings == settings.get(run.journey_id)  # type: ignore[attr-defined]
        )

    waiting = frozenset(
        pk
        for pk in settings
        if not is_new(newest[False].get(pk)) or (earlier and not is_new(newest[True].get(pk)))
    )
    arguments = _arguments(workspace, scope, earlier, settings)
    jobs = Job.objects.filter(workspace=workspace, kind=SCORE_SCOPE, arguments=arguments)
    job = jobs.order_by("-created_at").first() if waiting else None
    if job is not None and job.status == Status.DONE:
        # What is still missing could not be told apart from what is there: it was answered.
        return Answered(newest[False], newest[True])
    failed = job if job and job.has_ended else None
    return Answered(newest[False], newest[True], None if failed else job, failed, waiting)


def _digest() -> Func:
    return Func(Cast(F("parameters"), TextField()), function="MD5", output_field=TextField())


def _settings(workspace: Workspace, asked: list[int]) -> dict[int, str]:
    """Journey → what its newest run over all evidence was made with."""
    runs = (
        ScoringRun.objects.filter(workspace=workspace, journey__in=asked)
        .done()
        .unfiltered()
        .order_by("journey_id", "-evidence_revision", "-asked_at", "-finished_at")
        .distinct("journey_id")
    )
    return dict(runs.annotate(settings=_digest()).values_list("journey_id", "settings"))


def _arguments(
    workspace: Workspace,
    scope: Scope,
    earlier: Scope | None,
    settings: Mapping[int, str],
) -> dict[str, Any]:
    """What names the work: asked twice, it is done once."""
    made_with = "".join(settings[pk] for pk in sorted(settings))
    return {
        "scope": scope.to_json(),
        "earlier": earlier.to_json() if earlier else None,
        "journeys": sorted(settings),
        "revision": workspace.evidence_revision,
        "settings": hashlib.sha256(made_with.encode()).hexdigest()[:16],
    }


def _is_counted(journey_id: int, scope: Scope, earlier: Scope | None, user: User) -> bool:
    """Whether one journey's answers could be had here and now."""
    journey = Journey.objects.select_related("workspace__scoring_settings").get(pk=journey_id)
    parameters = kept_parameters(journey)
    runs = []
    for one in (earlier, scope) if earlier else (scope,):
        run = answer_at_once(
            journey=journey, scope=one, parameters=parameters, key=key_of(one, parameters),
            user=user,
        )  # fmt: skip
        if run is None:
            return False
        keep(run)
        runs.append(run)
    if len(runs) == 2:
        documents_of([(runs[0], runs[1])])
    return True


def _is_done(job: Job) -> bool:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if Job.objects.ended().filter(pk=job.pk).exists():
            return True
        time.sleep(POLL_S)
    return False
