"""What painpoints does when lower apps announce something."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.dispatch import receiver

from accounts.models import User, Workspace
from evidence.scope import Scope
from evidence.signals import evidence_changed, scale_changed
from jobs.models import Status
from journeys.models import Journey
from painpoints.actions import request_run
from painpoints.live import announce_figures
from painpoints.models import ScoringRun
from painpoints.parameters import standing_on, touched_by
from touchpoints.signals import meaning_changed


@receiver(evidence_changed, dispatch_uid="painpoints.score_again")
def score_again(
    sender: object,
    *,
    workspace: Workspace,
    codes: set[str],
    journeys: set[str],
    user: User | None = None,
    **kwargs: Any,
) -> None:
    """Queues a run over all evidence for every journey that the changed evidence touches.

    The jobs are created with the change and sent when it commits. A journey that already waits for
    its turn is left at that, before anything else is asked: programs post evidence many times a
    second. Whoever claims that job now reads once this change is recorded (evidence/commits.py).
    """
    waiting = ScoringRun.objects.filter(
        journey=OuterRef("pk"), is_whole=True, result__isnull=True, job__status=Status.QUEUED
    )
    mine = Journey.objects.filter(~Exists(waiting), workspace=workspace)
    for journey in touched_by(mine.select_related("workspace").order_by("pk"), codes, journeys):
        request_run(journey=journey, scope=Scope(), user=user)
    announce_figures(workspace_id=workspace.pk)


@receiver(meaning_changed, dispatch_uid="painpoints.score_by_new_meaning")
def score_by_new_meaning(
    sender: object,
    *,
    workspace: Workspace,
    touchpoints: set[int],
    user: User | None = None,
    **kwargs: Any,
) -> int:
    """Queues a run for every journey whose touchpoints got other promises or codes."""
    journeys = Journey.objects.filter(workspace=workspace).select_related("workspace")
    return _score(workspace, standing_on(journeys.order_by("pk"), touchpoints), user)


@receiver(scale_changed, dispatch_uid="painpoints.score_by_new_scale")
def score_by_new_scale(
    sender: object,
    *,
    workspace: Workspace,
    codes: set[str],
    journeys: set[str],
    user: User | None = None,
    **kwargs: Any,
) -> int:
    """Queues a run for every journey with answers to a metric that is told otherwise now."""
    all_journeys = Journey.objects.filter(workspace=workspace).select_related("workspace")
    return _score(workspace, touched_by(all_journeys.order_by("pk"), codes, journeys), user)


def _score(workspace: Workspace, journeys: list[Journey], user: User | None) -> int:
    """Without evidence there is nothing to score. Answers how many journeys are scored again."""
    if not workspace.evidence_revision:
        return 0
    runs = [request_run(journey=journey, scope=Scope(), user=user) for journey in journeys]
    return sum(run.result is None for run in runs)
