"""Spreadsheets (XLSX) as CSV. What they unpack to is measured before anything opens them."""

import csv
import datetime as dt
import secrets
import zipfile
import zlib
from pathlib import Path

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from evidence.errors import FileError

MOST_UNPACKED = 600 * 2**20
MOST_PARTS = 2_000


def to_csv(path: Path, sheet: str, folder: Path) -> Path:
    """One sheet (the first, unless told) as UTF-8 CSV; rows without any value are left out."""
    _refuse_bomb(path)
    made = folder / f"sheet-{secrets.token_hex(4)}.csv"
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            chosen = book.get_sheet_by_name(_sheet(book, sheet))
            with made.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                for row in chosen.to_python(skip_empty_area=True):
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
    return made


def _sheet(book: CalamineWorkbook, asked: str) -> str:
    names = book.sheet_names
    if not names:
        raise FileError(_("The spreadsheet has no sheet."))
    if asked and asked not in names:
        raise FileError(
            _("The spreadsheet has no sheet “%(asked)s”. Its sheets are: %(names)s.")
            % {"asked": asked, "names": ", ".join(f"“{n}”" for n in names[:30])}
        )
    return asked or names[0]


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
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    return str(value)
