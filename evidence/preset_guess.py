"""The mapping a preset proposes for a file."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Workspace
from evidence import guessing_answers
from evidence.guessing import Guess, field_for, guess_mapping
from evidence.guessing_columns import Column
from evidence.guessing_words import metric_in, without_metric
from evidence.mapping import CLOCK, DURATIONS
from evidence.models import Kind
from evidence.presets import TICKETS, Preset

CODED = re.compile(r"A0?([1-5])$")  # LimeSurvey's codes of a scale of five
MANY_WORDS = 0.3  # of the rows, from which text is taken for a comment
NEAR = 2  # columns behind a question in which its comment may stand


def guess_preset(
    preset: Preset,
    columns: Sequence[Column],
    workspace: Workspace,
    *,
    zone: str = "",
    journeys: Sequence[str] = (),
) -> Guess:
    """`zone` is the time zone the file itself tells."""
    if preset.code == TICKETS:
        return guess_mapping(
            [c.name for c in columns],
            list(zip(*(c.values for c in columns), strict=True)),
            workspace,
            kind=Kind.WAITS,
        )
    guess = Guess({"kind": preset.kind, "fields": {}})
    by_name = {column.name.casefold(): column for column in columns}
    taken = _fields(preset, by_name, workspace, guess)
    if zone and "occurred_at" in guess.document["fields"]:
        guess.document["fields"]["occurred_at"]["timezone"] = zone
    if preset.asks:
        own = {name.casefold() for name in preset.own} | {c.name.casefold() for c in taken}
        free = [c for c in columns if c.name.casefold() not in own]
        _ask(guess, free, journeys)
    ignored = [
        {by_name[name.casefold()].name: list(values)}
        for name, values in preset.ignore
        if name.casefold() in by_name
    ]
    if ignored:
        guess.document["ignore"] = ignored
    return guess


def _fields(
    preset: Preset, by_name: Mapping[str, Column], workspace: Workspace, guess: Guess
) -> list[Column]:
    fields, taken = guess.document["fields"], []
    for name, candidates in preset.fields.items():
        there = [by_name[c.casefold()] for c in candidates if c.casefold() in by_name]
        column = next((c for c in there if c.n), None)
        if column is None:
            continue
        taken.append(column)
        fields[name] = field_for(name, column, workspace)
        if name in preset.maps:
            values = {*column.counts, *column.blanks, ""}
            fields[name]["map"] = {v: to for v, to in preset.maps[name].items() if v in values}
            fields[name].pop("missing", None)
        if name in DURATIONS:
            fields[name]["unit"] = CLOCK if column.is_clock else preset.units.get(name, "s")
        guess.why[column.name] = _("As %s exports it.") % preset.label
    for name, value in preset.values.items():
        fields[name] = {"value": value}
    return taken


def _ask(guess: Guess, free: Sequence[Column], journeys: Sequence[str]) -> None:
    """A survey's questions, with the words that stand behind each."""
    asked: dict[str, str] = {}
    for column in free:
        if metric := _metric(column):
            asked[column.name] = metric
    codes = _codes([c for c in free if c.name in asked], asked)
    entries: list[dict[str, Any]] = []
    for i, column in enumerate(free):
        if column.name not in asked:
            continue
        metric = asked[column.name]
        entry: dict[str, Any] = {"column": column.name, "metric": metric}
        whole = metric == "nps" and len(journeys) == 1
        entry.update({"journey": journeys[0]} if whole else {"touchpoint": codes[column.name]})
        if coded := _coded(column):
            entry["map"] = coded
        comment = _comment(free[i + 1 : i + 1 + NEAR], asked)
        if comment:
            entry["comment"] = comment
        entries.append(entry)
        guess.why[column.name] = _("Answers on the scale of %s.") % metric.upper()
    if entries:
        guess.document["answers"] = entries
        guessing_answers.complete(guess.document, {c.name: c for c in free})
    elif text := next((c for c in free if c.is_long_text), None):
        guess.document["fields"].update(
            {"comment": {"column": text.name}, "metric": {"value": "csat"}}
        )


def _metric(column: Column) -> str:
    """What a survey's question is measured by; nothing where it is no scale of ours."""
    named = guessing_answers.questions([column]).get(column.name, "")
    if named or not column.n:
        return named
    if column.is_worded or _coded(column):
        return metric_in(column.words) or "csat"
    rated = {value for value in column.whole if value}
    on_five = bool(rated) and max(rated) <= 5 and len(rated) >= 3
    return "csat" if on_five else ""


def _coded(column: Column) -> dict[str, str]:
    found = {v: m[1] for v in column.counts if (m := CODED.match(v))}
    return found if found and len(found) == len(column.counts) else {}


def _codes(columns: Sequence[Column], asked: Mapping[str, str]) -> dict[str, str]:
    """A touchpoint code for each question: from its words, else its name; no two the same."""
    codes: dict[str, str] = {}
    for column in columns:
        own = without_metric(column.name) if metric_in(column.name) else ""
        plain = re.sub(r"[^\w]+", "-", column.name.casefold()).strip("-_")[:60]
        code = own[:60] or plain or asked[column.name]
        codes[column.name] = f"{code}-{len(codes) + 1}" if code in codes.values() else code
    return codes


def _comment(behind: Sequence[Column], asked: Mapping[str, str]) -> str:
    """The first column behind a question, before the next, that holds people's own words."""
    for column in behind:
        if column.name in asked:
            return ""
        if column.is_long_text or (column.is_text and len(column.counts) > MANY_WORDS * column.n
                                   and column.n > 1):  # fmt: skip
            return column.name
    return ""
