"""The formats a report, or one of its blocks, can be taken along in."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from reports.blocks.content import Filled

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
PDF = "application/pdf"
OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class Format:
    label: str | Promise
    about: str | Promise
    suffix: str
    kind: str  # as a browser is told
    maker: str  # in this package

    @property
    def made(self) -> Callable[[Filled], bytes]:
        """What writes the file, loaded by whoever writes one: that takes a second or two."""
        maker: Callable[[Filled], bytes] = import_string(f"reports.files.{self.maker}")
        return maker


FORMATS: dict[str, Format] = {
    "pdf": Format(
        _("PDF, A4"), _("To print and to send: pages with numbers."), "pdf", PDF,
        "paper.a4_of",
    ),
    "pdf-a3": Format(
        _("PDF, A3 landscape"), _("Wide pages: more steps of a map side by side."), "pdf", PDF,
        "paper.a3_of",
    ),
    "pptx": Format(
        _("PowerPoint"), _("Slides with charts and tables that can be edited."), "pptx",
        OFFICE + "presentationml.presentation", "slides.pptx_of",
    ),
    "xlsx": Format(
        _("Excel (XLSX)"), _("A sheet for each figure: table, chart, exact values."), "xlsx",
        OFFICE + "spreadsheetml.sheet", "workbook.xlsx_of",
    ),
    "html": Format(
        _("HTML, works offline"), _("One file with the figures as on the page, to point at."),
        "html", "text/html; charset=utf-8", "page.html_of",
    ),
    "csv": Format(
        _("CSV, exact values"), _("Figure after figure, each with where it comes from."), "csv",
        "text/csv; charset=utf-8", "plain.csv_of",
    ),
    "json": Format(
        "JSON", _("Everything for programs: sentences, cells, exact values."), "json",
        "application/json", "plain.json_of",
    ),
    "svg": Format(
        "SVG", _("One tall drawing; its text stays text."), "svg", "image/svg+xml", "paper.svg_of"
    ),
    "png": Format("PNG", _("One tall picture."), "png", "image/png", "paper.png_of"),
}  # fmt: skip


def file_name(found: Filled, code: str, block: str = "") -> str:
    """The report's name (and the block's title) as the name of a file, in whatever script."""
    named = [found.title]
    if block and found.contents:
        named.append(found.contents[0].title or found.contents[0].block.label)
    name = " ".join(_NOT_IN_NAMES.sub(" ", " - ".join(named)).split()).strip(". ")
    size = "-A3" if code == "pdf-a3" else ""
    return f"{name[:120] or 'report'}{size}.{FORMATS[code].suffix}"
