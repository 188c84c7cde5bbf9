"""Writes of the ledger: weights and thresholds with their history, and the pinned baseline."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import SettingsChange, User
from evidence.scope import Scope
from journeys.models import Journey
from painpoints.actions import request_run
from painpoints.errors import PinError
from painpoints.models import Baseline, ScoringRun, ScoringSettings


@transaction.atomic
def change_settings(
    *,
    settings: ScoringSettings,
    user: User | None,
    score_again: bool,
    via: str = SettingsChange.Via.PAGE,
) -> list[ScoringRun]:
    """Saves weights and thresholds; runs made before keep those they were made with."""
    workspace = settings.workspace
    # Two admins at once: the second one's change is from what the first one left.
    type(workspace).objects.select_for_update(no_key=True).get(pk=workspace.pk)
    before = ScoringSettings.stored(workspace).values()
    settings.save()
    settings.refresh_from_db()
    after = settings.values()
    if before != after:
        SettingsChange.objects.create(
            workspace=workspace,
            kind=SettingsChange.Kind.SCORING,
            before=before,
            after=after,
            user=user,
            via=via,
        )
    if not score_again:
        return []
    scored = ScoringRun.objects.filter(workspace=workspace, is_whole=True)
    journeys = Journey.objects.filter(pk__in=scored.values("journey")).order_by("pk")
    return [request_run(journey=journey, scope=Scope(), user=user) for journey in journeys]


@transaction.atomic
def use_settings_again(
    *, change: SettingsChange, values: Mapping[str, Any], user: User
) -> list[ScoringRun]:
    """Weights and thresholds of an entry of the history become those of today."""
    settings = ScoringSettings.of(change.workspace)
    for name, value in values.items():
        setattr(settings, name, value)
    try:
        settings.full_clean(exclude=["workspace"])
    except ValidationError as error:  # only where limits became narrower since
        raise PinError(" ".join(error.messages)) from None
    return change_settings(settings=settings, user=user, score_again=True)


@transaction.atomic
def pin(*, run: ScoringRun, user: User | None) -> ScoringRun | None:
    """Makes it its journey's baseline; the answer is the run that was it before."""
    if run.result is None:
        raise PinError.unfinished()
    Journey.objects.select_for_update(of=("self",), no_key=True).get(pk=run.journey_id)
    known = Baseline.objects.filter(journey=run.journey).select_related("run").first()
    if known is not None and known.run_id == run.pk:
        return run
    before = known.run if known else None
    baseline = known or Baseline(journey=run.journey)
    baseline.run, baseline.pinned_by = run, user
    baseline.save()
    return before


@transaction.atomic
def unpin(*, run: ScoringRun) -> bool:
    """Whether it was its journey's baseline until now."""
    return bool(Baseline.objects.filter(run=run).delete()[0])
