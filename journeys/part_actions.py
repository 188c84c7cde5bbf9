"""Writes to the parts of a map: stages, steps, lanes, personas, cards.

Each takes the journey's row first, so that two people's changes come one after the other and
positions and keys stay sound.
"""

import re
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from journeys.errors import JourneyError
from journeys.mapfile import dump_parts
from journeys.mapwrite import write_parts
from journeys.models import (
    Card,
    Journey,
    Lane,
    Part,
    Persona,
    Stage,
    Step,
    StepTouchpoint,
    Undo,
)
from journeys.undo import bring_back, lost
from touchpoints.models import Touchpoint

KEPT_UNDOS = 50
LIMITS: dict[type[Part], int] = {Stage: 100, Step: 200, Lane: 60, Persona: 50, Card: 5000}
EARLIER, LATER = -1, 1


def lock(journey: Journey) -> None:
    Journey.objects.select_for_update().get(pk=journey.pk)


@transaction.atomic
def add_part(*, part: Part, after: Part | None = None) -> Part:
    """Gives a new part its key and its place: after that one, or at the end."""
    lock(part.journey)
    model = type(part)
    siblings = list(model._default_manager.filter(journey=part.journey))
    if len(siblings) >= LIMITS[model]:
        raise JourneyError(
            _("A map has at most %(limit)d %(things)s.")
            % {"limit": LIMITS[model], "things": _plural(model)}
        )
    part.key = _new_key(part, {sibling.key for sibling in siblings})
    part.save()
    place = len(siblings) if after is None else siblings.index(after) + 1
    _renumber(model, [*siblings[:place], part, *siblings[place:]])
    _touch(part.journey)
    return part


@transaction.atomic
def change_part(*, part: Part) -> Part:
    """Saves what a form changed. A card that went to another cell stands last there."""
    lock(part.journey)
    model = type(part)
    before = model._default_manager.get(pk=part.pk)
    part.position = before.position
    part.save()
    if _group(part) != _group(before):
        rest = [p for p in model._default_manager.filter(journey=part.journey) if p != part]
        _renumber(model, [*rest, part])
    _touch(part.journey)
    return part


@transaction.atomic
def move_part(*, part: Part, by: int) -> None:
    """One place earlier (−1) or later (+1) among its neighbours.

    A step at the edge of its stage goes over into the neighbouring stage.
    """
    lock(part.journey)
    model = type(part)
    siblings = list(model._default_manager.filter(journey=part.journey))
    group = [p for p in siblings if _group(p) == _group(part)]
    place = group.index(part) + by
    if 0 <= place < len(group):
        one, other = siblings.index(part), siblings.index(group[place])
        siblings[one], siblings[other] = siblings[other], siblings[one]
        _renumber(model, siblings)
    elif isinstance(part, Step):
        _move_to_next_stage(part, by, siblings)
    _touch(part.journey)


def _move_to_next_stage(step: Step, by: int, siblings: Sequence[Part]) -> None:
    stages = list(step.journey.stages.all())
    place = stages.index(step.stage) + by
    if not 0 <= place < len(stages):
        return
    step.stage = stages[place]
    step.save(update_fields=["stage"])
    rest = [p for p in siblings if p != step]
    _renumber(Step, [*rest, step] if by == EARLIER else [step, *rest])


@transaction.atomic
def delete_part(*, part: Part, user: User | None = None) -> Undo:
    """Takes the part and all it holds off the map; the answer brings it back."""
    journey = part.journey
    lock(journey)
    before = dump_parts(journey)
    what = str(part)
    part.delete()
    after = dump_parts(journey)
    undo = Undo.objects.create(
        journey=journey, what=what[:300], parts=lost(before, after), created_by=user
    )
    old = journey.undos.values_list("pk", flat=True)[KEPT_UNDOS:]
    journey.undos.filter(pk__in=list(old)).delete()
    _touch(journey)
    return undo


@transaction.atomic
def undo_deletion(*, undo: Undo) -> None:
    """Brings back what this deletion took, into the map as it is now."""
    journey = undo.journey
    lock(journey)
    merged = bring_back(dump_parts(journey), undo.parts)
    codes = {code for step in merged["steps"] for code in step.get("touchpoints", [])}
    known = set(
        Touchpoint.objects.filter(workspace=journey.workspace, code__in=codes).values_list(
            "code", flat=True
        )
    )
    for step in merged["steps"]:
        step["touchpoints"] = [code for code in step.get("touchpoints", []) if code in known]
    write_parts(journey, merged)
    undo.delete()


@transaction.atomic
def set_touchpoints(*, step: Step, touchpoints: Iterable[Touchpoint]) -> None:
    """Makes these the step's touchpoints; those that stay keep their order."""
    lock(step.journey)
    wanted = {touchpoint.pk: touchpoint for touchpoint in touchpoints}
    step.steptouchpoint_set.exclude(touchpoint__in=wanted.values()).delete()
    present = list(step.steptouchpoint_set.values_list("touchpoint_id", flat=True))
    StepTouchpoint.objects.bulk_create(
        StepTouchpoint(step=step, touchpoint=touchpoint, position=1000 + place)
        for place, touchpoint in enumerate(wanted.values())
        if touchpoint.pk not in present
    )
    uses = list(step.steptouchpoint_set.all())
    for position, use in enumerate(uses):
        use.position = position
    StepTouchpoint.objects.bulk_update(uses, ["position"])
    _touch(step.journey)


def _group(part: Part) -> tuple[int, ...]:
    """Among whom a part has its place: steps of a stage, cards of a cell."""
    if isinstance(part, Step):
        return (part.stage_id,)
    if isinstance(part, Card):
        return (part.lane_id, part.step_id)
    return ()


def _renumber(model: type[Part], parts: Sequence[Part]) -> None:
    moved = []
    for position, part in enumerate(parts):
        if part.position != position:
            part.position = position
            moved.append(part)
    model._default_manager.bulk_update(moved, ["position"], batch_size=500)


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


def _plural(model: type[Part]) -> str:
    names = {
        Stage: _("stages"), Step: _("steps"), Lane: _("lanes"),
        Persona: _("personas"), Card: _("cards"),
    }  # fmt: skip
    return names[model]


def _touch(journey: Journey) -> None:
    journey.save(update_fields=["updated_at"])
