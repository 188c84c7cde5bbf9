"""The map's frame, cards, answers and waits, drawn in pixels."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from reports.figures import map_layout as place
from reports.figures import words
from reports.figures.map_layout import Column, Row, Slot

FEELING_ENDS = 2.6  # the axis of feelings runs beyond −2…2: beneath −2 stands how many answered
# Shapes and texts stand on axes that exist only where a trace uses them.
PLACEHOLDER = {"type": "scatter", "x": [None], "y": [None], "hoverinfo": "skip"}
Measured = Mapping[str, Any]


class Drawing:
    """Collects traces, shapes and texts; `plot()` is the figure."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.data: list[dict[str, Any]] = []
        self.shapes: list[dict[str, Any]] = []
        self.texts: list[dict[str, Any]] = []
        self.axes: dict[str, dict[str, Any]] = {}

    def box(self, x0: float, y0: float, x1: float, y1: float, **style: Any) -> None:
        self.shapes.append(
            {"type": "rect", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "layer": "below",
             "line": {"width": 0}, **style}
        )  # fmt: skip

    def line(self, x0: float, y0: float, x1: float, y1: float, colour: str, **style: Any) -> None:
        self.shapes.append(
            {"type": "line", "x0": x0, "x1": x1, "y0": y0, "y1": y1,
             "line": {"color": colour, "width": 1, **style}, "layer": "below"}
        )  # fmt: skip

    def text(
        self, x: float, y: float, text: str, colour: str = "var(--text)", size: int = 12,
        anchor: str = "left", hover: str = "", **more: Any,
    ) -> None:  # fmt: skip
        said = {"hovertext": hover} if hover else {}
        self.texts.append(
            {"x": x, "y": y, "xref": "x", "yref": "y", "text": text, "showarrow": False,
             "xanchor": anchor, "yanchor": "top", "align": anchor, "borderpad": 0,
             "font": {"size": size, "color": colour}, **said, **more}
        )  # fmt: skip

    def panel(self, name: str, row: Row, low: float, high: float) -> str:
        """An axis of its own for a row; returns the name that traces refer to."""
        self.axes[f"yaxis{name}"] = {
            "domain": [1 - row.bottom / self.height, 1 - row.top / self.height],
            "range": [low, high],
            "visible": False,
            "fixedrange": True,
        }
        return f"y{name}"

    def plot(self) -> dict[str, Any]:
        hidden = {"visible": False, "fixedrange": True}
        return {
            # Shapes and texts stand on axes that exist only where a trace uses them.
            "data": [
                {"type": "scatter", "x": [None], "y": [None], "hoverinfo": "skip"},
                *self.data,
            ],
            "layout": {
                "width": self.width,
                "height": self.height,
                "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
                "showlegend": False,
                "hovermode": "closest",
                "barmode": "overlay",
                "xaxis": {**hidden, "range": [0, self.width]},
                "yaxis": {**hidden, "range": [self.height, 0]},
                **self.axes,
                "shapes": self.shapes,
                "annotations": self.texts,
            },
        }


def slots_of(columns: list[Column]) -> Iterator[Slot]:
    for column in columns:
        yield from column.slots


def draw_frame(drawing: Drawing, columns: list[Column], rows: list[Row]) -> None:
    """Hairlines, the stages' bands, the steps' and touchpoints' names."""
    for row in rows[1:]:
        drawing.line(0, row.top, drawing.width, row.top, "var(--figure-grid)")
    steps_top = rows[0].bottom
    for before, column in zip([None, *columns], columns, strict=False):
        if before is None or before.stage is not column.stage:
            _draw_stage(drawing, [c for c in columns if c.stage is column.stage], rows[0])
            if before is not None:
                drawing.line(column.left, 0, column.left, drawing.height, "var(--figure-axis)")
        else:
            drawing.line(column.left, steps_top, column.left, drawing.height, "var(--figure-grid)")
    by_kind = {row.kind: row for row in rows}
    for column in columns:
        name, said = "<br>".join(map(words.plotly_text, place.heading_lines(column))), ""
        if column.step.opens:
            name += ' <span style="color:var(--action)">↗</span>'
            said = "<br>" + words.plotly_text(_("opens the journey “%s”") % column.step.opens_name)
        drawing.text(
            column.left + place.GAP, by_kind["steps"].top + 9, f"<b>{name}</b>", size=13,
            hover=words.plotly_text(column.step.name) + said,
        )  # fmt: skip
        for slot in column.slots:
            _draw_touchpoint(drawing, slot, by_kind["touchpoints"])


def _draw_stage(drawing: Drawing, columns: list[Column], row: Row) -> None:
    left, right = columns[0].left, columns[-1].right
    drawing.box(left + 2, row.top + 2, right - 2, row.bottom - 2, fillcolor="var(--surface-sunken)")
    name = words.wrapped(columns[0].stage.name, (right - left - 24) / 6.4, 1)[0]
    drawing.text(
        left + place.GAP, row.top + 8, words.plotly_text(name), "var(--text-soft)",
        hover=words.plotly_text(columns[0].stage.name),
    )  # fmt: skip


def _draw_touchpoint(drawing: Drawing, slot: Slot, row: Row) -> None:
    name = "<br>".join(map(words.plotly_text, place.touchpoint_lines(slot)))
    channel = words.plotly_text(slot.touchpoint.channel)
    if channel:
        name += f'<br><span style="color:var(--text-faint)">{channel}</span>'
    drawing.text(
        slot.left + place.GAP, row.top + 8, name, "var(--text-soft)",
        hover=words.plotly_text(slot.touchpoint.name),
    )  # fmt: skip


