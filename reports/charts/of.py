"""From a figure to its chart: the values from its records, the words from its table."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from reports.charts.spec import (
    Bar,
    Bars,
    Chart,
    Column,
    Curves,
    Feeling,
    Heat,
    Place,
    Series,
    Square,
    Strip,
)
from reports.figures import words
from reports.figures.map_records import emotion_text
from reports.figures.sheet import Cell, Figure
from reports.figures.waiting import longest_shown, promises_within

MOST_BARS = 60


def text_of(cell: Cell) -> str:
    """What a cell of a figure's table says."""
    if isinstance(cell, dict):
        if "several" in cell:
            return "; ".join(text_of(one) for one in cell["several"])
        return str(cell.get("text", ""))
    return wording.NO_VALUE if cell is None else str(cell)


def chart_of(name: str, figure: Figure) -> Chart | None:
    """name: a block's, see Content.name; None where the table says all."""
    made = MAKERS.get(name)
    return made(figure) if made and figure.records else None


def _cells(figure: Figure, column: int) -> list[str]:
    return [text_of(row[column]) for row in figure.table["rows"]]


def _ranking(figure: Figure) -> Chart | None:
    bars = [
        Bar(
            f"{one['rank']}. {one['name']}" if one["rank"] else one["name"],
            one["burden"], one["burden_low"], one["burden_high"], text, note,
            wording.pain_step(one["severity"]), one["rank"] is None,
        )
        for one, text, note in zip(figure.records, _cells(figure, 2), _cells(figure, 3),
                                   strict=True)
    ]  # fmt: skip
    return _bars(_("painful passages per 1,000 customers"), bars)


def _bars(axis: str, bars: list[Bar], scale: Any = "number") -> Bars | None:
    made = Bars(axis, bars[:MOST_BARS], scale)
    return made if made.drawn else None


def _change(figure: Figure) -> Chart | None:
    bars = [
        Bar(
            one["name"],
            one["difference"] * 100,
            one["difference_low"] * 100,
            one["difference_high"] * 100,
            text,
            f"{before} → {now} · {holds}",
            {"worse": 6, "better": 1}.get(one["holds"], 3),
            not one["holds"],
        )
        for one, before, now, text, holds in zip(
            figure.records, *(_cells(figure, i) for i in (1, 2, 3, 5)), strict=True
        )
        if one.get("difference") is not None
    ]
    return _bars(_("points of severity more (+) or less (−) than before"), bars)


def _drivers(figure: Figure) -> Chart | None:
    told = [one for one in figure.records if one.get("importance") is not None]
    bars = [
        Bar(one["name"], one["importance"], one["importance_low"], one["importance_high"], text,
            "", 4 if one["stands_out"] else 2, not one["stands_out"])
        for one, text in zip(told, _cells(figure, 1), strict=False)
    ]  # fmt: skip
    return _bars(_("importance: share of the differences it explains"), bars, "percent")


def _units(figure: Figure) -> Chart | None:
    named = [one for one in figure.records if one.get("verdict") in ("worse", "better")]
    bars = [
        Bar(f"{unit} · {place}", one["rate"], one["low"], one["high"], text, family,
            6 if one["verdict"] == "worse" else 1)
        for one, unit, place, family, text in zip(
            named, *(_cells(figure, i) for i in range(4)), strict=False
        )
    ]  # fmt: skip
    return _bars(_("share of painful experiences"), bars, "percent")


