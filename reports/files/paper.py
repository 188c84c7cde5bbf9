"""A report on paper: pages of marks in reading order, A4 or A3, with numbers; and as PDF."""

from dataclasses import dataclass, field, replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from journeys.paper import pdf, png, svg, typeface
from journeys.paper.marks import Box, Line, Mark, Page
from reports.blocks.content import Content, Filled
from reports.charts import tables
from reports.charts.draw import draw
from reports.charts.of import chart_of
from reports.charts.spec import Bars, Curves, Heat
from reports.charts.strips import Drawn, Piece, colour, moved, text
from reports.figures.sheet import Figure
from reports.files import facts

MARGIN, FOOT = 40.0, 24.0
TITLE, SUBTITLE, HEADING, BODY, SMALL = 20.0, 9.5, 13.0, 9.5, 7.0
GAP = 14.0


@dataclass(frozen=True)
class Paper:
    width: float
    height: float

    @property
    def room(self) -> float:
        return self.width - 2 * MARGIN


A4 = Paper(595.28, 841.89)
A3 = Paper(1190.55, 841.89)


@dataclass
class Flow:
    """Puts pieces below one another and begins a new page where one does not fit."""

    paper: Paper
    title: str
    pages: list[Page] = field(default_factory=list)
    y: float = MARGIN

    def __post_init__(self) -> None:
        self.turn()

    def turn(self) -> None:
        page = Page(self.paper.width, self.paper.height, self.title)
        page.marks.append(Box(0, 0, page.width, page.height, "#ffffff"))
        self.pages.append(page)
        self.y = MARGIN

    @property
    def left(self) -> float:
        return self.paper.height - MARGIN - FOOT - self.y

    def put(self, piece: Piece) -> None:
        self.pages[-1].marks += [moved(mark, MARGIN, self.y) for mark in piece.marks]
        self.y += piece.height

    def keep(self, height: float) -> None:
        """A new page, unless so much still fits here (or would fit nowhere)."""
        if height > self.left and self.y > MARGIN:
            self.turn()

    def draw(self, drawn: Drawn, after: float = 0.0) -> None:
        """after: the height of what has to stand on the page of its last piece."""
        self.keep(drawn.head.height + sum(p.height for p in drawn.pieces[:2]) + drawn.foot.height)
        self.put(drawn.head)
        for place, piece in enumerate(drawn.pieces, 1):
            below = drawn.foot.height + (after if place == len(drawn.pieces) else 0)
            if piece.height + below > self.left and self.y > MARGIN + 1:
                self.put(drawn.foot)
                self.turn()
                self.put(drawn.head)
            self.put(piece)
        self.put(drawn.foot)

    def write(self, said: str, size: float, token: str = "--text", *, bold: bool = False,
              after: float = 3.0) -> None:  # fmt: skip
        """A paragraph; parted between lines where a page ends."""
        whole = text(said, 0, 0, self.paper.room, size, token, most=2000, bold=bold)
        for line in whole.lines:
            high = size * typeface.LEADING
            self.keep(high)
            one = text(line, 0, 0, self.paper.room + size, size, token, most=1, bold=bold)
            self.put(Piece(high, (one,)))
        self.y += after

    def rule(self) -> None:
        line = Line((0, 0), (self.paper.room, 0), colour("--border"), 0.6)
        self.put(Piece(6.0, (line,)))


def a4_of(found: Filled) -> bytes:
    return pdf_of(found, A4)


def a3_of(found: Filled) -> bytes:
    return pdf_of(found, A3)


def svg_of(found: Filled) -> bytes:
    told = "; ".join(f"{k}: {v}" for k, v in facts.of_report(found))
    return svg.svg_of(picture_of(found), told).encode()


def png_of(found: Filled) -> bytes:
    return png.png_of(pdf.pdf_of([picture_of(found)], title=found.title, language="en"))


def pdf_of(found: Filled, paper: Paper) -> bytes:
    pages = pages_of(found, paper)
    return pdf.pdf_of(pages, title=found.title, language=get_language() or "en")


