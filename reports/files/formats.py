"""The formats a report, or one of its blocks, can be taken along in."""

from django.utils.translation import gettext_lazy as _

from journeys.paper.formats import Format, clean_name
from reports.blocks.content import Filled

PDF = "application/pdf"
OFFICE = "application/vnd.openxmlformats-officedocument."

FORMATS: dict[str, Format[Filled]] = {
    "pdf": Format(
        _("PDF, A4"), _("To print and to send: pages with numbers."), "pdf", PDF,
        "reports.files.paper.a4_of",
    ),
    "pdf-a3": Format(
        _("PDF, A3 landscape"), _("Wide pages: more steps of a map side by side."), "pdf", PDF,
        "reports.files.paper.a3_of",
    ),
    "pptx": Format(
        _("PowerPoint"), _("Slides with charts and tables that can be edited."), "pptx",
        OFFICE + "presentationml.presentation", "reports.files.slides.pptx_of",
    ),
    "xlsx": Format(
        _("Excel (XLSX)"), _("A sheet for each figure: table, chart, exact values."), "xlsx",
        OFFICE + "spreadsheetml.sheet", "reports.files.workbook.xlsx_of",
    ),
    "html": Format(
        _("HTML, works offline"), _("One file with the figures as on the page, to point at."),
        "html", "text/html; charset=utf-8", "reports.files.page.html_of",
    ),
    "csv": Format(
        _("CSV, exact values"), _("Figure after figure, each with where it comes from."), "csv",
        "text/csv; charset=utf-8", "reports.files.plain.csv_of",
    ),
    "json": Format(
        "JSON", _("Everything for programs: sentences, cells, exact values."), "json",
        "application/json", "reports.files.plain.json_of",
    ),
    "svg": Format(
        "SVG", _("One tall drawing; its text stays text."), "svg", "image/svg+xml",
        "reports.files.paper.svg_of",
    ),
    "png": Format("PNG", _("One tall picture."), "png", "image/png", "reports.files.paper.png_of"),
}  # fmt: skip


def file_name(found: Filled, code: str, block: str = "") -> str:
    """The report's name (and the block's title) as the name of a file, in whatever script."""
    named = [found.title]
    if block and found.contents:
        named.append(found.contents[0].title or found.contents[0].block.label)
    name = clean_name(" - ".join(named))
    size = "-A3" if code == "pdf-a3" else ""
    return f"{name[:120] or 'report'}{size}.{FORMATS[code].suffix}"
