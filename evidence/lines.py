"""A line of an import's file as it was written, while the file is kept.

Files are kept for TOUCHLINE_KEEP_FILES_DAYS, or until an erasure. Who looks at a line does not see
the customer's id: cells that hold it are named, not shown.
"""

import secrets
import shutil
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

import duckdb
from django.conf import settings
from django.utils import timezone

from evidence import lake
from evidence.actions import file_of, read_mapping
from evidence.erasure import hash_of
from evidence.errors import EvidenceError
from evidence.models import Import
from evidence.reading import open_table
from evidence.source_sql import relation
from evidence.table import Table

LARGEST_READ = 500 << 20
LARGEST_CONVERTED = 50 << 20  # spreadsheets, event logs, other encodings: copied at each look

# Column → what stood in it; None where it names the customer.
Line = dict[str, str | None]


def is_kept(found: Import) -> bool:
    """Whether the file is there, and is still what was imported."""
    if not found.path or found.finished_at is None:
        return False
    try:
        told = file_of(found).stat()
    except OSError:
        return False
    return told.st_size == found.file_bytes and told.st_mtime <= found.finished_at.timestamp()


def is_past(found: Import) -> bool:
    """Whether the time is over for which the file of an import that ended is kept."""
    kept_for = timedelta(days=settings.KEEP_FILES_DAYS)
    return found.finished_at is None or timezone.now() - found.finished_at >= kept_for


def original_line(found: Import, row_no: int, customers: Iterable[UUID]) -> Line | None:
    """The line's cells, or None where they cannot be had; `customers` are those it is about."""
    if not is_kept(found) or found.file_bytes > LARGEST_READ:
        return None
    folder = lake.temp_path() / f"line-{secrets.token_hex(6)}"
    folder.mkdir(parents=True)
    try:
        mapping = read_mapping(workspace=found.workspace, document=found.mapping)
        table = open_table(file_of(found), mapping.read, folder)
        if table.made and found.file_bytes > LARGEST_CONVERTED:
            return None
        cells = _cells(table, row_no, _has_broken(found))
    except (EvidenceError, duckdb.Error, OSError):
        return None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if cells is None:
        return None
    named, whom = mapping.fields.get("customer"), set(customers)
    naming = set(named.columns) if named else set()
    return {
        column: None
        if text and (column in naming or hash_of(found.workspace, text) in whom)
        else text or ""
        for column, text in zip(table.columns, cells, strict=True)
    }


def _cells(table: Table, row_no: int, has_broken: bool) -> list[str | None] | None:
    every = list(range(len(table.columns)))
    names = ", ".join(f"c{i}" for i in every)
    with lake.cursor() as cursor:
        before = _broken_before(cursor, table, row_no, names) if has_broken else 0
        row = cursor.execute(
            f"SELECT {names} FROM ({relation(table, every)}) LIMIT 1 OFFSET ?",
            [max(0, row_no - table.first_line - before)],
        ).fetchone()
    return list(row) if row else None


def _broken_before(cursor: lake.Cursor, table: Table, row_no: int, names: str) -> int:
    """Lines that could not be split are no rows; they are known when all was read."""
    for told in ("reject_errors", "reject_scans"):
        cursor.execute(f"DROP TABLE IF EXISTS {told}")
    every = list(range(len(table.columns)))
    cursor.execute(f"SELECT bit_xor(hash({names})) FROM ({relation(table, every)})").fetchall()
    asked = "SELECT count(DISTINCT line) FROM reject_errors WHERE line + ? < ?"
    return int(cursor.execute(asked, [table.skip, row_no]).fetchall()[0][0])


def _has_broken(found: Import) -> bool:
    """Whether lines were rejected as a whole: their problem names no column."""
    return any(not told["field"] and not told["columns"] for told in found.problems)
