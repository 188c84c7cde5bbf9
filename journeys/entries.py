"""A map's rows as entries of the map file, one by one."""

from typing import Any

from django.db.models import QuerySet

from journeys.models import Card, Journey, Lane, Part, Persona, Stage, Step

Entry = dict[str, Any]

PARTS: dict[str, type[Part]] = {
    "stages": Stage,
    "steps": Step,
    "lanes": Lane,
    "personas": Persona,
    "cards": Card,
}
LIST_OF = {model: name for name, model in PARTS.items()}


def rows_of(journey: Journey, name: str) -> QuerySet[Any]:
    """The list's rows in their order, with what their entries speak of."""
    rows: QuerySet[Any] = PARTS[name]._default_manager.filter(journey=journey)
    match name:
        case "steps":
            return rows.select_related("stage").prefetch_related("steptouchpoint_set__touchpoint")
        case "personas":
            return rows.select_related("segment")
        case "cards":
            return rows.select_related("lane", "step", "persona")
    return rows


def dump_parts(journey: Journey) -> dict[str, list[Entry]]:
    """The map itself: stages, steps, lanes, personas and cards, each in the order of the map."""
    return {name: [entry_of(row) for row in rows_of(journey, name)] for name in PARTS}


def entry_of(row: Part) -> Entry:
    """As in the map file: what is empty is left out."""
    entry = {"id": row.key, **_fields_of(row)}
    return {field: value for field, value in entry.items() if value not in (None, "", [])}


def _fields_of(row: Part) -> Entry:
    match row:
        case Stage():
            return {"name": row.name}
        case Step():
            uses = row.steptouchpoint_set.all() if row.pk else []
            return {
                "stage": row.stage.key,
                "name": row.name,
                "touchpoints": [use.touchpoint.code for use in uses],
            }
        case Lane():
            return {"kind": row.kind, "name": row.name}
        case Persona():
            return {
                "name": row.name,
                "segment": row.segment.code if row.segment else None,
                "description": row.description,
            }
        case Card():
            return {
                "lane": row.lane.key,
                "step": row.step.key,
                "persona": row.persona.key if row.persona else None,
                "text": row.text,
                "emotion": row.emotion,
                "basis": row.basis,
            }
    raise TypeError(type(row))


def journey_entry(journey: Journey) -> Entry:
    """The journey's own fields that an edit of the map may change."""
    goals = journey.goal_touchpoints.order_by("code").values_list("code", flat=True)
    entry = {
        "name": journey.name,
        "kind": journey.kind,
        "goal": journey.goal,
        "description": journey.description,
        "goal_touchpoints": list(goals),
    }
    return {field: value for field, value in entry.items() if value not in (None, "", [])}
