"""The journey map: what the team believes (pencil) and what the evidence says (ink), on one sheet.

Coordinates are pixels: x from the left edge of the first step, y from the top; the panels for
feelings and severity have axes of their own. The lanes' names stand beside the drawing in HTML, so
that they stay in sight while a wide map scrolls.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from reports.board import Board
from reports.figures import map_layout as place
from reports.figures import map_records, map_rows, words
from reports.figures.map_emotion import emotion_panel
from reports.figures.map_glance import glance_of
from reports.figures.map_layout import Column, Row
from reports.figures.map_severity import severity_panel
from reports.figures.sheet import NARROW, PARTS, RECORDS, TABLE, Figure, Source

Result = Mapping[str, Any]


def journey_map(
    board: Board, result: Result | None, source: Source, parts: Collection[str] = PARTS
) -> Figure:
    """`result` is a scoring run's, or None where the journey was never scored."""
    measured = {line["code"]: line for line in (result or {}).get("touchpoints", [])}
    columns = place.columns_of(board)
    rows = _rows(board, columns, measured)
    n = sum(words.volume(line) for line in measured.values()) if measured else None
    return Figure(
        id="map",
        heading=_("Journey map"),
        definition=_(
            # xgettext:no-python-format
            "Pencil (dashed) is what the team believes, ink is measured. Severity: how many of "
            "100 passages hurt, with its 90% interval; feelings and answers with 95% intervals."
        ),
        aria=_aria(board, measured),
        source=source,
        n=n,
        n_of=_("experiences"),
        table=map_records.table_of(board, measured) if TABLE in parts else {},
        fields=map_records.FIELDS,
        records=map_records.records_of(board, measured) if RECORDS in parts else [],
        plot=_plot(board, columns, rows, measured) if columns else None,
        height=round(rows[-1].bottom) if rows else 0,
        extra={
            "labels": [_label(row, measured) for row in rows if row.name],
            "width": round(columns[-1].right) if columns else 0,
            "stages": map_records.stages_of(board, measured) if NARROW in parts else [],
            "glance": glance_of(board, measured) if NARROW in parts else None,
            "drawn": map_records.shape_of(board),
        },
    )


def _rows(board: Board, columns: list[Column], measured: Mapping[str, Any]) -> list[Row]:
    """From the top: stages, steps, touchpoints, the measured panels, then the lanes."""
    if not columns:
        return []
    heads = max(len(place.heading_lines(c)) for c in columns)
    names = max((len(place.touchpoint_lines(s)) for c in columns for s in c.slots), default=0)
    rows = [Row("stages", _("Stages"), 0, place.STAGE_HEIGHT)]

    def add(kind: str, name: str, height: float) -> None:
        rows.append(Row(kind, name, rows[-1].bottom, height))

    add("steps", _("Steps"), heads * place.LINE + 20)
    if names:
        add("touchpoints", _("Touchpoints"), names * place.LINE + 34)
    feels = any(
        card.emotion is not None for s in board.steps for cs in s.cards.values() for card in cs
    )
    if feels or any(line.get("emotion") for line in measured.values()):
        add("emotion", _("Feelings"), place.EMOTION_HEIGHT)
    if names:
        add("severity", _("Severity"), place.SEVERITY_HEIGHT)
    asked = max((len(map_rows.answers_of(line)) for line in measured.values()), default=0)
    if asked:
        add("answers", _("Answers"), asked * place.ANSWER_HEIGHT + 14)
    if any(line.get("waits") for line in measured.values()):
        add("waits", _("Waits"), place.WAITS_HEIGHT)
    who = {persona.key: _short(persona.name) for persona in board.personas}
    for lane in board.lanes:
        row = place.card_row("lane", lane.name, lane.key, rows[-1].bottom, columns, who)
        if row.cards or lane.kind != "emotion":
            rows.append(row)
    return rows


def _plot(
    board: Board, columns: list[Column], rows: list[Row], measured: Mapping[str, Any]
) -> dict[str, Any]:
    width, height = columns[-1].right, rows[-1].bottom
    drawing = map_rows.Drawing(width, height)
    map_rows.draw_frame(drawing, columns, rows)
    for row in rows:
        if row.kind == "emotion":
            emotion_panel(drawing, board, columns, row, measured)
        elif row.kind == "severity":
            severity_panel(drawing, columns, row, measured)
        elif row.kind == "answers":
            map_rows.draw_answers(drawing, columns, row, measured)
        elif row.kind == "waits":
            map_rows.draw_waits(drawing, columns, row, measured)
        elif row.cards:
            map_rows.draw_cards(drawing, row)
    return drawing.plot()


def _label(row: Row, measured: Mapping[str, Any]) -> dict[str, Any]:
    """A sticky label; the scale of a panel stands with it."""
    ticks: list[tuple[str, float]] = []
    note = ""
    if row.kind == "emotion":
        note = _("as believed, and as measured in answers")
        ticks = map_rows.emotion_ticks(row)
    elif row.kind == "severity":
        note = _("of 100 passages hurt")
        ticks = map_rows.severity_ticks(row, measured)
    elif row.kind == "answers":
        note = _("CSAT 4–5, CES 5–7")
    elif row.kind == "waits":
        note = _("P50, P90 and the promise")
    return {
        "name": row.name,
        "note": note,
        "kind": row.kind,
        "top": round(row.top, 1),
        "height": round(row.height, 1),
        "ticks": [{"label": text, "top": round(y - row.top, 1)} for text, y in ticks],
    }


def _short(name: str) -> str:
    """Lin Mei, 24, first job → Lin Mei."""
    return name.split(",")[0].split(",")[0].strip()


def _aria(board: Board, measured: Mapping[str, Any]) -> str:
    worst = next((t for t in measured.values() if t["rank"] == 1), None)
    shape = _("%(steps)s steps in %(stages)s stages.") % {
        "steps": len(board.steps),
        "stages": len(board.stages),
    }
    if worst is None:
        return f"{board.name}: {shape} " + _("Nothing is measured yet.")
    said = _("Worst: %(name)s, %(severity)s.") % {
        "name": worst["name"],
        "severity": words.severity_text(worst),
    }
    return f"{board.name}: {shape} {said}"
