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

from evidence import lake, rejected
from evidence.actions import digest_of, file_of, folder_of
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
EXAMPLE_ROWS, EXAMPLES = 200, 3
MOST_CELL = 20_001  # characters of one cell kept in the sample: too long stays too long
MOST_COUNTED = 8  # columns
COUNTED_WHOLE_BYTES = 2**28
MOST_LISTED = 40  # columns whose values are listed
MOST_VALUES = 300  # of one column
LONGEST_VALUE = 100
MOSTLY = 0.98
# A file may be broken further down, or want more memory than there is; the import says so.
UNREADABLE = (duckdb.OutOfMemoryException, duckdb.InvalidInputException, duckdb.IOException)


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
    # Of columns without a repetition in the first rows: how many values differ in the whole file,
    # of a large one about how many.
    distinct: dict[str, int] = field(default_factory=dict)
    # Of columns with few values: each with its rows in the whole file, most rows first.
    values: dict[str, dict[str, int]] = field(default_factory=dict)
    log: dict[str, Any] = field(default_factory=dict)  # what is known of an event log
    labels: dict[str, str] = field(default_factory=dict)  # column → its question in full
    zone: str = ""  # the time zone it tells
    lines: list[int] = field(default_factory=lambda: [0, 1])  # above the names, of names
    sheet: str = ""
    sheets: list[list[Any]] = field(default_factory=list)  # name, whether hidden
    read: dict[str, Any] = field(default_factory=dict)  # how it was read, where that was told

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
            read=read.told(),
            labels=table.labels,
            zone=table.zone,
            lines=list(table.header),
            sheet=table.sheet,
            sheets=[list(each) for each in table.sheets],
        )
        preview.rows_total, preview.distinct = _count(table, preview.rows)
        preview.values = _values(table, preview.rows)
    finally:
        table.forget_copy()
    if not rows:
        raise FileError(
            _("The file has a line of column names but no rows below it. Expected was a row each.")
        )
    digest_of(found)
    _keep(home, preview)
    return preview


def forget_look(found: Import) -> None:
    (folder_of(found) / "preview.json").unlink(missing_ok=True)


def preview_of(found: Import) -> Preview:
    """What `look` kept."""
    try:
        kept = json.loads((folder_of(found) / "preview.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FileError(_("The uploaded file is gone. Upload it again.")) from None
    return Preview(**kept)


@dataclass(frozen=True)
class Sample:
    """What would become of the rows: their account, why some fail, and the evidence."""

    counts: Counts
    problems: list[dict[str, Any]]
    columns: list[str]
    rows: list[tuple[Any, ...]]
    whole: bool = False  # of the whole file


def try_mapping(found: Import, preview: Preview, mapping: ParsedMapping) -> Sample:
    """What becomes of the first rows under this mapping. Nothing enters the lake."""
    check_columns(mapping, preview.header, preview.repeated)
    table = _sample_table(found, preview)
    workspace = found.workspace
    compiler = Compiler(mapping, table, scales_of(workspace), workspace.timezone)
    with stage(table, mapping, compiler.compile()) as staged:
        return Sample(staged.counts(), rejected.problems(staged), *staged.accepted(SHOWN_ROWS))


def examples(
    found: Import, preview: Preview, mapping: ParsedMapping
) -> dict[str, list[tuple[str, object]]]:
    """For each field some values as they stand in the file, and what they become."""
    workspace = found.workspace
    table = _sample_table(found, preview)
    statement, values, names = Compiler(
        mapping, table, scales_of(workspace), workspace.timezone
    ).examples()
    with lake.cursor() as cursor:
        rows = cursor.execute(f"{statement} LIMIT {EXAMPLE_ROWS}", values).fetchall()
    told: dict[str, list[tuple[str, object]]] = {}
    for i, name in enumerate(names):
        different = {row[2 * i]: row[2 * i + 1] for row in reversed(rows) if row[2 * i]}
        told[name] = list(reversed(different.items()))[:EXAMPLES]
    return told


def _sample_table(found: Import, preview: Preview) -> Table:
    return Table(
        format="csv",
        path=folder_of(found) / "sample.csv",
        columns=preview.header,
        source="xlsx" if preview.format in ("xlsx", "parquet") else "",
    )


def _keep(home: Path, preview: Preview) -> None:
    with (home / "sample.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(preview.header)
        writer.writerows(preview.rows)
    (home / "preview.json").write_text(
        json.dumps(asdict(preview), ensure_ascii=False), encoding="utf-8"
    )


def _count(table: Table, rows: list[list[str]]) -> tuple[int | None, dict[str, int]]:
    """The file's rows, and the different values of each column that may tell rows apart.

    Of a large file one in k values is followed through it, so that memory does not grow with it.
    """
    maybe = [i for i in range(len(table.columns)) if _never_repeats(i, rows)][:MOST_COUNTED]
    k = 1 + _bytes(table) // COUNTED_WHOLE_BYTES
    counts = "".join(
        f", count({cell}), count(*) FILTER (hash({cell}) % {k} = 0 AND {cell} IS NOT NULL), "
        f"count(DISTINCT {cell}) FILTER (hash({cell}) % {k} = 0)"
        for cell in map(trimmed, maybe)
    )
    try:
        with lake.cursor() as cursor:
            source = relation(table, maybe or [0], None)
            n, *told = cursor.execute(f"SELECT count(*){counts} FROM ({source})").fetchall()[0]
    except duckdb.Error:
        return None, {}
    each = zip(maybe, told[::3], told[1::3], told[2::3], strict=True)
    return int(n), {
        table.columns[i]: filled * distinct // max(1, followed)
        for i, filled, followed, distinct in each
    }


def _bytes(table: Table) -> int:
    """Of its file, or of all files where its path is a pattern, as that of an event log."""
    if table.path.exists():
        return table.path.stat().st_size
    return sum(file.stat().st_size for file in table.path.parent.glob(table.path.name))


def _values(table: Table, rows: list[list[str]]) -> dict[str, dict[str, int]]:
    """The values of columns that have few, with their rows; one pass over the file."""
    few = [i for i in range(len(table.columns)) if _has_few(i, rows)][:MOST_LISTED]
    if not few:
        return {}
    cells = ", ".join(f"{{'i': {i}, 'v': {trimmed(i)}}}" for i in few)
    statement = (
        f"SELECT cell.i, cell.v, count(*) AS n FROM (SELECT unnest([{cells}]) AS cell "
        f"FROM ({relation(table, few, None)})) WHERE cell.v IS NOT NULL GROUP BY 1, 2 "
        f"QUALIFY row_number() OVER (PARTITION BY cell.i ORDER BY n DESC, cell.v) "
        f"<= {MOST_VALUES} + 1 ORDER BY n DESC, cell.v"
    )
    try:
        with lake.cursor() as cursor:
            found = cursor.execute(statement).fetchall()
    except UNREADABLE:
        return {}
    listed: dict[str, dict[str, int]] = {}
    for i, value, n in found:
        listed.setdefault(table.columns[i], {})[value[:LONGEST_VALUE]] = n
    # More than can be listed are no values to be matched one by one.
    return {name: values for name, values in listed.items() if len(values) <= MOST_VALUES}


def _has_few(i: int, rows: list[list[str]]) -> bool:
    values = {row[i].strip() for row in rows if i < len(row)}
    return len(values) <= MOST_VALUES and all(len(value) <= LONGEST_VALUE for value in values)


def _never_repeats(i: int, rows: list[list[str]]) -> bool:
    values = [row[i].strip() if i < len(row) else "" for row in rows]
    return len(values) > 1 and all(values) and len(set(values)) == len(values)
