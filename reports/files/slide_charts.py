"""Charts on slides that stay charts: their numbers can be edited, intervals are error bars."""

from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from lxml import etree
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.util import Pt

from journeys.paper import typeface
from reports.charts.draw import reach, ticks
from reports.charts.spec import Bars, Curves
from reports.charts.strips import colour, of_step

LEFT, TOP, WIDTH, HEIGHT = 40.0, 96.0, 880.0, 400.0
MINUTE, LONG_S = 60.0, 240.0
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
NUMBER = {"percent": "0%", "number": "#,##0", "seconds": "0"}


def rgb(token: str) -> RGBColor:
    return RGBColor.from_string((token if token[0] == "#" else colour(token)).lstrip("#").upper())


def add_bars(slide: Any, chart: Bars, whole: Bars) -> None:
    """Horizontal bars, the first on top; `whole` tells how far the axis runs on every slide."""
    data = CategoryChartData(number_format=NUMBER[chart.scale])
    data.categories = [typeface.clean(f"{bar.label}   {bar.text}") for bar in chart.bars]
    data.add_series(typeface.clean(chart.axis), [bar.value for bar in chart.bars])
    made = slide.shapes.add_chart(
        XL_CHART_TYPE.BAR_CLUSTERED, Pt(LEFT), Pt(TOP), Pt(WIDTH), Pt(HEIGHT), data
    ).chart
    _look(made)
    made.category_axis.reverse_order = True
    made.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    made.category_axis.format.line.color.rgb = rgb("--figure-axis")
    axis = made.value_axis
    low, high = reach(whole.drawn)
    marked = ticks(low, high)
    axis.major_unit = marked[1] - marked[0] if len(marked) > 1 else high - low
    axis.minimum_scale = marked[0] - axis.major_unit if low < marked[0] else marked[0]
    axis.maximum_scale = marked[-1] + axis.major_unit if high > marked[-1] else marked[-1]
    axis.has_title = True
    axis.axis_title.text_frame.text = typeface.clean(chart.axis)
    axis.axis_title.text_frame.paragraphs[0].runs[0].font.size = Pt(10)
    axis.axis_title.text_frame.paragraphs[0].runs[0].font.bold = False
    axis.tick_labels.number_format = NUMBER[chart.scale]
    axis.tick_labels.number_format_is_linked = False
    # Categories run downwards, so the axis would stand above: it is put where they end.
    axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    axis.major_gridlines.format.line.color.rgb = rgb("--figure-grid")
    series = made.plots[0].series[0]
    made.plots[0].gap_width = 70
    for place, bar in enumerate(chart.bars):
        fill = series.points[place].format.fill
        if bar.is_faded:
            fill.background()
            series.points[place].format.line.color.rgb = rgb("--border-control")
        else:
            fill.solid()
            fill.fore_color.rgb = rgb(of_step(bar.step)[0] if bar.step else "--measured")
    _whiskers(series._element, chart)


def _whiskers(series: Any, chart: Bars) -> None:
    plus = [(bar.high or 0) - (bar.value or 0) if bar.high is not None else 0 for bar in chart.bars]
    minus = [(bar.value or 0) - (bar.low or 0) if bar.low is not None else 0 for bar in chart.bars]

    def numbers(name: str, values: list[float]) -> str:
        points = "".join(
            f'<c:pt idx="{i}"><c:v>{escape(repr(float(v)))}</c:v></c:pt>'
            for i, v in enumerate(values)
        )
        return (
            f"<c:{name}><c:numLit><c:formatCode>General</c:formatCode>"
            f'<c:ptCount val="{len(values)}"/>{points}</c:numLit></c:{name}>'
        )

    ink = colour("--measured").lstrip("#").upper()
    xml = (
        f'<c:errBars xmlns:c="{_C}" xmlns:a="{_A}"><c:errBarType val="both"/>'
        f'<c:errValType val="cust"/><c:noEndCap val="0"/>{numbers("plus", plus)}'
        f'{numbers("minus", minus)}<c:spPr><a:ln w="15875"><a:solidFill>'
        f'<a:srgbClr val="{ink}"/></a:solidFill></a:ln></c:spPr></c:errBars>'
    )
    series.find(qn("c:cat")).addprevious(etree.fromstring(xml))


def add_curves(slide: Any, chart: Curves) -> None:
    """Shares over time, as lines through points; promises are upright lines."""
    unit = MINUTE if chart.x_end > LONG_S else 1.0
    data = XyChartData(number_format="0%")
    for one in chart.series:
        series = data.add_series(typeface.clean(one.name))
        for x, y in one.points:
            series.add_data_point(x / unit, y)
    for value, said in chart.marks:
        series = data.add_series(typeface.clean(said))
        series.add_data_point(value / unit, 0)
        series.add_data_point(value / unit, 1)
    made = slide.shapes.add_chart(
        XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, Pt(LEFT), Pt(TOP + 56), Pt(WIDTH),
        Pt(HEIGHT - 56), data,
    ).chart  # fmt: skip
    _look(made)
    made.has_legend = True
    made.legend.position, made.legend.include_in_layout = XL_LEGEND_POSITION.RIGHT, False
    made.legend.font.size = Pt(11)
    lines = [(one.token, one.is_dashed) for one in chart.series]
    lines += [("--promise", True) for _mark in chart.marks]
    for series, (token, is_dashed) in zip(made.plots[0].series, lines, strict=True):
        series.smooth = False
        series.format.line.color.rgb = rgb(token)
        series.format.line.width = Pt(2)
        if is_dashed:
            series.format.line.dash_style = MSO_LINE.DASH
    across, up = made.category_axis, made.value_axis
    across.minimum_scale, across.maximum_scale = 0, chart.x_end / unit
    up.minimum_scale, up.maximum_scale, up.major_unit = 0, 1, 0.25
    up.tick_labels.number_format, up.tick_labels.number_format_is_linked = "0%", False
    across.tick_labels.number_format, across.tick_labels.number_format_is_linked = "0", False
    up.major_gridlines.format.line.color.rgb = rgb("--figure-grid")
    across.has_major_gridlines = False
    named = _("time waited, in minutes") if unit == MINUTE else _("time waited, in seconds")
    for axis, said in ((across, named), (up, chart.y_axis)):
        axis.has_title = True
        axis.axis_title.text_frame.text = typeface.clean(said)
        axis.axis_title.text_frame.paragraphs[0].runs[0].font.size = Pt(10)
        axis.axis_title.text_frame.paragraphs[0].runs[0].font.bold = False
        axis.format.line.color.rgb = rgb("--figure-axis")


def _look(made: Any) -> None:
    made.has_legend, made.has_title = False, False
    made.font.size, made.font.name = Pt(11), "Calibri"
    made.font.color.rgb = rgb("--text")
