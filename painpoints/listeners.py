"""What painpoints does when lower apps announce something."""

from typing import Any

from django.dispatch import receiver

from accounts.models import User, Workspace
from evidence.scope import Scope
from evidence.signals import evidence_changed
from journeys.models import Journey
from painpoints.actions import request_run
from painpoints.parameters import touched_by


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

    The jobs are created with the change and sent when it commits; a journey that already waits
    for its turn is not queued twice.
    """
    all_journeys = Journey.objects.filter(workspace=workspace).select_related("workspace")
    for journey in touched_by(all_journeys.order_by("pk"), set(codes), set(journeys)):
        request_run(journey=journey, scope=Scope(), user=user)
