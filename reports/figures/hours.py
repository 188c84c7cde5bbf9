"""Waits by hour of the week: a map of all hours, and one weekday as a line with its intervals."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from evidence.hours import HourCounts
from reports.figures import hours_records as told
from reports.figures import words
from reports.figures.clock import clock, hour_of_week, weekday, weekday_short
from reports.figures.sheet import Figure, Source

Line = Mapping[str, Any]
ROW = 25
HEAD = 28
LINE_HEIGHT = 340
SCALES = {
    "late": [[i / 6, f"var(--pain-{i + 1})"] for i in range(7)],
    "offered": [[0, "var(--surface-sunken)"], [1, "var(--category-1)"]],
}


def hours_map(line: Line, counts: HourCounts, measure: str, source: Source) -> Figure:
    """Rows are hours of the clock, columns weekdays: narrow enough for a phone."""
    records = told.records_of(line["code"], counts)
    rows = told.row_names(records)
    return Figure(
        id="waiting-hours",
        heading=_("By hour of the week: %s") % told.label_of(measure).lower(),
        definition=_definition(measure),
        aria=_map_aria(line, measure, records),
        source=source,
        n=counts.total("offered"),
        n_of=_("waits offered"),
        table=told.table_of(line["name"], records),
        fields=told.FIELDS,
        records=records,
        plot=_map(measure, records, rows),
        height=HEAD + 12 + ROW * len(rows),
        extra={"few": sum(r["too_little_evidence"] for r in records)},
    )


def weekday_line(
    line: Line, counts: HourCounts, measure: str, day: int, source: Source
) -> Figure | None:
    """The hours of one weekday, with how many came beneath; None where too few ever came on it."""
    records = [
        record for record in told.records_of(line["code"], counts) if record["weekday"] == day + 1
    ]
    shown = [record for record in records if record[told.MEASURES[measure][0]] is not None]
    if not shown:
        return None
    name = told.label_of(measure)
    return Figure(
        id="waiting-weekday",
        heading=_("%(day)s: %(measure)s") % {"day": weekday(day), "measure": name.lower()},
        definition=_(
            # xgettext:no-python-format
            "The bars are 95% intervals; beneath, how many came per hour. Hours with fewer "
            "than 30 waits are left out."
        ),
        aria=". ".join(told.hover_text(measure, record) for record in shown) + ".",
        source=source,
        n=sum(record["offered"] for record in records),
        n_of=_("waits offered"),
        table=told.table_of(f"{line['name']}, {weekday(day)}", records),
        fields=told.FIELDS,
        records=records,
        plot=_weekday(measure, shown),
        height=LINE_HEIGHT,
    )


def _definition(measure: str) -> str:
    return {
        "late": _(
            "Share of waits to which a promise applies that lasted longer, or were given up."
        ),
        "abandoned": _("Share of waits offered that were given up."),
        "wait": _("Mean of all waits offered, also of those who gave up; minutes:seconds."),
        "offered": _("Waits offered per hour that was observed; closed days are not counted."),
    }[measure]


def _map_aria(line: Line, measure: str, records: list[told.Record]) -> str:
    value = told.MEASURES[measure][0]
    shown = [record for record in records if record[value] is not None]
    if not shown:
        return _("%s: too little evidence in every hour.") % line["name"]
    worst = max(shown, key=lambda record: record[value])
    return _("%(name)s. Highest: %(told)s.") % {
        "name": line["name"],
        "told": told.hover_text(measure, worst),
    }


def _map(measure: str, records: list[told.Record], rows: list[str]) -> dict[str, Any]:
    value = told.MEASURES[measure][0]
    place = {(r["hour"], r["weekday"] - 1): r for r in records}
    first = min((r["hour"] for r in records), default=0)
    grid = [[place.get((first + i, d)) for d in range(7)] for i in range(len(rows))]
    days = [weekday_short(d) for d in range(7)]
    values = [[r[value] if r else None for r in row] for row in grid]
    top = max((v for row in values for v in row if v is not None), default=1.0)
    return {
        "data": [
            {"type": "heatmap", "x": days, "y": rows, "z": values, "zmin": 0,
             "zmax": max(top, 0.3) if measure in ("late", "abandoned") else top or 1,
             "colorscale": SCALES["offered" if measure == "offered" else "late"],
             "showscale": False, "xgap": 2, "ygap": 2, "hoverinfo": "text",
             "hoverongaps": False, "texttemplate": "%{text}", "textfont": {"size": 12},
             "text": [[_short(measure, v) for v in row] for row in values],
             "hovertext": [[told.hover_text(measure, r) if r else "" for r in row]
                           for row in grid]},
            _too_little(measure, grid, days, rows, value),
        ],
        "layout": {
            "height": HEAD + 12 + ROW * len(rows),
            "margin": {"l": 48, "r": 4, "t": HEAD, "b": 6, "pad": 2},
            "showlegend": False, "hovermode": "closest",
            "xaxis": {"type": "category", "side": "top", "fixedrange": True, "showgrid": False,
                      "categoryorder": "array", "categoryarray": days, "range": [-0.5, 6.5]},
            "yaxis": {"type": "category", "fixedrange": True, "showgrid": False,
                      "categoryorder": "array", "categoryarray": rows,
                      "range": [len(rows) - 0.5, -0.5]},
        },
    }  # fmt: skip


def _short(measure: str, value: float | None) -> str:
    return "" if value is None else told.short_text(measure, value)


def _too_little(
    measure: str, grid: list[list[Any]], days: list[str], rows: list[str], value: str
) -> dict[str, Any]:
    """Hatching where somebody came, but too few to tell; hours when nobody came stay empty."""
    cells = [
        (days[d], rows[i], record)
        for i, row in enumerate(grid)
        for d, record in enumerate(row)
        if record and record[value] is None
    ]
    return {
        "type": "scatter", "mode": "markers", "x": [c[0] for c in cells],
        "y": [c[1] for c in cells], "cliponaxis": False, "hoverinfo": "text",
        "hovertext": [told.hover_text(measure, c[2]) for c in cells],
        "marker": {"symbol": "line-ne-open", "size": 9, "color": "var(--border-control)",
                   "line": {"color": "var(--border-control)", "width": 1.5}},
    }  # fmt: skip


def _weekday(measure: str, shown: list[told.Record]) -> dict[str, Any]:
    names = told.MEASURES[measure]
    hours = [record["hour"] for record in shown]
    value, low, high = ([record[name] for record in shown] for name in names)
    said = [told.hover_text(measure, record) for record in shown]
    colour = "var(--category-1)" if measure == "offered" else "var(--pain-6)"
    per_hour = [record["offered_per_hour"] for record in shown]
    share = measure in ("late", "abandoned")
    top = max(high) * 1.08 or 1
    ticks = list(range(min(hours), max(hours) + 1, 3 if len(hours) > 8 else 1))
    return {
        "data": [
            {"type": "scatter", "mode": "markers+lines", "x": hours, "y": value,
             "line": {"color": colour, "width": 2}, "hoverinfo": "text", "hovertext": said,
             "marker": {"size": 7, "color": "var(--surface-raised)",
                        "line": {"width": 2, "color": colour}},
             "error_y": {"type": "data", "symmetric": False, "thickness": 3, "width": 0,
                         "color": "var(--interval)",
                         "array": [h - v for h, v in zip(high, value, strict=True)],
                         "arrayminus": [v - b for v, b in zip(value, low, strict=True)]}},
            {"type": "bar", "x": hours, "y": per_hour, "yaxis": "y2", "hoverinfo": "text",
             "marker": {"color": "var(--family-waited)", "line": {"width": 0}},
             "hovertext": [f"{told.label_of('offered')}: {wording.number(v, 1)}, "
                           f"{words.n_text(r['offered'])}"
                           for v, r in zip(per_hour, shown, strict=True)]},
        ],
        "layout": {
            "height": LINE_HEIGHT, "showlegend": False, "hovermode": "closest", "bargap": 0.25,
            "margin": {"l": 52, "r": 12, "t": 22, "b": 34, "pad": 0},
            "xaxis": {"fixedrange": True, "showgrid": False, "anchor": "y2", "tickvals": ticks,
                      "ticktext": [clock(h) for h in ticks], "tickangle": 0,
                      "range": [min(hours) - 0.6, max(hours) + 0.6]},
            "yaxis": {"domain": [0.38, 1], "range": [0, min(top, 1.03) if share else top],
                      "fixedrange": True, "nticks": 5,
                      **({"tickformat": ",.0%"} if share else {})},
            "yaxis2": {"domain": [0, 0.24], "fixedrange": True, "nticks": 3,
                       "rangemode": "tozero"},
            "annotations": [
                _caption(told.label_of(measure) + (" (s)" if measure == "wait" else ""), 1),
                _caption(told.label_of("offered"), 0.24),
            ],
        },
    }  # fmt: skip


def _caption(text: str, y: float) -> dict[str, Any]:
    """Names a panel above its axis."""
    return {"text": text, "x": 0, "y": y, "xref": "paper", "yref": "paper", "showarrow": False,
            "xanchor": "left", "yanchor": "bottom", "font": {"size": 12}}  # fmt: skip


def worst_hour(counts: HourCounts) -> str:
    """In which hour most customers were hurt."""
    records = [r for r in told.records_of("", counts) if not r["too_little_evidence"]]
    if not records:
        return ""
    return hour_of_week(max(records, key=lambda r: r["late"])["hour_of_week"])
