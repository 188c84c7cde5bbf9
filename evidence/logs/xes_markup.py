"""What may stand between two values of a regular XES file, and what it means.

Such a piece of markup, from the quote that ends one value to the quote that begins the next, is
one of a few strings in a whole file: each is judged once, by strict patterns, and then known by its
bytes.
"""

import re

import numpy as np

from evidence.logs.texts import Array, windows

LOG, TRACE, EVENT = 0, 1, 2
MOST_SHAPES = 256  # a byte tells them apart
END, BEGIN = '"/>', '" value="'
SHORTEST, LONGEST = len(BEGIN) + 8, 2_000
_ODD = np.uint64(0x9E3779B97F4A7C15)

_WS = r"[ \t\r\n]*"
_KEY = r'<(?:string|date|int|float|boolean|id)[ \t\r\n]+key="([^"<&\x00-\x1f]*)' + BEGIN
_SHAPES = {  # between two attributes: level before, level after, new traces, new events
    "": (None, None, 0, 0),
    "<trace>": (LOG, TRACE, 1, 0),
    "<event>": (TRACE, EVENT, 0, 1),
    "</event><event>": (EVENT, EVENT, 0, 1),
    "</event></trace><trace>": (EVENT, TRACE, 1, 0),
    "</trace><trace>": (TRACE, TRACE, 1, 0),
}


def _spaced(shape: str) -> str:
    return END + "".join(_WS + tag for tag in re.findall("<[^>]+>", shape)) + _WS


_KNOWN = [(re.compile(_spaced(shape) + _KEY), effect) for shape, effect in _SHAPES.items()]
_ENDS = {
    EVENT: re.compile(_spaced("</event></trace></log>")),
    TRACE: re.compile(_spaced("</trace></log>")),
}


class Irregular(Exception):
    """The file is not of the simple form."""


class Markup:
    """The pieces met so far, by number; what they do lies in arrays by that number."""

    def __init__(self) -> None:
        self.before, self.after = np.zeros(MOST_SHAPES, np.int8), np.zeros(MOST_SHAPES, np.int8)
        self.traces, self.events = np.zeros(MOST_SHAPES, np.int8), np.zeros(MOST_SHAPES, np.int8)
        self.same = np.zeros(MOST_SHAPES, np.bool_)
        self.key = np.zeros(MOST_SHAPES, np.uint8)
        self.brackets = np.zeros(MOST_SHAPES, np.int64)  # how many < stand in it
        self.controls = np.zeros(MOST_SHAPES, np.int64)  # how many tabs and ends of lines
        self.names: dict[str, int] = {}
        self._known: dict[bytes, int] = {}

    def numbers(self, buffer: Array, starts: Array, lengths: Array) -> Array:
        """The number of each of these pieces of `buffer`, uint8."""
        if lengths.min() < SHORTEST or lengths.max() > LONGEST:
            raise Irregular
        # Sorted by length and by the last letters of the key, so that those alike lie together.
        last = windows(buffer, 8, "u")[starts + lengths - SHORTEST]
        marks = (lengths << 5 | (last * _ODD >> np.uint64(59)).astype(np.int64)).astype(np.uint16)
        order, counts = np.argsort(marks, kind="stable"), np.bincount(marks)
        numbers = np.empty(len(starts), np.uint8)
        for mark in np.flatnonzero(counts).tolist():
            group, order = order[: counts[mark]], order[counts[mark] :]
            pieces = windows(buffer, mark >> 5, "S")[starts[group]]
            while len(group):
                piece = pieces[0]
                number = self._known.get(piece)
                if number is None:
                    number = self._known[piece] = self._judge(piece)
                letters = pieces.view(np.uint8).reshape(len(group), -1)
                if (letters == letters[0]).all():
                    numbers[group] = number
                    break
                equal = pieces == piece
                numbers[group[equal]] = number
                group, pieces = group[~equal], pieces[~equal]
        return numbers

    def _judge(self, piece: bytes) -> int:
        """The number of a piece not met before."""
        number, text = len(self._known), piece.decode()
        fits = ((pattern.fullmatch(text), effect) for pattern, effect in _KNOWN)
        match, effect = next((fit for fit in fits if fit[0]), (None, _KNOWN[0][1]))
        if match is None or number >= MOST_SHAPES:
            raise Irregular
        before, after, traces, events = effect
        self.key[number] = self.names.setdefault(match[1], len(self.names))
        self.same[number] = before is None
        self.before[number], self.after[number] = before or LOG, after or LOG
        self.traces[number], self.events[number] = traces, events
        self.brackets[number] = text.count("<")
        self.controls[number] = sum(letter < " " for letter in text)
        return number


def ends_well(rest: bytes, level: int) -> bool:
    """Whether this, behind the last value, ends the log as it should where `level` is open."""
    return level in _ENDS and bool(_ENDS[level].fullmatch(rest.decode("latin-1")))
