"""Each family's painful experiences by segment, channel, unit and week, counted exactly.

One query per family for all touchpoints and all four dimensions. The counts of a dimension's values
add up to the touchpoint's own (measures.py), apart from evidence that names no such value, and
apart from `repeated` and `lost`, whose rule for one value stands in the query.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from evidence import lake
from evidence.measures import Cursor
from evidence.question import (
    DAY_US,
    Question,
    code_parameters,
    scope_parameters,
    wait_parameters,
)
from evidence.together import Together, instance_parameters, together

DIMENSIONS = ("segment", "channel", "unit", "week")
# Older weeks are left out: ten years of them are more than anybody looks at.
MOST_WEEKS = 520

Span = tuple[datetime, datetime]

# family → (x, n), each a list with one number for each value of the dimension.
Families = dict[str, tuple[list[float], list[float]]]


@dataclass(frozen=True)
class Breakdown:
    """`values` names each dimension's values in order; weeks are Mondays, none left out between.

    counts: dimension → touchpoint's code → family → (x, n), lists as long as the values. n is 0
    where a value has no evidence.
    """

    values: dict[str, list[str]]
    counts: dict[str, dict[str, Families]]

    def to_json(self) -> dict[str, Any]:
        return {"values": self.values, "counts": self.counts}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> "Breakdown":
        return cls(document["values"], document["counts"])

    def weeks(self) -> list[date]:
        return [date.fromisoformat(monday) for monday in self.values["week"]]


def span_of(cursor: Cursor, question: Question) -> Span | None:
    """The first and the last moment of the workspace's evidence within the period."""
    asked = scope_parameters(question)
    parameters = {name: asked[name] for name in ("workspace", "since", "until")}
    ((first, last),) = cursor.execute(lake.query("span"), parameters).fetchall()
    return (first, last) if first is not None else None


def break_down(cursor: Cursor, question: Question, span: Span | None) -> Breakdown:
    """Asks the lake through one cursor, see measures.measure; `span` as span_of tells it."""
    return break_down_all(cursor, [question], span)[0]


def break_down_all(
    cursor: Cursor, questions: Sequence[Question], span: Span | None
) -> list[Breakdown]:
    """The same for several journeys of a workspace, see measures.measure_all."""
    asked = together(questions)
    weeks = _weeks(span, asked) if span and any(place.on_map for place in asked.places) else []
    rows: dict[str, Iterable[tuple[Any, ...]]] = {}
    if weeks:
        cursor.execute(lake.query("week_of"))
        bounds = {"bounds": [_starts_at(monday, asked) for monday in weeks]}
        rows = {family: count(cursor, asked, bounds) for family, count in FAMILIES.items()}
    numbers = asked.numbers()
    found: list[list[tuple[Any, ...]]] = [[] for _question in questions]
    for family, counted in rows.items():
        for place, *values, x, n in counted:
            found[numbers[place]] += (
                (dimension, value, asked.places[place].code, family, x, n)
                for dimension, value in zip(DIMENSIONS, values, strict=True)
                if value is not None
            )
    mondays = [monday.isoformat() for monday in weeks]
    return [_arranged(lines, mondays) for lines in found]


def _arranged(found: list[tuple[Any, ...]], mondays: list[str]) -> Breakdown:
    values: dict[str, list[Any]] = {
        dimension: sorted({line[1] for line in found if line[0] == dimension})
        for dimension in DIMENSIONS
    }
    first = values["week"][0] if values["week"] else 0
    last = values["week"][-1] if values["week"] else -1
    values["week"] = list(range(max(first, last - MOST_WEEKS + 1), last + 1))
    where = {d: {value: i for i, value in enumerate(values[d])} for d in DIMENSIONS}
    counts: dict[str, dict[str, Families]] = {dimension: {} for dimension in DIMENSIONS}
    for dimension, value, code, family, x, n in found:
        if value not in where[dimension]:
            continue  # a week before those that are shown
        families = counts[dimension].setdefault(code, {})
        if family not in families:
            size = len(values[dimension])
            families[family] = ([0] * size, [0] * size)
        i = where[dimension][value]
        families[family][0][i], families[family][1][i] = x, n
    values["week"] = [mondays[week] for week in values["week"]]
    return Breakdown(values, counts)


def _answers(cursor: Cursor, question: Question, bounds: dict[str, Any]) -> list[tuple[Any, ...]]:
    scales = question.scales.values()
    parameters = {
        **scope_parameters(question),
        **code_parameters(question),
        **bounds,
        "metrics": [s.code for s in scales],
        "at_most": [_text(s.pain_at_most) for s in scales],
        "at_least": [_text(s.pain_at_least) for s in scales],
    }
    rows = cursor.execute(lake.query("answers_by"), parameters).fetchall()
    # Kish: x and n are the sums of weights times n_eff / Σw = Σw / Σw².
    return [
        (*head, _whole(painful * w / w2), _whole(w * w / w2))
        for *head, painful, w, w2 in rows
        if w2
    ]


def _waits(cursor: Cursor, question: Question, bounds: dict[str, Any]) -> list[tuple[Any, ...]]:
    parameters = {**wait_parameters(question), **bounds}
    return cursor.execute(lake.query("waits_by"), parameters).fetchall()


def _passages(cursor: Cursor, question: Question, bounds: dict[str, Any]) -> list[tuple[Any, ...]]:
    parameters = {
        **scope_parameters(question),
        **code_parameters(question),
        **bounds,
        "repeat_us": question.repeat_days * DAY_US,
    }
    return cursor.execute(lake.query("passages_by"), parameters).fetchall()


def _instances(cursor: Cursor, asked: Together, bounds: dict[str, Any]) -> list[tuple[Any, ...]]:
    parameters = instance_parameters(asked)
    if parameters is None:
        return []
    return cursor.execute(lake.query("lost_by"), {**parameters, **bounds}).fetchall()


FAMILIES: dict[str, Callable[[Cursor, Together, dict[str, Any]], list[tuple[Any, ...]]]] = {
    "felt": _answers,
    "waited": _waits,
    "repeated": _passages,
    "lost": _instances,
}


def _weeks(span: Span, question: Question) -> list[date]:
    """The Mondays from the week of the first moment to the one after the last."""
    start, end = (_monday(moment, question) for moment in span)
    return [start + timedelta(weeks=i) for i in range((end - start).days // 7 + 2)]


def _monday(moment: datetime, question: Question) -> date:
    day = moment.replace(tzinfo=UTC).astimezone(question.zone).date()
    return day - timedelta(days=day.weekday())


def _starts_at(day: date, question: Question) -> datetime:
    """Midnight there, as a time in UTC."""
    local = datetime.combine(day, time(), question.zone)
    return local.astimezone(UTC).replace(tzinfo=None)


def _text(number: Any) -> str | None:
    return None if number is None else str(number)


def _whole(count: float) -> float:
    return int(count) if float(count).is_integer() else count
