"""The lanes of a map as rows of blocks, and how a row is parted where a page ends."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from journeys import blueprint
from journeys.operations import Entry
from journeys.paper import colours, typeface
from journeys.paper.cards import GAP, Block, block_of
from journeys.paper.curves import DASHES, Feeling, bent, between, feelings_in
from journeys.paper.drawing import Column, Drawing, called, short_name
from journeys.paper.marks import Curve, Dot, Group, Line, Mark, Text

LABEL, INSET = 104.0, 5.0
CURVE = 120.0  # the height of the strip with the curves
LOWEST, NAME = 30.0, 9.0
BLUEPRINT = 15.0  # the room of a blueprint's line


@dataclass(frozen=True)
class Row:
    """A lane, or as much of one as stands on one page."""

    lane: Entry
    piles: tuple[tuple[Block, ...], ...]  # one for each column
    column: float  # how wide those are
    feelings: tuple[Feeling, ...] = ()
    line: str = ""  # the name of the blueprint's line above it
    is_continued: bool = False

    @property
    def head(self) -> float:
        return (BLUEPRINT if self.line else 0) + (CURVE if self.feelings else 0)

    @property
    def label(self) -> tuple[str, ...]:
        name = called(self.lane)
        if self.is_continued:
            name = _("%s (continued)") % name
        return tuple(typeface.wrapped(name, LABEL - 2 * INSET, NAME))

    @property
    def height(self) -> float:
        labelled = len(self.label) * NAME * typeface.LEADING
        labelled += 2 * INSET + (BLUEPRINT if self.line else 0)
        return max(self.head + self.piled, labelled, LOWEST + self.head)

    @property
    def piled(self) -> float:
        highest = max((_height(pile) for pile in self.piles), default=0)
        return highest + 2 * INSET if highest else 0

    def parted(self, room: float) -> tuple["Row | None", "Row"]:
        """What fits into the room, and the rest; for a row that does not fit as a whole."""
        first, rest = [], []
        for pile in self.piles:
            kept, left = _parted(pile, room - self.head - 2 * INSET)
            first.append(kept)
            rest.append(left)
        if not any(first) or self.head + LOWEST > room:
            return None, self
        following = replace(self, piles=tuple(rest), feelings=(), line="", is_continued=True)
        return replace(self, piles=tuple(first)), following


def _height(pile: Sequence[Block]) -> float:
    return sum(block.height + GAP for block in pile) - (GAP if pile else 0)


def _parted(pile: Sequence[Block], room: float) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    kept: list[Block] = []
    for place, block in enumerate(pile):
        if block.height <= room + 0.01:
            kept.append(block)
            room -= block.height + GAP
            continue
        fits, rest = block.parted(room)
        left = pile[place + 1 :]
        return (*kept, *([fits] if fits else [])), (*([rest] if rest else []), *left)
    return tuple(kept), ()


def rows_of(drawing: Drawing, columns: Sequence[Column], column: float) -> list[Row]:
    lanes = drawing.lists["lanes"]
    lines = blueprint.lines_between([lane["kind"] for lane in lanes])
    width = column - 2 * INSET
    return [
        Row(
            lane,
            tuple(
                tuple(block_of(drawing, lane, card, width) for card in drawing.cards_at(lane, c))
                for c in columns
            ),
            column,
            tuple(feelings_in(drawing, lane)) if lane["kind"] == "emotion" else (),
            line_said(lines[place]) if place in lines else "",
        )
        for place, lane in enumerate(lanes)
    ]


def line_said(line: blueprint.Line) -> str:
    return {
        blueprint.Line.INTERACTION: _("Line of interaction"),
        blueprint.Line.VISIBILITY: _("Line of visibility"),
        blueprint.Line.INTERNAL: _("Line of internal interaction"),
    }[line]


def drawn(drawing: Drawing, row: Row, first: int, x: float, y: float) -> list[Mark]:
    """The row's marks; `first` is the place of its first column on the map, (x, y) its corner."""
    wide = LABEL + len(row.piles) * row.column
    marks: list[Mark] = []
    if row.line:
        marks += _blueprint_line(row.line, x, y, wide)
        y += BLUEPRINT
    else:
        marks.append(Line((x, y), (x + wide, y), colours.colour("hair")))
    marks.append(
        Text(
            x + INSET, y + INSET, LABEL - 2 * INSET, row.label, NAME,
            colours.colour("text"), is_bold=True,
        )
    )  # fmt: skip
    if row.feelings:
        marks += _curves(drawing, row, first, x + LABEL, y)
        y += CURVE
    for place, pile in enumerate(row.piles):
        left, top = x + LABEL + place * row.column + INSET, y + INSET
        for block in pile:
            marks.append(block.at(left, top))
            top += block.height + GAP
    return marks


