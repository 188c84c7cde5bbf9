"""OCEL 2.0 as JSON: events with objects. One type of object is the case.

An event with several objects of that type gives a row for each; one without gives a row without a
case, so that every event is accounted for.
"""

import json
import re
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from evidence import lake
from evidence.errors import FileError
from evidence.logs import texts, unpacking
from evidence.logs.json_stream import elements
from evidence.logs.parts import (
    ACTIVITY,
    CASE,
    FIRST,
    TIME,
    Chunk,
    Parts,
    chunk_of,
    copy_out,
    publish,
)
from evidence.sql import literal

EVENT = "event"
BATCH = 5_000
MOST_PAIRS = 500_000
MOST_LETTERS = 64 << 20  # of a batch
MOST_TYPES = 200  # offered for choice
MOST_REMEMBERED = 10_000
NUMBER = 9_999  # the column that holds the event's number while the table is made
_STARTS = re.compile(r'\s*\{\s*"(objectTypes|eventTypes|objects|events)"\s*:\s*\[')
_HOLDS = re.compile(r'"(objectTypes|eventTypes)"\s*:\s*\[')
_FIRST_OF_ALL = re.compile(r'\s*\{\s*"ocel:')


def looks_like_ocel(text: str) -> bool:
    """Whether JSON that begins so is an OCEL; OCEL 1 is refused with a sentence."""
    if _FIRST_OF_ALL.match(text):
        raise FileError(_("This is an event log in OCEL 1. Export it as OCEL 2.0 (JSON)."))
    if not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return False
    if _STARTS.match(text.lstrip("\ufeff")):
        return True
    return len(set(_HOLDS.findall(text))) == 2


def read(path: Path, folder: Path, case: str) -> None:
    """Makes `folder` with the table; `case` is the type of object, chosen by itself if empty."""
    with Parts(folder) as parts:
        log = _Log(parts)
        for key, element in elements(unpacking.pieces(path)):
            if key == "objects":
                log.add_object(element)
            elif key == "events":
                log.add_event(element)
        log.make_table(case)


class _Pairs:
    """Two columns of text, in files of their own."""

    def __init__(self, home: Path, name: str) -> None:
        self.home, self.name = home, name
        self.left: list[str] = []
        self.right: list[str] = []
        self.count = self.size = self.files = 0

    def add(self, left: str, right: str) -> None:
        self.left.append(left)
        self.right.append(right)
        self.size += len(left) + len(right)
        self.count += 1
        if len(self.left) >= MOST_PAIRS or self.size >= MOST_LETTERS:
            self.write()

    def write(self) -> None:
        path = self.home / f"{self.name}-{self.files:06}.pairs"
        n = len(self.left)
        cells, buffer = texts.of([text.encode() for text in self.left + self.right])
        with lake.cursor() as cursor:
            chunk = Chunk(n, {0: cells[:n], 1: cells[n:]}, (buffer,))
            copy_out(cursor, {0: "a", 1: "b"}, [chunk], path)
        self.left, self.right, self.size = [], [], 0
        self.files += 1

    @property
    def sql(self) -> str:
        return f"read_parquet({literal(str(self.home / (self.name + '-*.pairs')))})"


