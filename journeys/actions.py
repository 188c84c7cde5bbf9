"""Writes to journeys as wholes. Parts of a map: journeys/part_actions.py."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User, Workspace
from journeys import editing
from journeys.entries import dump_parts, journey_entry
from journeys.mapfile import default_slug, dump_map
from journeys.mapwrite import write_parts
from journeys.models import Journey
from journeys.operations import JOURNEY, Change
from journeys.template_actions import lists_to_start


@transaction.atomic
def create_journey(
    *,
    workspace: Workspace,
    name: str,
    kind: str = Journey.Kind.AS_IS,
    goal: str = "",
    starter: str = "blank",
    user: User | None = None,
) -> Journey:
    """A new journey whose map starts as one of `STARTERS` or as a template of the workspace."""
    journey = Journey.objects.create(
        workspace=workspace,
        slug=free_slug(workspace, default_slug(name)),
        name=name,
        kind=kind,
        goal=goal,
        owner=user,
    )
    write_parts(journey, lists_to_start(workspace=workspace, starter=starter, slug=journey.slug))
    return journey


@transaction.atomic
def change_journey(*, journey: Journey, user: User | None = None, **fields: Any) -> Journey:
    """Name, kind, goal, description, owner, and the touchpoints that mean success."""
    if "owner" in fields:
        Journey.objects.filter(pk=journey.pk).update(owner=fields.pop("owner"))
    if "goal_touchpoints" in fields:
        fields["goal_touchpoints"] = sorted(t.code for t in fields["goal_touchpoints"])
    now = journey_entry(Journey.objects.get(pk=journey.pk))
    after = {name: value for name, value in fields.items() if (value or None) != now.get(name)}
    if after:
        editing.edit(journey=journey, user=user, changes=[Change(JOURNEY, "", {}, after)])
    journey.refresh_from_db()
    return journey


@transaction.atomic
def duplicate_journey(
    *, journey: Journey, kind: str = Journey.Kind.TO_BE, user: User | None = None
) -> Journey:
    """A copy of the map, to draw how it should be; evidence and scores stay with the original."""
    suffix = _("as it should be") if kind == Journey.Kind.TO_BE else _("copy")
    copy = Journey.objects.create(
        workspace=journey.workspace,
        slug=free_slug(journey.workspace, f"{journey.slug[:70]}-{kind}"),
        name=f"{journey.name[: 157 - len(suffix)]} ({suffix})",
        kind=kind,
        goal=journey.goal,
        description=journey.description,
        owner=user,
        copied_from=journey,
    )
    copy.goal_touchpoints.set(journey.goal_touchpoints.all())
    write_parts(copy, dump_parts(journey))
    return copy


@transaction.atomic
def delete_journey(*, journey: Journey) -> None:
    """Takes the journey away; its map, runs and pain points wait to be brought back."""
    journey.deleted_at = timezone.now()
    journey.save(update_fields=["deleted_at"])


@transaction.atomic
def restore_journey(*, journey: Journey) -> None:
    """Brings a deleted journey back, under another address where its own was taken meanwhile."""
    journey.slug = free_slug(journey.workspace, journey.slug)
    journey.deleted_at = None
    journey.save(update_fields=["slug", "deleted_at"])


@transaction.atomic
def purge_journey(*, journey: Journey) -> dict[str, Any]:
    """Removes a deleted journey for good, with its runs and pain points; returns its map file."""
    document = dump_map(journey)
    journey.delete()
    return document


def free_slug(workspace: Workspace, wanted: str) -> str:
    """The wanted address, or with the first number that is free."""
    taken = set(
        Journey.objects.filter(workspace=workspace, slug__startswith=wanted[:70]).values_list(
            "slug", flat=True
        )
    )
    free, number = wanted, 2
    while free in taken:
        free = f"{wanted[:70].rstrip('-')}-{number}"
        number += 1
    return free
