"""What happened to a map, in words."""

from dataclasses import dataclass

from journeys.models import Journey, Operation

LOOKED_AT = 200


@dataclass(frozen=True)
class Deletion:
    """An operation that took something off the map and still stands; `what` names it."""

    number: int
    what: str


def deletions_of(journey: Journey) -> list[Deletion]:
    """The newest deletions, newest first: what can be brought back at a press."""
    newest = journey.operations.filter(undone_by=None, kind=Operation.Kind.EDIT)
    found = []
    for operation in newest.order_by("-number")[:LOOKED_AT]:
        last = operation.changes[-1]
        if last["after"] is None:
            before = last["before"]
            what = before.get("name") or before.get("text") or last["id"]
            found.append(Deletion(operation.number, what))
    return found
