"""The panel of severity: how many of 100 passages hurt at each touchpoint."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from reports.figures import words
from reports.figures.map_layout import Column, Row, Slot
from reports.figures.map_rows import SEVERITY_FOOT, Drawing, severity_ticks, severity_top, slots_of

BAR_WIDTH = 38


def severity_panel(
    drawing: Drawing, columns: list[Column], row: Row, measured: Mapping[str, Any]
) -> None:
    """Measured: filled; too little evidence: hatched; no evidence: an empty outline."""
    top = severity_top(measured)
    foot = SEVERITY_FOOT * top / (row.height - SEVERITY_FOOT)
    axis = drawing.panel("3", row, -foot, top)
    for text, y in severity_ticks(row, measured):
        dash = {} if text == "0" else {"dash": "1px,3px"}
        drawing.line(0, y, drawing.width, y, "var(--figure-grid)", **dash)
    known: list[tuple[Slot, Mapping[str, Any]]] = []
    for slot in slots_of(columns):
        line = measured.get(slot.touchpoint.code)
        if line and words.has_evidence(line):
            known.append((slot, line))
        else:
            _outline(drawing, slot, row)
    if known:
        drawing.data.append(_bars(axis, known))
    for slot, line in known:
        _labels(drawing, axis, row, slot, line)


def _bars(axis: str, known: list[tuple[Slot, Mapping[str, Any]]]) -> dict[str, Any]:
    lines = [line for _slot, line in known]
    little = [line["too_little_evidence"] for line in lines]
    return {
        "type": "bar",
        "name": _("severity"),
        "yaxis": axis,
        "x": [slot.middle for slot, _line in known],
        "y": [line["severity"] for line in lines],
        "width": BAR_WIDTH,
        "marker": {
            "color": ["rgba(0,0,0,0)" if few else f"var(--pain-{wording.pain_step(t['severity'])})"
                      for few, t in zip(little, lines, strict=True)],
            "line": {"width": 1, "color": ["var(--border-control)" if few else "var(--border-firm)"
                                           for few in little]},
            "pattern": {"shape": ["/" if few else "" for few in little], "size": 6,
                        "solidity": 0.2, "fgcolor": "var(--border-control)",
                        "bgcolor": "rgba(0,0,0,0)", "fillmode": "overlay"},
        },
        "error_y": {
            "type": "data", "symmetric": False, "thickness": 1.5, "width": 5,
            "color": "var(--measured)",
            "array": [t["severity_high"] - t["severity"] for t in lines],
            "arrayminus": [t["severity"] - t["severity_low"] for t in lines],
        },
        "hoverinfo": "text",
        "hovertext": [_hover(line) for line in lines],
        "customdata": [words.opens("severity", line) for line in lines],
    }  # fmt: skip


def _labels(drawing: Drawing, axis: str, row: Row, slot: Slot, line: Mapping[str, Any]) -> None:
    few = line["too_little_evidence"]
    value = wording.points(line["severity"])
    value = f"<b>{value}</b>" if not few else value
    drawing.text(
        slot.middle, line["severity_high"],
        f'{value} <span style="color:var(--text-faint);font-size:11px">'
        f"{words.severity_interval(line)}</span>",
        "var(--text-faint)" if few else "var(--text)", 13, "center",
        yref=axis, yanchor="bottom", yshift=3, name=words.opens("severity", line),
    )  # fmt: skip
    n = words.n_text(words.volume(line))
    said = _("too little: %s") % n if few else n
    drawing.text(slot.middle, row.bottom - 18, said, "var(--text-faint)", 11, "center")


def _outline(drawing: Drawing, slot: Slot, row: Row) -> None:
    foot = row.bottom - SEVERITY_FOOT
    drawing.box(
        slot.middle - BAR_WIDTH / 2, foot - 22, slot.middle + BAR_WIDTH / 2, foot,
        line={"width": 1, "color": "var(--border-firm)"}, fillcolor="rgba(0,0,0,0)",
    )  # fmt: skip
    drawing.text(slot.middle, row.bottom - 18, _("no evidence"), "var(--text-faint)", 11, "center")


def _hover(line: Mapping[str, Any]) -> str:
    lines = [
        words.severity_text(line),
        _("painful passages per 1,000 customers: %s") % words.burden_text(line),
    ]
    lines += [words.family_text(family, found) for family, found in words.signals(line)]
    if line.get("no_promise"):
        lines.append(_("no promise, so waiting is not scored"))
    name = words.plotly_text(line["name"])
    return f"<b>{name}</b><br>" + "<br>".join(map(words.plotly_text, lines))
