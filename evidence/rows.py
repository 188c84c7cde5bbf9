"""The rows behind a figure: the same rows that were counted, one by one.

Each kind of row has its query (`queries/rows_*.sql`) beside the one that counts it; what they add
up to (`account`), the imports they come from (`imports`), a page of them and all of them are read
through a cursor, usually one that stands at the snapshot of a run (`evidence.snapshots.at`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from evidence import lake
from evidence.answers import GOOD, PROMOTER, effective, effective_n
from evidence.hours import EVER, clock_of
from evidence.question import DAY_US, Place, Question, scope_parameters
from evidence.scope import Scope

Row = dict[str, Any]
AT_ONCE = 2_000
HOUR = "hour"
# Time, place and origin stand first in every kind of row; then what is its own.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "answers": ("metric", "score", "weight"),
    "outcome": ("metric", "score", "weight"),
    "waits": ("wait_ms", "promise_ms", "outcome", "service_ms"),
    "passages": ("gap_us",),
    "instances": ("ended_code", "ended_at", "reached_goal"),
    "customers": ("passages",),
}


@dataclass(frozen=True)
class Part:
    """Some of the rows: of one segment, channel, unit or hour of the week (`dimension`, `value`),
    or of the days from `since` until before `until`; all where nothing is named."""

    dimension: str = ""
    value: str = ""
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return self != Part()


@dataclass(frozen=True)
class Wanted:
    """Which rows: their kind, the touchpoint, and what of them the figure counts.

    metrics: those whose answers are meant.  counted: which rows are the figure's x: "painful",
    "good" (answers), "in_time", "abandoned" (waits).  among: which waits are its n.  part: only
    these of them.
    """

    kind: str
    code: str = ""
    metrics: tuple[str, ...] = ()
    counted: str = "painful"
    among: str = "offered"
    part: Part = Part()


@dataclass(frozen=True)
class Account:
    """What the rows add up to; x and n as a figure has them, by Kish's formula where weighted."""

    rows: int
    counting: int
    painful: int
    x: float
    n: float
    x_painful: float

    @property
    def is_weighted(self) -> bool:
        return self.n != self.rows


def account(cursor: lake.Cursor, question: Question, wanted: Wanted) -> Account:
    found = _ask(cursor, question, wanted, "rows_account").fetchall()[0]
    rows, counting, painful, w, w2, w_counting, w_painful = found
    return Account(
        rows=rows,
        counting=counting,
        painful=painful,
        x=effective(w_counting, w, w2),
        n=effective_n(w, w2),
        x_painful=effective(w_painful, w, w2),
    )


def imports(cursor: lake.Cursor, question: Question, wanted: Wanted) -> list[tuple[int, int, int]]:
    """(import, rows of it, those of them that count)."""
    return _ask(cursor, question, wanted, "rows_imports").fetchall()


def some(
    cursor: lake.Cursor,
    question: Question,
    wanted: Wanted,
    *,
    painful_only: bool,
    offset: int,
    limit: int,
) -> list[Row]:
    """A page of the rows, in the order of time."""
    asked = _ask(
        cursor, question, wanted, "rows_page",
        painful_only=painful_only, offset=offset, limit=limit,
    )  # fmt: skip
    return list(_rows(asked))


def every(
    cursor: lake.Cursor, question: Question, wanted: Wanted, *, painful_only: bool
) -> Iterator[Row]:
    """All rows, a few thousand in memory at a time."""
    yield from _rows(
        _ask(cursor, question, wanted, "rows_page", painful_only=painful_only, offset=0, limit=None)
    )


def pseudonym(customer: object) -> str:
    """A short name for a customer, whom the lake knows by a hash only."""
    return "" if customer is None else f"c-{str(customer)[:8]}"


def _ask(
    cursor: lake.Cursor, question: Question, wanted: Wanted, outer: str, **more: Any
) -> lake.Cursor:
    """One of the queries about `found`, put around the query that finds the rows."""
    parameters = {**_parameters(question, wanted), **more}
    found = lake.query(f"rows_{wanted.kind}")
    if not wanted.part:
        return cursor.execute(f"WITH found AS (\n{found}\n)\n{lake.query(outer)}", parameters)
    part = lake.query("rows_part")
    statement = f"WITH every_row AS (\n{found}\n),\nfound AS (\n{part}\n)\n{lake.query(outer)}"
    return cursor.execute(statement, parameters | _part(cursor, question, wanted.part))


def _part(cursor: lake.Cursor, question: Question, part: Part) -> dict[str, Any]:
    days = scope_parameters(replace(question, scope=Scope(part.since, part.until)))
    clock = clock_of(cursor, question) if part.dimension == HOUR else None
    return {
        **(clock or {"from_at": [EVER[0]], "to_at": [EVER[1]], "offset_s": [0]}),
        "part_dimension": part.dimension,
        "part_value": part.value,
        "part_since": days["since"],
        "part_until": days["until"],
    }


def _rows(asked: lake.Cursor) -> Iterator[Row]:
    names = [column[0] for column in asked.description or ()]
    while found := asked.fetchmany(AT_ONCE):
        for values in found:
            yield dict(zip(names, values, strict=True))


def _parameters(question: Question, wanted: Wanted) -> dict[str, Any]:
    scope = scope_parameters(question)
    if wanted.kind == "outcome":
        return {**scope, **_scales(question, wanted), "journey": question.journey}
    place = next(p for p in question.places if p.on_map and p.code == wanted.code)
    here = {**scope, "codes": list(place.raw_codes)}
    if wanted.kind == "answers":
        return {**here, **_scales(question, wanted)}
    if wanted.kind == "waits":
        return {**here, **_promises(question, place), "among": wanted.among,
                "counted": wanted.counted}  # fmt: skip
    if wanted.kind == "passages":
        return {**here, "repeat_us": question.repeat_days * DAY_US}
    if wanted.kind == "customers":
        on_map = [code for p in question.places if p.on_map for code in p.raw_codes]
        return {**here, "journey_codes": on_map}
    return {**scope, **_instances(question, place)}


def _scales(question: Question, wanted: Wanted) -> dict[str, Any]:
    scales = [question.scales[code] for code in wanted.metrics if code in question.scales]
    good = {**GOOD, "nps": PROMOTER}
    return {
        "metrics": [scale.code for scale in scales],
        "at_most": [_text(scale.pain_at_most) for scale in scales],
        "at_least": [_text(scale.pain_at_least) for scale in scales],
        "good": [_text(good.get(scale.code)) for scale in scales],
        "count_good": wanted.counted == "good",
    }


def _promises(question: Question, place: Place) -> dict[str, Any]:
    own = [p.max_wait_ms for p in place.promises if p.segment is p.channel is None]
    special = [p for p in place.promises if p.segment or p.channel]
    return {
        "own_ms": own[0] if own else None,
        "special_segments": [p.segment for p in special],
        "special_channels": [p.channel for p in special],
        "special_ms": [p.max_wait_ms for p in special],
        "short_abandon_ms": question.short_abandon_ms,
    }


def _instances(question: Question, here: Place) -> dict[str, Any]:
    places = list(enumerate(question.places))
    return {
        "journey": question.journey,
        "place": question.places.index(here),
        "codes": [code for _, p in places for code in p.raw_codes],
        "places": [i for i, p in places for _ in p.raw_codes],
        "on_map": [p.on_map for _, p in places for _ in p.raw_codes],
        "goals": [p.is_goal for _, p in places for _ in p.raw_codes],
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)
