"""The quick way through the traces of a regular XES file: arrays over its bytes.

Of four quotes, two stand around a key and two around a value. What stands between two values is
known by its bytes (`xes_markup`), the values are looked over all at once and stay where they are:
the columns say where (`texts`). Whatever is not exactly of this form, and whatever XML would not
allow, raises `Irregular`; then a real XML parser reads the file from its beginning.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain

import numpy as np

from evidence.logs import texts, unpacking
from evidence.logs.parts import Chunk, Parts
from evidence.logs.texts import Array, Buffers
from evidence.logs.xes_markup import (
    END,
    EVENT,
    LOG,
    MOST_SHAPES,
    TRACE,
    Irregular,
    Markup,
    ends_well,
)
from evidence.logs.xes_names import Names

UNIT = 1 << 21
MOST_CARRIED = 8 << 20
QUOTE, NEXT = b'"', b"<event>"

_ENTITY = re.compile(rb"&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));")
_ENTITIES = {b"lt": b"<", b"gt": b">", b"amp": b"&", b"quot": b'"', b"apos": b"'"}


@dataclass(frozen=True)
class Unit:
    """Some of the text, from the quote that ends one value to the quote that ends another."""

    text: bytes  # PADDING behind it
    quotes: Array  # where they stand, but for the first
    brackets: int  # how many < there are
    controls: int  # how many tabs, ends of lines and what XML forbids


def units(source: Iterator[bytes]) -> Iterator[Unit]:
    """The text up to the last event but one and so on; at last what is left, without quotes."""
    left = END.encode()  # as if a value had ended before
    for piece in source:
        for start in range(0, len(piece), UNIT):
            part = piece[start : start + UNIT]
            last = part.rfind(QUOTE, 0, max(part.rfind(NEXT), 0))
            if last < 0:
                left += part
            else:
                yield _unit(left, part, last + 1)
                left = part[last:]
            if len(left) > MOST_CARRIED:
                raise Irregular
    if last := left.rfind(QUOTE):
        yield _unit(b"", left, last + 1)
    yield Unit(left[last:], np.empty(0, np.int64), 0, 0)


def _unit(left: bytes, part: bytes, size: int) -> Unit:
    """A unit of all that is left and `size` bytes of this part."""
    text = b"".join((left, memoryview(part)[:size], texts.PADDING))
    if not text.isascii():
        try:
            text.decode()
        except UnicodeDecodeError:
            raise Irregular from None
    letters = np.frombuffer(text, np.uint8)[: -len(texts.PADDING)]
    quotes = np.flatnonzero(letters == ord(QUOTE))[1:]
    brackets = int(np.count_nonzero(letters == ord("<")))
    controls = int(np.count_nonzero(letters < ord(" ")))
    return Unit(text, quotes, brackets, controls)


class Body:
    """Reads from the first `<trace` on; gives its rows to `parts`."""

    def __init__(self, parts: Parts, names: Names) -> None:
        self.parts, self.names = parts, names
        self.markup = Markup()
        self.level = LOG
        self.cases = 0
        self._carried: dict[int, bytes] = {}  # of the trace that goes on: column → value

    def read(self, source: Iterator[bytes]) -> None:
        """Where values begin and end is found in a thread of its own."""
        with closing(unpacking.ahead(units(source))) as found:
            for unit in found:
                if len(unit.quotes):
                    self._unit(unit)
                elif not ends_well(unit.text, self.level):
                    raise Irregular

    def _unit(self, unit: Unit) -> None:
        if len(unit.quotes) % 4:
            raise Irregular
        letters = np.frombuffer(unit.text, np.uint8)
        begins, ends = unit.quotes[2::4] + 1, unit.quotes[3::4]
        gaps = np.concatenate(([0], ends[:-1]))
        numbers = self.markup.numbers(letters, gaps, begins - gaps)
        times = np.bincount(numbers, minlength=MOST_SHAPES)
        if (times @ self.markup.brackets, times @ self.markup.controls) != (
            unit.brackets,
            unit.controls,
        ):
            raise Irregular  # values hold what they must not
        self._take(unit.text, begins, ends, numbers)

    def _take(self, text: bytes, begins: Array, ends: Array, numbers: Array) -> None:
        markup = self.markup
        starts = np.flatnonzero(~markup.same[numbers])  # where an event or a trace begins
        if not len(starts) or starts[0] != 0:
            raise Irregular
        before, after = markup.before[numbers[starts]], markup.after[numbers[starts]]
        if before[0] != self.level or (before[1:] != after[:-1]).any():
            raise Irregular
        self.level = int(after[-1])
        levels = np.repeat(after, np.diff(np.append(starts, len(numbers))))
        keys = markup.key[numbers]
        cells, carried, buffers = self._cells(text, begins, ends)
        new_event = markup.events[numbers]
        events = np.cumsum(new_event, dtype=np.int64) - 1
        traces = np.cumsum(markup.traces[numbers], dtype=np.int64)
        of_event = traces[np.flatnonzero(new_event)]
        told = self._cases(keys, levels == TRACE, traces, cells, carried)
        values = ((column, texts.read(cells[-1], buffers)) for column, cells in told.items())
        self._carried = {column: value for column, value in values if value}
        columns = {column: of_traces[of_event] for column, of_traces in told.items()}
        for column, found in self._columns(keys, levels == EVENT, self.names.event):
            columns[column] = texts.placed(len(of_event), events[found], cells[found])
        self.parts.add(Chunk(len(of_event), columns, buffers))

    def _cells(self, text: bytes, begins: Array, ends: Array) -> tuple[Array, Array, Buffers]:
        """Views of the values, of those carried on, and their buffers."""
        letters = np.frombuffer(text, np.uint8)
        cells, escaped = texts.views(letters, begins, ends - begins), []
        if b"&" in text:
            places = np.searchsorted(begins, np.flatnonzero(letters == ord("&")), "right") - 1
            escaped = np.unique(places).tolist()
        plain = [_unescaped(text[begins[i] : ends[i]]) for i in escaped]
        more, buffer = texts.of([*plain, *self._carried.values()], number=1)
        cells[escaped] = more[: len(escaped)]
        return cells, more[len(escaped) :], (letters, buffer)

    def _columns(
        self, keys: Array, inside: Array, name: Callable[[str], int | None]
    ) -> Iterator[tuple[int, Array]]:
        """The columns these attributes go to, in their order, and which of them go there."""
        known = list(self.markup.names)
        present = np.flatnonzero(np.bincount(keys[inside]))
        places = [(key, np.flatnonzero(inside & (keys == key))) for key in present]
        for key, found in sorted(places, key=lambda place: int(place[1][0])):
            column = name(known[key])
            if column is not None:
                yield column, found

    def _cases(
        self, keys: Array, inside: Array, traces: Array, cells: Array, carried: Array
    ) -> dict[int, Array]:
        """What the traces say, a cell for each of them. Trace 0 is the one that went on."""
        n = int(traces[-1]) + 1
        self.cases += n - 1
        told: dict[int, Array] = {}
        for column, found in self._columns(keys, inside, self.names.case):
            told[column] = texts.placed(n, traces[found], cells[found])
        for column, cell in zip(self._carried, carried, strict=True):
            told.setdefault(column, texts.blank(n))[0] = cell
        return told


def _unescaped(value: bytes) -> bytes:
    if value.count(b"&") != len(_ENTITY.findall(value)):
        raise Irregular
    return _ENTITY.sub(_letter, value)


def _letter(found: re.Match[bytes]) -> bytes:
    name, decimal, hexadecimal = found.groups()
    if name:
        return _ENTITIES[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    if number in (9, 10, 13) or 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE:
        return chr(number).encode()
    if 0x10000 <= number <= 0x10FFFF:
        return chr(number).encode()
    raise Irregular


def joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    return chain([first], rest)
