"""Edits of maps: applied, numbered, kept, announced, undone, redone, and read backwards.

Everything that changes a map goes through here, or is recorded here (map files, restored versions).
"""

from collections.abc import Iterable, Sequence
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import live
from accounts.models import User
from journeys import operations
from journeys.entries import dump_parts, journey_entry
from journeys.errors import JourneyError
from journeys.mapwrite import write_parts
from journeys.models import Journey, Operation
from journeys.operations import JOURNEY, Change, Lists
from journeys.rows import Rows
from journeys.states import SNAPSHOT_EVERY, changes_of, keep
from journeys.states import state_at as state_at
from journeys.tree import refuse_circle

MOST_CHANGES = 2000
Kind = Operation.Kind


def channel_of(journey: Journey) -> str:
    """Where an operation's number is announced."""
    return f"journey-{journey.pk}"


@transaction.atomic
def edit(
    *,
    journey: Journey,
    user: User | None,
    changes: Sequence[Change],
    client_id: UUID | None = None,
) -> Operation:
    """Applies the changes together, or none of them; sent twice, it is done once.

    Raises JourneyError for what cannot be, and Conflict for a text that changed underneath.
    """
    if not 1 <= len(changes) <= MOST_CHANGES:
        raise JourneyError(
            _("Expected 1 to %(most)d changes at once, got %(n)d.")
            % {"most": MOST_CHANGES, "n": len(changes)}
        )
    journey = _locked(journey)
    return _sent(journey, client_id) or _apply(journey, user, changes, Kind.EDIT, client_id)


def _sent(journey: Journey, client_id: UUID | None) -> Operation | None:
    """What came under this id before."""
    return journey.operations.filter(client_id=client_id).first() if client_id else None


@transaction.atomic
def undo(*, journey: Journey, user: User, client_id: UUID | None = None) -> Operation:
    """Takes back the newest of this person's own edits that still stands."""
    journey = _locked(journey)
    if sent := _sent(journey, client_id):
        return sent
    target = (
        journey.operations.filter(user=user, undone_by=None)
        .exclude(kind=Kind.UNDO)
        .order_by("-number")
        .first()
    )
    if target is None:
        raise JourneyError(_("There is nothing of yours to undo."))
    return take_back(journey=journey, operation=target, user=user, client_id=client_id)


@transaction.atomic
def redo(*, journey: Journey, user: User, client_id: UUID | None = None) -> Operation:
    """Does again what this person's newest undo took back, unless they edited since."""
    journey = _locked(journey)
    if sent := _sent(journey, client_id):
        return sent
    own = journey.operations.filter(user=user).order_by("-number")
    target = own.filter(kind=Kind.UNDO, undone_by=None).first()
    edited = own.exclude(kind__in=[Kind.UNDO, Kind.REDO]).first()
    if target is None or (edited is not None and edited.number > target.number):
        raise JourneyError(_("There is nothing to redo."))
    return take_back(journey=journey, operation=target, user=user, client_id=client_id)


@transaction.atomic
def take_back(
    *,
    journey: Journey,
    operation: Operation,
    user: User | None,
    client_id: UUID | None = None,
) -> Operation:
    """Does the opposite of an operation; whoever changed the same text since is not overwritten."""
    journey = _locked(journey)
    if sent := _sent(journey, client_id):
        return sent
    operation.refresh_from_db(fields=["undone_by"])
    if operation.undone_by_id is not None:
        raise JourneyError(_("That is taken back already."))
    kind = Kind.REDO if operation.kind == Kind.UNDO else Kind.UNDO
    changes = operations.inverse(changes_of(operation))
    opposite = _apply(journey, user, changes, kind, client_id)
    operation.undone_by = opposite
    operation.save(update_fields=["undone_by"])
    return opposite


@transaction.atomic
def rewrite(
    *, journey: Journey, user: User | None, lists: Lists, kind: str = Kind.IMPORT
) -> Operation | None:
    """Makes the map that of the lists in one operation; None where it is that already.

    `lists` may hold the journey's own entry under "journey".
    """
    journey = _locked(journey)
    before = dump_parts(journey)
    changes = operations.difference(before, lists)
    if JOURNEY in lists:
        changes += _own_changes(journey_entry(journey), lists[JOURNEY][0])
        for change in changes:
            if change.list == JOURNEY:
                Rows(journey).apply(change)
    if not changes:
        return None
    refuse_circle(journey, [step["opens"] for step in lists.get("steps", []) if step.get("opens")])
    write_parts(journey, {name: lists.get(name, []) for name in operations.REFERENCES})
    return _record(journey, user, changes, kind)


def _own_changes(now: dict, wanted: dict) -> list[Change]:
    names = sorted({*now, *wanted} - {"id"})
    names = [name for name in names if now.get(name) != wanted.get(name)]
    if not names:
        return []
    return [Change(JOURNEY, "", {n: now.get(n) for n in names}, {n: wanted.get(n) for n in names})]


def _locked(journey: Journey) -> Journey:
    """One edit of a map at a time: numbers have no gaps, and each sees the one before."""
    return (
        Journey.with_deleted.select_for_update(of=("self",), no_key=True)
        .select_related("workspace")
        .get(pk=journey.pk)
    )


def _apply(
    journey: Journey,
    user: User | None,
    changes: Iterable[Change],
    kind: str,
    client_id: UUID | None = None,
) -> Operation:
    rows = Rows(journey, taking_back=kind in (Kind.UNDO, Kind.REDO))
    done = rows.apply_all(changes)
    if not done:
        raise JourneyError(_("What this was about is no longer on the map."))
    return _record(journey, user, done, kind, client_id)


def _record(
    journey: Journey,
    user: User | None,
    changes: Sequence[Change],
    kind: str,
    client_id: UUID | None = None,
) -> Operation:
    journey.revision += 1
    journey.save(update_fields=["revision", "updated_at"])
    operation = Operation.objects.create(
        journey=journey,
        number=journey.revision,
        kind=kind,
        client_id=client_id or uuid4(),
        user=user,
        changes=[change.to_json() for change in changes],
    )
    if operation.number % SNAPSHOT_EVERY == 0:
        keep(journey)
    live.notify(channel_of(journey), str(operation.number))
    return operation