def pages_of(found: Filled, paper: Paper) -> list[Page]:
    flow = Flow(paper, found.title)
    flow.write(found.source.workspace, SUBTITLE, "--text-faint", after=0)
    flow.write(found.title, TITLE, bold=True, after=2)
    flow.write(found.subtitle, SUBTITLE, "--text-soft", after=8)
    flow.rule()
    for content in found.contents:
        _block(flow, content, found)
    _about(flow, found)
    for number, page in enumerate(flow.pages, 1):
        page.marks += _foot(page, found, number, len(flow.pages))
    return flow.pages


def _block(flow: Flow, content: Content, found: Filled) -> None:
    flow.y += 4
    if content.paragraphs or content.why:
        flow.keep(60)
        if content.title:
            flow.write(content.title, HEADING, bold=True, after=3)
        for said in content.paragraphs:
            flow.write(said.replace("- ", "• ") if said.startswith("- ") else said, BODY, after=5)
    if content.why:
        flow.write(content.why, BODY, "--text-faint", after=GAP)
    for figure in content.figures:
        _figure(flow, content, figure, found)
    flow.y += 4


def _figure(flow: Flow, content: Content, figure: Figure, found: Filled) -> None:
    drawings = drawings_of(content, figure, flow.paper.room)
    first = drawings[0] if drawings else None
    flow.keep(min(70 + (first.head.height + _least(first) if first else 0), flow.paper.height / 2))
    # A chart is torn only where a large part of the page would stay empty for it.
    is_whole = isinstance(chart_of(content.name, figure), Bars | Heat)
    if is_whole and first and flow.left < flow.paper.height * 0.4:
        flow.keep(min(70 + first.height, flow.paper.height - 2 * MARGIN - FOOT - 1))
    flow.write(figure.heading, HEADING, bold=True, after=1)
    flow.write(figure.aria, BODY, after=2)
    flow.write(figure.definition, SMALL + 0.6, "--text-faint", after=6)
    source = facts.beneath(figure, found.made_at)
    lines = len(typeface.wrapped(source, flow.paper.room, SMALL))
    for drawn in drawings:
        flow.draw(drawn, lines * SMALL * typeface.LEADING if drawn is drawings[-1] else 0)
    flow.write(source, SMALL, "--text-faint", after=GAP)


def _least(drawn: Drawn) -> float:
    return sum(piece.height for piece in drawn.pieces[:3])


def drawings_of(content: Content, figure: Figure, width: float, by: float = 1.0) -> list[Drawn]:
    """The chart, and the table beside it unless the chart says all of that."""
    chart = chart_of(content.name, figure)
    found = draw(chart, width, by) if chart else []
    # A heat map is its own table; of waits, the facts stand above the curves.
    is_said = isinstance(chart, Heat | Curves) or (chart is not None and content.block.bare)
    if not is_said and figure.table["rows"]:
        found.append(tables.drawn(figure.table, width, by))
    return found


def _about(flow: Flow, found: Filled) -> None:
    told = facts.of_report(found)
    said = " · ".join(f"{label}: {value}" for label, value in told)
    flow.keep(34)
    flow.rule()
    flow.write(_("Where the numbers come from"), SMALL + 0.6, "--text-soft", bold=True, after=1)
    flow.write(said, SMALL + 0.6, "--text-soft", after=2)
    if found.hides_comments:
        flow.write(
            _("What customers wrote is left out: it is for those who may read rows of evidence."),
            SMALL + 0.6, "--text-soft",
        )  # fmt: skip


def _foot(page: Page, found: Filled, number: int, count: int) -> list[Mark]:
    y = page.height - MARGIN + 8
    wide = page.width - 2 * MARGIN
    said = f"{found.title} · {found.source.workspace} · {facts.moment(found.made_at)}"
    numbered = text(f"{number} / {count}", MARGIN, y, wide, SMALL, "--text-faint")
    return [
        text(typeface.cut(said, wide - 60, SMALL), MARGIN, y, wide - 50, SMALL, "--text-faint"),
        replace(numbered, is_at_end=True),
    ]


def picture_of(found: Filled, width: float = 760.0) -> Page:
    """One block on one sheet as tall as it is; for SVG and PNG."""
    flow = Flow(Paper(width + 2 * MARGIN, 1e6), found.title)
    for content in found.contents:
        _block(flow, content, found)
    page = flow.pages[0]
    page.height = flow.y + MARGIN / 2
    first = page.marks[0]
    assert isinstance(first, Box)
    page.marks[0] = Box(0, 0, page.width, page.height, first.fill)
    return page
