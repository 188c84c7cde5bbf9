"""The first rows of a file: looked at once after the upload, and kept for the mapping page.

Beside the uploaded file lie `sample.csv` (the first rows, as they are) and `preview.json` (what
the file was recognised as), so that every look at the mapping page costs the same, whatever the
file's size.
"""

import csv
import json
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from django.utils.translation import gettext as _

from evidence import lake
from evidence.actions import file_of, folder_of
from evidence.errors import FileError
from evidence.field_sql import trimmed
from evidence.mapping import ParsedMapping, Read, check_columns
from evidence.mapping_sql import Compiler
from evidence.metrics import scales_of
from evidence.models import Import
from evidence.reading import Table, first_rows, open_table
from evidence.source_sql import relation
from evidence.staging import Counts, stage

SAMPLE_ROWS = 1_000
SHOWN_ROWS = 8
MOST_CELL = 20_000  # characters of one cell kept in the sample
# Files up to this size are counted at once; larger ones only where the format tells it.
COUNTED_BYTES = 150 * 2**20
MOST_COUNTED = 8  # columns
MOSTLY = 0.98


@dataclass
class Preview:
    """What a file was recognised as, and its first rows."""

    format: str  # csv, jsonl, parquet, xlsx, xes, ocel
    encoding: str
    delimiter: str
    header: list[str]
    rows: list[list[str]]
    repeated: list[str] = field(default_factory=list)
    rows_total: int | None = None
    # Of columns without a repetition in the first rows: how many values differ in the whole file.
    distinct: dict[str, int] = field(default_factory=dict)
    log: dict[str, Any] = field(default_factory=dict)  # what is known of an event log

    def tells_rows_apart(self, name: str) -> bool:
        """Whether a column's values differ from row to row, but for a few true duplicates."""
        return self.distinct.get(name, 0) >= MOSTLY * (self.rows_total or math.inf)


def look(found: Import, read: Read) -> Preview:
    """Opens the file and keeps what its first rows say; FileError where it is no table."""
    home = folder_of(found)
    table = open_table(file_of(found), read, home)
    try:
        rows = [[cell[:MOST_CELL] for cell in row] for row in first_rows(table, SAMPLE_ROWS)]
        preview = Preview(
            format=table.known_as,
            encoding=table.encoding,
            delimiter=table.delimiter if table.format == "csv" else "",
            header=list(table.columns),
            rows=rows[:SAMPLE_ROWS],
            repeated=sorted(table.repeated),
            log=table.about,
        )
        if found.file_bytes <= COUNTED_BYTES or table.format == "parquet":
            preview.rows_total, preview.distinct = _count(table, preview.rows)
    finally:
        table.forget_copy()
    if not rows:
        raise FileError(
            _("The file has a line of column names but no rows below it. Expected was a row each.")
        )
    _keep(home, preview)
    return preview


def preview_of(found: Import) -> Preview:
    """What `look` kept."""
    try:
        kept = json.loads((folder_of(found) / "preview.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FileError(_("The uploaded file is gone. Upload it again.")) from None
    return Preview(**kept)


@dataclass(frozen=True)
class Sample:
    """What would become of the first rows: their account, why some fail, and the evidence."""

    counts: Counts
    problems: list[dict[str, Any]]
    columns: list[str]
    rows: list[tuple[Any, ...]]


def try_mapping(found: Import, preview: Preview, mapping: ParsedMapping) -> Sample:
    """What becomes of the first rows under this mapping. Nothing enters the lake."""
    check_columns(mapping, preview.header, preview.repeated)
    table = Table(format="csv", path=folder_of(found) / "sample.csv", columns=preview.header)
    workspace = found.workspace
    compiler = Compiler(mapping, table, scales_of(workspace), workspace.timezone)
    with stage(table, mapping, compiler.compile()) as staged:
        return Sample(staged.counts(), staged.problems(), *staged.accepted(SHOWN_ROWS))


def _keep(home: Path, preview: Preview) -> None:
    with (home / "sample.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(preview.header)
        writer.writerows(preview.rows)
    (home / "preview.json").write_text(
        json.dumps(asdict(preview), ensure_ascii=False), encoding="utf-8"
    )


def _count(table: Table, rows: list[list[str]]) -> tuple[int | None, dict[str, int]]:
    """The file's rows, and the different values of each column that may tell rows apart."""
    maybe = [i for i in range(len(table.columns)) if _never_repeats(i, rows)][:MOST_COUNTED]
    counts = "".join(f", count(DISTINCT {trimmed(i)})" for i in maybe)
    try:
        with lake.cursor() as cursor:
            source = relation(table, maybe or [0], None)
            n, *told = cursor.execute(f"SELECT count(*){counts} FROM ({source})").fetchall()[0]
    except duckdb.Error:
        return None, {}
    return int(n), {table.columns[i]: int(d) for i, d in zip(maybe, told, strict=True)}


def _never_repeats(i: int, rows: list[list[str]]) -> bool:
    values = [row[i].strip() if i < len(row) else "" for row in rows]
    return len(values) > 1 and all(values) and len(set(values)) == len(values)
