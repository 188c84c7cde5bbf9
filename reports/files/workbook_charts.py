"""Native charts of a workbook, drawn from cells beside them."""

from typing import Any

from django.utils.translation import gettext as _

from reports.charts.draw import reach, ticks
from reports.charts.spec import Bars, Curves
from reports.charts.strips import colour, of_step

MINUTE, LONG_S = 60.0, 240.0
ROW = 20  # pixels
SHAPES = {"percent": "0.0%", "number": "#,##0", "seconds": "0"}


def place_bars(book: Any, sheet: Any, chart: Bars, row: int) -> int:
    """Label, value, ends, and how far those are from the value; the chart to their right."""
    book.head(
        sheet,
        row,
        [_("What is drawn"), chart.axis, _("Low"), _("High"), "−", "+"],
        [False] + [True] * 5,
    )
    top = row + 1
    form = book.style(num_format=SHAPES[chart.scale])
    for place, bar in enumerate(chart.bars):
        at = top + place
        book.put(sheet, at, 0, bar.label)
        if bar.value is None:
            continue
        low = bar.value if bar.low is None else bar.low
        high = bar.value if bar.high is None else bar.high
        for column, value in enumerate(
            (bar.value, low, high, bar.value - low, high - bar.value), 1
        ):
            sheet.write_number(at, column, value, form)
    last, name = top + len(chart.bars) - 1, sheet.get_name()
    quoted = "'" + name.replace("'", "''") + "'"
    made = book.book.add_chart({"type": "bar"})
    points: list[Any] = [
        {"fill": {"none": True}, "border": {"color": colour("--border-control")}} if bar.is_faded
        else {"fill": {"color": of_step(bar.step)[0] if bar.step else colour("--measured")}}
        for bar in chart.bars
    ]  # fmt: skip
    made.add_series(
        {
            "name": chart.axis,
            "categories": [name, top, 0, last, 0],
            "values": [name, top, 1, last, 1],
            "points": points,
            "gap": 60,
            "y_error_bars": {
                "type": "custom",
                "plus_values": f"={quoted}!$F${top + 1}:$F${last + 1}",
                "minus_values": f"={quoted}!$E${top + 1}:$E${last + 1}",
                "line": {"color": colour("--measured"), "width": 1.25},
            },
        }
    )
    low, high = reach(chart.drawn)
    marked = ticks(low, high)
    unit = marked[1] - marked[0] if len(marked) > 1 else high - low
    made.set_y_axis({"reverse": True, "label_position": "low", "num_font": {"size": 9}})
    made.set_x_axis(
        {
            "name": chart.axis,
            "name_font": {"size": 9, "bold": False},
            "num_format": "0%" if chart.scale == "percent" else "#,##0",
            "min": marked[0] - unit if low < marked[0] else marked[0],
            "max": marked[-1] + unit if high > marked[-1] else marked[-1],
            "major_unit": unit,
            "major_gridlines": {"visible": True, "line": {"color": colour("--figure-grid")}},
            "label_position": "high",
        }
    )
    _finish(made, max(320, 90 + 26 * len(chart.bars)))
    sheet.insert_chart(row, 7, made, {"object_position": 2})
    return max(last + 2, row + made_rows(max(320, 90 + 26 * len(chart.bars))))


def place_curves(book: Any, sheet: Any, chart: Curves, row: int) -> int:
    unit = MINUTE if chart.x_end > LONG_S else 1.0
    named = _("time waited, in minutes") if unit == MINUTE else _("time waited, in seconds")
    for place, (label, value, note) in enumerate(chart.facts):
        book.put(sheet, row + place, 0, label, font_color=colour("--text-soft"))
        book.put(sheet, row + place, 1, value, bold=True)
        book.put(sheet, row + place, 2, note)
    row += len(chart.facts) + 1
    book.head(sheet, row, [named, *(one.name for one in chart.series)])
    top, name = row + 1, sheet.get_name()
    share = book.style(num_format="0.0%")
    for place, (x, _y) in enumerate(chart.series[0].points):
        sheet.write_number(top + place, 0, x / unit, book.style(num_format="0.0"))
        for column, one in enumerate(chart.series, 1):
            sheet.write_number(top + place, column, one.points[place][1], share)
    last = top + len(chart.series[0].points) - 1
    made = book.book.add_chart({"type": "scatter", "subtype": "straight"})
    for column, one in enumerate(chart.series, 1):
        line = {"color": colour(one.token), "width": 2}
        made.add_series(
            {
                "name": one.name,
                "categories": [name, top, 0, last, 0],
                "values": [name, top, column, last, column],
                "line": {**line, "dash_type": "dash"} if one.is_dashed else line,
            }
        )
    made.set_x_axis({"name": named, "name_font": {"size": 9, "bold": False}, "min": 0,
                     "max": chart.x_end / unit, "num_format": "0",
                     "major_gridlines": {"visible": False}})  # fmt: skip
    made.set_y_axis({"name": chart.y_axis, "name_font": {"size": 9, "bold": False}, "min": 0,
                     "max": 1, "num_format": "0%",
                     "major_gridlines": {"visible": True,
                                         "line": {"color": colour("--figure-grid")}}})  # fmt: skip
    _finish(made, 340, legend=True)
    sheet.insert_chart(row, 7, made, {"object_position": 2})
    return max(last + 2, row + made_rows(340))


def made_rows(height: float) -> int:
    return int(height // ROW) + 2


def _finish(made: Any, height: float, *, legend: bool = False) -> None:
    made.set_legend({"position": "bottom"} if legend else {"none": True})
    made.set_title({"none": True})
    made.set_size({"width": 760, "height": height})
    made.set_chartarea({"border": {"none": True}})
