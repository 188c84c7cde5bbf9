"""Where a table's column names stand: below a title, in one line or in several.

Survey tools write two or three lines of names, people write a title above them and merge cells.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import available_timezones

from evidence.guessing_times import CLOCK, DATE_LIKE, ISO

LOOKED_AT = 40  # lines
MOST_ABOVE = 20
MOST_HEADER = 5
# What survey tools write in the second line of names where a question has but one cell.
SECOND_WORDS = {"response", "open-ended response", "回答", "开放式回答"}
IMPORT_ID = re.compile(r'^\{"ImportId"')
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*$")
BETWEEN = " / "

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Header:
    """`above` lines without names, then `lines` that name the columns (0: none does)."""

    above: int = 0
    lines: int = 1


def find(rows: Rows, *, told: int | None = None, above: int | None = None) -> Header:
    """What the first lines of a file look like; `told` and `above` where a person said."""
    skipped = _titles(rows) if above is None else above
    rest = rows[skipped:]
    lines = _lines(rest) if told is None else told
    return Header(skipped, min(lines, len(rest)))


def names(rows: Rows, lines: int) -> tuple[list[str], dict[int, str]]:
    """The columns' names, and what further lines say of each (the question in full).

    Of several lines the parts are joined; a blank cell above another belongs to the one on its
    left, as in merged cells. Where a tool numbers its questions, the number is the name.
    """
    if lines == 0:
        return [""] * max((len(row) for row in rows[:LOOKED_AT]), default=0), {}
    top = [[cell.strip() for cell in row] for row in rows[:lines]]
    width = max(len(row) for row in top)
    top = [row + [""] * (width - len(row)) for row in top]
    if lines >= 2 and any(map(_is_import_ids, top)):
        words = [row for row in top[1:] if not _is_import_ids(row)]
        return top[0], {i: words[0][i] for i in range(width) if words and words[0][i]}
    return [_joined([row[i] for row in _filled(top)]) for i in range(width)], {}


def zone(rows: Rows) -> str:
    """The time zone that Qualtrics writes into its line of import ids."""
    told = (re.search(r'"timeZone":"([^"]+)"', cell) for row in rows for cell in row)
    found = next((match[1] for match in told if match), "")
    return found if found in available_timezones() else ""


def _titles(rows: Rows) -> int:
    """Lines above the names: they fill hardly any of the cells that those below fill."""
    widths = [_filled_cells(row) for row in rows[:LOOKED_AT]]
    if len(widths) < 3:
        return 0
    usual = sorted(widths)[len(widths) // 2]
    for i, width in enumerate(widths[: MOST_ABOVE + 1]):
        if usual < 3 or 2 * width >= usual:
            return i
    return 0


def _filled_cells(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _lines(rows: Rows) -> int:
    if len(rows) < 2:
        return 1
    for i, row in enumerate(rows[1:MOST_HEADER], start=1):
        if _is_import_ids(row):
            return i + 1
    second = {cell.strip().casefold() for cell in rows[1]}
    if second & SECOND_WORDS and not any(map(_is_value, rows[1])):
        return 2
    if _is_survey_monkey(rows):
        return 2
    if _is_merged(rows):
        return 2
    return 0 if _is_data(rows[0]) and _filled_cells(rows[0]) == len(rows[0]) else 1


def _is_survey_monkey(rows: Rows) -> bool:
    """Its second line is blank below the respondent's columns, whatever stands behind them."""
    first = [cell.strip().casefold() for cell in rows[0][:2]]
    return first == ["respondent id", "collector id"] and not any(
        cell.strip() for cell in rows[1][:2]
    )


def _is_merged(rows: Rows) -> bool:
    """Names over two lines: gaps in the first, which the second fills, and then values."""
    if len(rows) < 3:
        return False
    first, second = rows[0], rows[1]
    gaps = [i for i, cell in enumerate(first) if not cell.strip()]
    width = len(first)
    return (
        0 < len(gaps) < width
        and bool(first[0].strip())
        and all(i < len(second) and second[i].strip() for i in gaps)
        and not any(_is_value(cell) for cell in (*first, *second))
        and any(_is_value(cell) for cell in rows[2])
    )


def _is_import_ids(row: Sequence[str]) -> bool:
    return any(IMPORT_ID.match(cell.strip()) for cell in row)


def _is_value(cell: str) -> bool:
    cell = cell.strip()
    return bool(NUMBER.match(cell) or ISO.match(cell) or CLOCK.match(cell) or DATE_LIKE.match(cell))


def _is_data(row: Sequence[str]) -> bool:
    """A line in which numbers and times stand, as in no line of names."""
    values = sum(map(_is_value, row))
    has_time = any(ISO.match(c.strip()) or DATE_LIKE.match(c.strip()) for c in row)
    return len(row) >= 3 and has_time and values >= 2


def _filled(top: list[list[str]]) -> list[list[str]]:
    """Blank cells take what stands to their left, in all lines but the last."""
    made = []
    for row in top[:-1]:
        left, full = "", []
        for cell in row:
            left = cell or left
            full.append(left)
        made.append(full)
    return [*made, top[-1]]


def _joined(parts: Sequence[str]) -> str:
    kept = [part for part in parts if part and part.casefold() not in SECOND_WORDS]
    return BETWEEN.join(dict.fromkeys(kept))
