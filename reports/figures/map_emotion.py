"""The panel of feelings: as the team believes, persona by persona, and as answers tell."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from journeys.models import MOST_CURVES
from reports.board import Board, BoardPersona
from reports.figures import words
from reports.figures.map_layout import Column, Row, Slot
from reports.figures.map_rows import FEELING_ENDS, Drawing, slots_of

FEW = 30  # fewer answers than these are too little evidence
SYMBOLS = ["circle-open", "square-open", "diamond-open", "triangle-up-open", "x-thin-open"]
# Personas who feel the same are drawn a little apart, so that none hides another.
APART = 0.07


def emotion_panel(
    drawing: Drawing, board: Board, columns: list[Column], row: Row, measured: Mapping[str, Any]
) -> None:
    axis = drawing.panel("2", row, -FEELING_ENDS, FEELING_ENDS)
    middle = row.top + row.height / 2
    drawing.line(0, middle, drawing.width, middle, "var(--figure-axis)")
    for feeling in (-2, -1, 1, 2):
        y = middle - row.height * feeling / (2 * FEELING_ENDS)
        drawing.line(0, y, drawing.width, y, "var(--figure-grid)", dash="1px,3px")
    curves = [*board.personas[:MOST_CURVES], BoardPersona("", _("everybody"))]
    believed = [
        (whose, [board.emotion_of(column.step, whose.key) for column in columns])
        for whose in curves
    ]
    believed = [(whose, cards) for whose, cards in believed if any(cards)]
    at = _label_columns([[card.emotion if card else None for card in cards]
                         for _whose, cards in believed])  # fmt: skip
    for i, (whose, cards) in enumerate(believed):
        _designed(drawing, axis, whose, i, at[i], list(zip(columns, cards, strict=True)))
    _measured_curve(drawing, axis, columns, row, measured)


def _label_columns(curves: list[list[int | None]]) -> list[int]:
    """For each curve the column where it is furthest from the others: its name stands there."""

    def room(curve: int, column: int) -> float:
        own = curves[curve][column]
        if own is None:
            return -1
        others = [c[column] for i, c in enumerate(curves) if i != curve]
        return min((abs(own - other) for other in others if other is not None), default=9)

    chosen: list[int] = []
    for curve in range(len(curves)):
        free = [c for c in range(len(curves[curve])) if c not in chosen]
        chosen.append(max(free or [0], key=lambda column: room(curve, column)))
    return chosen


def _designed(
    drawing: Drawing,
    axis: str,
    whose: BoardPersona,
    index: int,
    label_at: int,
    believed: list[tuple[Column, Any]],
) -> None:
    shift = APART * ((index + 1) // 2) * (1 if index % 2 else -1)
    name, short = whose.name, whose.name.split(",")[0]
    colour = f"var(--category-{whose.colour})" if whose.colour else "var(--assumed)"
    points = [(column, card) for column, card in believed if card]
    hover = [
        f"{words.plotly_text(name)}: <b>{wording.signed(card.emotion, 0)}</b> · "
        + (words.plotly_text(card.basis_label) or _("assumed"))
        for _column, card in points
    ]
    drawing.data.append(
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": words.plotly_text(name),
            "yaxis": axis,
            "x": [column.middle for column, _card in believed],
            "y": [card.emotion + shift if card else None for _column, card in believed],
            "line": {"shape": "spline", "smoothing": 0.6, "dash": "4px,4px", "width": 2,
                     "color": colour},
            "marker": {"symbol": SYMBOLS[index % len(SYMBOLS)], "size": 9,
                       "color": colour, "line": {"width": 2}},
            "hoverinfo": "text",
            "hovertext": [hover.pop(0) if card else "" for _column, card in believed],
        }
    )  # fmt: skip
    column, card = believed[label_at]
    if card is None:
        column, card = points[0]
    sign = "○□◇△×"[index % len(SYMBOLS)]
    up = card.emotion < 2
    drawing.text(
        column.middle, card.emotion + shift, f"{sign} {words.plotly_text(short)}",
        "var(--text-soft)", 11, "center", yref=axis, yanchor="bottom" if up else "top",
        yshift=7 if up else -7,
    )  # fmt: skip


def _measured_curve(
    drawing: Drawing, axis: str, columns: list[Column], row: Row, measured: Mapping[str, Any]
) -> None:
    """The curve breaks where nothing was measured: what lies between is not known."""
    pieces: list[list[tuple[Slot, Mapping[str, Any]]]] = [[]]
    silent: list[Slot] = []
    for slot in slots_of(columns):
        found = (measured.get(slot.touchpoint.code) or {}).get("emotion")
        if found:
            pieces[-1].append((slot, found))
        else:
            silent.append(slot)
            pieces.append([])
    for piece in filter(None, pieces):
        _ribbon(drawing, axis, piece)
        _points(drawing, axis, piece)
    for slot, found in (pair for piece in pieces for pair in piece):
        _labels(drawing, axis, row, slot, found)
    if silent:
        _outlines(drawing, axis, silent, bool(measured))


def _ribbon(drawing: Drawing, axis: str, piece: list[tuple[Slot, Mapping[str, Any]]]) -> None:
    """The 95% interval between neighbouring points; the whiskers say it at each point."""
    known = [(slot.middle, found) for slot, found in piece if found["low"] is not None]
    if len(known) < 2:
        return
    for end, fill in (("low", None), ("high", "tonexty")):
        drawing.data.append(
            {
                "type": "scatter", "mode": "lines", "yaxis": axis, "hoverinfo": "skip",
                "x": [x for x, _found in known], "y": [found[end] for _x, found in known],
                "line": {"shape": "spline", "smoothing": 0.6, "width": 0},
                **({"fill": fill, "fillcolor": "var(--border)"} if fill else {}),
            }
        )  # fmt: skip


def _points(drawing: Drawing, axis: str, piece: list[tuple[Slot, Mapping[str, Any]]]) -> None:
    values = [found["value"] for _slot, found in piece]
    few = [found["n"] < FEW for _slot, found in piece]
    drawing.data.append(
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": _("measured"),
            "yaxis": axis,
            "x": [slot.middle for slot, _found in piece],
            "y": values,
            "line": {"shape": "spline", "smoothing": 0.6, "width": 2.5, "color": "var(--measured)"},
            "marker": {
                "size": 9, "symbol": ["circle-open" if f else "circle" for f in few],
                "color": [_feeling_colour(v) if not f else "var(--border-control)"
                          for v, f in zip(values, few, strict=True)],
                "line": {"width": 2, "color": "var(--measured)"},
            },
            "error_y": {
                "type": "data", "symmetric": False, "thickness": 1.5, "width": 4,
                "color": "var(--measured)",
                "array": [(f["high"] if f["high"] is not None else f["value"]) - f["value"]
                          for _slot, f in piece],
                "arrayminus": [f["value"] - (f["low"] if f["low"] is not None else f["value"])
                               for _slot, f in piece],
            },
            "hoverinfo": "text",
            "hovertext": [_hover(slot, found) for slot, found in piece],
        }
    )  # fmt: skip


def _labels(drawing: Drawing, axis: str, row: Row, slot: Slot, found: Mapping[str, Any]) -> None:
    top = found["high"] if found["high"] is not None else found["value"]
    drawing.text(
        slot.middle, top, f"<b>{wording.signed(found['value'])}</b>", size=12, anchor="center",
        yref=axis, yanchor="bottom", yshift=4, bgcolor="var(--surface-raised)",
    )  # fmt: skip
    n = words.n_text(found["n"])
    said = _("too few: %s") % n if found["n"] < FEW else n
    drawing.text(slot.middle, row.bottom - 18, said, "var(--text-faint)", 11, "center")


def _outlines(drawing: Drawing, axis: str, silent: list[Slot], scored: bool) -> None:
    """Nobody was asked here: an empty outline on the zero line."""
    drawing.data.append(
        {
            "type": "scatter", "mode": "markers", "yaxis": axis,
            "x": [slot.middle for slot in silent], "y": [0] * len(silent),
            "marker": {"symbol": "circle-open", "size": 9, "color": "var(--figure-axis)"},
            "hoverinfo": "text",
            "hovertext": [
                f"{words.plotly_text(slot.touchpoint.name)}<br>"
                + (_("no answers in this scope") if scored else _("not measured yet"))
                for slot in silent
            ],
        }
    )  # fmt: skip


def _hover(slot: Slot, found: Mapping[str, Any]) -> str:
    interval = ""
    if found["low"] is not None:
        interval = f" ({wording.signed(found['low'])} … {wording.signed(found['high'])})"
    lines = [
        f"<b>{words.plotly_text(slot.touchpoint.name)}</b>",
        _("measured feeling %s, on a scale from −2 to +2")
        % (wording.signed(found["value"]) + interval),
        words.n_text(found["n"]) + " " + _("answers"),
    ]
    if found["n"] < FEW:
        lines.append(_("too little evidence: fewer than %s answers") % FEW)
    return "<br>".join(lines)


def _feeling_colour(value: float) -> str:
    step = max(-2, min(2, round(value)))
    name = {-2: "minus-2", -1: "minus-1", 0: "0", 1: "plus-1", 2: "plus-2"}[step]
    return f"var(--emotion-{name})"
