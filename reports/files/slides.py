"""A report as slides: native charts and tables that can be edited, shapes for the map."""

from collections.abc import Sequence
from io import BytesIO
from itertools import count
from math import ceil
from typing import Any
from unicodedata import east_asian_width

from django.utils.translation import gettext as _
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Pt

from accounts import wording
from journeys.paper import typeface
from journeys.paper.pptx import CHINESE, LATIN, put
from reports.blocks.content import Content, Filled
from reports.charts import tables
from reports.charts.draw import draw
from reports.charts.of import chart_of
from reports.charts.spec import Bars, Curves, Heat, Strip
from reports.charts.strips import Drawn, colour, of_step
from reports.figures.sheet import Figure
from reports.files import facts
from reports.files.slide_charts import add_bars, add_curves

WIDTH, HEIGHT = 960.0, 540.0
LEFT, TOP, ROOM = 40.0, 96.0, WIDTH - 80.0
BOTTOM = HEIGHT - 42.0
TITLE_ONLY = 5
BARS_A_SLIDE, CELLS_SIZE, BY = 13, 10.0, 1.3
FEW_ROWS, LARGE_CELLS = 7, 13.0
COLUMNS_A_SLIDE, HEAT_SIZE = 9, 9.0
WIDER = 1.15  # the typefaces of offices, than ours


def pptx_of(found: Filled) -> bytes:
    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(WIDTH), Pt(HEIGHT)
    deck.core_properties.title = typeface.clean(found.title)
    deck.core_properties.author = "Touchline"
    deck.core_properties.comments = "; ".join(f"{k}: {v}" for k, v in facts.of_report(found))
    maker = _Deck(deck, found)
    maker.cover()
    for content in found.contents:
        maker.block(content)
    maker.numbers()
    out = BytesIO()
    deck.save(out)
    return out.getvalue()


