"""Spreadsheets (XLSX) as CSV. What they unpack to is measured before anything opens them."""

import csv
import datetime as dt
import secrets
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from evidence.errors import FileError

MOST_UNPACKED = 600 * 2**20
MOST_PARTS = 2_000
MOST_LOOKED_AT = 20  # sheets
DAY_ZERO = dt.date(1899, 12, 31)


@dataclass(frozen=True)
class Sheet:
    """One sheet as a file, and the workbook's sheets: their names, and which are hidden."""

    path: Path
    sheet: str
    sheets: tuple[tuple[str, bool], ...]


def to_csv(path: Path, sheet: str, folder: Path) -> Sheet:
    """One sheet as UTF-8 CSV, and what sheets there are; rows without any value are left out.

    Unless told, it is the first sheet that is not hidden and holds a table.
    """
    _refuse_bomb(path)
    made = folder / f"sheet-{secrets.token_hex(4)}.csv"
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            sheets = _sheets(book)
            chosen = sheet or _first_table(book, sheets)
            found = book.get_sheet_by_name(_known(chosen, sheets))
            with made.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                for row in found.to_python(skip_empty_area=True):
                    cells = [_text(value) for value in row]
                    if any(cells):
                        writer.writerow(cells)
    except CalamineError as error:
        made.unlink(missing_ok=True)
        raise FileError(
            _("The spreadsheet cannot be read: %s. Save it again, or as CSV.") % error
        ) from None
    if not made.stat().st_size:
        made.unlink()
        raise FileError(_("The spreadsheet's sheet is empty. Name another one in “read.sheet”."))
    return Sheet(made, chosen, tuple(sheets))


def _sheets(book: CalamineWorkbook) -> list[tuple[str, bool]]:
    """Those that hold cells, not charts."""
    return [
        (meta.name, meta.visible != SheetVisibleEnum.Visible)
        for meta in book.sheets_metadata
        if meta.typ == SheetTypeEnum.WorkSheet
    ]


def _first_table(book: CalamineWorkbook, sheets: Sequence[tuple[str, bool]]) -> str:
    """Cover sheets and notes have a column or two; hidden ones are hidden for a reason."""
    shown = [name for name, hidden in sheets if not hidden] or [name for name, _hidden in sheets]
    if not shown:
        raise FileError(_("The spreadsheet has no sheet."))
    for name in shown[:MOST_LOOKED_AT]:
        sheet = book.get_sheet_by_name(name)
        if sheet.width >= 3 and sheet.height >= 2:
            return name
    return shown[0]


def _known(asked: str, sheets: Sequence[tuple[str, bool]]) -> str:
    names = [name for name, _hidden in sheets]
    if asked not in names:
        raise FileError(
            _("The spreadsheet has no sheet “%(asked)s”. Its sheets are: %(names)s.")
            % {"asked": asked, "names": ", ".join(f"“{n}”" for n in names[:30])}
        )
    return asked


def _refuse_bomb(path: Path) -> None:
    """Unpacks every part into nothing, counting: what the archive says of itself may be a lie."""
    unpacked = 0
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if not any(part.filename.startswith("xl/") for part in parts):
                raise FileError(
                    _("The file is a ZIP archive but not a spreadsheet. Unpack it first.")
                )
            told = sum(part.file_size for part in parts)
            if told > MOST_UNPACKED or len(parts) > MOST_PARTS:
                raise _bomb(told)
            for part in parts:
                with archive.open(part) as file:
                    while piece := file.read(1 << 20):
                        unpacked += len(piece)
                        if unpacked > MOST_UNPACKED:
                            raise _bomb(unpacked)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise FileError(
            _("The spreadsheet is damaged or cut off (%s). Save it again, or as CSV.") % error
        ) from None


def _bomb(size: int) -> FileError:
    return FileError(
        _(
            "The spreadsheet unpacks to more than %(most)d MB (%(size)d MB). That is too much to "
            "open; save the sheet as CSV, which may be as large as you like."
        )
        % {"most": MOST_UNPACKED >> 20, "size": size >> 20}
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.timedelta):
        return _clock(value)
    if isinstance(value, dt.time):
        return _clock(
            dt.datetime.combine(DAY_ZERO, value) - dt.datetime.combine(DAY_ZERO, dt.time())
        )
    if isinstance(value, dt.datetime):
        if value.year < 1901:  # a duration of more than a day, not a day of that year
            days = max(0, (value.date() - DAY_ZERO).days)
            return _clock(dt.timedelta(days) + (value - dt.datetime.combine(value, dt.time())))
        return value.isoformat(" ", "seconds")
    return str(value)


def _clock(passed: dt.timedelta) -> str:
    """26:03:09; fractions of a second are a spreadsheet's rounding."""
    seconds = round(passed.total_seconds())
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