def draw_cards(drawing: Drawing, row: Row) -> None:
    """Index cards: what was seen or heard in ink, what is assumed in pencil."""
    for one in row.cards:
        ink = one.card.is_ink
        drawing.box(
            one.left, one.top, one.left + one.width, one.top + one.height,
            fillcolor="var(--surface-raised)" if ink else "rgba(0,0,0,0)",
            line={"width": 1, "color": "var(--border-firm)" if ink else "var(--border-control)",
                  "dash": "solid" if ink else "3px,3px"},
        )  # fmt: skip
        basis = one.card.basis_label or _("no basis given")
        full = "<br>".join(map(words.plotly_text, words.wrapped(one.card.text, 64, 12)))
        drawing.text(
            one.left + place.CARD_PAD, one.top + place.CARD_PAD - 1,
            "<br>".join(map(words.plotly_text, one.lines)),
            "var(--text)" if ink else "var(--assumed)",
            hover=f"{full}<br><i>{words.plotly_text(basis)}</i>",
        )  # fmt: skip


def answers_of(line: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return [(metric, line[metric]) for metric in words.METRICS if line.get(metric)]


def draw_answers(drawing: Drawing, columns: list[Column], row: Row, measured: Measured) -> None:
    for slot in slots_of(columns):
        line = measured.get(slot.touchpoint.code)
        y = row.top + 8
        for metric, found in answers_of(line) if line else []:
            assert line is not None
            name = words.METRICS[metric]
            value = words.metric_value(metric, found["value"])
            beneath = f"{words.metric_interval(metric, found)} {words.n_text(found['n'])}"
            drawing.text(
                slot.left + place.GAP, y,
                f'{name} <b>{value}</b><br><span style="color:var(--text-faint);font-size:11px">'
                f"{beneath.strip()}</span>",
                hover=f"{name} {words.metric_text(metric, found)}",
                name=words.opens(metric, line),
            )  # fmt: skip
            y += place.ANSWER_HEIGHT


def draw_waits(drawing: Drawing, columns: list[Column], row: Row, measured: Measured) -> None:
    """A rail from 0: P50 as a dot, P90 as its end, the promise as a tick across."""
    for slot in slots_of(columns):
        line = measured.get(slot.touchpoint.code)
        if line and line.get("waits"):
            _draw_wait(drawing, slot, row, line)


def _draw_wait(drawing: Drawing, slot: Slot, row: Row, line: Mapping[str, Any]) -> None:
    waits = line["waits"]
    left, right = slot.left + place.GAP, slot.left + slot.width - place.GAP
    promise = waits.get("promise_s")
    longest = max(waits["p90_s"], promise or 0) * 1.06 or 1

    def at(seconds: float) -> float:
        return left + (right - left) * seconds / longest

    y = row.top + 50
    late = promise is not None and waits["p90_s"] > promise
    p50, p90 = wording.duration(waits["p50_s"]), wording.duration(waits["p90_s"])
    drawing.text(
        left, row.top + 8, f"P50 <b>{p50}</b><br>P90 <b>{p90}</b>", hover=_wait_hover(waits),
        name=words.opens("wait_p90", line),
    )  # fmt: skip
    drawing.line(left, y, right, y, "var(--figure-grid)")
    drawing.line(left, y, at(waits["p90_s"]), y, "var(--interval)", width=4)
    drawing.line(at(waits["p90_s"]), y - 5, at(waits["p90_s"]), y + 5, "var(--measured)", width=2)
    drawing.shapes.append(
        {"type": "circle", "x0": at(waits["p50_s"]) - 4, "x1": at(waits["p50_s"]) + 4,
         "y0": y - 4, "y1": y + 4, "fillcolor": "var(--measured)", "line": {"width": 0}}
    )  # fmt: skip
    if promise is not None:
        x = at(promise)
        drawing.line(x, y - 9, x, y + 9, "var(--promise)", width=2, dash="3px,2px")
    said = words.promise_text(waits)
    if waits.get("service_level") is not None:
        said = _("%(share)s in time") % {"share": wording.percent(waits["service_level"])}
        if promise is not None:
            said += " · " + wording.duration(promise)
    drawing.text(
        left, row.top + 66, said, "var(--text-soft)" if late else "var(--text-faint)", 11,
        name=words.opens("service_level", line),
    )  # fmt: skip


def _wait_hover(waits: Mapping[str, Any]) -> str:
    level, gone = (
        words.share_text(waits.get(value), waits.get(f"{ends}_low"), waits.get(f"{ends}_high"))
        for value, ends in (("service_level", "service_level"), ("abandoned_share", "abandoned"))
    )
    lines = [
        words.wait_text(waits),
        _("promise: %s") % words.promise_text(waits),
        _("in time: %s") % level,
        _("gave up: %s") % gone,
    ]
    return "<br>".join(map(words.plotly_text, lines))


def emotion_ticks(row: Row) -> list[tuple[str, float]]:
    def y(feeling: float) -> float:
        return row.top + row.height * (FEELING_ENDS - feeling) / (2 * FEELING_ENDS)

    return [(_("glad +2"), y(2)), ("+1", y(1)), ("0", y(0)), ("−1", y(-1)), (_("hurt −2"), y(-2))]


def severity_top(measured: Measured) -> float:
    """The upper end of the axis of severity: room above the highest interval for its number."""
    highest = max((line["severity_high"] or 0 for line in measured.values()), default=0)
    return max(0.3, highest) * 1.32


def severity_ticks(row: Row, measured: Measured) -> list[tuple[str, float]]:
    top = severity_top(measured)
    step = 0.1 if top < 0.5 else 0.25
    foot = row.bottom - SEVERITY_FOOT
    usable = row.height - SEVERITY_FOOT
    count = int(top / 1.15 / step)
    return [(wording.points(i * step), foot - usable * i * step / top) for i in range(count + 1)]


SEVERITY_FOOT = 24.0
