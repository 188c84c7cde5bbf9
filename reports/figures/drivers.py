"""Importance × performance: what moves the journey's outcome, and how well it is done."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from reports.figures import drivers_records, words
from reports.figures.drivers_records import ENOUGH, FIX, KEEP, LATER
from reports.figures.sheet import Figure, Source

Driver = Mapping[str, Any]
HEIGHT = 520
WIDTH = 900  # what labels are laid out for
MOST_NAMES = 12

SIGNS: dict[str, dict[str, Any]] = {
    FIX: {"symbol": "diamond", "color": "var(--pain-6)"},
    KEEP: {"symbol": "circle", "color": "var(--emotion-plus-2)"},
    LATER: {"symbol": "square", "color": "var(--text-faint)", "size": 17},
    ENOUGH: {"symbol": "square", "color": "var(--text-faint)", "size": 17},
}


def drivers(
    outcome: Mapping[str, Any], method: str, names: Mapping[str, str], source: Source
) -> Figure:
    """outcome: one of painpoints.drivers.count_drivers.  names: touchpoint code → name."""
    found = outcome["methods"][method]
    lines: Sequence[Driver] = found["touchpoints"]
    verdict = drivers_records.verdict(found, names)
    caption = _("What moves %s, the most important first") % drivers_records.outcome_name(
        outcome["metric"]
    )
    return Figure(
        id="drivers",
        heading=_("Importance and performance: what moves %s")
        % drivers_records.outcome_name(outcome["metric"]),
        definition=_(
            # xgettext:no-python-format
            "Importance: how much of the differences between customers' answers about the journey "
            "their answers about this touchpoint explain (parts of R²). Performance: the mean "
            "answer, rescaled to 0–10. Lines are 95% intervals; the dashed cross stands at the "
            "means: where it is crossed by a touchpoint's lines, the corner is a close call."
        ),
        aria=verdict,
        source=source,
        n=found["n"],
        n_of=_("customers"),
        table=drivers_records.table_of(lines, names, caption),
        fields=drivers_records.FIELDS,
        records=drivers_records.records_of(outcome, method, found, names),
        plot=_plot(lines, names),
        height=HEIGHT,
        extra={
            "verdict": verdict,
            "notes": drivers_records.notes(outcome, found),
            "r_squared": found,
            "cards": [
                {
                    "driver": d,
                    "name": names.get(d["code"], d["code"]),
                    "advice": drivers_records.advice(d),
                    "performance": drivers_records.performance_text(d),
                    "most": max(line["importance_high"] for line in lines),
                }
                for d in lines
            ],
            "left_out": [
                {
                    "name": names.get(one["code"], one["code"]),
                    "why": drivers_records.left_out_text(one["reason"]),
                    "n": one["n"],
                }
                for one in outcome["left_out"]
            ],
        },
    )


def _plot(lines: Sequence[Driver], names: Mapping[str, str]) -> dict[str, Any]:
    right, left = (pick(d[f"performance_{end}"] for d in lines)
                   for pick, end in ((max, "high"), (min, "low")))  # fmt: skip
    room = max((right - left) * 0.1, 0.15)
    x_range = [max(0.0, left - room), min(10.0, right + room)]
    top = max(d["importance_high"] for d in lines) * 1.1
    x_mean = sum(d["performance"] for d in lines) / len(lines)
    y_mean = sum(d["importance"] for d in lines) / len(lines)
    axis = {"fixedrange": True, "zeroline": False}
    return {
        "data": _points(lines, names),
        "layout": {
            "height": HEIGHT,
            "margin": {"l": 58, "r": 16, "t": 14, "b": 48, "pad": 0},
            "showlegend": False,
            "hovermode": "closest",
            "xaxis": {**axis, "range": x_range, "nticks": 8,
                      "title": {"text": _("performance: mean answer, 10 is the best"),
                                "standoff": 6, "font": {"size": 12}}},
            "yaxis": {**axis, "range": [0, top], "tickformat": ",.1%" if top < 0.1 else ",.0%",
                      "nticks": 6,
                      "title": {"text": _("importance: share of the differences explained"),
                                "standoff": 8, "font": {"size": 12}}},
            "shapes": [
                _line(x0=x_mean, x1=x_mean, y0=0, y1=1, yref="paper"),
                _line(y0=y_mean, y1=y_mean, x0=0, x1=1, xref="paper"),
            ],
            "annotations": [*_corners(), *_labels(lines, names, x_range, top)],
        },
    }  # fmt: skip


def _line(**where: Any) -> dict[str, Any]:
    return {"type": "line", "layer": "below",
            "line": {"width": 1, "dash": "4px,4px", "color": "var(--figure-axis)"},
            **where}  # fmt: skip


def _corners() -> list[dict[str, Any]]:
    places = {FIX: (0, 1, "left", "top"), KEEP: (1, 1, "right", "top"),
              LATER: (0, 0, "left", "bottom"), ENOUGH: (1, 0, "right", "bottom")}  # fmt: skip
    return [
        {"xref": "paper", "yref": "paper", "x": x, "y": y, "xanchor": xa, "yanchor": ya,
         "text": f"<b>{drivers_records.quadrant_name(quadrant)}</b>", "showarrow": False,
         "xshift": 4 if x == 0 else -4,
         "font": {"size": 14, "color": "var(--text-faint)"}}
        for quadrant, (x, y, xa, ya) in places.items()
    ]  # fmt: skip


def _points(lines: Sequence[Driver], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each with its rank in it; those that explain no more than chance are hollow and grey."""
    ranked = list(enumerate(lines, 1))
    groups = [
        (sign, [(i, d) for i, d in ranked if d["stands_out"] and d["quadrant"] == quadrant])
        for quadrant, sign in SIGNS.items()
    ]
    hollow = {"symbol": "circle-open", "color": "var(--border-control)"}
    groups.append((hollow, [(i, d) for i, d in ranked if not d["stands_out"]]))
    return [
        {"type": "scatter", "mode": "markers+text",
         "x": [d["performance"] for _i, d in group], "y": [d["importance"] for _i, d in group],
         "text": [str(i) for i, _d in group], "textposition": "middle center",
         "textfont": {"size": 11, "color": "var(--text-faint)" if sign is hollow
                      else "var(--surface-raised)"},
         "marker": {"size": 22, "line": {"width": 1, "color": "var(--surface-raised)"}, **sign},
         "error_x": _error(group, "performance"), "error_y": _error(group, "importance"),
         "cliponaxis": False, "hoverinfo": "text",
         "hovertext": [_hover(d, names) for _i, d in group]}
        for sign, group in groups
        if group
    ]  # fmt: skip


