"""From a spreadsheet's file to rows of texts: XLSX and its relatives, CSV, TSV."""

import csv
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook

from accounts.csv_cells import FORMULA_STARTS
from journeys.errors import MapError

MAX_BYTES = 5 * 2**20
MAX_ROWS, MAX_COLUMNS = 500, 400
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
DELIMITERS = "\t,;"

Rows = list[list[str]]


def address(row: int, column: int) -> str:
    """As a spreadsheet calls the cell: A1 for (0, 0)."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def read_rows(raw: bytes) -> Rows:
    """The cells of a file's first sheet, every row as long as the longest; raises MapError."""
    if len(raw) > MAX_BYTES:
        raise MapError(
            [
                _("A spreadsheet has at most %(limit)d MB; this one has %(size).1f MB.")
                % {"limit": MAX_BYTES // 2**20, "size": len(raw) / 2**20}
            ]
        )
    if not raw.strip():
        raise MapError([_("The file is empty; expected a spreadsheet (XLSX, CSV or TSV).")])
    rows = _of_workbook(raw) if raw.startswith(WORKBOOKS) else _of_text(raw)
    return squared(rows)


def squared(rows: Rows) -> Rows:
    """Without empty rows and columns at the end, every row of one length; raises MapError."""
    filled = [place for place, row in enumerate(rows) if any(cell.strip() for cell in row)]
    rows = rows[: filled[-1] + 1] if filled else []
    wide = max((place + 1 for row in rows for place, c in enumerate(row) if c.strip()), default=0)
    if len(rows) > MAX_ROWS or wide > MAX_COLUMNS:
        raise MapError(
            [
                _(
                    "The sheet has %(rows)d rows and %(columns)d columns; a map has at most "
                    "60 lanes and 200 steps."
                )
                % {"rows": len(rows), "columns": wide}
            ]
        )
    return [[*row[:wide], *[""] * (wide - len(row))] for row in rows]


def _of_workbook(raw: bytes) -> Rows:
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(raw))
        found = book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=MAX_ROWS + 1)
    except Exception as error:  # damaged files fail in whatever way they like
        raise MapError(
            [_("This workbook cannot be read: %s. Save it again as XLSX or CSV.") % error]
        ) from None
    return [[_text(value) for value in row] for row in found]


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _of_text(raw: bytes) -> Rows:
    text = _decoded(raw)
    head = text[:20_000]
    delimiter = max(DELIMITERS, key=head.count)
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise MapError([_("This is no CSV: %s.") % error]) from None
    return [[_undefused(cell) for cell in row] for row in rows]


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            break
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError:
        best = from_bytes(raw).best()
    if best is None:
        raise MapError([_("The file is neither a workbook nor text; expected XLSX, CSV or TSV.")])
    return str(best)


def _undefused(cell: str) -> str:
    """Without the apostrophe that kept a text from being a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell
