"""One touchpoint's severity week by week: intervals, levels between changes, what happened when."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import wording
from accounts.filter_bar import day
from painpoints import trend as drawing
from painpoints.series import Trend
from reports.change import Span
from reports.figures import weeks_records, words
from reports.figures.sheet import Figure, Source
from reports.figures.weeks_records import Weeks
from reports.happenings import ACTION, IMPORT, Happening

HEIGHT = 320
LABEL = 16
HEAD = 14
WEEK = timedelta(weeks=1)
MOST_LABELS = 6
# Marks that came later than the evidence are drawn while they lie near its end.
NEAR = timedelta(weeks=8)
# Width of a character as a share of the axis, on the narrowest drawing.
CHARACTER = 0.02


def weeks(shown: Weeks, source: Source) -> Figure:
    trend = shown.trend
    return Figure(
        id=f"change-{trend.code}",
        heading=shown.name,
        definition=_(
            # xgettext:no-python-format
            "Severity of each week, without journeys lost, with its 90% interval; hollow: fewer "
            "than 30 experiences. Bold lines are levels: they change only where the weeks differ "
            "by more than their usual unrest."
        ),
        aria=drawing.spoken(trend, shown.name),
        source=source,
        n=trend.n_total,
        n_of=_("experiences"),
        table=weeks_records.table_of(shown),
        fields=weeks_records.FIELDS,
        records=weeks_records.records_of(shown),
        plot=_plot(shown),
        height=HEIGHT,
        together=_("Severity week by week"),
        extra={"sentence": drawing.sentence(trend), "marks": drawn_marks(shown)},
    )


def drawn_marks(shown: Weeks) -> list[Happening]:
    """Those between the first week and some weeks after the last one."""
    first, last = shown.trend.weeks[0], shown.trend.weeks[-1] + WEEK
    return [mark for mark in shown.marks if first <= mark.day <= last + NEAR]


def _points(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 2)


def _plot(shown: Weeks) -> dict[str, Any]:
    trend = shown.trend
    marks = drawn_marks(shown)
    named = [mark for mark in marks if mark.kind != IMPORT][-MOST_LABELS:]
    first, last = trend.weeks[0], trend.weeks[-1] + WEEK
    end = max([last, *(mark.day + timedelta(days=2) for mark in marks)])
    top = round(drawing.top_of([trend]) * 100, 1)
    labels, rows = _labels(named, first, end)
    return {
        "data": [_weekly(shown), *_imports(marks)],
        "layout": {
            "height": HEIGHT,
            "margin": {"l": 44, "r": 16, "t": HEAD + rows * LABEL, "b": 44, "pad": 0},
            "showlegend": False,
            "hovermode": "closest",
            "xaxis": {"type": "date", "range": [first.isoformat(), end.isoformat()],
                      "fixedrange": True, "showgrid": False, "tickangle": 0,
                      "tickvals": _ticks(first, end),
                      "ticktext": _months(_ticks(first, end))},
            "yaxis": {"range": [0, top], "fixedrange": True, "nticks": 5,
                      "title": {"text": _("of 100 passages hurt"), "standoff": 6,
                                "font": {"size": 12}}},
            "shapes": [*_periods(shown), *_levels(trend), *_mark_lines(named, rows)],
            "annotations": [*_period_words(shown), *_level_words(trend, top), *labels],
        },
    }  # fmt: skip


def _weekly(shown: Weeks) -> dict[str, Any]:
    """Filled dots, hollow where there is little evidence or the week is not over."""
    trend = shown.trend
    known = [i for i, value in enumerate(trend.severity) if value is not None]
    hollow = [trend.is_thin(i) or i >= shown.whole for i in known]
    value = [_points(trend.severity[i]) or 0.0 for i in known]
    high = [_points(trend.high[i]) or 0.0 for i in known]
    low = [_points(trend.low[i]) or 0.0 for i in known]
    return {
        "type": "scatter", "mode": "markers", "x": [_middle(trend.weeks[i]) for i in known],
        "y": value,
        "marker": {"size": 7,
                   "color": ["var(--surface-raised)" if h else "var(--measured)" for h in hollow],
                   "line": {"width": 1.5, "color": "var(--measured)"}},
        "error_y": {"type": "data", "symmetric": False, "thickness": 1.5, "width": 0,
                    "color": "var(--interval)",
                    "array": [h - v for h, v in zip(high, value, strict=True)],
                    "arrayminus": [v - b for v, b in zip(value, low, strict=True)]},
        "hoverinfo": "text", "hovertext": [words.plotly_text(_week_text(shown, i)) for i in known],
        "customdata": [
            words.opens_number("week", at=trend.code, week=trend.weeks[i].isoformat())
            for i in known
        ],
    }  # fmt: skip


def _middle(monday: date) -> str:
    return (monday + timedelta(days=3)).isoformat() + " 12:00"


def _week_text(shown: Weeks, i: int) -> str:
    trend = shown.trend
    said = _("week of %(day)s: %(value)s of 100 (%(low)s–%(high)s), n %(n)s") % {
        "day": day(trend.weeks[i]),
        "value": wording.points(trend.severity[i]),
        "low": wording.points(trend.low[i]),
        "high": wording.points(trend.high[i]),
        "n": wording.number(trend.n[i]),
    }
    if i >= shown.whole:
        return said + " · " + _("week not over")
    return said + (" · " + _("little evidence") if trend.is_thin(i) else "")


def _imports(marks: Sequence[Happening]) -> list[dict[str, Any]]:
    found = [mark for mark in marks if mark.kind == IMPORT]
    if not found:
        return []
    return [
        {
            "type": "scatter", "mode": "markers", "cliponaxis": False,
            "x": [mark.day.isoformat() for mark in found], "y": [0] * len(found),
            "marker": {"symbol": "triangle-up", "size": 9, "color": "var(--text-faint)"},
            "hoverinfo": "text",
            "hovertext": [f"{day(mark.day)}: {words.plotly_text(mark.text)}" for mark in found],
        }
    ]  # fmt: skip


def _levels(trend: Trend) -> list[dict[str, Any]]:
    return [
        {"type": "line", "x0": trend.weeks[level.begin].isoformat(),
         "x1": (trend.weeks[level.end - 1] + WEEK).isoformat(),
         "y0": _points(level.severity), "y1": _points(level.severity),
         "line": {"width": 3, "color": "var(--pain-5)"}, "opacity": 0.85}
        for level in trend.levels
        if level.severity is not None
    ]  # fmt: skip


def _level_words(trend: Trend, top: float) -> list[dict[str, Any]]:
    """The level at its beginning, the step with its week where one follows another."""
    texts = []
    for week, before, after in trend.steps:
        said = f"<b>{wording.points(before)} → {wording.points(after)}</b> {day(week)}"
        late = (week - trend.weeks[0]) > (trend.weeks[-1] - trend.weeks[0]) * 0.45
        texts.append(
            {"x": week.isoformat(), "y": min(_points(max(before, after)) or 0.0, top),
             "text": said, "showarrow": False, "yanchor": "bottom", "yshift": 5,
             "xanchor": "right" if late else "left", "borderpad": 2,
             "bgcolor": "var(--surface-raised)",
             "font": {"size": 12, "color": "var(--pain-6)"}}
        )  # fmt: skip
    return texts


def _periods(shown: Weeks) -> list[dict[str, Any]]:
    return [
        {"type": "rect", "yref": "paper", "y0": 0, "y1": 1, "layer": "below",
         "line": {"width": 0}, "x0": begin.isoformat(), "x1": end.isoformat(),
         "fillcolor": colour}
        for begin, end, colour, _name in _spans(shown)
    ]  # fmt: skip


def _period_words(shown: Weeks) -> list[dict[str, Any]]:
    """On both sides of where the periods meet, however narrow they are."""
    return [
        {"x": (begin if later else end).isoformat(), "yref": "paper", "y": 0, "text": name,
         "showarrow": False, "yanchor": "bottom", "yshift": 1, "borderpad": 0,
         "xanchor": "left" if later else "right", "xshift": 2 if later else -2,
         "font": {"size": 11, "color": "var(--text-faint)"}}
        for later, (begin, end, _colour, name) in enumerate(_spans(shown))
    ]  # fmt: skip


def _spans(shown: Weeks) -> list[tuple[date, date, str, str]]:
    comparison = shown.comparison
    if comparison is None or comparison.now is None or comparison.before is None:
        return []
    both: list[tuple[Span, str, str]] = [
        (comparison.before, "var(--surface-sunken)", _("before")),
        (comparison.now, "var(--action-wash)", _("now")),
    ]
    spans = []
    for span, colour, name in both:
        begin = max(comparison.weeks[span.begin], shown.trend.weeks[0])
        end = comparison.weeks[span.end - 1] + WEEK
        if begin < end:
            spans.append((begin, end, colour, name))
    return spans


def _mark_lines(named: Sequence[Happening], rows: int) -> list[dict[str, Any]]:
    dashes = {ACTION: "solid"}
    return [
        {"type": "line", "yref": "paper", "x0": mark.day.isoformat(), "x1": mark.day.isoformat(),
         "y0": 0, "y1": 1,
         "line": {"width": 1.5, "dash": dashes.get(mark.kind, "dot"), "color": "var(--promise)"}}
        for mark in named
    ]  # fmt: skip


def _labels(named: Sequence[Happening], first: date, end: date) -> tuple[list[dict[str, Any]], int]:
    """Each mark's words above the drawing, in as many rows as keep them apart."""
    taken: list[list[tuple[float, float]]] = []
    texts = []
    for mark in named:
        said = words.wrapped(mark.text, 26, 1)[0]
        at = (mark.day - first) / (end - first)
        right = at > 0.5
        width = words.width_of(said) * CHARACTER
        span = (at - width, at) if right else (at, at + width)
        row = next(
            (i for i, row in enumerate(taken) if all(span[1] < a or span[0] > b for a, b in row)),
            len(taken),
        )
        if row == len(taken):
            taken.append([])
        taken[row].append(span)
        texts.append(
            {"x": mark.day.isoformat(), "yref": "paper", "y": 1, "yshift": 2 + row * LABEL,
             "text": words.plotly_text(said), "showarrow": False, "yanchor": "bottom",
             "xanchor": "right" if right else "left", "borderpad": 0,
             "hovertext": f"{day(mark.day)}: {words.plotly_text(mark.text)}",
             "font": {"size": 11, "color": "var(--promise)"}}
        )  # fmt: skip
    return texts, len(taken)


def _ticks(first: date, end: date) -> list[str]:
    """First days of months, at most eight."""
    months = []
    at = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    while at <= end:
        months.append(at)
        at = date(at.year + at.month // 12, at.month % 12 + 1, 1)
    if not months:
        return [first.isoformat()]
    step = max(1, -(-len(months) // 8))
    return [month.isoformat() for month in months[::step]]


def _months(ticks: Sequence[str]) -> list[str]:
    """Short, for narrow drawings too: the year stands beneath where it begins."""
    said, year = [], 0
    for iso in ticks:
        at = date.fromisoformat(iso)
        name = date_format(at, "M") if at.day == 1 else day(at)
        said.append(f"{name}<br>{at.year}" if at.year != year and at.day == 1 else name)
        year = at.year
    return said
