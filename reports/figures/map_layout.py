"""Where things stand on a journey map, in pixels: columns of steps, slots of touchpoints, rows."""

from dataclasses import dataclass

from reports.board import Board, BoardCard, BoardStage, BoardStep, BoardTouchpoint
from reports.figures.words import wrapped

SLOT_WIDTH = 144  # a touchpoint within its step
STEP_WIDTH = 184  # a step with one touchpoint or none
WIDE = 1010  # short journeys are stretched to about a desktop's width
WIDEST_STEP = 260
GAP = 8
LINE = 15.6  # Plotly sets 12 px text at 1.3
NARROW_CHAR = 6.5  # the widest of the usual system fonts
STAGE_HEIGHT = 30
CARD_LINES = 5
CARD_PAD = 7
EMOTION_HEIGHT = 232
SEVERITY_HEIGHT = 190
ANSWER_HEIGHT = 34
WAITS_HEIGHT = 92


@dataclass(frozen=True)
class Slot:
    """A touchpoint at a step: the strip its measured values stand in."""

    step: BoardStep
    touchpoint: BoardTouchpoint
    left: float
    width: float

    @property
    def middle(self) -> float:
        return self.left + self.width / 2


@dataclass(frozen=True)
class Column:
    stage: BoardStage
    step: BoardStep
    left: float
    width: float
    slots: tuple[Slot, ...]

    @property
    def middle(self) -> float:
        return self.left + self.width / 2

    @property
    def right(self) -> float:
        return self.left + self.width


@dataclass(frozen=True)
class PlacedCard:
    card: BoardCard
    lines: list[str]
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Row:
    """A row from the top of the map; `name` is its sticky label, `kind` what is drawn in it."""

    kind: str
    name: str
    top: float
    height: float
    cards: tuple[PlacedCard, ...] = ()

    @property
    def bottom(self) -> float:
        return self.top + self.height


def columns_of(board: Board) -> list[Column]:
    widths = [max(STEP_WIDTH, SLOT_WIDTH * len(step.touchpoints)) for step in board.steps]
    stretch = min(1.4, WIDE / sum(widths)) if sum(widths) < WIDE and widths else 1.0
    columns: list[Column] = []
    left = 0.0
    for stage in board.stages:
        for step in stage.steps:
            width = round(widths[len(columns)] * stretch)
            each = width / max(1, len(step.touchpoints))
            slots = tuple(
                Slot(step, place, left + i * each, each) for i, place in enumerate(step.touchpoints)
            )
            columns.append(Column(stage, step, left, width, slots))
            left += width
    return columns


def heading_lines(column: Column) -> list[str]:
    return wrapped(column.step.name, (column.width - 2 * GAP) / (NARROW_CHAR * 1.2), 2)


def touchpoint_lines(slot: Slot) -> list[str]:
    return wrapped(slot.touchpoint.name, (slot.width - 2 * GAP) / NARROW_CHAR, 3)


def card_row(kind: str, name: str, key: str, top: float, columns: list[Column], who: dict) -> Row:
    """A lane: its cards beneath each other in each column, as tall as the fullest cell."""
    cards: list[PlacedCard] = []
    deepest = top + 36.0
    for column in columns:
        y = top + GAP
        for card in column.step.cards.get(key, []):
            if not card.text:
                continue
            width = column.width - 2 * GAP
            text = f"{who[card.persona]}: {card.text}" if card.persona in who else card.text
            lines = wrapped(text, (width - 2 * CARD_PAD) / NARROW_CHAR, CARD_LINES)
            height = len(lines) * LINE + 2 * CARD_PAD
            cards.append(PlacedCard(card, lines, column.left + GAP, y, width, height))
            y += height + 6
        deepest = max(deepest, y + GAP - 6)
    return Row(kind, name, top, deepest - top, tuple(cards))
