"""A map laid out as pages of marks: one large sheet, sheets of paper, or slides.

Every format draws these pages, so they agree. Columns that do not fit on a page go on the next;
lanes go on below one another, and a lane higher than a page is parted between its cards' lines.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil, inf

from django.utils.translation import gettext as _

from journeys.operations import Entry
from journeys.paper import colours, typeface
from journeys.paper.drawing import Column, Drawing, called
from journeys.paper.marks import Box, Dot, Line, Mark, Page, Text
from journeys.paper.rows import INSET, LABEL, Row, drawn, rows_of

MARGIN, FOOT, BAND = 28.0, 20.0, 22.0
TITLE, SUBTITLE, SMALL = 17.0, 9.5, 7.5
TOP = 62.0  # title, subtitle and legend
STEP, POINT = 9.5, 7.5
NARROWEST = 520.0  # a sheet
COLUMN, WIDEST = 150.0, 400.0  # a step
MOST_PERSONAS = 8


@dataclass(frozen=True)
class Paper:
    """What a map is drawn on; without a size, a sheet as large as the map."""

    width: float = 0.0
    height: float = 0.0
    by_stage: bool = False  # a stage begins a new page

    @property
    def columns(self) -> int:
        """How many fit beside one another."""
        if not self.width:
            return 10_000
        return max(1, int((self.width - 2 * MARGIN - LABEL) // COLUMN))

    def column(self, count: int) -> float:
        """How wide so many columns are."""
        if not self.width or not count:
            return COLUMN
        return min(WIDEST, (self.width - 2 * MARGIN - LABEL) / count)


SHEET = Paper()
A3 = Paper(1190.55, 841.89)
A4 = Paper(841.89, 595.28)
SLIDES = Paper(1280, 720, by_stage=True)


def pages_of(drawing: Drawing, paper: Paper) -> list[Page]:
    pages: list[Page] = []
    for first, columns in _runs(drawing.columns, paper):
        pages += _pages_of_run(drawing, paper, first, columns)
    for number, page in enumerate(pages, 1):
        page.marks += _foot(drawing, page, number, len(pages))
    return pages


def _runs(columns: Sequence[Column], paper: Paper) -> Iterator[tuple[int, Sequence[Column]]]:
    """The columns that stand beside one another, with the place of the first of them."""
    parts: list[list[Column]] = [list(columns)]
    if paper.by_stage and columns:
        parts = [list(its) for _id, its in groupby(columns, key=lambda c: c.stage["id"])]
    first = 0
    for part in parts:
        pages = max(1, ceil(len(part) / paper.columns))
        each = max(1, ceil(len(part) / pages))
        for start in range(0, max(1, len(part)), each):
            yield first + start, part[start : start + each]
        first += len(part)


def _pages_of_run(
    drawing: Drawing, paper: Paper, first: int, columns: Sequence[Column]
) -> list[Page]:
    wide = paper.column(len(columns))
    heads = [_step_lines(drawing, column, wide - 2 * INSET) for column in columns]
    head = max((_lines_height(lines) for lines in heads), default=0) + 2 * INSET
    top = MARGIN + TOP + BAND + head
    room = paper.height - top - MARGIN - FOOT if paper.height else inf
    width = paper.width or max(NARROWEST, 2 * MARGIN + LABEL + len(columns) * wide)
    pages = []
    for rows in _filled(rows_of(drawing, columns, wide), max(room, 60)):
        used = sum(row.height for row in rows)
        page = Page(width, paper.height or top + used + MARGIN + FOOT, _title_of(drawing, columns))
        page.marks += _top(drawing, page)
        page.marks += _stages(columns, wide, MARGIN + TOP, top + used)
        page.marks += _steps(heads, wide, MARGIN + TOP + BAND)
        y = top
        for row in rows:
            page.marks += drawn(drawing, row, first, MARGIN, y)
            page.notes += [n for pile in row.piles for block in pile for n in block.notes]
            y += row.height
        end = MARGIN + LABEL + len(columns) * wide
        page.marks.append(Line((MARGIN, y), (end, y), colours.colour("hair")))
        pages.append(page)
    return pages


def _filled(rows: Sequence[Row], room: float) -> Iterator[list[Row]]:
    """The rows page by page; a lane stays whole where it can."""
    page: list[Row] = []
    left = room
    waiting = list(rows)
    while waiting:
        row = waiting.pop(0)
        if row.height <= left:
            page.append(row)
            left -= row.height
            continue
        # A lane that fits on a page of its own is not torn, unless half the page would stay empty.
        fits, rest = (None, row) if row.height <= room and left < room / 2 else row.parted(left)
        if fits is not None:
            page.append(fits)
        elif not page:  # not even its first line fits: it is drawn all the same
            page.append(row)
            yield page
            page, left = [], room
            continue
        yield page
        page, left = [], room
        waiting.insert(0, rest)
    if page or not rows:
        yield page


def _title_of(drawing: Drawing, columns: Sequence[Column]) -> str:
    names = list(dict.fromkeys(called(column.stage) for column in columns))
    return f"{drawing.name}: {', '.join(names)}" if names else drawing.name


def _top(drawing: Drawing, page: Page) -> list[Mark]:
    """Title, subtitle, and what the ways of drawing mean."""
    wide = page.width - 2 * MARGIN
    text, soft = colours.colour("text"), colours.colour("soft")
    title = typeface.cut(drawing.name, wide, TITLE)
    subtitle = typeface.cut(drawing.subtitle, wide, SUBTITLE)
    return [
        Box(0, 0, page.width, page.height, colours.PAPER),
        Text(MARGIN, MARGIN - 4, wide, (title,), TITLE, text, is_bold=True),
        Text(MARGIN, MARGIN + 20, wide, (subtitle,), SUBTITLE, soft),
        *_legend(drawing, MARGIN, MARGIN + 40, MARGIN + wide),
    ]


def _legend(drawing: Drawing, x: float, y: float, end: float) -> list[Mark]:
    marks: list[Mark] = []
    faint = colours.colour("soft")
    for said, is_dashed in ((_("known from evidence"), False), (_("assumed"), True)):
        stroke = colours.colour("control" if is_dashed else "firm")
        marks.append(Box(x, y + 1, 14, 8, colours.PAPER, stroke, is_dashed=is_dashed, radius=2))
        width = typeface.width_of(said, SMALL)
        marks.append(Text(x + 18, y, width + 2, (said,), SMALL, faint))
        x += width + 32
    for place, persona in [*drawing.personas.values()][:MOST_PERSONAS]:
        said = typeface.cut(called(persona), 140, SMALL)
        width = typeface.width_of(said, SMALL)
        if x + width + 14 > end:
            break
        marks.append(Dot(x + 3, y + 5, 3, colours.of_persona(persona, place)))
        marks.append(Text(x + 9, y, width + 2, (said,), SMALL, faint))
        x += width + 22
    return marks


def _stages(columns: Sequence[Column], column: float, y: float, bottom: float) -> list[Mark]:
    marks: list[Mark] = []
    x = MARGIN + LABEL
    its: list[tuple[Entry, int]] = [
        (group[0].stage, len(group))
        for _id, found in groupby(columns, key=lambda c: c.stage["id"])
        for group in [list(found)]
    ]
    for stage, count in its:
        wide = count * column
        said = typeface.cut(called(stage), wide - 2 * INSET - 4, 11)
        marks += [
            Box(x + 1, y, wide - 2, BAND - 3, colours.colour("band"), radius=3),
            Text(
                x + INSET + 1, y + 2, wide - 2 * INSET - 2, (said,), 11,
                colours.colour("accent"), is_bold=True,
            ),
            Line((x, y), (x, bottom), colours.colour("hair")),
        ]  # fmt: skip
        x += wide
    return marks


Style = tuple[tuple[str, ...], float, str, bool]
Lines = list[Style]


def _step_lines(drawing: Drawing, column: Column, wide: float) -> Lines:
    """What stands in a column's head: name, journey it opens, touchpoints."""
    step = column.step
    if step is None:
        return []

    def lines(said: str, size: float, colour: str, is_bold: bool = False) -> Style:
        return tuple(typeface.wrapped(said, wide, size)), size, colours.colour(colour), is_bold

    found = [lines(called(step), STEP, "text", True)]
    if step.get("opens"):
        opened = drawing.journeys.get(step["opens"]) or str(step["opens"])
        found.append(lines("→ " + opened, POINT, "accent"))
    for code in step.get("touchpoints", []):
        found.append(lines("• " + drawing.touchpoints.get(code, code), POINT, "soft"))
    return found


def _lines_height(lines: Lines) -> float:
    return sum(len(each) * size * typeface.LEADING for each, size, _colour, _bold in lines)


def _steps(heads: Sequence[Lines], column: float, y: float) -> list[Mark]:
    marks: list[Mark] = []
    for place, lines in enumerate(heads):
        top = y + INSET - 2
        x = MARGIN + LABEL + place * column + INSET
        for each, size, colour, is_bold in lines:
            text = Text(x, top, column - 2 * INSET, each, size, colour, is_bold)
            marks.append(text)
            top += text.height
    return marks


def _foot(drawing: Drawing, page: Page, number: int, count: int) -> list[Mark]:
    """Where it comes from, and which page of how many."""
    y, wide = page.height - MARGIN, page.width - 2 * MARGIN
    faint = colours.colour("faint")
    marks: list[Mark] = [
        Text(MARGIN, y, wide - 60, (typeface.cut(drawing.source, wide - 70, SMALL),), SMALL, faint)
    ]
    if count > 1:
        said = f"{number} / {count}"
        marks.append(Text(MARGIN, y, wide, (said,), SMALL, faint, is_at_end=True))
    return marks
