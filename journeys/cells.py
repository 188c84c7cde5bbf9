"""A map as the cells of a spreadsheet: stages, steps, then a row for each lane.

Several cards of a cell stand on lines of their own; journeys/grid_reading.py reads them back.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from journeys.operations import Entry
from journeys.paper.cards import emotion_said
from journeys.paper.drawing import Drawing, called
from journeys.paper.typeface import clean
from journeys.recognise import kind_of

BREAK = " ↵ "  # a line break within a card's text
EMPTY = "▣"  # a card without words, such as one with only a picture
MIDDLE = " · "


@dataclass(frozen=True)
class Table:
    """Rows of cells. The first row has the stages' names, each at the first of its columns."""

    rows: list[list[str]]
    spans: list[tuple[int, int]]  # first and last column of each stage
    hidden: set[int]  # places of rows that are not shown
    heads: int  # how many rows are above the lanes


def table_of(drawing: Drawing) -> Table:
    columns = drawing.columns
    stages = [_("Stages")]
    spans: list[tuple[int, int]] = []
    for place, column in enumerate(columns, 1):
        is_first = place == 1 or columns[place - 2].stage is not column.stage
        stages.append(called(column.stage) if is_first else "")
        spans = [*spans, (place, place)] if is_first else [*spans[:-1], (spans[-1][0], place)]
    rows = [stages, [_("Steps"), *(called(c.step) if c.step else "" for c in columns)]]
    if any(c.step and c.step.get("touchpoints") for c in columns):
        used = ["\n".join(_touchpoints(drawing, c.step)) for c in columns]
        rows.append([_("Touchpoints used"), *used])
    heads, hidden = len(rows), set()
    for lane in drawing.lists["lanes"]:
        if lane.get("hidden"):
            hidden.add(len(rows))
        cells = [
            "\n".join(said(drawing, card) for card in drawing.cards_at(lane, c)) for c in columns
        ]
        rows.append([lane_said(lane), *cells])
    return Table([[clean(cell) for cell in row] for row in rows], spans, hidden, heads)


def lane_said(lane: Entry) -> str:
    """The lane's name, with its kind where that does not follow from the name."""
    name = called(lane)
    return name if kind_of(name) == lane["kind"] else f"{name} [{lane['kind']}]"


def said(drawing: Drawing, card: Entry) -> str:
    """A card in one line: “Mei: −1 · Waits for an answer”."""
    parts = []
    if card.get("emotion") is not None:
        parts.append(emotion_said(card["emotion"]).replace("+", ""))
    if text := " ".join(str(card.get("text", "")).replace("\n", BREAK).split()):
        parts.append(text)
    line = MIDDLE.join(parts) or EMPTY
    return f"{drawing.name_of_persona(card['persona'])}: {line}" if card.get("persona") else line


def _touchpoints(drawing: Drawing, step: Entry | None) -> list[str]:
    """By name; by code where two have the same name."""
    names = list(drawing.touchpoints.values())
    found = []
    for code in step.get("touchpoints", []) if step else []:
        name = drawing.touchpoints.get(code, code)
        found.append(name if names.count(name) == 1 else code)
    return found
