"""The curves of feelings at a glance, over the stages of a narrow screen."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from journeys.models import MOST_CURVES
from reports.board import Board, BoardPersona
from reports.poster.build import DASHES, SIGNS
from reports.poster.curves import Asked, Panel, Point, drawn
from reports.poster.parts import Person


def glance_of(board: Board, measured: Mapping[str, Any]) -> dict[str, Any] | None:
    """The panel, who is on it, and the stages with their widths; None where nobody feels."""
    panel = _panel(board, measured)
    if not panel.curves:
        return None
    return {
        "panel": panel,
        "people": [curve.person for curve in panel.curves if curve.person],
        "is_measured": any(curve.is_measured for curve in panel.curves),
        "stages": [{"name": s.name, "columns": len(s.steps)} for s in board.stages if s.steps],
    }


def _panel(board: Board, measured: Mapping[str, Any]) -> Panel:
    people = [_person(place, each) for place, each in enumerate(board.personas[:MOST_CURVES])]
    everybody = Person("", _("everybody"), 8)
    felt = [(person, _felt(board, person.key)) for person in (*people, everybody)]
    asked: list[Asked] = []
    for number, step in enumerate(board.steps):
        for i, place in enumerate(step.touchpoints):
            found = (measured.get(place.code) or {}).get("emotion")
            asked.append((number + (i + 0.5) / len(step.touchpoints), found))
    return drawn(felt, asked, 0, len(board.steps))


def _person(place: int, persona: BoardPersona) -> Person:
    return Person(
        persona.key,
        persona.name.split(",")[0],
        persona.colour or place + 1,
        dash=DASHES[place % len(DASHES)],
        sign=SIGNS[place % len(SIGNS)],
    )


def _felt(board: Board, persona: str) -> list[Point]:
    cards = [board.emotion_of(step, persona) for step in board.steps]
    return [
        (i + 0.5, card.emotion) for i, card in enumerate(cards) if card and card.emotion is not None
    ]
