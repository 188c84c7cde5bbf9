"""Columns of text as Arrow lays them out: a view of 16 bytes for each cell, beside buffers.

A view holds the text's length in bytes and then the text itself, if that has at most 12; else its
first four bytes, the number of the buffer and where in it the text begins. So a cell costs
no Python object, and a text that stands in many cells is kept once. A view of zeros is empty text.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Buffers = tuple[Array, ...]
VIEW = np.dtype("V16")
SHORT = 12
PADDING = bytes(SHORT)  # stands before a buffer's first text and behind its last
_KEPT = np.array([[255] * (4 + n) + [0] * (SHORT - n) for n in range(SHORT + 1)], np.uint8)
_MASKS = _KEPT.view(VIEW)[:, 0]


def windows(buffer: Array, size: int, kind: str = "V") -> Array:
    """What stands in `buffer`, uint8, at each place and the `size` - 1 behind it; not copied."""
    places = len(buffer) - size + 1
    return np.ndarray((max(places, 0),), f"{kind}{size}", buffer, strides=(1,))


def views(buffer: Array, starts: Array, lengths: Array, number: int = 0) -> Array:
    """Views of the texts that begin at `starts` in `buffer`, uint8, inside of PADDING.

    `number` is the buffer's among those of the column.
    """
    made = windows(buffer, VIEW.itemsize)[starts - 4].view(np.uint32).reshape(-1, 4)
    made &= _MASKS[np.minimum(lengths, SHORT)].view(np.uint32).reshape(-1, 4)
    made[:, 0] = lengths
    long = np.flatnonzero(lengths > SHORT)
    made[long, 2] = number
    made[long, 3] = starts[long]
    return made.reshape(-1).view(VIEW)


def of(texts: Sequence[bytes], number: int = 0) -> tuple[Array, Array]:
    """Views of these texts and their buffer, which is the column's buffer of that number."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    buffer = np.frombuffer(b"".join([PADDING, *texts, PADDING]), np.uint8)
    return views(buffer, len(PADDING) + np.cumsum(lengths) - lengths, lengths, number), buffer


def blank(n: int) -> Array:
    return np.zeros(n, VIEW)


def placed(n: int, places: Array, cells: Array) -> Array:
    """A column of `n` cells with these at their places, of several for one the last."""
    if len(places) == n and (n == 0 or (places[0] == 0 and (np.diff(places) == 1).all())):
        return cells
    column = blank(n)
    column[places] = cells
    return column


def read(view: Any, buffers: Buffers) -> bytes:
    """The text of one view."""
    raw = view.tobytes()
    length, _first, number, start = np.frombuffer(raw, np.uint32).tolist()
    if length <= SHORT:
        return bytes(raw[4 : 4 + length])
    return buffers[number][start : start + length].tobytes()
