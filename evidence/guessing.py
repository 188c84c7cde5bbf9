"""A first mapping for a table nobody has described: by column names and values.

A guess is a proposal that a person corrects; it says why, column by column.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Workspace
from evidence import guessing_answers, guessing_stations
from evidence.guessing_columns import Column
from evidence.guessing_times import clock_format
from evidence.guessing_words import FIELD_WORDS, OUTCOMES, metric_in, strength, unit_in
from evidence.mapping import CLOCK, FIELDS
from evidence.models import Kind

# In this order columns are given away: what is surest first.
ORDER = (
    "wait_s", "service_s", "occurred_at", "ended_at", "outcome", "comment", "score", "metric",
    "weight", "channel", "segment", "unit", "touchpoint", "journey", "agent", "customer",
    "case_id", "event_id",
)  # fmt: skip


@dataclass
class Guess:
    """`document` is a mapping, perhaps not yet complete; `why` says a sentence per column."""

    document: dict[str, Any]
    why: dict[str, str] = field(default_factory=dict)


def guess_mapping(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    workspace: Workspace,
    *,
    kind: str = "",
    journeys: Sequence[str] = (),
    tells_apart: Callable[[str], bool] = lambda name: True,
    labels: Mapping[str, str] | None = None,
) -> Guess:
    """The mapping that fits best. `kind` fixes the kind of evidence, `journeys` are known codes.

    `tells_apart` knows of the whole file whether a column without a repetition in these rows is
    an id: taken for one wrongly, most rows would be duplicates.
    """
    american = workspace.timezone.startswith("America/")
    columns = [
        Column(
            name,
            [row[i] if i < len(row) else "" for row in rows],
            american,
            (labels or {}).get(name, ""),
        )
        for i, name in enumerate(header)
    ]
    questions = guessing_answers.questions(columns)
    stations = guessing_stations.find(columns)
    chosen = kind or _kind(columns, bool(questions), "called" in stations)
    taken = _give_away(columns, chosen, questions if chosen == Kind.RESPONSES else {})
    if "event_id" in taken and not tells_apart(taken["event_id"].name):
        del taken["event_id"]
    guess = Guess({"kind": chosen, "fields": {}})
    for name, column in taken.items():
        guess.document["fields"][name] = field_for(name, column, workspace)
        guess.why[column.name] = _reason(name, column)
    _join_date_and_clock(guess, columns, taken)
    if chosen == Kind.WAITS:
        guessing_stations.add(guess.document, guess.why, stations, columns)
    if decimal := next((c.decimal for c in taken.values() if c.decimal and c.is_numeric), ""):
        guess.document["read"] = {"decimal": decimal}
    if chosen == Kind.RESPONSES:
        guessing_answers.add(guess.document, guess.why, questions, taken, journeys)
        guessing_answers.complete(guess.document, {column.name: column for column in columns})
    return guess


def _kind(columns: Sequence[Column], has_questions: bool, is_queue: bool) -> str:
    if is_queue or any(_fits("wait_s", column) > 0 for column in columns):
        return Kind.WAITS
    if has_questions or any(_fits(name, c) > 0 for c in columns for name in ("score", "comment")):
        return Kind.RESPONSES
    return Kind.INTERACTIONS


def _give_away(
    columns: Sequence[Column], kind: str, questions: Mapping[str, str]
) -> dict[str, Column]:
    """Each field of this kind with the column that speaks for it most; a column serves once."""
    found: dict[str, Column] = {}
    free = [column for column in columns if column.name not in questions]
    pairs = [
        (_fits(name, column), -ORDER.index(name), -i, name, column)
        for name in ORDER
        if name in FIELDS[kind]
        for i, column in enumerate(free)
    ]
    given: set[str] = set()
    for fit, _order, _place, name, column in sorted(pairs, key=lambda p: p[:3], reverse=True):
        if fit > 0 and name not in found and column.name not in given:
            found[name] = column
            given.add(column.name)
    if "occurred_at" not in found:
        for column in free:
            if column.name not in given and column.time is not None:
                found["occurred_at"] = column
                break
    return found


def _fits(name: str, column: Column) -> float:
    """How much a column speaks for a field: by its name, if its values allow it."""
    named = strength(column.name, FIELD_WORDS[name])
    return named if named and _allows(name, column) else 0.0


def _allows(name: str, column: Column) -> bool:
    if not column.n:
        return False
    match name:
        case "occurred_at" | "ended_at":
            return column.time is not None
        case "wait_s" | "service_s":
            lasts = column.is_numeric or column.is_clock
            return lasts and column.time is None and not metric_in(column.name)
        case "score":
            return column.is_worded or (bool(column.whole) and max(column.whole) <= 100)
        case "weight":
            return column.is_numeric and min(column.numbers) > 0
        case "comment":
            return column.is_text and not column.is_worded
        case "event_id":
            return column.is_unique and column.time is None
        case "customer" | "case_id":
            return column.time is None and not column.is_clock and not column.is_long_text
        case "outcome" | "metric" | "touchpoint" | "journey" | "channel" | "segment" | "unit":
            return column.time is None and not column.is_clock and column.has_few_values
        case _:
            return column.time is None and not column.is_clock


def field_for(name: str, column: Column, workspace: Workspace) -> dict[str, Any]:
    """How this field is read from this column."""
    made: dict[str, Any] = {"column": column.name}
    if name in ("occurred_at", "ended_at") and column.time is not None:
        if column.time.format:
            made["format"] = column.time.format
        made["timezone"] = workspace.timezone
    elif name in ("wait_s", "service_s"):
        made["unit"] = CLOCK if column.is_clock else unit_in(column.name)
    elif name == "outcome":
        renames = {v: OUTCOMES[v.casefold()] for v in column.counts if v.casefold() in OUTCOMES}
        if renames:
            made["map"] = renames
    elif name in ("customer", "case_id") and "0" in column.counts and column.counts["0"] > 1:
        made["missing"] = ["0"]
    elif name == "metric":
        made["map"] = guessing_answers.metrics_of(column)
        if not made["map"]:
            del made["map"]
    if column.blanks and name not in ("occurred_at", "ended_at", "outcome"):
        made["missing"] = [*made.get("missing", []), *column.blanks]
    return made


def _join_date_and_clock(guess: Guess, columns: Sequence[Column], taken: dict[str, Column]) -> None:
    """A date without a time of day looks for the column that has it (the first one of day)."""
    date = taken.get("occurred_at")
    if date is None or date.time is None or date.time.has_clock:
        return
    used = {column.name for column in taken.values()}
    clocks = [c for c in columns if c.is_clock and c.name not in used]
    if not clocks:
        return
    clock = clocks[0]
    made = guess.document["fields"]["occurred_at"]
    zone = made.get("timezone", "")
    guess.document["fields"]["occurred_at"] = {
        "columns": [date.name, clock.name],
        "format": f"{date.time.format or '%Y-%m-%d'} {clock_format(list(clock.counts))}",
        "timezone": zone,
    }
    guess.why[clock.name] = _("The time of day that belongs to “%s”.") % date.name


def _reason(name: str, column: Column) -> str:
    if name in ("occurred_at", "ended_at") and column.time is not None:
        if column.time.doubtful:
            return _(
                "Times such as %s. Day and month could also be the other way round: please check."
            ) % next(iter(column.counts))
        return _("Times such as %s.") % next(iter(column.counts))
    if name in ("wait_s", "service_s"):
        if column.is_clock:
            return _("Named like a duration, written as hours, minutes and seconds.")
        units = {"s": _("seconds"), "min": _("minutes"), "h": _("hours"), "ms": _("milliseconds")}
        return _("Named like a duration, all numbers; taken as %s.") % units[unit_in(column.name)]
    if name == "event_id":
        return _("A different value in every row.")
    return _("By its name; %(n)d different values such as %(example)s.") % {
        "n": len(column.counts),
        "example": next(iter(column.counts)),
    }
