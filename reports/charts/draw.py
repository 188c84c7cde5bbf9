"""Charts as marks: bars with intervals, curves, heat maps; sizes are points times `by`."""

from collections.abc import Sequence
from math import ceil, floor, log10

from accounts import wording
from journeys.paper import typeface
from journeys.paper.marks import Box, Curve, Line, Mark, Text
from reports.charts.map_strip import strip
from reports.charts.spec import Bar, Bars, Chart, Curves, Heat, Scale, Square, Strip
from reports.charts.strips import Drawn, Piece, centred, colour, lines_of, of_step, text

LABEL, SMALL, TICK = 8.5, 7.0, 7.5
ROOM_LABEL, ROOM_VALUE = 0.34, 0.2  # shares of the width: names, values
NARROWEST_CELL = 46.0


def draw(chart: Chart, width: float, by: float = 1.0) -> list[Drawn]:
    """One below the other; a heat map with many columns is parted."""
    match chart:
        case Bars():
            return [bars(chart, width, by)]
        case Curves():
            return [curves(chart, width, by)]
        case Heat():
            return heat(chart, width, by)
        case Strip():
            return strip(chart, width, by)


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers from low to high."""
    span = (high - low) or 1.0
    step = 10 ** floor(log10(span / most))
    for times in (1, 2, 2.5, 5, 10):
        if span / (step * times) <= most:
            step *= times
            break
    first = ceil(low / step - 1e-9)
    return [n * step for n in range(first, floor(high / step + 1e-9) + 1)]


def said_on(scale: Scale, value: float, step: float) -> str:
    if scale == "percent":
        return wording.percent(value)
    if scale == "seconds":
        return wording.duration(value)
    return wording.number(value, 0 if step >= 1 or value == int(value) else 1)


def bars(chart: Bars, width: float, by: float = 1.0) -> Drawn:
    left, right = width * ROOM_LABEL, width * (1 - ROOM_VALUE)
    low, high = reach(chart.drawn)
    span = (high - low) or 1.0

    def at(value: float) -> float:
        return left + (value - low) / span * (right - left)

    marked = ticks(low, high)
    pieces = [_bar(bar, at, marked, left, right, width, by) for bar in chart.bars]
    return Drawn(pieces, foot=_axis(chart, at, marked, (left + right) / 2, by))


def reach(found: Sequence[Bar]) -> tuple[float, float]:
    ends = [e for bar in found for e in (bar.value, bar.low, bar.high) if e is not None]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    room = (high - low) * 0.02
    return (low - room if low < 0 else 0.0), high + room


def _bar(bar: Bar, at, marked, left: float, right: float, width: float, by: float) -> Piece:  # type: ignore[no-untyped-def]
    label = text(bar.label, 0, 3 * by, left - 8 * by, LABEL * by, most=2, bold=True)
    marks: list[Mark] = [label]
    bottom = label.y + label.height
    if bar.note:
        note = text(bar.note, 0, bottom, left - 8 * by, SMALL * by, "--text-faint", most=2)
        marks.append(note)
        bottom += note.height
    value = text(bar.text, right + 6 * by, 3 * by, width - right - 6 * by, LABEL * by, most=3)
    bottom = max(bottom, value.y + value.height, 18 * by) + 3 * by
    marks.append(value)
    middle = bottom / 2
    for tick in marked:
        token = "--figure-axis" if tick == 0 else "--figure-grid"
        marks.insert(0, Line((at(tick), 0), (at(tick), bottom), colour(token)))
    if bar.value is not None:
        start, end = sorted((at(0.0), at(bar.value)))
        fill = of_step(bar.step)[0] if bar.step else colour("--measured")
        thick = 9 * by
        marks.append(
            Box(start, middle - thick / 2, max(end - start, 0.6), thick,
                "" if bar.is_faded else fill, colour("--border-firm" if not bar.is_faded
                                                     else "--border-control"),
                is_dashed=bar.is_faded)
        )  # fmt: skip
    if bar.low is not None and bar.high is not None:
        marks += whisker(at(bar.low), at(bar.high), middle, by)
    return Piece(bottom, tuple(marks))


def whisker(start: float, end: float, y: float, by: float) -> list[Mark]:
    ink, half = colour("--measured"), 2.6 * by
    return [
        Line((start, y), (end, y), ink, 1.1 * by),
        Line((start, y - half), (start, y + half), ink, 1.1 * by),
        Line((end, y - half), (end, y + half), ink, 1.1 * by),
    ]


def _axis(chart: Bars, at, marked, middle: float, by: float) -> Piece:  # type: ignore[no-untyped-def]
    step = marked[1] - marked[0] if len(marked) > 1 else 1
    marks: list[Mark] = [
        centred(said_on(chart.scale, tick, step), at(tick), 3 * by, TICK * by, "--figure-text")
        for tick in marked
    ]
    marks.append(centred(chart.axis, middle, 14 * by, TICK * by, "--figure-text"))
    return Piece(28 * by, tuple(marks))


def curves(chart: Curves, width: float, by: float = 1.0) -> Drawn:
    left, top, high = 40 * by, (6 + 10 * len(chart.marks)) * by, 150 * by
    right = width - 74 * by

    def at(x: float, y: float) -> tuple[float, float]:
        return left + x / chart.x_end * (right - left), top + (1 - y) * high

    marks: list[Mark] = []
    for share in (0, 0.25, 0.5, 0.75, 1):
        _x, y = at(0, share)
        marks.append(Line((left, y), (right, y), colour("--figure-grid")))
        said = wording.percent(share)
        wide = typeface.width_of(said, TICK * by)
        marks.append(text(said, left - wide - 4 * by, y - 5 * by, wide + 2, TICK * by,
                          "--figure-text"))  # fmt: skip
    for tick in _time_ticks(chart.x_end):
        x, _y = at(tick, 0)
        marks.append(Line((x, top + high), (x, top + high + 3 * by), colour("--figure-axis")))
        marks.append(
            centred(wording.duration(tick), x, top + high + 4 * by, TICK * by, "--figure-text")
        )
    marks.append(centred(chart.x_axis, (left + right) / 2, top + high + 15 * by, TICK * by,
                         "--figure-text"))  # fmt: skip
    for place, (value, said) in enumerate(sorted(chart.marks)):
        x, _y = at(value, 0)
        y = place * 10 * by
        marks.append(Line((x, y + 2), (x, top + high), colour("--promise"), 1.2 * by, (4, 3)))
        wide = width - x - 4 * by
        marks.append(text(said, x + 4 * by, y, wide, TICK * by, "--text-soft", most=1))
    marks += _lines(chart, at, by)
    return Drawn([*_facts(chart, width, by), Piece(top + high + 30 * by, tuple(marks))])


def _lines(chart: Curves, at, by: float) -> list[Mark]:  # type: ignore[no-untyped-def]
    marks: list[Mark] = []
    placed: list[float] = []
    for series in chart.series:
        points = tuple(at(x, y) for x, y in series.points)
        dash = (4.0, 2.5) if series.is_dashed else ()
        marks.append(Curve(points, colour(series.token), 1.8 * by, dash, series.name))
        x, y = points[-1]
        while any(abs(y - other) < 10 * by for other in placed):
            y -= 10 * by
        placed.append(y)
        said = f"{series.name} {wording.percent(series.points[-1][1])}"
        marks.append(text(said, x + 4 * by, y - 5 * by, 70 * by, TICK * by, "--text", most=2))
    return marks


def _facts(chart: Curves, width: float, by: float) -> list[Piece]:
    """Label over value over interval, side by side."""
    if not chart.facts:
        return []
    each = width / len(chart.facts)
    marks: list[Mark] = []
    bottom = 0.0
    for place, (label, value, note) in enumerate(chart.facts):
        x, wide = place * each, each - 6 * by
        first = text(label, x, 2 * by, wide, SMALL * by, "--text-faint", most=2)
        second = text(value, x, first.y + first.height, wide, LABEL * by, most=6, bold=True)
        third = text(note, x, second.y + second.height, wide, SMALL * by, "--text-faint", most=3)
        marks += [one for one in (first, second, third) if one.text]
        bottom = max(bottom, third.y + third.height)
    return [Piece(bottom + 6 * by, tuple(marks))]


def _time_ticks(end: float) -> list[float]:
    """Full seconds, minutes, hours or days: about five of them."""
    for step in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800,
                 86400, 172800, 604800, 1209600, 2592000):  # fmt: skip
        if end / step <= 6:
            return [step * n for n in range(int(end // step) + 1)]
    return [0, end]


def heat(chart: Heat, width: float, by: float = 1.0) -> list[Drawn]:
    label = width * 0.28
    fits = max(1, int((width - label) / (NARROWEST_CELL * by)))
    first, *others = chart.columns
    parts = max(1, ceil(len(others) / max(1, fits - 1)))
    each = ceil(len(others) / parts) if others else 1
    found = []
    for start in range(0, max(1, len(others)), each):
        names = [first, *others[start : start + each]]
        rows = [
            (name, [cells[0], *cells[1 + start : 1 + start + each]]) for name, cells in chart.rows
        ]
        wide = min(96 * by, (width - label) / len(names))
        found.append(_heat(names, rows, label, wide, by))
    if chart.left_out:
        note = text(chart.note, 0, 0, width, SMALL * by, "--text-faint")
        found.append(Drawn([Piece(note.height + 4 * by, (note,))]))
    return found


def _heat(
    names: Sequence[str], rows: Sequence[tuple[str, Sequence[Square]]], label: float, wide: float,
    by: float,
) -> Drawn:  # fmt: skip
    heads = [lines_of(name, wide - 4 * by, SMALL * by, 3) for name in names]
    size = SMALL * by
    high = max(len(lines) for lines in heads) * size * typeface.LEADING + 4 * by
    head = tuple(
        Text(label + i * wide + 2 * by, high - len(lines) * size * typeface.LEADING - 2 * by,
             wide - 4 * by, lines, size, colour("--text-soft"), True)
        for i, lines in enumerate(heads)
    )  # fmt: skip
    pieces = [_heat_row(name, cells, label, wide, by) for name, cells in rows]
    return Drawn(pieces, head=Piece(high, head), foot=Piece(6 * by))


def _heat_row(name: str, cells: Sequence[Square], label: float, wide: float, by: float) -> Piece:
    said = text(name, 0, 3 * by, label - 8 * by, LABEL * by, most=3)
    notes = [lines_of(cell.note, wide - 6 * by, 6.2 * by, 3) for cell in cells]
    most = max((len(lines) for lines in notes), default=0)
    high = max(said.height + 6 * by, 13 * by + most * 6.2 * by * typeface.LEADING + 3 * by)
    marks: list[Mark] = [said]
    for i, (cell, lines) in enumerate(zip(cells, notes, strict=True)):
        x = label + i * wide
        fill, ink = of_step(cell.step) if cell.step else ("", colour("--text-faint"))
        marks.append(Box(x + 1, 1, wide - 2, high - 2, fill, "" if cell.step else
                         colour("--border"), is_dashed=not cell.step, radius=2))  # fmt: skip
        size = (LABEL if cell.step else 6.2) * by
        top = lines_of(cell.text, wide - 6 * by, size, 2)
        marks.append(Text(x + 3 * by, 2 * by, wide - 6 * by, top, size, ink, bool(cell.step)))
        if any(lines):
            below = 2 * by + len(top) * size * typeface.LEADING
            marks.append(Text(x + 3 * by, below, wide - 6 * by, lines, 6.2 * by, ink))
    return Piece(high, tuple(marks))
