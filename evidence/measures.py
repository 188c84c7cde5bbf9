"""What the evidence says about each touchpoint of a journey, counted exactly.

One query per kind of evidence for all touchpoints at once; the definitions stand in
`queries/*.sql` and docs/methods.md. Nothing here estimates or ranks: that is `analytics`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from evidence import lake
from evidence.answers import Answers, Feeling, Rate, ScoreCount, by_metric, feeling, felt
from evidence.metrics import Scale
from evidence.scope import Scope

Cursor = lake.Cursor
UTC = ZoneInfo("UTC")
DAY_US = 86_400_000_000
OUTCOME = "outcome"  # answers about the journey as a whole


@dataclass(frozen=True)
class Standard:
    """A promise: served within so many milliseconds; None stands for every segment or channel."""

    max_wait_ms: int
    segment: str | None = None
    channel: str | None = None


@dataclass(frozen=True)
class Place:
    """A touchpoint as the evidence knows it: all raw codes that mean it, and its promises."""

    code: str
    raw_codes: tuple[str, ...]
    promises: tuple[Standard, ...] = ()
    is_goal: bool = False
    on_map: bool = True


@dataclass(frozen=True)
class Question:
    """Everything the counts depend on, apart from the evidence itself."""

    workspace_id: int
    journey: str
    places: tuple[Place, ...]  # those on the map first, in its order
    scales: Mapping[str, Scale]
    short_abandon_ms: int = 5000
    repeat_days: int = 7
    scope: Scope = field(default_factory=Scope)
    zone: ZoneInfo = UTC

    @property
    def has_goal(self) -> bool:
        return any(place.is_goal for place in self.places)


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
    found = {i: Measure(p.code) for i, p in enumerate(question.places) if p.on_map}
    steps = list(_STEPS.items())
    for done, (kind, step) in enumerate(steps):
        if progress:
            progress(done, len(steps))
        if found and _TABLES[kind] not in empty:
            for place, fields in step(cursor, question).items():
                found[place] = replace(found[place], **fields)
    if progress:
        progress(len(steps), len(steps))
    return Measures(
        touchpoints=tuple(found.values()),
        customers=_customers(cursor, question) if any(m.passages for m in found.values()) else 0,
        outcome={} if OUTCOME in empty else _outcome(cursor, question),
    )


def measure_one(cursor: Cursor, question: Question, kind: str) -> dict[str, Measure]:
    """Only one kind of evidence (a key of _STEPS), by touchpoint; those without it are left out."""
    told = _STEPS[kind](cursor, question) if any(p.on_map for p in question.places) else {}
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


def _measure_instances(cursor: Cursor, question: Question) -> dict[int, dict[str, Any]]:
    if not question.has_goal:
        return {}
    return {
        place: {"instances": Instances(n=n, lost=lost)}
        for place, n, lost in _rows(cursor, "lost", instance_parameters(question))
    }


_STEPS: Mapping[str, Callable[[Cursor, Question], dict[int, dict[str, Any]]]] = {
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


def _customers(cursor: Cursor, question: Question) -> int:
    parameters = {**scope_parameters(question), "codes": code_parameters(question)["codes"]}
    return _rows(cursor, "customers", parameters)[0][0]


def _outcome(cursor: Cursor, question: Question) -> dict[str, Answers]:
    rows = _rows(cursor, "outcome", {**scope_parameters(question), "journey": question.journey})
    return by_metric((ScoreCount.of_row(*count) for _, *count in rows), question.scales)


def _rows(cursor: Cursor, name: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    return cursor.execute(lake.query(name), parameters).fetchall()


def scope_parameters(question: Question) -> dict[str, Any]:
    """The scope as the queries take it; times in UTC, as the lake keeps them."""
    scope, zone = question.scope, question.zone
    starts, ends = scope.starts_at(zone), scope.ends_at(zone)
    return {
        "workspace": question.workspace_id,
        "since": starts.replace(tzinfo=None).isoformat(" ") if starts else "-infinity",
        "until": ends.replace(tzinfo=None).isoformat(" ") if ends else "infinity",
        "channels": list(scope.channels),
        "segments": list(scope.segments),
        "units": list(scope.units),
    }


def code_parameters(question: Question) -> dict[str, Any]:
    """All raw codes of the touchpoints on the map, and beside each the touchpoint's place."""
    places = [(i, place) for i, place in enumerate(question.places) if place.on_map]
    return {
        "codes": [code for _, place in places for code in place.raw_codes],
        "places": [i for i, place in places for _ in place.raw_codes],
    }


def wait_parameters(question: Question) -> dict[str, Any]:
    """The scope, the touchpoints and all promises, for the queries that compare waits with them."""
    return {
        **scope_parameters(question),
        **code_parameters(question),
        **_special_promises(question),
        "own_ms": _own_promises(question),
        "short_abandon_ms": question.short_abandon_ms,
    }


def instance_parameters(question: Question) -> dict[str, Any]:
    """The touchpoints on the map and those that mean success, for the queries of endings."""
    places = list(enumerate(question.places))
    return {
        **scope_parameters(question),
        "journey": question.journey,
        "codes": [code for _, p in places for code in p.raw_codes],
        "places": [i for i, p in places for _ in p.raw_codes],
        "on_map": [p.on_map for _, p in places for _ in p.raw_codes],
        "goals": [p.is_goal for _, p in places for _ in p.raw_codes],
    }


def _own_promises(question: Question) -> list[int | None]:
    """What each touchpoint promises everybody, once beside each of its raw codes."""
    promised: list[int | None] = []
    for place in question.places:
        if place.on_map:
            own = [p.max_wait_ms for p in place.promises if p.segment is p.channel is None]
            promised += [own[0] if own else None] * len(place.raw_codes)
    return promised


def _special_promises(question: Question) -> dict[str, Any]:
    """The promises for one segment or channel only."""
    special = [
        (i, p)
        for i, place in enumerate(question.places)
        for p in place.promises
        if place.on_map and (p.segment or p.channel)
    ]
    return {
        "special_places": [i for i, _ in special],
        "special_segments": [p.segment for _, p in special],
        "special_channels": [p.channel for _, p in special],
        "special_ms": [p.max_wait_ms for _, p in special],
    }
