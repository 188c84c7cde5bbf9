"""Edits by forms and buttons: what they mean for the parts of a map, as operations (editing.py)."""

import re
from collections.abc import Iterable
from typing import TypeVar

from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from journeys import editing
from journeys.entries import LIST_OF, entry_of, rows_of
from journeys.models import Card, Journey, Operation, Part, Step
from journeys.operations import FOLLOWS, Change
from touchpoints.models import Touchpoint

EARLIER, LATER = -1, 1
P = TypeVar("P", bound=Part)


@transaction.atomic
def add_part(*, part: P, after: Part | None = None, user: User | None = None) -> P:
    """Gives a new part its key and its place: after that one, or at the end."""
    name = LIST_OF[type(part)]
    taken = set(rows_of(part.journey, name).values_list("key", flat=True))
    part.key = _new_key(part, taken)
    entry = {field: value for field, value in entry_of(part).items() if field != "id"}
    if after is not None:
        entry[FOLLOWS] = after.key
    _edit(part.journey, user, Change(name, part.key, None, entry))
    return _fresh(part)


@transaction.atomic
def change_part(*, part: P, user: User | None = None) -> P:
    """Keeps what a form changed. A card that went to another cell stands last there."""
    name = LIST_OF[type(part)]
    before = rows_of(part.journey, name).get(pk=part.pk)
    was, is_now = entry_of(before), entry_of(part)
    fields = [f for f in {*was, *is_now} - {"id", "touchpoints"} if was.get(f) != is_now.get(f)]
    after = {field: is_now.get(field) for field in sorted(fields)}
    if _group(part) != _group(before):
        others = rows_of(part.journey, name).exclude(pk=part.pk)
        after[FOLLOWS] = others.values_list("key", flat=True).last()
    if after:
        # What the form showed is what was there: nobody is asked twice.
        _edit(part.journey, user, Change(name, part.key, {}, after))
    return _fresh(part)


@transaction.atomic
def move_part(*, part: Part, by: int, user: User | None = None) -> None:
    """One place earlier (−1) or later (+1) among its neighbours.

    A step at the edge of its stage goes over into the neighbouring stage.
    """
    name = LIST_OF[type(part)]
    siblings = list(rows_of(part.journey, name))
    group = [p for p in siblings if _group(p) == _group(part)]
    place = group.index(part) + by
    if 0 <= place < len(group):
        rest = [p for p in siblings if p != part]
        beside = rest.index(group[place]) + (1 if by == LATER else 0)
        after = {FOLLOWS: rest[beside - 1].key if beside else None}
    elif isinstance(part, Step) and (over := _into_next_stage(part, by, siblings)):
        after = over
    else:
        return
    _edit(part.journey, user, Change(name, part.key, {}, after))


def _into_next_stage(step: Step, by: int, siblings: list[Part]) -> dict[str, str | None]:
    stages = list(step.journey.stages.all())
    place = stages.index(step.stage) + by
    if not 0 <= place < len(stages):
        return {}
    rest = [p for p in siblings if p != step]
    follows = rest[-1].key if by == EARLIER and rest else None
    return {"stage": stages[place].key, FOLLOWS: follows}


@transaction.atomic
def delete_part(*, part: Part, user: User | None = None) -> Operation:
    """Takes the part and all it holds off the map; taking the operation back brings it all back."""
    return _edit(part.journey, user, Change(LIST_OF[type(part)], part.key, {}, None))


@transaction.atomic
def set_touchpoints(
    *, step: Step, touchpoints: Iterable[Touchpoint], user: User | None = None
) -> None:
    """Makes these the step's touchpoints; those that stay keep their order."""
    wanted = list(dict.fromkeys(t.code for t in touchpoints))
    present = [use.touchpoint.code for use in step.steptouchpoint_set.select_related("touchpoint")]
    codes = [code for code in present if code in wanted]
    codes += [code for code in wanted if code not in present]
    if codes != present:
        _edit(step.journey, user, Change("steps", step.key, {}, {"touchpoints": codes}))


def _edit(journey: Journey, user: User | None, change: Change) -> Operation:
    return editing.edit(journey=journey, user=user, changes=[change])


def _fresh(part: P) -> P:
    found: P = type(part)._default_manager.get(journey=part.journey, key=part.key)
    return found


def _group(part: Part) -> tuple[int, ...]:
    """Among whom a part has its place: steps of a stage, cards of a cell."""
    if isinstance(part, Step):
        return (part.stage_id,)
    if isinstance(part, Card):
        return (part.lane_id, part.step_id)
    return ()


def _new_key(part: Part, taken: set[str]) -> str:
    if isinstance(part, Card):
        numbers = [int(key[1:]) for key in taken if re.fullmatch(r"c\d{1,9}", key)]
        return f"c{max(numbers, default=0) + 1}"
    stem = slugify(str(part))[:50].strip("-_") or type(part).__name__.lower()
    key, number = stem, 2
    while key in taken:
        key = f"{stem}-{number}"
        number += 1
    return key
