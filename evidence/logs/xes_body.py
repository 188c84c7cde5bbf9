"""The quick way through the traces of a regular XES file.

The text is split where values begin and end. What stands between two values, such as
`</event> <event> <string key="concept:name`, is one of a few strings in a whole file: each is
judged once, by strict patterns, and then known. The values are looked over all at once, and all
the rest is arrays. Whatever is not exactly of this form, and whatever XML would not allow, raises
`Irregular`; then a real XML parser reads the file from its beginning.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from itertools import chain

import numpy as np

from evidence.logs.parts import Array, Parts
from evidence.logs.xes_names import Names

UNIT = 1 << 19
MOST_CARRIED = 8 << 20
LOG, TRACE, EVENT = 0, 1, 2
MOST_SHAPES = 256  # a byte tells them apart
BEGIN, END, NEXT = '" value="', '"/>', "<event>"

_WS = r"[ \t\r\n]*"
_KEY = r'<(?:string|date|int|float|boolean|id)[ \t\r\n]+key="([^"<&\t\r\n]*)'
_SHAPES = {  # between two attributes: level before, level after, new traces, new events
    "": (None, None, 0, 0),
    "<trace>": (LOG, TRACE, 1, 0),
    "<event>": (TRACE, EVENT, 0, 1),
    "</event><event>": (EVENT, EVENT, 0, 1),
    "</event></trace><trace>": (EVENT, TRACE, 1, 0),
    "</trace><trace>": (TRACE, TRACE, 1, 0),
}


def _spaced(shape: str) -> str:
    return "".join(_WS + tag for tag in re.findall("<[^>]+>", shape)) + _WS


_KNOWN = [(re.compile(_spaced(shape) + _KEY), effect) for shape, effect in _SHAPES.items()]
_ENDS = {
    EVENT: re.compile(_spaced("</event></trace></log>")),
    TRACE: re.compile(_spaced("</trace></log>")),
}
_ENTITY = re.compile(r"&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));")
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


class Irregular(Exception):
    """The file is not of the simple form."""


class Markup(dict[str, int]):
    """What stands between two values → its number; effects lie in arrays by that number."""

    def __init__(self) -> None:
        self.before, self.after = np.zeros(MOST_SHAPES, np.int8), np.zeros(MOST_SHAPES, np.int8)
        self.traces, self.events = np.zeros(MOST_SHAPES, np.int8), np.zeros(MOST_SHAPES, np.int8)
        self.same = np.zeros(MOST_SHAPES, np.bool_)
        self.key = np.zeros(MOST_SHAPES, np.int64)
        self.names: dict[str, int] = {}

    def __missing__(self, text: str) -> int:
        number = len(self)
        if number >= MOST_SHAPES or len(text) > 2_000:
            raise Irregular
        fits = ((pattern.fullmatch(text), effect) for pattern, effect in _KNOWN)
        match, effect = next((fit for fit in fits if fit[0]), (None, _KNOWN[0][1]))
        if match is None:
            raise Irregular
        before, after, traces, events = effect
        self.key[number] = self.names.setdefault(match[1], len(self.names))
        self.same[number] = before is None
        self.before[number], self.after[number] = before or LOG, after or LOG
        self.traces[number], self.events[number] = traces, events
        self[text] = number
        return number


class Body:
    """Reads from the first `<trace` on; gives its rows to `parts`."""

    def __init__(self, parts: Parts, names: Names) -> None:
        self.parts, self.names = parts, names
        self.markup = Markup()
        self.level = LOG
        self.cases = 0
        self._carried: dict[int, str] = {}  # of the trace that goes on: column → value

    def read(self, source: Iterator[bytes]) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")()
        carry = ""
        try:
            for piece in source:
                for start in range(0, len(piece), UNIT):
                    carry = self._unit(carry + decoder.decode(piece[start : start + UNIT]))
            carry += decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            raise Irregular from None
        rest = self._attributes(carry)
        if self.level not in _ENDS or not _ENDS[self.level].fullmatch(rest):
            raise Irregular

    def _unit(self, text: str) -> str:
        """Takes what stands before the last event; gives back the text that is left."""
        cut = text.rfind(NEXT)
        if cut > 0:
            text = self._attributes(text[:cut]) + text[cut:]
        if len(text) > MOST_CARRIED:
            raise Irregular
        return text

    def _attributes(self, text: str) -> str:
        """Takes the attributes of this text; gives back what stands behind the last."""
        split = text.replace(BEGIN, END).split(END)
        if len(split) % 2 == 0:
            raise Irregular
        if len(split) > 1:
            codes = np.frombuffer(bytes(map(self.markup.__getitem__, split[:-1:2])), np.uint8)
            self._take(codes, split[1::2], len(text))
        return split[-1]

    def _take(self, codes: Array, texts: list[str], size: int) -> None:
        markup = self.markup
        starts = np.flatnonzero(~markup.same[codes])  # where an event or a trace begins
        if not len(starts) or starts[0] != 0:
            raise Irregular
        before, after = markup.before[codes[starts]], markup.after[codes[starts]]
        if before[0] != self.level or (before[1:] != after[:-1]).any():
            raise Irregular
        self.level = int(after[-1])
        values, keys = _texts(texts), markup.key[codes]
        levels = np.repeat(after, np.diff(np.append(starts, len(codes))))
        events = np.cumsum(markup.events[codes], dtype=np.int64) - 1
        traces = np.cumsum(markup.traces[codes], dtype=np.int64)
        of_event = traces[markup.events[codes] > 0]
        columns = self._cases(keys, levels == TRACE, traces, values, of_event)
        for column, found in self._columns(keys, levels == EVENT, self.names.event):
            columns[column] = _filled(len(of_event), events[found], values[found])
        self.parts.add(len(of_event), columns, size)

    def _columns(
        self, keys: Array, inside: Array, name: Callable[[str], int | None]
    ) -> Iterator[tuple[int, Array]]:
        """The columns these attributes go to, and which of them go there."""
        known = list(self.markup.names)
        for key in np.flatnonzero(np.bincount(keys[inside])):
            column = name(known[key])
            if column is not None:
                yield column, np.flatnonzero(inside & (keys == key))

    def _cases(
        self, keys: Array, inside: Array, traces: Array, values: Array, of_event: Array
    ) -> dict[int, Array]:
        """What the traces say, for each of their events. Trace 0 is the one that went on."""
        last = int(traces[-1])
        self.cases += last
        told: dict[int, Array] = {}
        for column, found in self._columns(keys, inside, self.names.case):
            told[column] = _filled(last + 1, traces[found], values[found])
        for column, text in self._carried.items():
            if column not in told:
                told[column] = np.full(last + 1, "", dtype=object)
            if told[column][0] == "":
                told[column][0] = text
        self._carried = {c: array[last] for c, array in told.items() if array[last]}
        return {column: array[of_event] for column, array in told.items()}


def _filled(n: int, places: Array, values: Array) -> Array:
    """Of a key that stands twice in one event the last counts."""
    if len(places) == n and (n == 0 or (places[0] == 0 and (np.diff(places) == 1).all())):
        return values
    array = np.full(n, "", dtype=object)
    array[places] = values
    return array


def _texts(values: list[str]) -> Array:
    together = "".join(values)
    letters = np.frombuffer(together.encode(), np.uint8)
    if "<" in together or '"' in together or np.count_nonzero(letters < 32):
        raise Irregular
    if "&" in together:
        values = [_unescaped(v) if "&" in v else v for v in values]
    return np.array(values, dtype=object)


def _unescaped(text: str) -> str:
    if text.count("&") != len(_ENTITY.findall(text)):
        raise Irregular
    return _ENTITY.sub(_letter, text)


def _letter(found: re.Match[str]) -> str:
    name, decimal, hexadecimal = found.groups()
    if name:
        return _ENTITIES[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    if number in (9, 10, 13) or 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE:
        return chr(number)
    if 0x10000 <= number <= 0x10FFFF:
        return chr(number)
    raise Irregular


def joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    return chain([first], rest)
