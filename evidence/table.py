"""A table: a file DuckDB can read, and what its columns are called."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from django.utils.translation import gettext as _

from evidence import lake
from evidence.errors import FileError
from evidence.sql import identifier, literal


@dataclass(frozen=True)
class Table:
    """A file DuckDB can read, and what its columns are called."""

    format: str  # csv, jsonl, parquet; lines: JSON from memory, bound as `lines`
    path: Path
    columns: list[str]
    repeated: frozenset[str] = frozenset()
    delimiter: str = ","
    quote: str = '"'
    newline: str = "\n"
    encoding: str = "utf-8"
    skip: int = 0  # blank lines before the header
    above: int = 0  # lines of the file that stood above the copy's header
    made: Path | None = None  # the converted copy, to be removed afterwards
    source: str = ""  # what it was converted from: xlsx, xes, ocel
    physical: tuple[str, ...] = ()  # what a log's Parquet files call the columns
    about: dict[str, Any] = field(default_factory=dict)  # what is known of a log
    labels: dict[str, str] = field(default_factory=dict)  # column → its question in full
    zone: str = ""  # the time zone the file tells
    header: tuple[int, int] = (0, 1)  # lines above the names, lines of names
    sheet: str = ""
    sheets: tuple[tuple[str, bool], ...] = ()  # a workbook's, and whether they are hidden

    @property
    def known_as(self) -> str:
        """What people call the format."""
        return self.source or self.format

    @property
    def has_own_times(self) -> bool:
        """Whether its cells may be times rather than text that tells one."""
        return self.source == "xlsx" or (self.format == "parquet" and not self.source)

    def forget_copy(self) -> None:
        if self.made is not None:
            self.made.unlink(missing_ok=True)

    @property
    def first_line(self) -> int:
        """The number of the first row's line in the file, as people count."""
        return self.skip + self.above + 2 if self.format == "csv" else 1


def of_parquet(path: Path) -> Table:
    try:
        with lake.cursor() as cursor:
            found = cursor.execute(f"DESCRIBE FROM read_parquet({literal(str(path))})").fetchall()
    except duckdb.Error as error:
        raise FileError(
            _("The Parquet file is damaged or cut off: %s")
            % str(error).splitlines()[0].replace(str(path), path.name)
        ) from None
    return Table(format="parquet", path=path, columns=[row[0] for row in found])


def parquet_source(table: Table) -> str:
    """The files as a table; parts of a log may lack columns."""
    several = ", union_by_name=true" if table.source else ""
    return f"read_parquet({literal(str(table.path))}{several})"


def parquet_rows(table: Table, limit: int) -> list[list[str]]:
    cells = ", ".join(
        f"CAST({identifier(name)} AS VARCHAR)" for name in table.physical or table.columns
    )
    with lake.cursor() as cursor:
        rows = cursor.execute(
            f"SELECT {cells} FROM {parquet_source(table)} LIMIT ?", [limit]
        ).fetchall()
    return [["" if cell is None else cell for cell in row] for row in rows]
