"""Pictures for tests."""

from io import BytesIO
from typing import Any

from PIL import Image


def a_picture(
    kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **more: Any
) -> bytes:
    """A picture's file in one colour."""
    buffer = BytesIO()
    Image.new(mode, size, more.pop("colour", 0)).save(buffer, kind, **more)
    return buffer.getvalue()
