"""Files as tables: CSV and TSV in any encoding, XLSX, JSON Lines, Parquet, event logs.

`open_table` finds out what a file is and makes it readable for DuckDB: other encodings and
spreadsheets are converted, streaming, into UTF-8 CSV in the given folder, event logs into Parquet.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from evidence import encodings, header, spreadsheet
from evidence.errors import FileError
from evidence.headed import gone_where_refused, with_one_header
from evidence.logs import opening as logs
from evidence.mapping import Read
from evidence.table import Table, of_parquet, parquet_rows

SAMPLE_BYTES = 1 << 20
DELIMITERS = ",;\t|"
MOST_COLUMNS = 2_000
JSON_SAMPLE_LINES = 10_000
BINARY_SAMPLE = 4096
STRANGE_ENOUGH = 32
csv.field_size_limit(1 << 27)


@dataclass(frozen=True)
class Preview:
    """What a person sees of a file before mapping it."""

    format: str  # csv, xlsx, jsonl, parquet
    encoding: str
    delimiter: str
    header: list[str]
    rows: list[list[str]]
    repeated: frozenset[str] = frozenset()


def sniff(path: Path, read: Read | None = None, *, limit: int = 20) -> Preview:
    """Encoding, delimiter, header and first rows; copies it needs are made beside the file."""
    table = open_table(path, read or Read(), path.parent)
    try:
        rows = first_rows(table, limit)
    finally:
        table.forget_copy()
    width = len(table.columns)
    return Preview(
        format=table.known_as,
        encoding=table.encoding,
        delimiter=table.delimiter if table.format == "csv" else "",
        header=table.columns,
        rows=[(row + [""] * width)[:width] for row in rows],
        repeated=table.repeated,
    )


def open_table(path: Path, read: Read, folder: Path) -> Table:
    """What this file is; raises FileError with a sentence where it is no table."""
    head = _head(path)
    if head.startswith(b"PK\x03\x04"):
        made_of = spreadsheet.to_csv(path, read.sheet, folder)
        with gone_where_refused(made_of.path):
            found = _csv(made_of.path, replace(read, delimiter=",", quote=""), folder, made=True)
            return replace(found, source="xlsx", sheet=made_of.sheet, sheets=made_of.sheets)
    if head.startswith(b"PAR1"):
        return of_parquet(path)
    if kind := logs.kind_of(logs.first_bytes(path)):
        return _log(path, kind, read.case, folder)
    _refuse_known_others(head)
    encoding = encodings.find(head, read.encoding)
    if encoding in ("utf-8", "utf-8-sig"):
        return _text(path, read, folder, encoding, None)
    made = encodings.to_utf8(path, encoding, folder)
    with gone_where_refused(made):
        return _text(made, read, folder, encoding, made)


def _text(path: Path, read: Read, folder: Path, encoding: str, made: Path | None) -> Table:
    text = encodings.decode(_head(path))
    _refuse_binary(text)
    if text.lstrip().startswith("{") and not read.delimiter:
        return _jsonl(path, made)
    return _csv(path, read, folder, encoding=encoding, made=made is not None)


def first_rows(table: Table, limit: int) -> list[list[str]]:
    """The first rows as text, for the preview."""
    if table.format == "parquet":
        return parquet_rows(table, limit)
    if table.format == "jsonl":
        return [
            [_shown(row.get(name)) for name in table.columns]
            for row in _json_rows(table.path, limit)
        ]
    rows = []
    for row in _records(table.path, table.delimiter, table.quote):
        rows.append(row)
        if len(rows) > limit:
            break
    return rows[1:]


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(SAMPLE_BYTES)
    except FileNotFoundError:
        raise FileError(_("There is no file %s.") % path) from None
    except IsADirectoryError:
        raise FileError(_("%s is a folder, not a file.") % path) from None
    except PermissionError:
        raise FileError(_("The file %s may not be read.") % path) from None
    if not head.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise FileError(
            _("The file is empty. Expected was a table: a line of column names, then rows.")
        )
    return head


def _refuse_known_others(head: bytes) -> None:
    kinds = {
        b"\x1f\x8b": _("It is compressed (gzip). Unpack it first."),
        b"\xd0\xcf\x11\xe0": _("It is an old Excel file (.xls). Save it as .xlsx or CSV."),
        b"%PDF": _("It is a PDF. Export the table as CSV or .xlsx."),
        b"\x7fELF": _("It is a program."),
        b"\x89PNG": _("It is a picture."),
        b"\xff\xd8\xff": _("It is a picture."),
    }
    for magic, sentence in kinds.items():
        if head.startswith(magic):
            raise FileError(_("The file is not a table.") + " " + sentence)


def _refuse_binary(text: str) -> None:
    """Of text, hardly a character in a hundred is a control character."""
    sample = text[:BINARY_SAMPLE]
    strange = sum(c < " " and c not in "\t\r\n" for c in sample)
    if strange > STRANGE_ENOUGH and strange * 50 > len(sample):
        raise FileError(
            _("The file is not a table.") + " " + _("It holds bytes that no text is made of.")
        )


def _csv(
    path: Path, read: Read, folder: Path, *, encoding: str = "utf-8", made: bool = False
) -> Table:
    text = encodings.decode(_head(path))
    quote = read.quote or '"'
    skip = len(text) - len(text.lstrip("\r\n"))
    skip = text[:skip].count("\n") or text[:skip].count("\r")
    newline = "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"
    delimiter = read.delimiter or _delimiter(text, quote)
    rows = list(islice(_records(path, delimiter, quote), header.LOOKED_AT))
    found = header.find(rows, told=read.header, above=read.skip)
    names, labels = header.names(rows[found.above :], found.lines)
    columns, repeated = _named(names, may_be_blank=found.lines == 0)
    table = Table(
        format="csv",
        path=path,
        columns=columns,
        repeated=repeated,
        delimiter=delimiter,
        quote=quote,
        newline=newline,
        encoding=encoding,
        skip=skip,
        made=path if made else None,
        labels={columns[i]: label for i, label in labels.items()},
        zone=header.zone(rows[: found.above + found.lines]),
        header=(found.above, found.lines),
    )
    return table if found == header.Header() else with_one_header(table, found, folder)


def _named(names: list[str], *, may_be_blank: bool = False) -> tuple[list[str], frozenset[str]]:
    """Every column gets a name of its own: blank and repeated ones are numbered."""
    names = [name.strip() for name in names]
    if not any(names) and not (names and may_be_blank):
        raise FileError(
            _(
                "The file's first line names no columns. "
                "Expected was a line such as date,queue,wait."
            )
        )
    if len(names) > MOST_COLUMNS:
        raise FileError(
            _("The file has %(n)d columns; at most %(most)d can be read.")
            % {"n": len(names), "most": MOST_COLUMNS}
        )
    repeated = {name for name in names if name and names.count(name) > 1}
    taken: dict[str, int] = {}
    columns = []
    for i, name in enumerate(names, start=1):
        name = name or _("column %d") % i
        taken[name] = taken.get(name, 0) + 1
        columns.append(name if taken[name] == 1 else f"{name} ({taken[name]})")
    return columns, frozenset(repeated)


def _delimiter(text: str, quote: str) -> str:
    """The character that splits the first lines into the same number of cells most often.

    Which number that is the lines decide, not the first of them: it may be a title.
    """
    lines = text.splitlines()[:60]
    if len(text) >= SAMPLE_BYTES // 2 and len(lines) > 1:
        lines = lines[:-1]

    def score(delimiter: str) -> tuple[int, int]:
        widths = [
            len(row) for row in csv.reader(lines, delimiter=delimiter, quotechar=quote) if row
        ]
        usual, n = max(Counter(widths).items(), key=lambda pair: (pair[1], pair[0]), default=(1, 0))
        return (n if usual > 1 else 0, usual)

    return max(DELIMITERS, key=score)


def _records(path: Path, delimiter: str, quote: str) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        try:
            for row in csv.reader(file, delimiter=delimiter, quotechar=quote):
                if row:
                    yield row
        except csv.Error as error:
            raise FileError(_("The file cannot be read as a table: %s.") % error) from None


def _jsonl(path: Path, made: Path | None) -> Table:
    names: dict[str, None] = {}
    for row in _json_rows(path, JSON_SAMPLE_LINES):
        names.update(dict.fromkeys(row))
    if not names:
        raise FileError(
            _(
                "None of the first lines is a JSON object. Expected was JSON Lines: one object "
                "such as {“date”: “2025-03-31”, “wait”: 40} a line."
            )
        )
    return Table(format="jsonl", path=path, columns=list(names), made=made)


def _json_rows(path: Path, limit: int) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for _number, line in zip(range(limit), file, strict=False):
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(row, dict):
                yield row


def _shown(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _log(path: Path, kind: str, case: str, folder: Path) -> Table:
    found = logs.open_log(path, kind, case, folder)
    return Table(
        format="parquet",
        path=found.files,
        columns=found.columns,
        encoding="",
        source=kind,
        physical=found.physical,
        about=found.about,
    )
