"""A spreadsheet's grid taken in: looked at first, then made the map of a journey."""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import User, Workspace
from journeys import operations
from journeys.actions import free_slug
from journeys.entries import dump_parts
from journeys.errors import MapError
from journeys.grid_reading import Reading, read_grid
from journeys.mapfile import FORMAT, Document, default_slug, dump_map, load_map
from journeys.models import Journey, Lane
from journeys.operations import REFERENCES, Entry, Lists
from journeys.sheets import Rows
from touchpoints.models import Touchpoint

SHOWN = 40


@dataclass(frozen=True)
class Preview:
    """What an import would make."""

    stages: list[tuple[Entry, int]]  # with the number of their steps
    lanes: list[tuple[Entry, str, int]]  # with what their kind is called and their cards
    counts: dict[str, int]
    new_personas: list[Entry]
    new_touchpoints: list[Entry]
    warnings: list[str]
    more_warnings: int
    problems: list[str]
    added: int
    changed: int
    removed: int


def preview_of(workspace: Workspace, rows: Rows, journey: Journey | None) -> Preview:
    present = dump_parts(journey) if journey else {}
    found = read_grid(rows, present, _library(workspace))
    changes = operations.difference(present, found.lists) if not found.problems else []
    steps = [step["stage"] for step in found.lists["steps"]]
    cards = [card["lane"] for card in found.lists["cards"]]
    known = {persona["id"] for persona in present.get("personas", [])}
    return Preview(
        stages=[(stage, steps.count(stage["id"])) for stage in found.lists["stages"]],
        lanes=[
            (lane, str(Lane.Kind(lane["kind"]).label), cards.count(lane["id"]))
            for lane in found.lists["lanes"]
        ],
        counts={name: len(entries) for name, entries in found.lists.items()},
        new_personas=[p for p in found.lists["personas"] if p["id"] not in known],
        new_touchpoints=found.touchpoints,
        warnings=found.warnings[:SHOWN],
        more_warnings=max(0, len(found.warnings) - SHOWN),
        problems=MapError(found.problems).problems,
        added=sum(change.before is None for change in changes),
        changed=sum(change.before is not None and change.after is not None for change in changes),
        removed=sum(change.after is None for change in changes),
    )


@transaction.atomic
def import_grid(
    *, workspace: Workspace, user: User, rows: Rows, journey: Journey | None, name: str = ""
) -> Journey:
    """Makes a journey of the cells, or this journey's map theirs in one operation.

    Raises MapError with every problem, each at its cell.
    """
    if journey is not None:
        # Nobody edits between what is read here and what is written.
        journey = Journey.objects.select_for_update(of=("self",), no_key=True).get(pk=journey.pk)
    present = dump_parts(journey) if journey else {}
    found = read_grid(rows, present, _library(workspace))
    if found.problems:
        raise MapError(found.problems)
    if journey is not None:
        head = dump_map(journey)["journey"]
    else:
        head = {"name": name, "slug": free_slug(workspace, default_slug(name))}
    return load_map(workspace, _document(head, found), user)


def _document(head: Document, found: Reading) -> Document:
    lists: Lists = {name: found.lists[name] for name in REFERENCES}
    return {"format": FORMAT, "journey": head, "touchpoints": found.touchpoints, **lists}


def _library(workspace: Workspace) -> dict[str, str]:
    return dict(Touchpoint.objects.filter(workspace=workspace).values_list("code", "name"))
