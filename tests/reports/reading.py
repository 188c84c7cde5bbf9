"""What independent readers find in exported files: texts, cells, numbers."""

import csv
import io
import re
from html.parser import HTMLParser
from typing import Any

from pptx import Presentation
from python_calamine import CalamineWorkbook

from tests import pdf


def squeezed(text: str) -> str:
    """Without white space, so that line breaks of a layout do not matter."""
    return re.sub(r"\s+", "", text)


class Tables(HTMLParser):
    """The cells that people see in the tables of each block, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.places: list[tuple[str, str]] = []  # of each row its block, and the table's class
        self.block = self.table = ""
        self.cell: list[str] | None = None
        self.open: list[bool] = []  # of each open element, whether its text is hidden

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        told = dict(attrs)
        names = (told.get("class") or "").split()
        if tag not in VOID:
            hidden = tag in ("script", "style", "svg") or "visually-hidden" in names
            self.open.append(hidden or (bool(self.open) and self.open[-1]))
        if "report-block" in names:
            self.block = told.get("id") or ""
        if tag == "table":
            self.table = told.get("class") or ""
        if tag == "tr":
            self.rows.append([])
            self.places.append((self.block, self.table))
        if tag in ("td", "th"):
            self.cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self.open:
            self.open.pop()
        if tag in ("td", "th") and self.cell is not None:
            self.rows[-1].append(" ".join("".join(self.cell).split()))
            self.cell = None

    def handle_data(self, data: str) -> None:
        if self.cell is not None and not (self.open and self.open[-1]):
            self.cell.append(data)

    def cells(self, *blocks: str, table: str = "") -> list[str]:
        """Those with a number, in these blocks, but not in the first column."""
        return [
            cell
            for row, (block, name) in zip(self.rows, self.places, strict=True)
            if block in blocks and name.startswith(table)
            for cell in row[1:]
            if re.search(r"\d", cell)
        ]


VOID = {"meta", "link", "br", "input", "img", "hr", "path", "source", "wbr"}


def page(html: str) -> Tables:
    reader = Tables()
    reader.feed(html)
    return reader


def pdf_text(raw: bytes) -> str:
    return "".join(pdf.pages(raw))


def pptx_texts(raw: bytes) -> str:
    """All words of all slides: shapes, tables, categories of charts."""
    found = []
    for slide in Presentation(io.BytesIO(raw)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
            if shape.has_chart:
                found += [str(one) for plot in shape.chart.plots for one in plot.categories]
    return "\n".join(found)


def pptx_charts(raw: bytes) -> list[Any]:
    slides = Presentation(io.BytesIO(raw)).slides
    return [shape.chart for slide in slides for shape in slide.shapes if shape.has_chart]


def xlsx_sheets(raw: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def csv_sections(raw: bytes) -> list[tuple[dict[str, str], list[dict[str, str]]]]:
    """Of each section its facts and its records."""
    text = raw.decode("utf-8-sig")
    sections: list[list[list[str]]] = [[]]
    for row in csv.reader(io.StringIO(text)):
        if not row:
            sections.append([])
        else:
            sections[-1].append(row)
    found = []
    for rows in sections:
        facts = {row[0].removeprefix("# "): row[1] for row in rows if row[0].startswith("# ")}
        names, *records = rows[len(facts) :]
        found.append((facts, [dict(zip(names, one, strict=True)) for one in records]))
    return found
