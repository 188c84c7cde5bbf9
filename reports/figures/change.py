"""Two periods compared: each touchpoint's difference in severity with its interval.

Coordinates: y counts rows from the top; x is the difference in points, worse to the right.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from analytics.change import Change
from reports.change import Comparison, Line
from reports.figures import change_records, words
from reports.figures.sheet import Figure, Source

ROW_HEIGHT = 40
HEAD, FOOT = 26, 44
NAMES = 252
NUMBERS = 150
FADED = {"size": 11, "color": "var(--text-faint)"}
ROOM = 1.12


def differences(comparison: Comparison, source: Source) -> Figure:
    tested = comparison.tested
    return Figure(
        id="change",
        heading=_("What changed"),
        definition=_(
            # xgettext:no-python-format
            "Severity now less severity before, in points, with 90% intervals, wider where weeks "
            "are restless by themselves. Filled: holds after correction for the number of "
            "touchpoints (at most one in ten of the marked ones is expected to be false). Without "
            "journeys lost: those of the newest weeks are not over."
        ),
        aria=change_records.verdict(comparison),
        source=source,
        n=sum(line.n_now for line in comparison.lines),
        n_of=_("experiences in the later period"),
        table=change_records.table_of(comparison),
        fields=change_records.FIELDS,
        records=change_records.records_of(comparison),
        plot=_plot(comparison, tested) if tested else None,
        height=_height(tested),
        extra={"cards": change_records.cards_of(comparison)},
    )


def _height(tested: Sequence[Line]) -> int:
    return len(tested) * ROW_HEIGHT + HEAD + FOOT


def _points(share: float) -> float:
    return round(share * 100, 2)


def _plot(comparison: Comparison, tested: Sequence[Line]) -> dict[str, Any]:
    rows = [(y, line, line.change) for y, line in enumerate(tested) if line.change]
    ends = [abs(end) for _y, _line, c in rows for end in (c.difference_low, c.difference_high)]
    reach = max(_points(max(ends)), 1.0) * ROOM
    return {
        "data": [_marks(rows)],
        "layout": {
            "height": _height(tested),
            "margin": {"l": NAMES, "r": NUMBERS, "t": HEAD, "b": FOOT, "pad": 0},
            "showlegend": False,
            "hovermode": "closest",
            "xaxis": {"range": [-reach, reach], "fixedrange": True, "zeroline": True, "nticks": 7,
                      "title": {"text": _("points of severity: now less before"), "standoff": 6,
                                "font": {"size": 12}}},
            "yaxis": {"visible": False, "fixedrange": True,
                      "range": [len(tested) - 0.5, -0.5]},
            "shapes": [_zero()],
            "annotations": [*_sides(), *(text for row in rows for text in _texts(*row))],
        },
    }  # fmt: skip


def _marks(rows: Sequence[tuple[int, Line, Change]]) -> dict[str, Any]:
    """Filled where the change holds; triangles show its direction, circles are undecided."""
    shapes = {"worse": "triangle-right", "better": "triangle-left", "": "circle"}
    colours = {"worse": "var(--pain-6)", "better": "var(--action)", "": "var(--surface-raised)"}
    edges = {"worse": "var(--pain-6)", "better": "var(--action)", "": "var(--border-control)"}
    changes = [change for _y, _line, change in rows]
    holds = [line.holds for _y, line, _change in rows]
    return {
        "type": "scatter", "mode": "markers", "cliponaxis": False,
        "x": [_points(c.difference) for c in changes], "y": [y for y, _line, _c in rows],
        "marker": {"size": 12, "symbol": [shapes[h] for h in holds],
                   "color": [colours[h] for h in holds],
                   "line": {"width": 2, "color": [edges[h] for h in holds]}},
        "error_x": {
            "type": "data", "symmetric": False, "thickness": 1.5, "width": 4,
            "color": "var(--measured)",
            "array": [_points(c.difference_high - c.difference) for c in changes],
            "arrayminus": [_points(c.difference - c.difference_low) for c in changes],
        },
        "hoverinfo": "text", "hovertext": [_hover(line, change) for _y, line, change in rows],
    }  # fmt: skip


def _zero() -> dict[str, Any]:
    return {"type": "line", "yref": "paper", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "layer": "below",
            "line": {"width": 1, "color": "var(--figure-axis)"}}  # fmt: skip


def _sides() -> list[dict[str, Any]]:
    common = {"xref": "paper", "yref": "paper", "y": 1, "yanchor": "bottom", "showarrow": False,
              "yshift": 6, "font": FADED}  # fmt: skip
    return [
        {**common, "x": 0, "xanchor": "left", "text": "◂ " + _("better")},
        {**common, "x": 1, "xanchor": "right", "text": _("worse") + " ▸"},
        {**common, "x": 1, "xanchor": "left", "xshift": 14, "text": _("before → now")},
    ]


def _texts(y: int, line: Line, change: Change) -> list[dict[str, Any]]:
    name = "<br>".join(map(words.plotly_text, words.wrapped(line.name, 34, 2)))
    name = f"<b>{name}</b>" if line.holds else name
    values = f"{wording.points(change.severity_before)} → {wording.points(change.severity_now)}"
    values = f"<b>{values}</b>" if line.holds else values
    n = words.n_text(line.n_before) + " → " + wording.number(line.n_now)
    common = {"xref": "paper", "y": y, "showarrow": False, "xanchor": "left", "align": "left",
              "borderpad": 0, "font": {"size": 12, "color": "var(--text)"}}  # fmt: skip
    return [
        {**common, "x": 0, "xshift": -NAMES + 4, "text": name},
        {
            **common, "x": 1, "xshift": 14,
            "text": f'{values}<br><span style="color:var(--text-faint);font-size:11px">{n}</span>',
        },
    ]  # fmt: skip


def _hover(line: Line, change: Change) -> str:
    said = [
        change_records.difference_text(change),
        change_records.certainty_text(change),
        _("compared: %s") % ", ".join(words.family_name(f) for f in change.families),
    ]
    return f"<b>{words.plotly_text(line.name)}</b><br>" + "<br>".join(map(words.plotly_text, said))
