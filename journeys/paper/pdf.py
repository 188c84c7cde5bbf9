"""Pages as PDF, with the letters that are used embedded."""

from contextlib import nullcontext

from fpdf import FPDF
from fpdf.drawing import Transform
from fpdf.enums import TextMode

from journeys.paper import typeface
from journeys.paper.marks import Box, Curve, Dot, Group, Line, Mark, Page, Picture, Text

LARGEST = 14_400.0  # points; what PDF readers open
BOLD = 0.022  # how much wider strokes get, in sizes: one weight is embedded


def pdf_of(pages: list[Page], *, title: str, language: str) -> bytes:
    pdf = FPDF(unit="pt")
    pdf.set_auto_page_break(False)
    pdf.set_title(typeface.clean(title))
    pdf.set_creator("Touchline")
    pdf.set_lang(language)
    for page in pages:
        scale = min(1.0, LARGEST / max(page.width, page.height))
        pdf.add_page(format=(page.width * scale, page.height * scale))
        whole = pdf.transform(Transform.scaling(scale)) if scale < 1 else nullcontext()
        with whole:
            for mark in page.marks:
                _draw(pdf, mark)
    return bytes(pdf.output())


def _colours(pdf: FPDF, fill: str, stroke: str, width: float) -> str:
    if fill:
        pdf.set_fill_color(fill)
    if stroke:
        pdf.set_draw_color(stroke)
        pdf.set_line_width(width)
    return ("F" if fill else "") + ("D" if stroke else "")


def _draw(pdf: FPDF, mark: Mark) -> None:
    match mark:
        case Box():
            style = _colours(pdf, mark.fill, mark.stroke, 0.75)
            _dashes(pdf, (3, 2) if mark.is_dashed else ())
            pdf.rect(
                mark.x, mark.y, mark.width, mark.height, style,
                round_corners=bool(mark.radius), corner_radius=mark.radius,
            )  # fmt: skip
            _dashes(pdf, ())
        case Text():
            _write(pdf, mark)
        case Line():
            _colours(pdf, "", mark.colour, mark.width)
            _dashes(pdf, mark.dash)
            pdf.line(*mark.start, *mark.end)
            _dashes(pdf, ())
        case Curve():
            _colours(pdf, "", mark.colour, mark.width)
            _dashes(pdf, mark.dash)
            pdf.polyline(list(mark.points))
            _dashes(pdf, ())
        case Dot():
            style = _colours(pdf, mark.fill, mark.stroke, 1.5)
            pdf.circle(mark.x, mark.y, mark.radius, style)
        case Picture():
            pdf.image(str(mark.path), mark.x, mark.y, mark.width, mark.height)
        case Group():
            for each in mark.marks:
                _draw(pdf, each)


def _dashes(pdf: FPDF, dash: tuple[float, ...]) -> None:
    if dash:
        pdf.set_dash_pattern(dash=dash[0], gap=dash[1])
    else:
        pdf.set_dash_pattern()


def _write(pdf: FPDF, mark: Text) -> None:
    pdf.set_text_color(mark.colour)
    pdf.text_mode = TextMode.FILL
    if mark.is_bold:
        pdf.set_draw_color(mark.colour)
        pdf.set_line_width(mark.size * BOLD)
        pdf.text_mode = TextMode.FILL_STROKE
    for x, y, line in mark.placed():
        for face, run in typeface.runs(line):
            if face not in pdf.fonts:
                pdf.add_font(face, "", str(typeface.FILES[face]))
            pdf.set_font(face, size=mark.size)
            pdf.text(x, y, run)
            x += typeface.width_in(face, run, mark.size)
    pdf.text_mode = TextMode.FILL
