"""Past states of a map, found from the nearest one that is kept whole.

Every SNAPSHOT_EVERY operations the map is kept, so that however long its history, no state is
further than half as many operations from one that need not be worked out.
"""

from itertools import chain

from journeys import operations
from journeys.entries import dump_parts, journey_entry
from journeys.models import Journey, Operation, Snapshot
from journeys.operations import JOURNEY, Change, Lists

SNAPSHOT_EVERY = 500
TRIES = 3


def state_at(journey: Journey, number: int) -> Lists:
    """The map as it was after that operation; 0 is the beginning. "journey" is its own entry."""
    known, lists = _nearest(journey, number)
    between = journey.operations.filter(
        number__gt=min(known, number), number__lte=max(known, number)
    )
    if known < number:
        done = between.order_by("number").values_list("changes", flat=True)
        return operations.apply(lists, chain.from_iterable(map(_read, done)))
    done = between.order_by("-number").values_list("changes", flat=True)
    return operations.apply(
        lists, chain.from_iterable(operations.inverse(_read(changes)) for changes in done)
    )


def present(journey: Journey) -> tuple[int, Lists]:
    """The map as it is, and the number of the operation that made it so."""
    for _try in range(TRIES):
        number = _revision(journey)
        lists = _now(Journey.with_deleted.get(pk=journey.pk))
        if _revision(journey) == number:
            break
    return number, lists


def keep(journey: Journey) -> None:
    """Keeps the map whole as it is; the caller holds the journey's row."""
    Snapshot.objects.get_or_create(
        journey=journey, number=journey.revision, defaults={"lists": _now(journey)}
    )


def changes_of(operation: Operation) -> list[Change]:
    return _read(operation.changes)


def _nearest(journey: Journey, number: int) -> tuple[int, Lists]:
    kept = journey.snapshots.all()
    before = kept.filter(number__lte=number).order_by("-number").values_list("number", flat=True)
    after = kept.filter(number__gte=number).order_by("number").values_list("number", flat=True)
    known = [found for found in (before.first(), after.first()) if found is not None]
    best = min(known, key=lambda found: abs(found - number), default=None)
    if best is None or abs(best - number) > abs(_revision(journey) - number):
        return present(journey)
    return best, kept.get(number=best).lists


def _now(journey: Journey) -> Lists:
    return {**dump_parts(journey), JOURNEY: [{"id": "", **journey_entry(journey)}]}


def _revision(journey: Journey) -> int:
    return Journey.with_deleted.values_list("revision", flat=True).get(pk=journey.pk)


def _read(changes: list[dict]) -> list[Change]:
    return [Change.from_json(change) for change in changes]