def _blueprint_line(name: str, x: float, y: float, wide: float) -> list[Mark]:
    colour = colours.colour("accent")
    middle = y + BLUEPRINT / 2
    width = typeface.width_of(name, 7.5)
    return [
        Line((x + width + 2 * INSET, middle), (x + wide, middle), colour, 0.9, (5, 3)),
        Text(x + INSET, middle - 5.2, width + 4, (name,), 7.5, colour),
    ]


@dataclass(frozen=True)
class _Strip:
    """Where the curves are drawn: columns from `first` on, from x on, around the middle."""

    first: int
    count: int
    column: float
    x: float
    middle: float

    level = (CURVE - 24) / 4  # from one emotion to the next

    @property
    def end(self) -> float:
        return self.x + self.count * self.column

    def at(self, place: float, emotion: float) -> tuple[float, float]:
        x = self.x + (place - self.first + 0.5) * self.column
        return x, self.middle - emotion * self.level

    def holds(self, place: float) -> bool:
        return self.first - 0.5 < place < self.first + self.count - 0.5


def _curves(drawing: Drawing, row: Row, first: int, x: float, y: float) -> list[Mark]:
    strip = _Strip(first, len(row.piles), row.column, x, y + CURVE / 2)
    marks: list[Mark] = []
    faint = colours.colour("faint")
    for emotion in (-2, -1, 0, 1, 2):
        height = strip.middle - emotion * strip.level
        colour = colours.colour("hair" if emotion else "firm")
        dash = (1.0, 4.0) if emotion else ()
        marks.append(Line((x, height), (strip.end, height), colour, 0.5, dash))
        if said := {2: "+2", 0: "0", -2: "−2"}.get(emotion):
            marks.append(Text(x - 22, height - 4.5, 18, (said,), 6.5, faint, is_at_end=True))
    for place, feeling in enumerate(row.feelings):
        marks += _curve(drawing, feeling, DASHES[place], strip)
    return marks


def _curve(
    drawing: Drawing, feeling: Feeling, dash: tuple[float, ...], strip: _Strip
) -> list[Mark]:
    """The part of a feeling's curve over these columns; it goes on beyond the page's edge."""
    persona = drawing.personas.get(feeling.persona)
    colour = colours.of_persona(persona[1], persona[0]) if persona else colours.colour("text")
    name = short_name(persona[1]) if persona else _("All customers")
    marks: list[Mark] = []
    first, end = strip.first - 0.5, strip.first + strip.count - 0.5
    part = between(bent(feeling.points), first, end)
    if len(part) > 1:
        marks.append(Curve(tuple(strip.at(*point) for point in part), colour, 2.2, dash, name))
    dots = [strip.at(*point) for point in feeling.points if strip.holds(round(point[0]))]
    marks += [Dot(*dot, 3, colours.PAPER, colour) for dot in dots]
    if dots:
        x, y = dots[-1]
        room = max(20.0, strip.end - x - 8)
        said = typeface.cut(name, room, 7.5)
        marks.append(Text(x + 6, y - 12, room, (said,), 7.5, colour, is_bold=True))
    return [Group(name, tuple(marks))] if marks else []