class _Log:
    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.objects = _Pairs(parts.home, "objects")  # object, its type
        self.relations = _Pairs(parts.home, "relations")  # event's number, object
        self.event = parts.columns.add(EVENT)
        self.rows: list[dict[int, str]] = []
        self.size = self.events = 0
        self.known: dict[str, int | None] = {}

    def add_object(self, given: object) -> None:
        if not isinstance(given, dict) or not _text(given.get("id")):
            raise _wrong(_("object %d has no “id”") % (self.objects.count + 1))
        self.objects.add(_text(given["id"]), _text(given.get("type")))

    def add_event(self, given: object) -> None:
        self.events += 1
        if not isinstance(given, dict):
            raise _wrong(_("event %d is no JSON object") % self.events)
        row = {NUMBER: str(self.events)}
        for column, key in (
            (FIRST.index(ACTIVITY), "type"),
            (FIRST.index(TIME), "time"),
            (self.event, "id"),
        ):
            if column is not None and (text := _text(given.get(key))):
                row[column] = text
        for attribute in self._listed(given, "attributes"):
            column = self._column(_text(attribute.get("name")))
            if column is not None and (text := _text(attribute.get("value"))):
                row[column] = text
        for relation in self._listed(given, "relationships"):
            if not _text(relation.get("objectId")):
                raise _wrong(_("a relationship of event %d names no “objectId”") % self.events)
            self.relations.add(row[NUMBER], _text(relation["objectId"]))
        self.rows.append(row)
        self.size += sum(map(len, row.values()))
        if len(self.rows) >= BATCH or self.size >= MOST_LETTERS:
            self._hand_over()

    def _listed(self, event: dict[str, Any], key: str) -> list[dict[str, Any]]:
        found = event.get(key) or []
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise _wrong(
                _("“%(key)s” of event %(n)d is no list of objects") % {"key": key, "n": self.events}
            )
        return found

    def _column(self, name: str) -> int | None:
        if name not in self.known:
            if len(self.known) >= MOST_REMEMBERED:
                return None
            self.known[name] = self.parts.columns.add(name)
        return self.known[name]

    def _hand_over(self) -> None:
        self.parts.add(chunk_of(self.rows))
        self.rows, self.size = [], 0

    def make_table(self, asked: str) -> None:
        """Events and the objects of one type, joined; in the order of the log."""
        self._hand_over()
        kept = sorted(self.parts.flush() - {NUMBER})
        self.objects.write()
        self.relations.write()
        with lake.cursor() as cursor:
            types = self._types(cursor)
            case = _chosen(asked, types)
            made = self.parts.home / "table"
            made.mkdir()
            events = literal(str(self.parts.home / "*.parquet"))
            told = ", ".join(f"e.c{i}" if i else "r.object AS c0" for i in kept)
            cursor.execute(
                "COPY (WITH r AS (SELECT DISTINCT CAST(pairs.a AS BIGINT) AS n, pairs.b AS object "
                f"FROM {self.relations.sql} pairs JOIN {self.objects.sql} known "
                "ON known.a = pairs.b WHERE coalesce(known.b, '') = $case) "
                f"SELECT {told} FROM read_parquet({events}, union_by_name=true) e "
                f"LEFT JOIN r ON r.n = CAST(e.c{NUMBER} AS BIGINT) "
                f"ORDER BY CAST(e.c{NUMBER} AS BIGINT), r.object) "
                f"TO {literal(str(made / '000000.parquet'))} (FORMAT parquet)",
                {"case": case},
            )
            counts = self._counts(cursor, made)
        self._publish(made, kept, case, types, counts)

    def _publish(
        self, made: Path, kept: list[int], case: str, types: dict[str, int], counts: dict[str, int]
    ) -> None:
        about = {
            "kind": "ocel",
            "case": case,
            "types": dict(list(types.items())[:MOST_TYPES]),
            "events": self.events,
            "without": self.events - types[case],
            **counts,
        }
        publish(made, self.parts.folder, self.parts.columns, kept, about)

    def _types(self, cursor: lake.Cursor) -> dict[str, int]:
        """Types of objects with the events that have one, most events first."""
        found = cursor.execute(
            "SELECT known.b, count(DISTINCT pairs.a) AS n "
            f"FROM {self.relations.sql} pairs JOIN {self.objects.sql} known ON known.a = pairs.b "
            "WHERE known.b IS NOT NULL GROUP BY known.b ORDER BY n DESC, known.b"
        ).fetchall()
        if not found:
            raise _wrong(_("no event is related to an object of the list"))
        return dict(found)

    def _counts(self, cursor: lake.Cursor, made: Path) -> dict[str, int]:
        table = f"read_parquet({literal(str(made / '*.parquet'))})"
        ((rows, cases),) = cursor.execute(
            f"SELECT count(*), count(DISTINCT c{FIRST.index(CASE)}) FROM {table}"
        ).fetchall()
        return {"rows": rows, "cases": cases, "more": rows - self.events}


def _chosen(asked: str, types: dict[str, int]) -> str:
    if asked and asked not in types:
        raise FileError(
            _("No event of the log has an object of type “%(asked)s”. Types are: %(names)s.")
            % {"asked": asked, "names": ", ".join(f"“{name}”" for name in list(types)[:30])}
        )
    return asked or next(iter(types))


def _text(value: object) -> str:
    """A value as text; letters no file may hold become �."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode()


def _wrong(why: str) -> FileError:
    return FileError(_("The event log is not in OCEL 2.0: %s.") % why)
