"""Parquet files that an import writes itself and hands over to the lake.

An INSERT into the lake turns codes into text before it writes them, and looks each up again to
build the file's dictionaries: half of its time. Written here, a code stays the number it is.
A file counts from the commit that adds it; one that no commit added is an orphan, which upkeep
sweeps (upkeep.py).
"""

import secrets
from pathlib import Path

from evidence import lake
from evidence.sql import literal

# The second version packs times and numbers: files are a sixth smaller, and read as fast. A column
# of more different values in a row group than the limit has no dictionary; to make one that turns
# out to be of no use takes a fifth of the writing.
OPTIONS = "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION snappy, DICTIONARY_SIZE_LIMIT 4096"


def new_path(table: str, import_id: int) -> str:
    """Where to write."""
    folder = f"{lake.data_path()}main/{lake.known(table)}/"
    if not lake.is_remote():
        Path(folder).mkdir(parents=True, exist_ok=True)
    return f"{folder}import-{int(import_id)}-{secrets.token_hex(8)}.parquet"


def remove(path: str) -> None:
    """Takes away what was written where the work on it fails; on S3, upkeep does."""
    if not lake.is_remote():
        Path(path).unlink(missing_ok=True)


def write(cursor: lake.Cursor, path: str, select: str) -> int:
    """Returns how many rows were written."""
    return int(cursor.execute(f"COPY ({select}) TO {literal(path)} ({OPTIONS})").fetchall()[0][0])


def add(cursor: lake.Cursor, table: str, path: str) -> None:
    """Columns that the file lacks are NULL in all of its rows."""
    cursor.execute(
        f"CALL ducklake_add_data_files('lake', {literal(lake.known(table))}, {literal(path)}, "
        "allow_missing => true)"
    )