class _Deck:
    """The slides as they are added."""

    def __init__(self, deck: Any, found: Filled) -> None:
        self.deck, self.found = deck, found

    def slide(self, title: str, said: str = "", notes: Sequence[str] = ()) -> Any:
        """A slide with its title, one sentence, and notes."""
        slide = self.deck.slides.add_slide(self.deck.slide_layouts[TITLE_ONLY])
        place = slide.shapes.title
        place.left, place.top, place.width, place.height = Pt(LEFT), Pt(22), Pt(ROOM), Pt(36)
        write(place.text_frame, title, 24, "--text", bold=True)
        if said:
            lines = typeface.wrapped(typeface.clean(said), ROOM, 13.5)
            size = 13 if len(lines) <= 2 else 10.5
            lines = typeface.wrapped(typeface.clean(said), ROOM, size * 1.04)
            shown = said if len(lines) <= 3 else "".join(lines[:3]).rstrip() + "…"
            self.text(slide, shown, LEFT, 56, ROOM, 36, size, "--text-soft")
        told = [typeface.clean(note) for note in notes if note]
        if told:
            slide.notes_slide.notes_text_frame.text = "\n".join(told)
        return slide

    def text(self, slide: Any, said: str, x: float, y: float, wide: float, high: float,
             size: float, token: str = "--text", *, at_end: bool = False) -> None:  # fmt: skip
        box = slide.shapes.add_textbox(Pt(x), Pt(y), Pt(wide), Pt(high))
        write(box.text_frame, said, size, token, at_end=at_end)

    def cover(self) -> None:
        slide = self.slide(self.found.title)
        place = slide.shapes.title
        place.top, place.height = Pt(150), Pt(80)
        write(place.text_frame, self.found.title, 36, "--text", bold=True)
        self.text(slide, self.found.subtitle, LEFT, 236, ROOM, 30, 16, "--text-soft")
        lines = "\n".join(f"{k}: {v}" for k, v in facts.of_report(self.found))
        self.text(slide, lines, LEFT, 320, ROOM, 150, 11, "--text-faint")

    def block(self, content: Content) -> None:
        said = [*content.paragraphs, *([content.why] if content.why else [])]
        if said:
            self.words(content.title or self.found.title, said)
        for figure in content.figures:
            self.figure(content, figure)

    def words(self, title: str, paragraphs: Sequence[str]) -> None:
        """As many paragraphs on a slide as there is room for."""
        size, high = 16.0, BOTTOM - 80
        waiting: list[str] = []
        used = 0.0
        for said in paragraphs:
            need = (len(typeface.wrapped(said, ROOM, size)) + 0.8) * size * 1.3
            if waiting and used + need > high:
                self.text(self.slide(title), "\n\n".join(waiting), LEFT, 76, ROOM, high, size)
                waiting, used = [], 0.0
            waiting.append(said)
            used += need
        self.text(self.slide(title), "\n\n".join(waiting), LEFT, 76, ROOM, high, size)

    def figure(self, content: Content, figure: Figure) -> None:
        chart = chart_of(content.name, figure)
        match chart:
            case Bars():
                every = list(chart.bars)
                parts = -(-len(every) // BARS_A_SLIDE)
                for start in range(0, len(every), -(-len(every) // parts)):
                    shown = every[start : start + -(-len(every) // parts)]
                    add_bars(self.of(figure), Bars(chart.axis, shown, chart.scale), chart)
            case Curves():
                slide = self.of(figure)
                self.facts(slide, chart)
                add_curves(slide, chart)
            case Heat():
                self.heat(figure, chart)
            case Strip():
                for drawn in draw(chart, ROOM, BY):
                    self.shapes(figure, drawn)
        is_said = isinstance(chart, Heat | Curves) or (chart is not None and content.block.bare)
        if not is_said and figure.table["rows"]:
            self.table(figure)

    def of(self, figure: Figure) -> Any:
        """A slide for (a part of) this figure: its sentence on top, its source beneath."""
        said = facts.beneath(figure, self.found.made_at)
        slide = self.slide(figure.heading, figure.aria, [figure.aria, figure.definition, said])
        self.text(slide, said, LEFT, HEIGHT - 32, ROOM - 50, 16, 8.5, "--text-faint")
        return slide

    def shapes(self, figure: Figure, drawn: Drawn) -> None:
        room = BOTTOM - TOP
        by = min(1.0, room / drawn.height)
        slide = self.of(figure)
        put(slide, drawn.marks(LEFT / by, TOP / by), by)

    def facts(self, slide: Any, chart: Curves) -> None:
        each = ROOM / max(1, len(chart.facts))
        for place, (label, value, note) in enumerate(chart.facts):
            x = LEFT + place * each
            self.text(slide, label, x, 92, each - 4, 14, 9, "--text-faint")
            self.text(slide, value, x, 106, each - 4, 18, 12)
            self.text(slide, note, x, 124, each - 4, 24, 8, "--text-faint")

    def heat(self, figure: Figure, chart: Heat) -> None:
        """Tables whose cells have the colour of their severity; many columns go on the next."""
        first, *others = chart.columns
        parts = max(1, -(-len(others) // (COLUMNS_A_SLIDE - 1)))
        each = max(1, -(-len(others) // parts))
        for start in range(0, max(1, len(others)), each):
            names = [first, *others[start : start + each]]
            rows = [(n, [c[0], *c[1 + start : 1 + start + each]]) for n, c in chart.rows]
            self.heat_part(figure, Heat(names, rows, chart.left_out))

    def heat_part(self, figure: Figure, chart: Heat) -> None:
        heads = [_("Touchpoint"), *chart.columns]
        wide = [ROOM * 0.24, *[ROOM * 0.76 / len(chart.columns)] * len(chart.columns)]
        rows = [
            [name, *(f"{c.text}\n{c.note}".strip() for c in cells)] for name, cells in chart.rows
        ]
        steps = [[0, *(cell.step for cell in cells)] for _name, cells in chart.rows]
        start, numbers = 0, [False] * len(heads)
        for part in _filled(rows, wide, HEAT_SIZE):
            slide = self.of(figure)
            if chart.left_out:
                self.text(slide, chart.note, LEFT, HEIGHT - 60, ROOM, 24, 8.5, "--text-faint")
            made = self.grid(slide, heads, part, wide, numbers, HEAT_SIZE)
            for i, row in enumerate(steps[start : start + len(part)], 1):
                for j, step in enumerate(row):
                    if step:
                        fill, ink = of_step(step)
                        shade(made.cell(i, j), fill, ink)
            start += len(part)

    def table(self, figure: Figure) -> None:
        heads, rows = tables.heads_of(figure.table), tables.rows_of(figure.table)
        numbers = [bool(column["number"]) for column in figure.table["columns"]]
        size = LARGE_CELLS if len(rows) <= FEW_ROWS and len(heads) <= 7 else CELLS_SIZE
        wide = tables.widths(heads, rows, ROOM, WIDER * size / tables.SIZE)
        for part in _filled(rows, wide, size):
            self.grid(self.of(figure), heads, part, wide, numbers, size)

    def grid(
        self, slide: Any, heads: Sequence[str], rows: Sequence[Sequence[str]],
        wide: Sequence[float], numbers: Sequence[bool], size: float,
    ) -> Any:  # fmt: skip
        frame = slide.shapes.add_table(
            len(rows) + 1, len(heads), Pt(LEFT), Pt(TOP), Pt(ROOM), Pt(20 * (len(rows) + 1))
        )
        made = frame.table
        # The deck's own style paints stripes; plain cells read better beside the pain scale.
        made._tbl.tblPr.find(qn("a:tableStyleId")).text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
        for place, each in enumerate(wide):
            made.columns[place].width = Pt(each)
        for i, row in enumerate([heads, *rows]):
            made.rows[i].height = Pt(max(18, _height(row, wide, size)))
            for cell, said, is_number in zip(made.rows[i].cells, row, numbers, strict=True):
                cell.margin_left = cell.margin_right = Pt(4)
                cell.margin_top = cell.margin_bottom = Pt(2)
                cell.vertical_anchor = MSO_ANCHOR.TOP
                token = "--text" if i else "--text-soft"
                write(cell.text_frame, said, size, token, bold=not i, at_end=is_number)
                if not i:
                    shade(cell, colour("--surface-sunken"))
        return made

    def numbers(self) -> None:
        slides = list(self.deck.slides)
        for number, slide in enumerate(slides[1:], 2):
            said = f"{number} / {len(slides)}"
            self.text(slide, said, WIDTH - 120, HEIGHT - 32, 80, 16, 8.5, "--text-faint",
                      at_end=True)  # fmt: skip


def shade(cell: Any, fill: str, ink: str = "") -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string(fill.lstrip("#").upper())
    if ink:
        for paragraph in cell.text_frame.paragraphs:
            for run in paragraph.runs:
                run.font.color.rgb = RGBColor.from_string(ink.lstrip("#").upper())


def _filled(
    rows: Sequence[Sequence[str]], wide: Sequence[float], size: float
) -> list[list[Sequence[str]]]:
    """The rows slide by slide, by the height that their longest cell needs.

    Shared out evenly: a last slide with one row looks forgotten.
    """
    needs = [_height(row, wide, size) for row in rows]
    room = BOTTOM - TOP - 3 * size
    parts: list[list[Sequence[str]]] = [[]]
    for slides in count(max(1, ceil(sum(needs) / room))):
        share = sum(needs) / slides
        parts, used, done = [[]], 0.0, 0.0
        for row, need in zip(rows, needs, strict=True):
            if parts[-1] and (used + need > room or done + need / 2 > share * len(parts)):
                parts.append([])
                used = 0.0
            parts[-1].append(row)
            used, done = used + need, done + need
        if len(parts) <= slides:
            break
    return parts


def _height(row: Sequence[str], wide: Sequence[float], size: float) -> float:
    """What the longest cell needs. Offices let rows grow, but not all of them by enough."""
    high = 0.0
    for said, each in zip(row, wide, strict=True):
        lines = typeface.wrapped(said, max(each - 10, size), size * WIDER)
        # Chinese typefaces have higher lines.
        is_chinese = any(east_asian_width(letter) in "WF" for letter in said)
        high = max(high, len(lines) * size * (1.45 if is_chinese else 1.22))
    return high + 5


def write(frame: Any, said: str, size: float, token: str = "--text", *, bold: bool = False,
          at_end: bool = False) -> None:  # fmt: skip
    """The words in one style, in the typefaces that offices have."""
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.TOP
    frame.clear()
    for place, line in enumerate(typeface.clean(said or wording.NO_VALUE).split("\n")):
        paragraph = frame.paragraphs[0] if not place else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.RIGHT if at_end else PP_ALIGN.LEFT
        run = paragraph.add_run()
        run.text = line
        font = run.font
        font.size, font.bold, font.name = Pt(size), bold, LATIN
        font.color.rgb = RGBColor.from_string(colour(token).lstrip("#").upper())
        east = run._r.get_or_add_rPr().makeelement(qn("a:ea"), {"typeface": CHINESE})
        run._r.get_or_add_rPr().find(qn("a:latin")).addnext(east)
