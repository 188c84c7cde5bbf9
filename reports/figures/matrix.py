"""The opportunity matrix: burden against effort, as large as the customers it reaches.

Coordinates: x is the binary logarithm of the person-days, −1 where nobody estimated them; y is the
burden. Numbers in the bubbles are those of the table.
"""

from collections.abc import Sequence
from math import log2, sqrt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts import wording
from painpoints.knowing import address
from reports.figures import matrix_records, words
from reports.figures.sheet import Figure, Source, table
from reports.matrix import Row

HEIGHT = 460
# More bubbles than these cover each other; the table has them all.
MOST_DRAWN = 60
TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
LEAST_RIGHT = 200
UNKNOWN_X = -1.0
# Where those without an estimate stand, to and fro so that they do not cover each other.
SPREAD = (0.0, -0.5, 0.5, -0.25, 0.25)
SMALLEST, LARGEST = 20.0, 54.0
FADED = {"size": 11, "color": "var(--text-faint)"}


def matrix(rows: Sequence[Row], source: Source) -> Figure:
    """rows: in the order of the table."""
    drawn = drawn_of(rows)
    return Figure(
        id="matrix",
        heading=_("Burden against effort"),
        definition=_(
            # xgettext:no-python-format
            "Painful passages per 1,000 customers with their 90% intervals, against the "
            "person-days that mending would take. The larger a bubble, the more customers pass "
            "the touchpoint; the stronger its colour, the more severe."
        ),
        aria=matrix_records.aria(rows),
        source=source,
        n=sum(words.volume(row.line) for row in rows if row.line),
        n_of=_("experiences"),
        table=_table(rows),
        fields=matrix_records.FIELDS,
        records=matrix_records.records_of(rows),
        plot=_plot(drawn) if drawn else None,
        height=HEIGHT,
    )


def drawn_of(rows: Sequence[Row]) -> list[tuple[int, Row]]:
    """Number and row of those drawn: the heaviest with a burden."""
    known = [(number, row) for number, row in enumerate(rows, 1) if row.burden]
    known.sort(key=lambda one: -(one[1].burden.value if one[1].burden else 0))
    return known[:MOST_DRAWN]


def spots(drawn: Sequence[tuple[int, Row]]) -> list[tuple[float, float, float]]:
    """x, y and diameter of each bubble; its area stands for its customers."""
    most = max((row.customers or 0 for _n, row in drawn), default=0)
    found, unknown = [], 0
    for _number, row in drawn:
        if row.point.effort_days:
            x = log2(row.point.effort_days)
        else:
            x = UNKNOWN_X + SPREAD[unknown % len(SPREAD)]
            unknown += 1
        share = (row.customers or 0) / most if most else 0.0
        size = max(SMALLEST, LARGEST * sqrt(share))
        found.append((round(x, 4), row.burden.value if row.burden else 0.0, round(size, 1)))
    return found


def tip(row: Row) -> str:
    """Everything about a bubble, line by line."""
    lines = [
        str(row.point),
        row.point.journey.name,
        _("%s painful passages per 1,000 customers") % words.burden_text(row.line or {}),
        words.severity_text(row.line or {}),
        _("%s customers reached") % wording.number(row.customers)
        if row.customers is not None
        else _("customers reached: %s") % row.why["customers"],
        effort_text(row),
    ]
    return "\n".join(lines)


def effort_text(row: Row) -> str:
    days = row.point.effort_days
    if days is None:
        return _("effort not estimated yet")
    return _("effort: %s person-days") % wording.number(days)


