"""A table as marks: columns as wide as what stands in them, the head again on every page."""

from collections.abc import Mapping, Sequence
from typing import Any

from journeys.paper import typeface
from journeys.paper.marks import Line, Mark, Text
from reports.charts.of import text_of
from reports.charts.strips import Drawn, Piece, colour, lines_of

SIZE, PAD = 7.6, 3.5
LEAST = 34.0  # a column


def rows_of(table: Mapping[str, Any]) -> list[list[str]]:
    """What each cell says."""
    return [[text_of(cell) for cell in row] for row in table["rows"]]


def heads_of(table: Mapping[str, Any]) -> list[str]:
    return [str(column["label"]) for column in table["columns"]]


def drawn(table: Mapping[str, Any], width: float, by: float = 1.0) -> Drawn:
    heads, rows = heads_of(table), rows_of(table)
    numbers = [bool(column["number"]) for column in table["columns"]]
    wide = widths(heads, rows, width, by)
    head = _row(heads, numbers, wide, by, bold=True)
    line = Line((0, head.height - 1), (width, head.height - 1), colour("--border-control"), 0.8)
    return Drawn(
        [_row(row, numbers, wide, by) for row in rows],
        head=Piece(head.height, (*head.marks[:-1], line)),
        foot=Piece(8 * by),
    )


def widths(
    heads: Sequence[str], rows: Sequence[Sequence[str]], width: float, by: float
) -> list[float]:
    """Narrow columns have what they need; wide ones share the rest by how much stands in them."""
    size, pad = SIZE * by, 2 * PAD * by
    natural, longest = [], []
    for i, head in enumerate(heads):
        texts = [head, *(row[i] for row in rows[:80])]
        natural.append(max(typeface.width_of(one, size) for one in texts) + pad)
        words = [word for one in texts for word in one.split()]
        longest.append(max((typeface.width_of(w, size) for w in words[:400]), default=0) + pad)
    if sum(natural) <= width:
        spare = (width - sum(natural)) / len(heads)
        return [one + spare for one in natural]
    found = [min(n, max(LEAST * by, min(w, width * 0.2))) for n, w in
             zip(natural, longest, strict=True)]  # fmt: skip
    if sum(found) >= width:
        return [one * width / sum(found) for one in found]
    wanting = [n - f for n, f in zip(natural, found, strict=True)]
    weights = [want**0.7 for want in wanting]
    left = width - sum(found)
    return [f + left * w / sum(weights) for f, w in zip(found, weights, strict=True)]


def _row(
    cells: Sequence[str], numbers: Sequence[bool], wide: Sequence[float], by: float,
    bold: bool = False,
) -> Piece:  # fmt: skip
    size, pad = SIZE * by, PAD * by
    marks: list[Mark] = []
    x, high = 0.0, 0.0
    for said, is_number, each in zip(cells, numbers, wide, strict=True):
        lines = lines_of(said, each - 2 * pad, size)
        token = "--text-soft" if bold else "--text"
        mark = Text(x + pad, pad, each - 2 * pad, lines, size, colour(token), bold, is_number)
        marks.append(mark)
        high = max(high, mark.height)
        x += each
    high += 2 * pad
    marks.append(Line((0, high), (sum(wide), high), colour("--border"), 0.4))
    return Piece(high, tuple(marks))
