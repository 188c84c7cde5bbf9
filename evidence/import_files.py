"""Parquet files that an import writes itself and hands over to the lake.

An INSERT into the lake turns codes into text before it writes them, and looks each up again to
build the file's dictionaries: half of its time. Written here, a code stays the number it is.
A file counts from the commit that adds it; one that no commit added is an orphan, which upkeep
sweeps (upkeep.py).
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evidence import lake
from evidence.sql import literal


@contextmanager
def new_file(table: str, import_id: int) -> Iterator[str]:
    """Where to write; what was written is gone when the work on it fails before the commit."""
    folder = f"{lake.data_path()}main/{lake.known(table)}/"
    path = f"{folder}import-{int(import_id)}-{secrets.token_hex(8)}.parquet"
    if not lake.is_remote():
        Path(folder).mkdir(parents=True, exist_ok=True)
    try:
        yield path
    except BaseException:
        if not lake.is_remote():
            Path(path).unlink(missing_ok=True)
        raise


def write(cursor: lake.Cursor, path: str, select: str) -> None:
    cursor.execute(f"COPY ({select}) TO {literal(path)} (FORMAT parquet, COMPRESSION snappy)")


def add(cursor: lake.Cursor, table: str, path: str) -> None:
    """Columns that the file lacks are NULL in all of its rows."""
    cursor.execute(
        f"CALL ducklake_add_data_files('lake', {literal(lake.known(table))}, {literal(path)}, "
        "allow_missing => true)"
    )