def _plot(drawn: Sequence[tuple[int, Row]]) -> dict[str, Any]:
    at = spots(drawn)
    burdens = [row.burden for _n, row in drawn if row.burden]
    right = max([LEAST_RIGHT, *(row.point.effort_days or 0 for _n, row in drawn)])
    top = max(b.high for b in burdens) * 1.12 or 1
    ticks = [tick for tick in TICKS if tick <= right * 1.3]
    return {
        "data": [_bubbles(drawn, at)],
        "layout": {
            "height": HEIGHT,
            "margin": {"l": 64, "r": 16, "t": 16, "b": 64, "pad": 0},
            "showlegend": False,
            "hovermode": "closest",
            "xaxis": {
                "range": [-2.0, log2(right) + 0.5], "fixedrange": True, "zeroline": False,
                "tickangle": 0,
                "tickvals": [UNKNOWN_X, *map(log2, ticks)],
                "ticktext": [_("not yet<br>estimated"), *map(wording.number, ticks)],
                "title": {"text": _("effort in person-days"), "standoff": 8, "font": {"size": 12}},
            },
            "yaxis": {
                "range": [0, top], "fixedrange": True, "rangemode": "tozero", "nticks": 7,
                "title": {"text": _("painful passages per 1,000 customers"), "standoff": 8,
                          "font": {"size": 12}},
            },
            "shapes": [
                {"type": "rect", "xref": "x", "yref": "paper", "x0": -2.0, "x1": -0.2, "y0": 0,
                 "y1": 1, "layer": "below", "line": {"width": 0},
                 "fillcolor": "var(--surface-sunken)"},
            ],
            "annotations": [
                _corner(-0.1, 1, "left", "top", _("much pain, little effort")),
                _corner(1, 0, "right", "bottom", _("little pain, much effort")),
            ],
        },
    }  # fmt: skip


def _corner(x: float, y: float, xanchor: str, yanchor: str, text: str) -> dict[str, Any]:
    return {"xref": "x" if x < 0 else "paper", "yref": "paper", "x": x, "y": y, "text": text,
            "showarrow": False, "xanchor": xanchor, "yanchor": yanchor, "font": FADED}  # fmt: skip


def _bubbles(
    drawn: Sequence[tuple[int, Row]], at: Sequence[tuple[float, float, float]]
) -> dict[str, Any]:
    steps = [wording.pain_step((row.line or {})["severity"]) for _n, row in drawn]
    few = [bool((row.line or {})["too_little_evidence"]) for _n, row in drawn]
    burdens = [row.burden for _n, row in drawn if row.burden]
    return {
        "type": "scatter", "mode": "markers+text", "cliponaxis": False,
        "x": [x for x, _y, _size in at], "y": [y for _x, y, _size in at],
        "text": [str(number) for number, _row in drawn],
        "textfont": {
            "size": 12,
            "color": ["var(--text)" if f else f"var(--on-pain-{s})"
                      for f, s in zip(few, steps, strict=True)],
        },
        "marker": {
            "size": [size for _x, _y, size in at], "opacity": 0.94,
            "color": ["var(--surface-raised)" if f else f"var(--pain-{s})"
                      for f, s in zip(few, steps, strict=True)],
            "line": {"width": 1, "color": "var(--border-firm)"},
        },
        "error_y": {
            "type": "data", "symmetric": False, "thickness": 1.5, "width": 4,
            "color": "var(--measured)",
            "array": [b.high - b.value for b in burdens],
            "arrayminus": [b.value - b.low for b in burdens],
        },
        "hoverinfo": "text",
        "hovertext": ["<br>".join(words.plotly_text(one) for one in tip(row).split("\n"))
                      for _n, row in drawn],
        "customdata": [
            f"open:{address(row.run, 'burden', row.point.touchpoint.code)}" if row.run else ""
            for _n, row in drawn
        ],
    }  # fmt: skip


def _table(rows: Sequence[Row]) -> dict[str, Any]:
    """For downloads; the page has its own, with fields and links."""
    columns: list[str | tuple[str, bool]] = [
        (_("No."), True), _("Pain point"), (_("Burden"), True), (_("Customers reached"), True),
        (_("Effort"), True), (_("Business value"), True), (pgettext("of mending", "Value"), True),
        (_("Value for 10 days"), True), ("RICE", True), (_("Opportunity score"), True),
    ]  # fmt: skip
    return table(
        # xgettext:no-python-format
        _("Pain points with what mending takes and is worth; 90% intervals in brackets"),
        columns,
        [
            [
                str(number),
                f"{row.point} · {row.point.journey.name}",
                words.burden_text(row.line) if row.line else wording.NO_VALUE,
                wording.number(row.customers),
                wording.number(row.point.effort_days),
                wording.number(row.point.business_value),
                *(
                    matrix_records.estimate_text(getattr(row, name), matrix_records.DIGITS[name])
                    for name in ("value", "first", "rice", "opportunity")
                ),
            ]
            for number, row in enumerate(rows, 1)
        ],
    )
