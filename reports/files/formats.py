"""The formats a report, or one of its blocks, can be taken along in."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from journeys.paper import pdf, png, svg
from reports.blocks.content import Filled
from reports.files import facts, page, paper, plain, slides, workbook

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
PDF = "application/pdf"
OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class Format:
    label: str | Promise
    about: str | Promise
    suffix: str
    kind: str  # as a browser is told
    made: Callable[[Filled], bytes]


def _svg(found: Filled) -> bytes:
    told = "; ".join(f"{k}: {v}" for k, v in facts.of_report(found))
    return svg.svg_of(paper.picture_of(found), told).encode()


def _png(found: Filled) -> bytes:
    return png.png_of(pdf.pdf_of([paper.picture_of(found)], title=found.title, language="en"))


FORMATS: dict[str, Format] = {
    "pdf": Format(
        _("PDF, A4"), _("To print and to send: pages with numbers."), "pdf", PDF,
        lambda found: paper.pdf_of(found, paper.A4),
    ),
    "pdf-a3": Format(
        _("PDF, A3 landscape"), _("Wide pages: more steps of a map side by side."), "pdf", PDF,
        lambda found: paper.pdf_of(found, paper.A3),
    ),
    "pptx": Format(
        _("PowerPoint"), _("Slides with charts and tables that can be edited."), "pptx",
        OFFICE + "presentationml.presentation", slides.pptx_of,
    ),
    "xlsx": Format(
        _("Excel (XLSX)"), _("A sheet for each figure: table, chart, exact values."), "xlsx",
        OFFICE + "spreadsheetml.sheet", workbook.xlsx_of,
    ),
    "html": Format(
        _("HTML, works offline"), _("One file with the figures as on the page, to point at."),
        "html", "text/html; charset=utf-8", page.html_of,
    ),
    "csv": Format(
        _("CSV, exact values"), _("Figure after figure, each with where it comes from."), "csv",
        "text/csv; charset=utf-8", plain.csv_of,
    ),
    "json": Format(
        "JSON", _("Everything for programs: sentences, cells, exact values."), "json",
        "application/json", plain.json_of,
    ),
    "svg": Format(
        "SVG", _("One tall drawing; its text stays text."), "svg", "image/svg+xml", _svg
    ),
    "png": Format("PNG", _("One tall picture."), "png", "image/png", _png),
}  # fmt: skip


def file_name(found: Filled, code: str, block: str = "") -> str:
    """The report's name (and the block's title) as the name of a file, in whatever script."""
    named = [found.title]
    if block and found.contents:
        named.append(found.contents[0].title or found.contents[0].block.label)
    name = " ".join(_NOT_IN_NAMES.sub(" ", " - ".join(named)).split()).strip(". ")
    size = "-A3" if code == "pdf-a3" else ""
    return f"{name[:120] or 'report'}{size}.{FORMATS[code].suffix}"