def _error(group: Sequence[tuple[int, Driver]], name: str) -> dict[str, Any]:
    return {
        "type": "data", "symmetric": False, "thickness": 1, "width": 0, "color": "var(--interval)",
        "array": [d[f"{name}_high"] - d[name] for _i, d in group],
        "arrayminus": [d[name] - d[f"{name}_low"] for _i, d in group],
    }  # fmt: skip


def _hover(driver: Driver, names: Mapping[str, str]) -> str:
    said = [
        _("importance: %s") % drivers_records.importance_text(driver),
        _("performance: %s") % drivers_records.performance_text(driver),
        drivers_records.advice(driver),
        words.n_text(driver["n"]),
    ]
    name = words.plotly_text(names.get(driver["code"], driver["code"]))
    return f"<b>{name}</b><br>" + "<br>".join(map(words.plotly_text, said))


def _labels(
    lines: Sequence[Driver], names: Mapping[str, str], x_range: Sequence[float], top: float
) -> list[dict[str, Any]]:
    """Names of the most important ones, where they cover neither a point nor one another."""

    def place(driver: Driver) -> tuple[float, float]:
        width = x_range[1] - x_range[0] or 1.0
        return ((driver["performance"] - x_range[0]) / width * WIDTH,
                (1 - driver["importance"] / top) * HEIGHT)  # fmt: skip

    taken = [(x - 12, y - 12, x + 12, y + 12) for x, y in map(place, lines)]
    shown = []
    for driver in [d for d in lines if d["stands_out"]][:MOST_NAMES]:
        text = words.wrapped(names.get(driver["code"], driver["code"]), 34, 1)[0]
        wide = words.width_of(text) * 6.6 + 4
        x, y = place(driver)
        for to_right in (True, False):
            start = x + 14 if to_right else x - 14 - wide
            box = (start, y - 20, start + wide, y - 2)
            free = all(box[2] <= a or c <= box[0] or box[3] <= b or d <= box[1]
                       for a, b, c, d in taken)  # fmt: skip
            if free and box[0] >= 0 and box[2] <= WIDTH:
                taken.append(box)
                shown.append(
                    {"x": driver["performance"], "y": driver["importance"], "showarrow": False,
                     "text": words.plotly_text(text), "xanchor": "left" if to_right else "right",
                     "xshift": 11 if to_right else -11, "yshift": 10, "borderpad": 0,
                     "font": {"size": 12, "color": "var(--text)"}}
                )  # fmt: skip
                break
    return shown
