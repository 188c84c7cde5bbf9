"""The journey map as a table for people, as records for exports, and stage by stage for phones."""

from collections.abc import Mapping
from hashlib import blake2b
from itertools import count
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from reports.board import Board, BoardStage, BoardStep
from reports.figures import words
from reports.figures.map_rows import answers_of
from reports.figures.sheet import Cell, known, table

FIELDS = (
    "stage", "step", "touchpoint", "name", "rank", "severity", "severity_low", "severity_high",
    "burden", "burden_low", "burden_high", "reach", "reach_basis", "n", "too_little_evidence",
    "emotion_believed", "emotion", "emotion_low", "emotion_high", "emotion_n",
    "nps", "nps_low", "nps_high", "nps_n", "csat", "csat_low", "csat_high", "csat_n",
    "ces", "ces_low", "ces_high", "ces_n", "waits_offered", "p50_s", "p90_s", "p95_s",
    "promise_s", "service_level", "service_level_low", "service_level_high", "abandoned_share",
)  # fmt: skip
PLAIN = ("rank", "severity", "severity_low", "severity_high", "burden", "burden_low",
         "burden_high", "reach", "reach_basis", "too_little_evidence")  # fmt: skip
WAITS = ("p50_s", "p90_s", "p95_s", "promise_s", "service_level", "service_level_low",
         "service_level_high", "abandoned_share")  # fmt: skip


def records_of(board: Board, measured: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One record per step and touchpoint; a step without touchpoints has one with neither."""
    records = []
    for stage in board.stages:
        for step in stage.steps:
            head = {"stage": stage.name, "step": step.name}
            head["emotion_believed"] = _believed(board, step)
            for place in step.touchpoints:
                line = measured.get(place.code)
                known = {"touchpoint": place.code, "name": place.name}
                records.append({**head, **known, **(_flat(line) if line else {})})
            if not step.touchpoints:
                records.append(head)
    return records


def _flat(line: Mapping[str, Any]) -> dict[str, Any]:
    flat = {name: line[name] for name in PLAIN}
    flat["n"] = words.volume(line)
    for kind in ("emotion", *words.METRICS):
        found = line.get(kind)
        if found:
            flat |= {kind: found["value"], f"{kind}_n": found["n"]}
            flat |= {f"{kind}_{end}": found[end] for end in ("low", "high")}
    if waits := line.get("waits"):
        flat |= {"waits_offered": waits["offered"], **{name: waits.get(name) for name in WAITS}}
    return flat


def _believed(board: Board, step: BoardStep) -> str:
    """Lin Mei +1; Mr Zhou −1."""
    said = []
    for key, name in [*((p.key, p.name.split(",")[0]) for p in board.personas), ("", "")]:
        card = board.emotion_of(step, key)
        if card and card.emotion is not None:
            said.append(f"{name} {wording.signed(card.emotion, 0)}".strip())
    return "; ".join(said)


def emotion_text(found: Mapping[str, Any] | None) -> str:
    if not found:
        return _("no evidence")
    interval = ""
    if found["low"] is not None:
        interval = f" ({wording.signed(found['low'])} … {wording.signed(found['high'])})"
    return f"{wording.signed(found['value'])}{interval}, {words.n_text(found['n'])}"


def table_of(board: Board, measured: Mapping[str, Any]) -> dict[str, Any]:
    rows = []
    for stage in board.stages:
        for step in stage.steps:
            believed = _believed(board, step) or wording.NO_VALUE
            places = [(p.name, measured.get(p.code)) for p in step.touchpoints] or [("", None)]
            for name, line in places:
                rows.append([f"{stage.name} · {step.name}", name, believed, *_cells(name, line)])
    columns = [_("Step"), _("Touchpoint"), _("Feelings believed (−2 to +2)"),
               _("Feelings measured"), _("Severity"), _("Answers"), _("Waits"),
               _("Promise")]  # fmt: skip
    return table(_("The map as a table; intervals in brackets"), columns, rows)


def _cells(name: str, line: Mapping[str, Any] | None) -> list[Cell]:
    if not name:
        return [wording.NO_VALUE] * 5
    if line is None:
        return [_("not measured yet")] * 5
    asked = [
        known(f"{words.METRICS[m]} {words.metric_text(m, found)}", line, m)
        for m, found in answers_of(line)
    ]
    waits = line.get("waits")
    return [
        emotion_text(line.get("emotion")),
        known(words.severity_text(line), line, "severity"),
        {"several": asked} if asked else _("no evidence"),
        known(words.wait_text(waits), line, "wait_p90") if waits else _("no evidence"),
        words.promise_text(waits) if waits else wording.NO_VALUE,
    ]


def stages_of(board: Board, measured: Mapping[str, Any]) -> list[dict[str, Any]]:
    """For narrow screens and assistive technology: the same map, one stage after another.

    `at` tells stages and places of measured numbers apart.
    """
    numbers = count(1)
    return [
        {
            "name": stage.name,
            "at": f"stage-{i}",
            "worst": _worst(stage, measured),
            "steps": [
                {
                    "name": step.name,
                    "opens": step.opens,
                    "opens_name": step.opens_name,
                    "believed": _believed(board, step),
                    "touchpoints": [
                        {"name": p.name, "channel": p.channel, "at": f"place-{next(numbers)}",
                         "line": measured.get(p.code), **_extras(measured.get(p.code))}
                        for p in step.touchpoints
                    ],
                    "lanes": [
                        {"name": lane.name,
                         "cards": [c for c in step.cards.get(lane.key, []) if c.text]}
                        for lane in board.lanes
                        if any(c.text for c in step.cards.get(lane.key, []))
                    ],
                }
                for step in stage.steps
            ],
        }
        for i, stage in enumerate(board.stages, 1)
    ]  # fmt: skip


def shape_of(board: Board) -> str:
    """Names which places there are for numbers, and their order; names and cards do not matter."""
    places = [
        [[step.key, *(place.code for place in step.touchpoints)] for step in stage.steps]
        for stage in board.stages
    ]
    return blake2b(repr(places).encode(), digest_size=8).hexdigest()


def _worst(stage: BoardStage, measured: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The stage's most severe touchpoint, of those with enough evidence."""
    codes = {place.code for step in stage.steps for place in step.touchpoints}
    ranked = [measured[c] for c in codes if c in measured and measured[c]["rank"] is not None]
    return max(ranked, key=lambda line: (line["severity"], line["code"]), default=None)


def _extras(line: Mapping[str, Any] | None) -> dict[str, Any]:
    if line is None:
        return {}
    return {
        "n": words.volume(line),
        "emotion": emotion_text(line["emotion"]) if line.get("emotion") else "",
        "answers": [
            f"{words.METRICS[m]} {words.metric_text(m, found)}" for m, found in answers_of(line)
        ],
        "waits": words.wait_text(line["waits"]) if line.get("waits") else "",
        "promise": words.promise_text(line["waits"]) if line.get("waits") else "",
    }
