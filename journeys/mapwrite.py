"""Writes a checked map into the database: entries that stay keep their rows."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import transaction

from journeys.entries import LIST_OF, PLAIN, plain_fields
from journeys.models import Card, Journey, Lane, Part, Persona, Stage, Step, StepTouchpoint
from journeys.places import GAP
from touchpoints.models import Segment, Touchpoint
from touchpoints.vocabulary import segment_by_code

P = TypeVar("P", bound=Part)
Entry = dict[str, Any]


@transaction.atomic
def write_parts(journey: Journey, document: dict[str, Any]) -> None:
    """Makes the journey's stages, steps, lanes, personas and cards those of the document.

    A name that is absent is the id. Positions follow the lists, with gaps between.
    """
    lists = {name: document.get(name, []) for name in PLAIN}
    stages = _write(Stage, journey, (Stage(**_own("stages", e)) for e in lists["stages"]))
    steps = _write(
        Step,
        journey,
        (Step(**_own("steps", e), stage=stages[e["stage"]]) for e in lists["steps"]),
        ["stage"],
    )
    lanes = _write(Lane, journey, (Lane(**_own("lanes", e)) for e in lists["lanes"]))
    segments = _segments(journey, lists["personas"])
    personas = _write(
        Persona,
        journey,
        (
            Persona(**_own("personas", e), segment=segments.get(e.get("segment", "")))
            for e in lists["personas"]
        ),
        ["segment"],
    )
    _write(
        Card,
        journey,
        (
            Card(
                **_own("cards", e),
                lane=lanes[e["lane"]],
                step=steps[e["step"]],
                persona=personas[e["persona"]] if e.get("persona") else None,
            )
            for e in lists["cards"]
        ),
        ["lane", "step", "persona"],
    )
    _write_touchpoints(journey, steps, lists["steps"])
    _sweep(journey, document)
    journey.save(update_fields=["updated_at"])


def _own(name: str, entry: Entry) -> Entry:
    return {"key": entry["id"], **plain_fields(name, entry)}


def _segments(journey: Journey, personas: list[Entry]) -> dict[str, Segment]:
    codes = dict.fromkeys(entry["segment"] for entry in personas if entry.get("segment"))
    return {code: segment_by_code(journey.workspace, code) for code in codes}


def _write(
    model: type[P], journey: Journey, parts: Iterable[P], references: Iterable[str] = ()
) -> dict[str, P]:
    """Inserts or updates by key; returns key → row."""
    rows = list(parts)
    for position, row in enumerate(rows):
        row.journey = journey
        row.position = position * GAP
    model._default_manager.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["journey", "key"],
        update_fields=["position", *PLAIN[LIST_OF[model]], *references],
    )
    return {row.key: row for row in rows}


def _sweep(journey: Journey, document: dict[str, Any]) -> None:
    """Deletes what the document no longer has, the parts that hold others last."""
    models: dict[str, type[Part]] = {
        "cards": Card,
        "personas": Persona,
        "lanes": Lane,
        "steps": Step,
        "stages": Stage,
    }
    for name, model in models.items():
        kept = [entry["id"] for entry in document.get(name, [])]
        model._default_manager.filter(journey=journey).exclude(key__in=kept).delete()


def _write_touchpoints(journey: Journey, steps: dict[str, Step], entries: list[Entry]) -> None:
    codes = {code for entry in entries for code in entry.get("touchpoints", [])}
    touchpoints = {
        touchpoint.code: touchpoint
        for touchpoint in Touchpoint.objects.filter(workspace=journey.workspace, code__in=codes)
    }
    StepTouchpoint.objects.filter(step__journey=journey).delete()
    StepTouchpoint.objects.bulk_create(
        StepTouchpoint(step=steps[entry["id"]], touchpoint=touchpoints[code], position=position)
        for entry in entries
        for position, code in enumerate(entry.get("touchpoints", []))
    )
