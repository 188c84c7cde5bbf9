"""Writes a checked map into the database: entries that stay keep their rows."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import transaction

from journeys.models import Card, Journey, Lane, Part, Persona, Stage, Step, StepTouchpoint
from journeys.places import GAP
from touchpoints.models import Touchpoint
from touchpoints.vocabulary import segment_by_code

P = TypeVar("P", bound=Part)
Entry = dict[str, Any]


@transaction.atomic
def write_parts(journey: Journey, document: dict[str, Any]) -> None:
    """Makes the journey's stages, steps, lanes, personas and cards those of the document.

    A name that is absent is the id. Positions follow the lists, with gaps between.
    """
    lists = {name: document.get(name, []) for name in ("steps", "lanes", "personas", "cards")}
    stages = _write(
        Stage,
        journey,
        (Stage(key=e["id"], name=e.get("name", e["id"])) for e in document["stages"]),
        ["name"],
    )
    steps = _write(
        Step,
        journey,
        (
            Step(key=e["id"], name=e.get("name", e["id"]), stage=stages[e["stage"]])
            for e in lists["steps"]
        ),
        ["name", "stage"],
    )
    lanes = _write(
        Lane,
        journey,
        (Lane(key=e["id"], name=e.get("name", e["id"]), kind=e["kind"]) for e in lists["lanes"]),
        ["name", "kind"],
    )
    personas = _write(
        Persona,
        journey,
        (_persona(journey, e) for e in lists["personas"]),
        ["name", "segment", "description"],
    )
    _write(
        Card,
        journey,
        (
            Card(
                key=e["id"],
                lane=lanes[e["lane"]],
                step=steps[e["step"]],
                persona=personas[e["persona"]] if "persona" in e else None,
                text=e.get("text", ""),
                emotion=int(e["emotion"]) if "emotion" in e else None,
                basis=e.get("basis", ""),
            )
            for e in lists["cards"]
        ),
        ["lane", "step", "persona", "text", "emotion", "basis"],
    )
    _write_touchpoints(journey, steps, lists["steps"])
    _sweep(journey, document)
    journey.save(update_fields=["updated_at"])


def _write(model: type[P], journey: Journey, parts: Iterable[P], fields: list[str]) -> dict[str, P]:
    """Inserts or updates by key; returns key → row."""
    rows = list(parts)
    for position, row in enumerate(rows):
        row.journey = journey
        row.position = position * GAP
    model._default_manager.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["journey", "key"],
        update_fields=["position", *fields],
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


def _persona(journey: Journey, entry: Entry) -> Persona:
    segment = segment_by_code(journey.workspace, entry["segment"]) if "segment" in entry else None
    name = str(entry.get("name", entry["id"]))
    return Persona(
        key=entry["id"],
        name=name,
        segment=segment,
        description=entry.get("description", ""),
    )


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
