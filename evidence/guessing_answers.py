"""Which columns of a survey hold answers, to which question, on which scale."""

import re
from collections import defaultdict
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from evidence.guessing_columns import Column
from evidence.guessing_words import WORDED, metric_in, without_metric
from evidence.metrics import BUILT_IN

NUMBERED = re.compile(r"[Qq]\d+")
MOST_CODES = 3  # values off the scale that may still be codes for "no answer"
# A block of questions needs this many columns that look alike.
BLOCK = 3


def questions(columns: Sequence[Column]) -> dict[str, str]:
    """Columns that hold answers to a question each, with its metric; empty for a long table."""
    found = {}
    for column in columns:
        metric = metric_in(column.words)
        if metric and (column.is_worded or _on_scale(column, metric)):
            found[column.name] = metric
    found.update(_blocks(columns, found))
    return found


def metric_of(column: Column) -> str:
    """The metric whose scale the values fit."""
    named = metric_in(column.words)
    if named:
        return named
    if column.is_worded or not column.whole:
        return "csat"
    most = max(column.whole)
    return "csat" if most <= 5 else "ces" if most <= 7 else "nps"


def worded(column: Column) -> dict[str, str]:
    return {v: str(WORDED[v.casefold()]) for v in column.counts if v.casefold() in WORDED}


def metrics_of(column: Column) -> dict[str, str]:
    """The values of a column that names the question, as the metrics they speak of."""
    return {
        value: metric
        for value in column.counts
        if (metric := metric_in(value)) and value.casefold() != metric
    }


def add(
    document: dict[str, Any],
    why: MutableMapping[str, str],
    asked: Mapping[str, str],
    taken: Mapping[str, Column],
    journeys: Sequence[str],
) -> None:
    """Completes a mapping of responses: a score with its metric, or a list of answers."""
    fields = document["fields"]
    if not asked:
        if "score" in taken and "metric" not in fields:
            fields["metric"] = {"value": metric_of(taken["score"])}
        elif "comment" in taken and "metric" not in fields:
            fields["metric"] = {"value": "csat"}
        return
    long = len(asked) == 1 and {"touchpoint", "journey"} & set(fields)
    if long:
        ((name, metric),) = asked.items()
        fields["score"] = {"column": name}
        fields.setdefault("metric", {"value": metric})
        why[name] = _("Scores; the name speaks of %s.") % metric.upper()
        return
    for name in ("score", "metric", "comment"):
        if name in fields:
            why.pop(fields.pop(name).get("column", ""), None)
    document["answers"] = [
        _answer(name, metric, fields, journeys) for name, metric in asked.items()
    ]
    _tell_apart(document["answers"])
    for name, metric in asked.items():
        why[name] = _("Answers on the scale of %s.") % metric.upper()


def complete(document: dict[str, Any], columns: Mapping[str, Column]) -> None:
    """Adds what only values tell: codes off the scale are no answers, words become scores."""
    fields = document["fields"]
    score = fields.get("score")
    entries = list(document.get("answers", []))
    if score and "column" in score:
        metric = fields.get("metric", {}).get("value", "")
        _complete_one(score, columns.get(score["column"]), metric)
    for entry in entries:
        _complete_one(entry, columns.get(entry["column"]), entry.get("metric", ""))


def _complete_one(entry: dict[str, Any], column: Column | None, metric: str) -> None:
    if column is None:
        return
    off = []
    if column.is_worded:
        entry["map"] = worded(column)
    elif metric in BUILT_IN and column.whole:
        off = off_scale(column, metric)
    if missing := [*off, *column.blanks]:
        entry["missing"] = missing


def _answer(
    name: str, metric: str, fields: Mapping[str, Any], journeys: Sequence[str]
) -> dict[str, Any]:
    entry: dict[str, Any] = {"column": name, "metric": metric}
    if {"touchpoint", "journey"} & set(fields):
        return entry
    about = without_metric(name)
    if not about and len(journeys) == 1:
        entry["journey"] = journeys[0]
    else:
        entry["touchpoint"] = about or metric
    return entry


def _tell_apart(entries: Sequence[dict[str, Any]]) -> None:
    """Two questions of one name (Q7FOOD, Q9FOOD) are not about the same: the later keep theirs."""
    taken: set[tuple[str, str]] = set()
    for entry in entries:
        key = (entry.get("touchpoint", ""), entry["metric"])
        if key[0] and key in taken:
            entry["touchpoint"] = re.sub(r"[^\w]+", "-", entry["column"].casefold()).strip("-")
        taken.add(key)


def _on_scale(column: Column, metric: str) -> bool:
    """Most values lie on the scale, and what does not is a code or two for "no answer"."""
    if not column.whole:
        return False
    scale = BUILT_IN[metric]
    inside = sum(scale.low <= v <= scale.high for v in column.whole)
    return inside >= len(column.whole) / 2 and len(off_scale(column, metric)) <= MOST_CODES


def off_scale(column: Column, metric: str) -> list[str]:
    scale = BUILT_IN[metric]
    return sorted(
        (value for value in column.counts if not _inside(value, scale.low, scale.high)), key=_order
    )


def _inside(value: str, low: Any, high: Any) -> bool:
    try:
        return bool(low <= float(value) <= high)
    except ValueError:
        return False


def _order(value: str) -> tuple[bool, float, str]:
    try:
        return (False, float(value), value)
    except ValueError:
        return (True, 0.0, value)


def _blocks(columns: Sequence[Column], found: Mapping[str, str]) -> dict[str, str]:
    """Questions named by number only (Q7SIGN, Q7FOOD, …): three or more alike, rated 1 to 5."""
    blocks: dict[str, list[Column]] = defaultdict(list)
    for column in columns:
        numbered = NUMBERED.match(column.name)
        if numbered is None or column.name in found or not _on_scale(column, "csat"):
            continue
        if len({v for v in column.whole if 1 <= v <= 5}) >= 4:
            blocks[numbered[0]].append(column)
    return {c.name: "csat" for block in blocks.values() if len(block) >= BLOCK for c in block}
