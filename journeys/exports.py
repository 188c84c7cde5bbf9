"""The formats a map can be taken out in, each made from the same drawing."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from journeys.paper import pdf, png, poster, pptx, svg
from journeys.paper.drawing import Drawing
from journeys.workbook import csv_of, xlsx_of

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')


@dataclass(frozen=True)
class Format:
    label: str | Promise
    about: str | Promise
    suffix: str
    kind: str  # as a browser is told
    made: Callable[[Drawing], bytes]


def _as_svg(drawing: Drawing) -> bytes:
    page = poster.pages_of(drawing, poster.SHEET)[0]
    return svg.svg_of(page, f"{drawing.subtitle}. {drawing.source}").encode()


def _as_pdf(drawing: Drawing, paper: poster.Paper) -> bytes:
    pages = poster.pages_of(drawing, paper)
    return pdf.pdf_of(pages, title=drawing.name, language=get_language() or "en")


def _as_png(drawing: Drawing) -> bytes:
    return png.png_of(_as_pdf(drawing, poster.SHEET))


def _as_pptx(drawing: Drawing, paper: poster.Paper) -> bytes:
    return pptx.pptx_of(poster.pages_of(drawing, paper), title=drawing.name)


PDF, SLIDES = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
)
FORMATS: dict[str, Format] = {
    "png": Format("PNG", _("A picture of the whole map."), "png", "image/png", _as_png),
    "svg": Format(
        "SVG", _("A drawing of the whole map; its text stays text."), "svg",
        "image/svg+xml", _as_svg,
    ),
    "pdf": Format(
        _("PDF, one sheet"), _("The whole map on one page as large as it is."), "pdf", PDF,
        lambda drawing: _as_pdf(drawing, poster.SHEET),
    ),
    "pdf-a3": Format(
        _("PDF, A3 pages"), _("To print and lay side by side."), "pdf", PDF,
        lambda drawing: _as_pdf(drawing, poster.A3),
    ),
    "pdf-a4": Format(
        _("PDF, A4 pages"), _("To print on an office printer."), "pdf", PDF,
        lambda drawing: _as_pdf(drawing, poster.A4),
    ),
    "pptx": Format(
        _("PowerPoint, stage by stage"),
        _("A slide for each stage; every card can be edited, its sources stand in the notes."),
        "pptx", SLIDES, lambda drawing: _as_pptx(drawing, poster.SLIDES),
    ),
    "pptx-sheet": Format(
        _("PowerPoint, one large slide"), _("The whole map on one slide, to edit and rearrange."),
        "pptx", SLIDES, lambda drawing: _as_pptx(drawing, poster.SHEET),
    ),
    "xlsx": Format(
        "Excel (XLSX)",
        _("The grid as it is drawn, and a sheet with all that the cards say. Can be brought back."),
        "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_of,
    ),
    "csv": Format(
        "CSV", _("The grid as plain cells. Can be brought back."), "csv",
        "text/csv; charset=utf-8", csv_of,
    ),
}  # fmt: skip
# These take hidden lanes along, hidden where they can be: what comes back must not lack them.
WHOLE = {"xlsx", "csv"}


def file_name(drawing: Drawing, code: str) -> str:
    """The journey's name as the name of a file, in whatever script."""
    name = " ".join(_NOT_IN_NAMES.sub(" ", drawing.name).split()).strip(". ")
    return f"{name[:100] or 'map'}.{FORMATS[code].suffix}"
