"""What a PDF says, read by PDFium."""

import pypdfium2

Size = tuple[float, float]


def pages(raw: bytes) -> list[str]:
    """The text of each page, its lines apart."""
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(raw)]


def sizes(raw: bytes) -> list[Size]:
    """Width and height of each page, in points."""
    return [page.get_size() for page in pypdfium2.PdfDocument(raw)]
