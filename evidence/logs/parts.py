"""Where a log's events go: columns of text, written as Parquet files of a bounded size.

Values are text; nothing is the empty text. The columns' own names stand in `about.json`, the
files call them c0, c1, …, so that a log may call its attributes what it likes.
"""

import json
import secrets
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from django.utils.translation import gettext as _

from evidence import lake
from evidence.errors import FileError
from evidence.logs import arrow, texts
from evidence.logs.texts import Array, Buffers
from evidence.sql import literal

MOST_COLUMNS = 200
MOST_NAMED = 50  # attributes beyond, told by name
LONGEST_NAME = 200
ABOUT = "about.json"
PART_CELLS = 500_000
PART_BYTES = 64 << 20

CASE, ACTIVITY, LIFECYCLE, TIME, RESOURCE = "case", "activity", "lifecycle", "time", "resource"
FIRST = (CASE, ACTIVITY, LIFECYCLE, TIME, RESOURCE)
ALWAYS = (CASE, ACTIVITY, TIME)


@dataclass(frozen=True)
class Chunk:
    """`n` rows: by column, an array of views (`texts`), all of them of the same buffers."""

    n: int
    columns: Mapping[int, Array]
    buffers: Buffers

    def column(self, number: int) -> Array:
        return self.columns[number] if number in self.columns else texts.blank(self.n)


def chunk_of(rows: Sequence[Mapping[int, str]]) -> Chunk:
    """Rows as mappings from column to text."""
    lengths = [len(row) for row in rows]
    row_of = np.repeat(np.arange(len(rows)), lengths)
    column_of = np.fromiter((column for row in rows for column in row), np.int64, sum(lengths))
    cells, buffer = texts.of([text.encode() for row in rows for text in row.values()])
    columns = {}
    for column in np.unique(column_of).tolist():
        found = np.flatnonzero(column_of == column)
        columns[column] = texts.placed(len(rows), row_of[found], cells[found])
    return Chunk(len(rows), columns, (buffer,))


class Columns:
    """The names given so far, at most MOST_COLUMNS; what has no place is told."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.left_out: list[str] = []
        self.left_out_count = 0
        self._taken: set[str] = set()
        for name in FIRST:
            self.add(name)

    def add(self, name: str) -> int | None:
        """The number of a new column, None where there are too many."""
        if len(self.names) >= MOST_COLUMNS:
            self.left_out_count += 1
            if len(self.left_out) < MOST_NAMED:
                self.left_out.append(name[:LONGEST_NAME])
            return None
        name = name.strip()[:LONGEST_NAME] or _("without a name")
        while name in self._taken:
            name = f"event:{name}"
        self._taken.add(name)
        self.names.append(name)
        return len(self.names) - 1


class Parts:
    """Writes a table part by part into a new folder; `finish` gives the folder its name.

    A part is written by a thread of its own while the next one is read; there is never more than
    one under way.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder.with_name(f"{folder.name}-{secrets.token_hex(4)}")
        self._closing = ExitStack()
        self._cursor = self._closing.enter_context(lake.cursor_apart())
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="log-parts")
        self._closing.callback(self._writer.shutdown)
        self._begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._closing.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def _begin(self) -> None:
        self.home.mkdir(parents=True)
        self.columns = Columns()
        self.rows = self._written = 0
        self._filled: set[int] = set()
        self._under_way: Future[None] | None = None
        self._begin_part()

    def _begin_part(self) -> None:
        self._chunks: list[Chunk] = []
        self._cells = self._bytes = 0

    def restart(self) -> None:
        """Forgets all that was added, for another reader to begin anew."""
        self._wait()
        shutil.rmtree(self.home)
        self._begin()

    def add(self, chunk: Chunk) -> None:
        """The next rows."""
        if not chunk.n:
            return
        self.rows += chunk.n
        self._chunks.append(chunk)
        self._cells += chunk.n * (len(chunk.columns) + 1)
        self._bytes += sum(map(len, chunk.buffers))
        if self._cells >= PART_CELLS or self._bytes >= PART_BYTES:
            self._write()

    def _write(self) -> None:
        chunks, path = self._chunks, self.home / f"{self._written:06}.parquet"
        self._filled |= {column for chunk in chunks for column in chunk.columns}
        self._wait()
        self._under_way = self._writer.submit(self._write_part, chunks, path)
        self._written += 1
        self._begin_part()

    def _write_part(self, chunks: Sequence[Chunk], path: Path) -> None:
        columns = sorted({column for chunk in chunks for column in chunk.columns} | {0})
        copy_out(self._cursor, {column: f"c{column}" for column in columns}, chunks, path)

    def _wait(self) -> None:
        if self._under_way is not None:
            self._under_way.result()
            self._under_way = None

    def flush(self) -> set[int]:
        """Writes what is left; the columns that have a value somewhere, and those always there."""
        if not self.rows:
            raise FileError(_("The event log holds no events."))
        if self._chunks:
            self._write()
        self._wait()
        always = {FIRST.index(name) for name in ALWAYS}
        if empty := always - self._filled:
            path = self.home / "columns.parquet"
            copy_out(self._cursor, {i: f"c{i}" for i in sorted(empty)}, [chunk_of([])], path)
        return self._filled | always

    def finish(self, about: Mapping[str, Any]) -> None:
        """Gives the folder its name, with what is known of the log."""
        kept = sorted(self.flush())
        publish(self.home, self.folder, self.columns, kept, {"rows": self.rows, **about})


def publish(
    home: Path, folder: Path, columns: Columns, kept: Sequence[int], about: Mapping[str, Any]
) -> None:
    """The files of `home`, done, under the name of `folder`."""
    told = {
        "columns": [columns.names[i] for i in kept],
        "physical": [f"c{i}" for i in kept],
        "left_out": columns.left_out,
        "left_out_count": columns.left_out_count,
        **about,
    }
    (home / ABOUT).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    with suppress(OSError):  # somebody else was quicker
        home.rename(folder)


def copy_out(
    cursor: lake.Cursor, names: Mapping[int, str], chunks: Sequence[Chunk], path: Path
) -> None:
    """These columns, by these names, as a Parquet file; empty text becomes no value."""
    batches = [([chunk.column(c) for c in names], chunk.buffers) for chunk in chunks]
    stream = arrow.Stream(list(names.values()), batches)
    source = f"part_{secrets.token_hex(6)}"
    cells = ", ".join(f"nullif({name}, '') AS {name}" for name in names.values())
    cursor.register(source, stream.capsule())
    try:
        cursor.execute(
            f"COPY (SELECT {cells} FROM {source}) TO {literal(str(path))} "
            "(FORMAT parquet, COMPRESSION snappy)"
        ).fetchall()
    finally:
        cursor.unregister(source)
        stream.close()
