"""The formats a map can be taken out in, each made from the same drawing."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from journeys.paper.drawing import Drawing

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')


@dataclass(frozen=True)
class Format:
    label: str | Promise
    about: str | Promise
    suffix: str
    kind: str  # as a browser is told
    maker: str  # in this app

    @property
    def made(self) -> Callable[[Drawing], bytes]:
        """What writes the file, loaded by whoever writes one: that takes a second or two."""
        maker: Callable[[Drawing], bytes] = import_string(f"journeys.{self.maker}")
        return maker


PDF, SLIDES = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
)
FORMATS: dict[str, Format] = {
    "png": Format(
        "PNG", _("A picture of the whole map."), "png", "image/png", "paper.files.png_of"
    ),
    "svg": Format(
        "SVG", _("A drawing of the whole map; its text stays text."), "svg",
        "image/svg+xml", "paper.files.svg_of",
    ),
    "pdf": Format(
        _("PDF, one sheet"), _("The whole map on one page as large as it is."), "pdf", PDF,
        "paper.files.sheet_of",
    ),
    "pdf-a3": Format(
        _("PDF, A3 pages"), _("To print and lay side by side."), "pdf", PDF,
        "paper.files.a3_of",
    ),
    "pdf-a4": Format(
        _("PDF, A4 pages"), _("To print on an office printer."), "pdf", PDF,
        "paper.files.a4_of",
    ),
    "pptx": Format(
        _("PowerPoint, stage by stage"),
        _("A slide for each stage; every card can be edited, its sources stand in the notes."),
        "pptx", SLIDES, "paper.files.slides_of",
    ),
    "pptx-sheet": Format(
        _("PowerPoint, one large slide"), _("The whole map on one slide, to edit and rearrange."),
        "pptx", SLIDES, "paper.files.slide_of",
    ),
    "xlsx": Format(
        "Excel (XLSX)",
        _("The grid as it is drawn, and a sheet with all that the cards say. Can be brought back."),
        "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "workbook.xlsx_of",
    ),
    "csv": Format(
        "CSV", _("The grid as plain cells. Can be brought back."), "csv",
        "text/csv; charset=utf-8", "workbook.csv_of",
    ),
}  # fmt: skip
# These take hidden lanes along, hidden where they can be: what comes back must not lack them.
WHOLE = {"xlsx", "csv"}


def file_name(drawing: Drawing, code: str) -> str:
    """The journey's name as the name of a file, in whatever script."""
    name = " ".join(_NOT_IN_NAMES.sub(" ", drawing.name).split()).strip(". ")
    return f"{name[:100] or 'map'}.{FORMATS[code].suffix}"
