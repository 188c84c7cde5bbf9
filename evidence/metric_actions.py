"""Writes of a workspace's own metrics; whatever bends scores goes into the history.

Answers below or above a metric's threshold are painful, and feelings are told on its scale: so
whoever changes them leaves an entry, and those who score by them are told.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.changes import Recorded
from accounts.models import SettingsChange, User, Workspace
from evidence import lake
from evidence.errors import EvidenceError
from evidence.metrics import SCALE, own_scales
from evidence.models import Metric
from evidence.signals import scale_changed

Kept = dict[str, str | None]


def save_metric(*, metric: Metric, user: User | None) -> Recorded:
    """Adds or changes a metric."""
    with _recorded(metric.workspace, metric.code, user) as found:
        metric.save()
    return found


def delete_metric(*, metric: Metric, user: User | None) -> Recorded:
    with _recorded(metric.workspace, metric.code, user) as found:
        Metric.objects.filter(pk=metric.pk).delete()
    return found


def restore_metric(
    *, workspace: Workspace, code: str, fields: Mapping[str, Any], user: User | None
) -> Recorded:
    """Brings a deleted metric back, unless there is one with its code again."""
    with _recorded(workspace, code, user) as found:
        Metric.objects.get_or_create(workspace=workspace, code=code, defaults=dict(fields))
    return found


def use_scale_again(*, change: SettingsChange, values: Kept, user: User | None) -> Recorded:
    """Gives the metric of an entry of the history the scale and threshold that stand there."""
    with _recorded(change.workspace, change.subject, user) as found:
        metric = Metric.objects.filter(workspace=change.workspace, code=change.subject).first()
        if metric is None or not values:
            raise EvidenceError(_("The metric “%s” is gone.") % change.subject)
        for name in SCALE:
            text = values[name]
            setattr(metric, name, None if text is None else Decimal(text))
        metric.save()
    return found


@contextmanager
def _recorded(workspace: Workspace, code: str, user: User | None) -> Iterator[Recorded]:
    """All or nothing: the block's change, its entry, and the scoring it sets off."""
    with transaction.atomic():
        # Imports that end meanwhile wait here, so no answers are overlooked.
        Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
        found = Recorded()
        before = _kept(workspace, code)
        yield found
        after = _kept(workspace, code)
        if before == after:
            return
        found.changed = 1
        metric = Metric.objects.filter(workspace=workspace, code=code).first()
        SettingsChange.objects.create(
            workspace=workspace,
            kind=SettingsChange.Kind.METRICS,
            subject=code,
            subject_id=metric.pk if metric else None,
            before=before,
            after=after,
            user=user,
            via=SettingsChange.Via.PAGE,
        )
        codes, journeys = answered(workspace, code)
        answers = scale_changed.send(
            sender=Metric,
            workspace=workspace,
            metric=code,
            codes=codes,
            journeys=journeys,
            user=user,
        )
        found.scored_again = sum(int(answer or 0) for _receiver, answer in answers)


def answered(workspace: Workspace, metric: str) -> tuple[set[str], set[str]]:
    """The raw touchpoint codes, and the journeys as a whole, with answers to this metric."""
    with lake.cursor() as cursor:
        parameters = {"workspace": workspace.pk, "metric": metric}
        row = cursor.execute(lake.query("metric_used"), parameters).fetchone()
    assert row is not None
    return set(row[0]), set(row[1])


def _kept(workspace: Workspace, code: str) -> Kept:
    """The metric's scale as the history keeps it; empty where there is none."""
    scale = own_scales(workspace).get(code)
    return scale.to_json() if scale else {}
