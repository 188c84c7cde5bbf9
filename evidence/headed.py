"""A copy of a table whose names stand in one line at its beginning."""

import csv
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

from evidence.header import Header
from evidence.table import Table


def with_one_header(table: Table, found: Header, folder: Path) -> Table:
    """A copy that begins with one line of names; what stood above it is only counted."""
    made = folder / f"headed-{secrets.token_hex(4)}"
    gone = found.above + found.lines
    with (
        gone_where_refused(made),
        table.path.open(encoding="utf-8-sig", errors="replace", newline="") as source,
        made.open("w", encoding="utf-8", newline="") as target,
    ):
        lines = iter(source)
        records = csv.reader(lines, delimiter=table.delimiter, quotechar=table.quote)
        rows = (row for row in records if row)
        for _row in islice(rows, gone):
            pass
        writer = csv.writer(
            target, delimiter=table.delimiter, quotechar=table.quote, lineterminator=table.newline
        )
        writer.writerow(table.columns)
        shutil.copyfileobj(_Lines(lines), target, 1 << 20)
    table.forget_copy()
    return replace(table, path=made, made=made, skip=0, above=table.skip + gone - 1)


class _Lines:
    """The rest of a file's lines, to be read in large pieces."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines

    def read(self, size: int = 1 << 20, /) -> str:
        piece: list[str] = []
        for line in self.lines:
            piece.append(line)
            size -= len(line)
            if size <= 0:
                break
        return "".join(piece)


@contextmanager
def gone_where_refused(made: Path) -> Iterator[None]:
    """A copy holds what the file holds, identifiers in the clear; nobody would look for it."""
    try:
        yield
    except BaseException:
        made.unlink(missing_ok=True)
        raise
