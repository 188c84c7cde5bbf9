"""What the evidence says about each touchpoint of a journey, counted exactly.

One query per kind of evidence for all touchpoints at once; the definitions stand in
`queries/*.sql` and docs/methods.md. Nothing here estimates or ranks: that is `analytics`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from evidence import lake
from evidence.answers import Answers, Feeling, Rate, ScoreCount, by_metric, feeling, felt
from evidence.metrics import Scale
from evidence.question import (
    DAY_US,
    Question,
    code_parameters,
    scope_parameters,
    wait_parameters,
)
from evidence.together import Together, instance_parameters, together

Cursor = lake.Cursor
OUTCOME = "outcome"  # answers about the journey as a whole


@dataclass(frozen=True)
class Waits:
    """Waits offered at one touchpoint, in seconds; the last four where a promise applies."""

    offered: int
    abandoned: int
    mean_s: float
    p50_s: float
    p90_s: float
    p95_s: float
    promised: int
    painful: int
    in_time: int
    level_base: int


@dataclass(frozen=True)
class Passages:
    """Interactions with a known customer; `repeated` came back within `repeat_days`."""

    n: int
    repeated: int
    customers: int


@dataclass(frozen=True)
class Instances:
    """Journey instances that reached the touchpoint, and those lost there."""

    n: int
    lost: int


@dataclass(frozen=True)
class Measure:
    """What is known of one touchpoint; None (or empty) where there is no evidence."""

    code: str
    answers: Mapping[str, Answers] = field(default_factory=dict)
    felt: Rate | None = None
    feeling: Feeling | None = None
    waits: Waits | None = None
    passages: Passages | None = None
    instances: Instances | None = None


@dataclass(frozen=True)
class Measures:
    """The journey's touchpoints, in the order asked, and its own answers."""

    touchpoints: tuple[Measure, ...]
    customers: int
    outcome: Mapping[str, Answers]


def measure(
    cursor: Cursor,
    question: Question,
    progress: Callable[[int, int], None] | None = None,
    empty: Collection[str] = (),
) -> Measures:
    """Asks the lake all questions through one cursor (one transaction sees one snapshot).

    `empty`: tables in which there is nothing, so that nothing need be asked of them; of
    `responses` those about the journey as a whole are apart (OUTCOME).
    """
    return measure_all(cursor, [question], progress, empty)[0]


def measure_all(
    cursor: Cursor,
    questions: Sequence[Question],
    progress: Callable[[int, int], None] | None = None,
    empty: Collection[str] = (),
) -> list[Measures]:
    """The same for several journeys of a workspace, each query put once for all of them.

    Raises ValueError where the questions differ in more than the journey and its places.
    """
    asked = together(questions)
    found = {i: Measure(p.code) for i, p in enumerate(asked.places) if p.on_map}
    steps = list(_STEPS.items())
    for done, (kind, step) in enumerate(steps):
        if progress:
            progress(done, len(steps))
        if found and _TABLES[kind] not in empty:
            for place, fields in step(cursor, asked).items():
                found[place] = replace(found[place], **fields)
    if progress:
        progress(len(steps), len(steps))
    customers = _customers(cursor, asked) if any(m.passages for m in found.values()) else {}
    outcomes = {} if OUTCOME in empty else _outcomes(cursor, asked)
    return [
        Measures(
            touchpoints=tuple(found[i] for i in asked.places_of(number) if i in found),
            customers=customers.get(number, 0),
            outcome=outcomes.get(question.journey, {}),
        )
        for number, question in enumerate(questions)
    ]


def measure_one(cursor: Cursor, question: Question, kind: str) -> dict[str, Measure]:
    """Only one kind of evidence (a key of _STEPS), by touchpoint; those without it are left out."""
    asked = together([question])
    told = _STEPS[kind](cursor, asked) if any(p.on_map for p in question.places) else {}
    return {
        question.places[place].code: Measure(question.places[place].code, **fields)
        for place, fields in told.items()
    }


def _measure_answers(cursor: Cursor, question: Question) -> dict[int, dict[str, Any]]:
    rows = _rows(cursor, "answers", {**scope_parameters(question), **code_parameters(question)})
    counts: dict[int, list[ScoreCount]] = {}
    for place, *count in rows:
        counts.setdefault(place, []).append(ScoreCount.of_row(*count))
    return {place: _told(heard, question.scales) for place, heard in counts.items()}


def _told(counts: Sequence[ScoreCount], scales: Mapping[str, Scale]) -> dict[str, Any]:
    answers = by_metric(counts, scales)
    return {"answers": answers, "felt": felt(answers), "feeling": feeling(counts, scales)}


def _measure_waits(cursor: Cursor, question: Question) -> dict[int, dict[str, Any]]:
    parameters = wait_parameters(question)
    if parameters["special_places"]:
        rows = _rows(cursor, "waits_special", parameters)
    else:
        plain = {k: v for k, v in parameters.items() if not k.startswith("special_")}
        rows = _rows(cursor, "waits", plain)
    found = {}
    for place, offered, abandoned, sum_ms, quantiles_ms, *promised in rows:
        mean_s, times_s = sum_ms / offered / 1000, [ms / 1000 for ms in quantiles_ms]
        found[place] = {"waits": Waits(offered, abandoned, mean_s, *times_s, *promised)}
    return found


def _measure_passages(cursor: Cursor, question: Question) -> dict[int, dict[str, Any]]:
    parameters = {
        **scope_parameters(question),
        **code_parameters(question),
        "repeat_us": question.repeat_days * DAY_US,
    }
    return {
        place: {"passages": Passages(n=n, customers=customers, repeated=repeated)}
        for place, n, customers, repeated in _rows(cursor, "passages", parameters)
    }


def _measure_instances(cursor: Cursor, asked: Together) -> dict[int, dict[str, Any]]:
    parameters = instance_parameters(asked)
    found = _rows(cursor, "lost", parameters) if parameters else []
    return {place: {"instances": Instances(n=n, lost=lost)} for place, n, lost in found}


_STEPS: Mapping[str, Callable[[Cursor, Together], dict[int, dict[str, Any]]]] = {
    "answers": _measure_answers,
    "waits": _measure_waits,
    "passages": _measure_passages,
    "instances": _measure_instances,
}


_TABLES = {
    "answers": "responses",
    "waits": "waits",
    "passages": "interactions",
    "instances": "interactions",
}


def _customers(cursor: Cursor, asked: Together) -> dict[int, int]:
    """By the number of the journey; those without are left out."""
    numbers, coded = asked.numbers(), code_parameters(asked)
    of = [numbers[place] for place in coded["places"]]
    parameters = {**scope_parameters(asked), "codes": coded["codes"], "numbers": of}
    return dict(_rows(cursor, "customers", parameters))


def _outcomes(cursor: Cursor, asked: Together) -> dict[str, dict[str, Answers]]:
    """Journey → the answers about it as a whole; those without are left out."""
    journeys = [question.journey for question in asked.questions]
    counts: dict[str, list[ScoreCount]] = {}
    for journey, *count in _rows(
        cursor, "outcome", {**scope_parameters(asked), "journeys": journeys}
    ):
        counts.setdefault(journey, []).append(ScoreCount.of_row(*count))
    return {journey: by_metric(told, asked.scales) for journey, told in counts.items()}


def _rows(cursor: Cursor, name: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    return cursor.execute(lake.query(name), parameters).fetchall()
