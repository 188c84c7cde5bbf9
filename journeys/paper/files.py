"""A drawing of a map as the bytes of a file, in each format that is made of sheets."""

from django.utils.translation import get_language

from journeys.paper import pdf, png, poster, pptx, svg
from journeys.paper.drawing import Drawing


def svg_of(drawing: Drawing) -> bytes:
    page = poster.pages_of(drawing, poster.SHEET)[0]
    return svg.svg_of(page, f"{drawing.subtitle}. {drawing.source}").encode()


def png_of(drawing: Drawing) -> bytes:
    return png.png_of(sheet_of(drawing))


def sheet_of(drawing: Drawing) -> bytes:
    return _pdf_of(drawing, poster.SHEET)


def a3_of(drawing: Drawing) -> bytes:
    return _pdf_of(drawing, poster.A3)


def a4_of(drawing: Drawing) -> bytes:
    return _pdf_of(drawing, poster.A4)


def slides_of(drawing: Drawing) -> bytes:
    return _pptx_of(drawing, poster.SLIDES)


def slide_of(drawing: Drawing) -> bytes:
    return _pptx_of(drawing, poster.SHEET)


def _pdf_of(drawing: Drawing, paper: poster.Paper) -> bytes:
    pages = poster.pages_of(drawing, paper)
    return pdf.pdf_of(pages, title=drawing.name, language=get_language() or "en")


def _pptx_of(drawing: Drawing, paper: poster.Paper) -> bytes:
    return pptx.pptx_of(poster.pages_of(drawing, paper), title=drawing.name)
