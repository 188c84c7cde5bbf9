"""The formats a map can be taken out in, each made from the same drawing."""

from django.utils.translation import gettext_lazy as _

from journeys.paper.drawing import Drawing
from journeys.paper.formats import Format, clean_name

PDF, SLIDES = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
)
FORMATS: dict[str, Format[Drawing]] = {
    "png": Format(
        "PNG", _("A picture of the whole map."), "png", "image/png", "journeys.paper.files.png_of"
    ),
    "svg": Format(
        "SVG", _("A drawing of the whole map; its text stays text."), "svg",
        "image/svg+xml", "journeys.paper.files.svg_of",
    ),
    "pdf": Format(
        _("PDF, one sheet"), _("The whole map on one page as large as it is."), "pdf", PDF,
        "journeys.paper.files.sheet_of",
    ),
    "pdf-a3": Format(
        _("PDF, A3 pages"), _("To print and lay side by side."), "pdf", PDF,
        "journeys.paper.files.a3_of",
    ),
    "pdf-a4": Format(
        _("PDF, A4 pages"), _("To print on an office printer."), "pdf", PDF,
        "journeys.paper.files.a4_of",
    ),
    "pptx": Format(
        _("PowerPoint, stage by stage"),
        _("A slide for each stage; every card can be edited, its sources stand in the notes."),
        "pptx", SLIDES, "journeys.paper.files.slides_of",
    ),
    "pptx-sheet": Format(
        _("PowerPoint, one large slide"), _("The whole map on one slide, to edit and rearrange."),
        "pptx", SLIDES, "journeys.paper.files.slide_of",
    ),
    "xlsx": Format(
        "Excel (XLSX)",
        _("The grid as it is drawn, and a sheet with all that the cards say. Can be brought back."),
        "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "journeys.workbook.xlsx_of",
    ),
    "csv": Format(
        "CSV", _("The grid as plain cells. Can be brought back."), "csv",
        "text/csv; charset=utf-8", "journeys.workbook.csv_of",
    ),
}  # fmt: skip
# These take hidden lanes along, hidden where they can be: what comes back must not lack them.
WHOLE = {"xlsx", "csv"}


def file_name(drawing: Drawing, code: str) -> str:
    """The journey's name as the name of a file, in whatever script."""
    return f"{clean_name(drawing.name)[:100] or 'map'}.{FORMATS[code].suffix}"
