"""Naming states of a map, and going back to one as a new edit."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from journeys import editing, tree
from journeys.errors import JourneyError
from journeys.models import Journey, Operation, Version
from journeys.operations import JOURNEY, Entry, Lists
from journeys.states import keep, state_at
from touchpoints.models import Touchpoint

MOST_VERSIONS = 500


@transaction.atomic
def name_version(
    *, journey: Journey, user: User | None, name: str, note: str = "", number: int | None = None
) -> Version:
    """Gives the present state a name, or that after operation `number`."""
    journey = Journey.objects.select_for_update(of=("self",), no_key=True).get(pk=journey.pk)
    name = name.strip()
    if number is None:
        number = journey.revision
    if not 0 <= number <= journey.revision:
        raise JourneyError(_("This map has no operation %d.") % number)
    _refuse_taken(journey, name)
    if journey.versions.standing().count() >= MOST_VERSIONS:
        raise JourneyError(_("A map has at most %d versions; remove one first.") % MOST_VERSIONS)
    if number == journey.revision:
        keep(journey)
    return Version.objects.create(
        journey=journey, number=number, name=name, note=note.strip(), user=user
    )


@transaction.atomic
def delete_version(*, version: Version) -> None:
    """Takes the name away; the state stays in the history."""
    version.deleted_at = timezone.now()
    version.save(update_fields=["deleted_at"])


@transaction.atomic
def bring_back_version(*, version: Version) -> None:
    _refuse_taken(version.journey, version.name)
    version.deleted_at = None
    version.save(update_fields=["deleted_at"])


def _refuse_taken(journey: Journey, name: str) -> None:
    if journey.versions.standing().filter(name=name).exists():
        raise JourneyError(
            _("There is a version “%s” of this map already. Choose another name.") % name
        )


@transaction.atomic
def restore_state(*, journey: Journey, number: int, user: User | None) -> Operation | None:
    """Makes the map what it was after that operation; None where it is that already."""
    lists = _still_possible(journey, state_at(journey, number))
    return editing.rewrite(journey=journey, user=user, lists=lists, kind=Operation.Kind.RESTORE)


def _still_possible(journey: Journey, lists: Lists) -> Lists:
    """Without what has left the workspace since: touchpoints, and ways that would lead round."""
    known = _known_touchpoints(journey, lists)
    own = journey.workspace, journey.slug
    return {
        **lists,
        JOURNEY: [_only(lists[JOURNEY][0], "goal_touchpoints", known)],
        "steps": [
            _without_circle(_only(step, "touchpoints", known), *own) for step in lists["steps"]
        ],
    }


def _known_touchpoints(journey: Journey, lists: Lists) -> set[str]:
    codes = {code for step in lists["steps"] for code in step.get("touchpoints", [])}
    codes |= set(lists[JOURNEY][0].get("goal_touchpoints", []))
    found = Touchpoint.objects.filter(workspace=journey.workspace, code__in=codes)
    return set(found.values_list("code", flat=True))


def _only(entry: Entry, field: str, known: set[str]) -> Entry:
    if field not in entry:
        return entry
    rest = {name: value for name, value in entry.items() if name != field}
    kept = [code for code in entry[field] if code in known]
    return {**rest, field: kept} if kept else rest


def _without_circle(step: Entry, workspace: Any, slug: str) -> Entry:
    if "opens" not in step or not tree.circle(workspace, slug, [step["opens"]]):
        return step
    return {name: value for name, value in step.items() if name != "opens"}
