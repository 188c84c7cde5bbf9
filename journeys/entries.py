"""A map's rows as entries of the map file, one by one."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from journeys.models import Card, Journey, Lane, Part, Persona, Stage, Step
from journeys.operations import FOLLOWS, is_blank

Entry = dict[str, Any]

PARTS: dict[str, type[Part]] = {
    "stages": Stage,
    "steps": Step,
    "lanes": Lane,
    "personas": Persona,
    "cards": Card,
}
LIST_OF = {model: name for name, model in PARTS.items()}
# The fields that an entry and a row have alike, with what a row has where its entry says nothing;
# a name that is not said is the id. `stage`, `segment` and the like speak of other rows.
PLAIN: dict[str, Entry] = {
    "stages": {"name": None},
    "steps": {"name": None, "description": "", "opens": ""},
    "lanes": {"kind": None, "name": None, "hidden": False, "height": ""},
    "personas": {
        "name": None, "description": "", "goals": "", "frustrations": "", "picture": "",
        "colour": None,
    },
    "cards": {
        "text": "", "emotion": None, "colour": "", "owner": "", "links": [], "image": "",
        "basis": "", "n": None, "date": None, "expires": None,
    },
}  # fmt: skip
WHOLE_NUMBERS = {"emotion", "colour", "n"}


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
    lists = {
        name: [entry_of(row) for row in rows_of(journey, name)] for name in PARTS if name != "cards"
    }
    return {**lists, "cards": _card_entries(journey)}


def _card_entries(journey: Journey) -> list[Entry]:
    """Straight from the columns: with lane and step as objects a thousand cards take long."""
    fields = ["id", "lane", "step", "persona", *PLAIN["cards"]]
    columns = ["key", "lane__key", "step__key", "persona__key", *PLAIN["cards"]]
    cards = Card.objects.filter(journey=journey).values_list(*columns)
    return [_said(dict(zip(fields, card, strict=True))) for card in cards]


def entry_of(row: Part) -> Entry:
    """As in the map file: what is empty is left out."""
    plain = {field: getattr(row, field) for field in PLAIN[LIST_OF[type(row)]]}
    return _said({"id": row.key, **_references_of(row), **plain})


def _said(entry: Entry) -> Entry:
    return {field: _told(value) for field, value in entry.items() if not is_blank(value)}


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _references_of(row: Part) -> Entry:
    match row:
        case Step():
            uses = row.steptouchpoint_set.all() if row.pk else []
            return {"stage": row.stage.key, "touchpoints": [use.touchpoint.code for use in uses]}
        case Persona():
            return {"segment": row.segment.code if row.segment else None}
        case Card():
            return {
                "lane": row.lane.key,
                "step": row.step.key,
                "persona": row.persona.key if row.persona else None,
            }
    return {}


def fields_of(entry: Entry) -> Entry:
    """All it says but its id and its place."""
    return {field: value for field, value in entry.items() if field not in ("id", FOLLOWS)}


def without_blanks(entry: Entry) -> Entry:
    return {field: value for field, value in entry.items() if not is_blank(value)}


def plain_fields(name: str, entry: Entry) -> Entry:
    """The values of a row's plain fields as its entry says them."""
    return {
        field: entry["id"] if field == "name" and is_blank(entry.get(field)) else value
        for field, blank in PLAIN[name].items()
        for value in [row_value(field, entry.get(field, blank), blank)]
    }


def row_value(field: str, value: Any, blank: Any) -> Any:
    """A value of an entry as its row keeps it. JSON may say 1.0 for a whole number."""
    if is_blank(value):
        return list(blank) if isinstance(blank, list) else blank
    return int(value) if field in WHOLE_NUMBERS and isinstance(value, float) else value


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
    return {field: value for field, value in entry.items() if not is_blank(value)}
