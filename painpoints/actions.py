"""Writes of scoring runs and pain points."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from analytics.ranking import FORMULA
from evidence.scope import Scope
from jobs.actions import cancel_job, create_job
from jobs.models import Job, Status
from journeys.models import Journey
from painpoints.findings import record_findings
from painpoints.history_models import TOLD
from painpoints.models import Action, PainPoint, PainPointChange, ScoringRun
from painpoints.parameters import key_of, parameters_of
from painpoints.told import told_of
from touchpoints.models import Touchpoint

SCORE = "score"
Via = PainPointChange.Via


@transaction.atomic
def request_run(
    *, journey: Journey, scope: Scope, user: User | None = None, send: bool = True
) -> ScoringRun:
    """The run that answers this question on today's evidence: the one that exists, or a new one.

    A run that still waits for its turn will read whatever evidence there is by then, so it is
    shared by all who ask, and where settings changed meanwhile it is scored with today's; a run
    whose job failed or was stopped gets a new job.
    """
    # One request at a time for each journey, so that two do not make the same run.
    journey = (
        Journey.objects.select_for_update(of=("self",), no_key=True)
        .select_related("workspace")
        .get(pk=journey.pk)
    )
    parameters = parameters_of(journey)
    key = key_of(scope, parameters)
    same = ScoringRun.objects.filter(journey=journey, key=key).select_related("job")
    run = (
        same.filter(evidence_revision=journey.workspace.evidence_revision).first()
        or same.filter(result__isnull=True, job__status=Status.QUEUED).first()
        or _asked_anew(journey, scope, parameters, key)
        or ScoringRun.objects.create(
            workspace=journey.workspace,
            journey=journey,
            formula=FORMULA,
            scope=scope.to_json(),
            is_whole=scope.is_whole,
            parameters=parameters,
            key=key,
            evidence_revision=journey.workspace.evidence_revision,
            created_by=user,
        )
    )
    if run.result is None and (run.job is None or run.job.has_ended):
        run.job = create_job(
            workspace=journey.workspace,
            kind=SCORE,
            arguments={"run": run.pk, "journey": journey.slug},
            user=user,
            send=send,
        )
        run.save(update_fields=["job"])
    elif run.result is not None and run.is_whole:
        _stands_again(run)
    return run


def _stands_again(run: ScoringRun) -> None:
    """Settings went back to those of a run that is there: it is what pages show once more."""
    for waiting in _waiting(run.journey, Scope()):
        assert waiting.job is not None
        cancel_job(job=waiting.job)
    newer = ScoringRun.objects.filter(journey=run.journey, asked_at__gt=run.asked_at).unfiltered()
    if newer.done().filter(evidence_revision=run.evidence_revision).exists():
        run.asked_at = timezone.now()
        run.save(update_fields=["asked_at"])
        record_findings(run=run, told=told_of(run))


def _waiting(journey: Journey, scope: Scope) -> QuerySet[ScoringRun]:
    """Runs of this scope whose turn has not come."""
    return ScoringRun.objects.filter(
        journey=journey, scope=scope.to_json(), result__isnull=True, job__status=Status.QUEUED
    ).select_related("job")


def _asked_anew(
    journey: Journey, scope: Scope, parameters: dict[str, Any], key: str
) -> ScoringRun | None:
    """The run of the same scope that waits for its turn, given today's parameters.

    Settings are often changed several times in a row: only the last ones are worth scoring.
    """
    waiting = _waiting(journey, scope).first()
    # Whoever claims the job now waits for this transaction, and then reads the new parameters.
    if waiting is None or waiting.job_id is None:
        return None
    if not Job.objects.select_for_update().filter(pk=waiting.job_id, status=Status.QUEUED):
        return None
    waiting.formula, waiting.parameters, waiting.key = FORMULA, parameters, key
    waiting.evidence_revision = journey.workspace.evidence_revision
    waiting.save(update_fields=["formula", "parameters", "key", "evidence_revision"])
    return waiting


@transaction.atomic
def record_pain_point(
    *,
    journey: Journey,
    touchpoint: Touchpoint,
    title: str,
    user: User,
    note: str = "",
    type: str = "",
    cause: str = "",
    owner: User | None = None,
) -> PainPoint:
    """A pain point that a person tells of; the teller owns it until somebody else does."""
    return PainPoint.objects.create(
        workspace=journey.workspace,
        journey=journey,
        touchpoint=touchpoint,
        origin=PainPoint.Origin.PERSON,
        title=title,
        note=note,
        type=type,
        type_by=user if type else None,
        cause=cause,
        cause_by=user if cause else None,
        owner=owner or user,
    )


@transaction.atomic
def change_pain_point(
    *, painpoint: PainPoint, user: User | None, changes: Mapping[str, Any], via: str = Via.PAGE
) -> PainPointChange | None:
    """Changes what a person may say of it, and keeps what it was; None where nothing changed.

    A type or cause given up goes back to scoring.
    """
    point = PainPoint.objects.select_for_update(of=("self",)).get(pk=painpoint.pk)
    before, after = {}, {}
    for name, value in changes.items():
        old = getattr(point, name)
        if old == value:
            continue
        setattr(point, name, value)
        if name in ("type", "cause"):
            setattr(point, f"{name}_by", user if value else None)
        if name in TOLD:
            before[name], after[name] = _kept(old), _kept(value)
    point.save()
    if not after:
        return None
    return PainPointChange.objects.create(
        painpoint=point, before=before, after=after, user=user, via=via
    )


def _kept(value: Any) -> Any:
    """As the history keeps it: plain JSON, people by number."""
    return value.pk if isinstance(value, User) else value


@transaction.atomic
def take_back(*, change: PainPointChange, user: User) -> PainPointChange | None:
    """What one change changed becomes what it was before; itself an entry of the history."""
    changes = dict(change.before)
    if "owner" in changes:
        members = User.objects.filter(memberships__workspace=change.painpoint.workspace_id)
        changes["owner"] = members.filter(pk=changes["owner"]).first()
    return change_pain_point(painpoint=change.painpoint, user=user, changes=changes)


@transaction.atomic
def add_action(
    *,
    painpoint: PainPoint,
    text: str,
    owner: User | None = None,
    due_on: date | None = None,
    user: User | None = None,
) -> Action:
    """Something to be done; the first one sets an open pain point to being worked on."""
    action = Action.objects.create(painpoint=painpoint, text=text, owner=owner, due_on=due_on)
    if painpoint.status == PainPoint.Status.OPEN:
        change_pain_point(
            painpoint=painpoint, user=user, changes={"status": PainPoint.Status.IN_PROGRESS}
        )
        painpoint.refresh_from_db()
    return action


@transaction.atomic
def toggle_action(*, action: Action) -> Action:
    """Marks it as done today (in the workspace's time zone), or as not done after all."""
    zone = action.painpoint.workspace.zone
    action.done_on = None if action.done_on else timezone.now().astimezone(zone).date()
    action.save(update_fields=["done_on"])
    return action
