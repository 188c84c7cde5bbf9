"""XES, also XES.gz: a stream of traces and events becomes a table with a row for each event.

A real XML parser reads the head of the file, and all of it where its body is not of the simple
form that `xes_body` reads many times as fast. Both give the same table.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from evidence.errors import FileError
from evidence.logs import unpacking, xes_body
from evidence.logs.parts import Parts, chunk_of
from evidence.logs.xes_names import Names

ATTRIBUTES = frozenset({"string", "date", "int", "float", "boolean", "id", "list", "container"})
DEEPEST = 64
LONGEST_ELEMENT = 8 << 20  # of one tag, comment or value
TRACE = b"<trace"
BATCH = 2_000
NATIVE = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "iso8859-1", "ascii")  # of the parser
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_IS_XML = re.compile(r"\s*<(\?[\w:.-]+\s|!--|!DOCTYPE\s|([\w.-]+:)?log[\s>/])")


def looks_like_xml(head: bytes) -> bool:
    """Whether a file that begins so is XML, or at least means to be."""
    for bom, encoding in (
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if head.startswith(bom):
            return bool(_IS_XML.match(head[2:400].decode(encoding, "replace")))
    return bool(_IS_XML.match(head.removeprefix(codecs.BOM_UTF8)[:400].decode("latin-1")))


def read(path: Path, parts: Parts) -> dict[str, Any]:
    """Adds all events to `parts`; returns what is known of the log besides."""
    try:
        return _read_quickly(path, parts)
    except xes_body.Irregular:
        parts.restart()
    reader = _Reader(parts)
    for piece in _pieces(path):
        reader.feed(piece)
    reader.close()
    return {"kind": "xes", "cases": reader.cases}


def _read_quickly(path: Path, parts: Parts) -> dict[str, Any]:
    source = unpacking.pieces(path)
    try:
        head = _Head()
        for piece in source:
            rest = head.feed(piece)
            if rest is not None:
                body = xes_body.Body(parts, Names(parts.columns))
                body.read(xes_body.joined(rest, source))
                return {"kind": "xes", "cases": body.cases}
        raise xes_body.Irregular
    finally:
        source.close()


def _pieces(path: Path) -> Iterator[bytes]:
    """In an encoding the parser knows; others, such as GB18030, become UTF-8."""
    encoding, decoder = None, None
    for i, piece in enumerate(unpacking.pieces(path)):
        if i == 0 and (told := _ENCODING.match(piece)):
            try:
                encoding = codecs.lookup(told[1].decode()).name
            except LookupError:
                raise _not_valid(_("unknown encoding %s") % told[1].decode()) from None
            if encoding not in NATIVE:
                decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
                piece = piece.replace(told[0], told[0].replace(told[1], b"utf-8"), 1)
        yield decoder.decode(piece).encode() if decoder else piece


class _Parser:
    """expat, with what no event log needs refused: document types, and elements without end."""

    def __init__(self) -> None:
        self.expat = expat.ParserCreate()
        self.expat.buffer_text = True
        self.expat.StartElementHandler = self.start
        self.expat.EndElementHandler = self.end
        self.expat.StartDoctypeDeclHandler = _refuse_doctype
        self.fed = 0
        self.depth = 0

    def feed(self, piece: bytes) -> None:
        self._parse(piece, False)
        self.fed += len(piece)
        if self.fed - self.expat.CurrentByteIndex > LONGEST_ELEMENT:
            raise FileError(
                _("The event log has an element of more than %d MB; it cannot be read.")
                % (LONGEST_ELEMENT >> 20)
            )

    def close(self) -> None:
        self._parse(b"", True)

    def _parse(self, piece: bytes, last: bool) -> None:
        try:
            self.expat.Parse(piece, last)
        except expat.ExpatError as error:
            raise _not_valid(
                _("line %(line)d: %(why)s")
                % {"line": error.lineno, "why": expat.ErrorString(error.code)}
            ) from None
        except (ValueError, LookupError, UnicodeError) as error:  # encodings it cannot read
            raise _not_valid(str(error)) from None

    def start(self, name: str, given: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if self.depth == 0 and name != "log":
            raise FileError(
                _(
                    "The file is XML but not an event log: it begins with <%s>. Expected was XES, "
                    "which begins with <log>."
                )
                % name[:60]
            )
        self.depth += 1
        if self.depth > DEEPEST:
            raise FileError(
                _("The event log is nested deeper than %d elements; it cannot be read.") % DEEPEST
            )

    def end(self, name: str) -> None:
        self.depth -= 1


class _Head:
    """Everything before the first trace: parsed, but looked at no more than needed."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = _refuse_doctype
        self.tail = b""
        self.begun = False
        self.fed = 0

    def feed(self, piece: bytes) -> bytes | None:
        """The bytes from the first `<trace` on, once it is there; Irregular where in doubt."""
        known = self.tail + piece
        told = None if self.begun else _ENCODING.match(known)
        if told and told[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
            raise xes_body.Irregular
        found = known.find(TRACE)
        until = found if found >= 0 else max(0, len(known) - len(TRACE))
        if known.find(b"<event", 0, until) >= 0 or (not self.begun and b"<log" not in known):
            raise xes_body.Irregular
        self.begun = True
        self._parse(known[:until])
        if found < 0:
            self.tail = known[until:]
            return None
        # Only where the log, and nothing else, is open does it end so.
        self._parse(b"<trace/></log>", last=True)
        return known[found:]

    def _parse(self, piece: bytes, last: bool = False) -> None:
        try:
            self.parser.Parse(piece, last)
        except (expat.ExpatError, ValueError, LookupError):
            raise xes_body.Irregular from None
        self.fed += len(piece)
        if self.fed - self.parser.CurrentByteIndex > LONGEST_ELEMENT:
            raise xes_body.Irregular


@dataclass
class _Reader(_Parser):
    """The whole log, element by element."""

    parts: Parts
    cases: int = 0
    rows: list[dict[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.names = Names(self.parts.columns)
        self.case: dict[int, str] | None = None
        self.event: dict[int, str] | None = None
        self.events_of_case = 0
        self.size = 0
        self.skipping = 0  # the depth at which something begins that is not read
        self.path: list[tuple[str, bool]] = []  # attributes around this one; whether a list

    def start(self, name: str, given: dict[str, str]) -> None:
        super().start(name, given)
        name = name.rpartition(":")[2]
        if self.skipping or self.depth == 1:
            return
        within = self.depth - 1 - (self.case is not None) - (self.event is not None)
        if name == "trace" and self.depth == 2:
            self.case, self.events_of_case = {}, 0
            self.cases += 1
        elif name == "event" and within == 1 and self.event is None:
            self.event = dict(self.case or {})
            self.events_of_case += 1
        elif name in ATTRIBUTES and (self.case is not None or self.event is not None):
            self._attribute(name, given)
        elif name == "values" and self.path:
            self.path.append(("", self.path[-1][1]))
        else:
            self.skipping = self.depth

    def _attribute(self, name: str, given: dict[str, str]) -> None:
        key, in_list = given.get("key", ""), bool(self.path) and self.path[-1][1]
        around = "/".join(part for part, _is_list in self.path if part)
        path = around if in_list else f"{around}/{key}" if around else key
        self.path.append(("" if in_list else key, name == "list"))
        value = given.get("value", "")
        if not value:
            return
        if self.event is not None:
            column, row = self.names.event(path), self.event
        else:
            column, row = self.names.case(path), self.case or {}
            if self.events_of_case:
                raise FileError(
                    _(
                        "Line %d: an attribute of a case stands behind its events. "
                        "Expected was XES, where a case's attributes come first."
                    )
                    % self.expat.CurrentLineNumber
                )
            self.case = row
        if column is not None:
            self.size += len(value)
            row[column] = f"{row[column]}; {value}" if in_list and column in row else value

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if self.skipping:
            if self.skipping == self.depth:
                self.skipping = 0
        elif self.path:
            self.path.pop()
        elif self.event is not None:
            self.rows.append(self.event)
            self.event = None
            if len(self.rows) >= BATCH or self.size > LONGEST_ELEMENT:
                self._hand_over()
        elif self.case is not None:
            self.case = None
        super().end(name)

    def _hand_over(self) -> None:
        self.parts.add(chunk_of(self.rows))
        self.rows, self.size = [], 0

    def close(self) -> None:
        super().close()
        self._hand_over()


def _refuse_doctype(*_given: Any) -> None:
    raise FileError(
        _("The file declares a document type (DTD), which no event log needs. Take it out.")
    )


def _not_valid(why: str) -> FileError:
    return FileError(_("The event log is no valid XML, or cut off (%s).") % why)