def _waiting(figure: Figure) -> Chart | None:
    line = figure.extra["line"]
    bins = [one for one in figure.records if one["to_s"] is not None]
    if not bins:
        return None
    reach = bins[-1]["to_s"]
    end = min(reach, max(longest_shown(line["waits"]), bins[0]["to_s"] * 4))
    shown = [one for one in bins if one["to_s"] <= end * 1.001]
    series = [
        Series(label, [(0.0, 0.0), *((one["to_s"], one[f"{key}_within"]) for one in shown)], token,
               is_dashed)
        for key, label, token, is_dashed in (
            ("served", _("served"), "--measured", False),
            ("abandoned", _("gave up"), "--pain-5", True),
        )
    ]  # fmt: skip
    marks = [
        (s, _("promise: %s") % wording.duration(s) + (f" ({who})" if who else ""))
        for s, who in promises_within(line["waits"], end)
    ]
    facts = [(fact["label"], fact["text"], fact["note"]) for fact in figure.extra["facts"]]
    return Curves(_("time waited"), _("share of all waits offered"), series, end, marks, facts)


def _heat(figure: Figure) -> Chart | None:
    heat = figure.extra["heat"]
    values = {(one["name"], one["value_name"]): one["severity"] for one in figure.records}
    rows = [
        (
            row["name"],
            [_whole(row["whole"]),
             *(_square(cell, values.get((row["name"], cell.get("value"))))
               for cell in row["cells"])],
        )
        for row in heat["rows"]
    ]  # fmt: skip
    told = [(name, cells) for name, cells in rows if any(map(_is_told, cells[1:]))]
    left_out = [name for name, cells in rows if not any(map(_is_told, cells[1:]))]
    return Heat([_("all"), *heat["columns"]], told, left_out) if told else None


def _is_told(square: Square) -> bool:
    return bool(square.step or square.note)


def _whole(whole: Mapping[str, Any]) -> Square:
    if whole["none"]:
        return Square(_("no evidence"))
    if not whole["known"]:
        return Square(_("too few"), whole["n"])
    return Square(whole["points"], f"{whole['interval']} {whole['n']}", whole["step"],
                  whole["line"]["severity"])  # fmt: skip


def _square(cell: Mapping[str, Any], value: float | None) -> Square:
    if cell.get("state") == "known":
        mark = f" {cell['mark']}" if cell.get("mark") else ""
        note = f"{cell['interval']} {cell['n']}"
        return Square(f"{cell['points']}{mark}", note, cell["step"], value)
    if cell.get("state") == "few":
        return Square(_("too few"), cell["n"])
    return Square(_("no evidence"))


def _strip(figure: Figure) -> Chart | None:
    columns: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for one in figure.records:
        columns.setdefault((one["stage"], one["step"]), []).append(one)
    made = [_column(stage, step, found) for (stage, step), found in columns.items()]
    return Strip(made, _("Feelings, measured"), _("Feelings, believed"), _("Severity"))


def _column(stage: str, step: str, found: list[Mapping[str, Any]]) -> Column:
    felt = [one for one in found if one.get("emotion") is not None]
    feeling = None
    if felt:
        most = max(felt, key=lambda one: one["emotion_n"])
        told = {"value": most["emotion"], "low": most["emotion_low"],
                "high": most["emotion_high"], "n": most["emotion_n"]}  # fmt: skip
        feeling = Feeling(told["value"], told["low"], told["high"], emotion_text(told))
    places = [_place(one) for one in found if one.get("touchpoint")]
    return Column(stage, step, found[0].get("emotion_believed") or "", feeling, places)


def _place(one: Mapping[str, Any]) -> Place:
    if "severity" not in one:
        return Place(one["name"], "", _("not measured yet"))
    if one["severity"] is None:
        return Place(one["name"], "", _("no evidence"))
    text = f"{words.severity_interval(one)}, {words.n_text(one['n'])}"
    few = bool(one["too_little_evidence"])
    if few:
        text = _("too little evidence: %s") % text
    points = wording.points(one["severity"])
    return Place(one["name"], points, text, wording.pain_step(one["severity"]), few)


MAKERS: dict[str, Callable[[Figure], Chart | None]] = {
    "map": _strip, "ranking": _ranking, "change": _change, "drivers": _drivers, "units": _units,
    "waiting": _waiting, "by-segment": _heat, "by-channel": _heat, "by-unit": _heat,
}  # fmt: skip
