"""A journey's map as strips of steps: stages, feelings believed and measured, severities."""

from collections.abc import Sequence
from itertools import groupby

from journeys.paper import colours, typeface
from journeys.paper.marks import Box, Curve, Dot, Line, Mark, Text
from reports.charts.spec import Column, Place, Strip
from reports.charts.strips import Drawn, Piece, bottom_of, colour, lines_of, of_step, text

LABEL, NARROWEST, WIDEST = 62.0, 70.0, 150.0
BAND, PANEL = 17.0, 64.0
NAME, SMALL = 8.0, 6.6
TOP, BOTTOM = 2.2, -2.2  # of the panel of feelings


def strip(chart: Strip, width: float, by: float = 1.0) -> list[Drawn]:
    """So many steps side by side as there is room for; the others below."""
    fits = max(1, int((width - LABEL * by) / (NARROWEST * by)))
    parts = max(1, -(-len(chart.columns) // fits))
    each = -(-len(chart.columns) // parts)
    wide = min(WIDEST * by, (width - LABEL * by) / max(1, each))
    found = []
    for start in range(0, len(chart.columns), each):
        columns = chart.columns[start : start + each]
        found.append(Drawn([_piece(chart, columns, wide, by)], foot=Piece(8 * by)))
    return found


def _piece(chart: Strip, columns: Sequence[Column], wide: float, by: float) -> Piece:
    left = LABEL * by
    marks: list[Mark] = [*_stages(columns, left, wide, by)]
    y = (BAND + 3) * by
    names = [
        text(one.step, left + i * wide + 3 * by, y, wide - 6 * by, NAME * by, most=4, bold=True)
        for i, one in enumerate(columns)
    ]
    marks += names
    y = max(bottom_of(names), y) + 4 * by
    if any(one.feeling for one in columns):
        marks += _panel(chart, columns, left, wide, y, by)
        y += (PANEL + 4) * by
        y = _row(chart.measured, [one.feeling.text if one.feeling else "" for one in columns],
                 marks, left, wide, y, by, "--text")  # fmt: skip
    if any(one.believed for one in columns):
        y = _row(chart.believed, [one.believed for one in columns], marks, left, wide, y, by,
                 "--assumed")  # fmt: skip
    marks.append(text(chart.severity, 0, y + 2 * by, left - 6 * by, SMALL * by, "--text-soft"))
    ends = [y]
    for i, one in enumerate(columns):
        ends.append(_places(one.places, marks, left + i * wide + 3 * by, wide - 6 * by, y, by))
    y = max(ends) + 2 * by
    lines: list[Mark] = [
        Line((left + i * wide, (BAND if i else 0) * by), (left + i * wide, y), colour("--border"))
        for i in range(len(columns) + 1)
    ]
    return Piece(y, (*lines, *marks))


def _stages(columns: Sequence[Column], left: float, wide: float, by: float) -> list[Mark]:
    marks: list[Mark] = []
    x = left
    for name, its in groupby(columns, key=lambda one: one.stage):
        room = len(list(its)) * wide
        said = typeface.cut(name, room - 8 * by, NAME * by)
        marks += [
            Box(x + 1, 0, room - 2, (BAND - 2) * by, colours.colour("band"), radius=2),
            Text(x + 4 * by, 2 * by, room - 8 * by, (said,), NAME * by, colours.colour("accent"),
                 True),
        ]  # fmt: skip
        x += room
    return marks


def _panel(
    chart: Strip, columns: Sequence[Column], left: float, wide: float, top: float, by: float
) -> list[Mark]:
    """What was measured from −2 to +2, with intervals; a line from step to step."""
    high, end = PANEL * by, left + len(columns) * wide

    def at(value: float) -> float:
        return top + (TOP - value) / (TOP - BOTTOM) * high

    marks: list[Mark] = []
    for level, said in ((2, "+2"), (0, "0"), (-2, "−2")):
        token = "--figure-axis" if not level else "--figure-grid"
        marks.append(Line((left, at(level)), (end, at(level)), colour(token)))
        size = SMALL * by
        marks.append(Text(0, at(level) - size * 0.7, left - 6 * by, (said,), size,
                          colour("--text-faint"), is_at_end=True))  # fmt: skip
    points = [
        (left + (i + 0.5) * wide, one.feeling) for i, one in enumerate(columns) if one.feeling
    ]
    ink = colour("--measured")
    if len(points) > 1:
        line = tuple((x, at(one.value)) for x, one in points)
        marks.append(Curve(line, ink, 1.6 * by, name=chart.measured))
    for x, one in points:
        if one.low is not None and one.high is not None:
            marks.append(Line((x, at(one.low)), (x, at(one.high)), colour("--interval"), 2 * by))
        marks.append(Dot(x, at(one.value), 3 * by, "#ffffff", ink))
    return marks


def _row(
    label: str, said: Sequence[str], marks: list[Mark], left: float, wide: float, y: float,
    by: float, token: str,
) -> float:  # fmt: skip
    size = SMALL * by
    row = [text(label, 0, y, left - 6 * by, size, "--text-soft", most=3)]
    row += [
        text(one, left + i * wide + 3 * by, y, wide - 6 * by, size, token, most=8)
        for i, one in enumerate(said) if one
    ]  # fmt: skip
    marks += row
    return max(bottom_of(row), y) + 4 * by


def _places(
    places: Sequence[Place], marks: list[Mark], x: float, wide: float, y: float, by: float
) -> float:
    size = SMALL * by
    for place in places:
        name = text(place.name, x, y, wide, size, most=3)
        y += name.height + by
        marks.append(name)
        chip = 0.0
        if place.severity:
            fill, ink = of_step(place.step)
            chip = typeface.width_of(place.severity, NAME * by) + 7 * by
            high = NAME * by * 1.5
            marks.append(Box(x, y, chip, high, "" if place.is_faded else fill,
                             colour("--border-control") if place.is_faded else "",
                             is_dashed=place.is_faded, radius=2))  # fmt: skip
            token = colour("--text") if place.is_faded else ink
            marks.append(Text(x + 3.5 * by, y + by, chip, (place.severity,), NAME * by, token,
                              True))  # fmt: skip
            chip += 3 * by
        lines = lines_of(place.text, wide - chip, SMALL * by * 0.95, 4)
        told = Text(x + chip, y + 1.5 * by, wide - chip, lines, SMALL * by * 0.95,
                    colour("--text-faint"))  # fmt: skip
        marks.append(told)
        y = max(y + NAME * by * 1.5, told.y + told.height) + 4 * by
    return y
