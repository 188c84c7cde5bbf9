"""A page as PNG: our own PDF, drawn."""

from io import BytesIO
from threading import Lock

import pypdfium2

MOST_PIXELS = 36_000_000
LONGEST_SIDE = 30_000
FINEST = 2.0  # pixels a point: 144 dpi
# PDFium keeps one state for the whole process.
_ONE_AT_A_TIME = Lock()


def png_of(pdf: bytes) -> bytes:
    """The first page, as fine as its size allows."""
    with _ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(pdf)
        try:
            width, height = document[0].get_size()
            bitmap = document[0].render(scale=_scale(width, height), rev_byteorder=True)
            image = bitmap.to_pil().convert("RGB")
        finally:
            document.close()
    out = BytesIO()
    dots = 72 * _scale(width, height)
    image.save(out, "PNG", compress_level=4, dpi=(dots, dots))
    return out.getvalue()


def _scale(width: float, height: float) -> float:
    return min(FINEST, (MOST_PIXELS / (width * height)) ** 0.5, LONGEST_SIDE / max(width, height))
