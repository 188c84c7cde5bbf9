"""The rows of the evidence one by one: filtered, page by page, at random, or all as a file.

Pages go by key (time, place in the table), so that the millionth opens as fast as the first.
"""

import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, BinaryIO
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from accounts.csv_cells import BOM, FORMULA_STARTS
from accounts.models import Workspace
from evidence import lake
from evidence.models import Kind
from evidence.scope import Scope
from evidence.sql import literal

Row = dict[str, Any]
PER_PAGE = 50
MOST_SAMPLED = 100_000
AT_ONCE = 5_000
EPOCH = datetime(1970, 1, 1)

OWN = {
    Kind.RESPONSES: ("metric", "score", "weight", "comment"),
    Kind.WAITS: ("wait_ms", "service_ms", "outcome", "agent"),
    Kind.INTERACTIONS: ("outcome", "ended_at", "agent"),
}
ABOUT = ("journey", "channel", "segment", "unit", "customer", "case_id", "event_id")
ORIGIN = ("import_id", "row_no")
NOT_TEXT = {"score", "weight", "wait_ms", "service_ms", "import_id", "row_no"}

# Each asks for what is wanted of it only, so that files without it need not be read.
CLAUSES = {
    "since": "occurred_at >= $since",
    "until": "occurred_at < $until",
    "codes": "list_contains($codes, touchpoint)",
    "channel": "channel = $channel",
    "segment": "segment = $segment",
    "unit": "unit = $unit",
    "import_id": "import_id = $import_id",
    "metric": "metric = $metric",
    "outcome": "outcome = $outcome",
    "customer": "customer = $customer",
}
ONLY_OF = {"metric": {Kind.RESPONSES}, "outcome": {Kind.WAITS, Kind.INTERACTIONS}}


@dataclass(frozen=True)
class Wanted:
    """Which rows. `code` is a touchpoint's (with its further codes) or a raw one."""

    kind: str = Kind.RESPONSES
    since: date | None = None
    until: date | None = None
    code: str = ""
    channel: str = ""
    segment: str = ""
    unit: str = ""
    import_id: int | None = None
    metric: str = ""
    outcome: str = ""
    customer: UUID | None = None

    @classmethod
    def from_query(cls, query: QueryDict) -> "Wanted":
        """As an address names them; raises ScopeError for a period that cannot be meant."""
        kind = query.get("kind", "")
        days = Scope.from_words({name: query.get(name) for name in ("since", "until")}, {})
        told = query.get("import", "")
        wanted = cls(
            kind=kind if kind in Kind.values else Kind.RESPONSES,
            since=days.since,
            until=days.until,
            import_id=int(told) if told.isdecimal() and len(told) < 18 else None,
            customer=_uuid(query.get("customer", "")),
            **{
                name: query.get(name, "").strip()[:500]
                for name in ("code", "channel", "segment", "unit", "metric", "outcome")
            },
        )
        away = {name: "" for name, kinds in ONLY_OF.items() if wanted.kind not in kinds}
        return replace(wanted, **away) if away else wanted  # type: ignore[arg-type]

    def to_query(self, **more: object) -> str:
        """The same as an address has it."""
        pairs: dict[str, object] = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if value not in (None, ""):
                name = "import" if one.name == "import_id" else one.name
                pairs[name] = value.hex if isinstance(value, UUID) else value
        return urlencode({**pairs, **more})


@dataclass(frozen=True)
class Page:
    """Rows in the order shown, newest first, and the keys of the pages beside it."""

    rows: list[Row]
    newer: str = ""
    older: str = ""


def count(workspace: Workspace, wanted: Wanted, codes: list[str]) -> int:
    found, values = _found(workspace, wanted, codes)
    with lake.cursor() as cursor:
        return int(cursor.execute(f"SELECT count(*) FROM ({found})", values).fetchall()[0][0])


def page(workspace: Workspace, wanted: Wanted, codes: list[str], *, before: str = "",
         after: str = "") -> Page:  # fmt: skip
    """The newest rows; or those older than the key `after`, or newer than the key `before`."""
    found, values = _found(workspace, wanted, codes)
    backwards = bool(before) and _key(before) is not None
    key = _key(before) if backwards else _key(after)
    told, way = "", "ASC" if backwards else "DESC"
    if key is not None:
        sign = ">" if backwards else "<"
        told = (
            f"WHERE occurred_at {sign}= $key_at AND (occurred_at {sign} $key_at OR place {sign} "
            "$key_place)"
        )
        values |= {"key_at": key[0], "key_place": key[1]}
    statement = (
        f"SELECT * FROM ({found}) {told} ORDER BY occurred_at {way}, place {way} "
        f"LIMIT {PER_PAGE + 1}"
    )
    with lake.cursor() as cursor:
        rows = _as_rows(cursor.execute(statement, values))
    there_are_more, rows = len(rows) > PER_PAGE, rows[:PER_PAGE]
    if backwards:
        rows.reverse()
    if not rows:
        return Page([])
    newer = _told(rows[0]) if (there_are_more if backwards else key is not None) else ""
    older = _told(rows[-1]) if backwards or there_are_more else ""
    return Page(rows, newer, older)


def sample(
    workspace: Workspace, wanted: Wanted, codes: list[str], *, n: int, seed: int
) -> list[Row]:
    """Rows drawn at random; the same seed draws the same rows as long as they are there."""
    found, values = _found(workspace, wanted, codes)
    with lake.cursor() as cursor:
        statement = f"SELECT * FROM ({found}) {_drawn(wanted.kind, n, seed)}"
        rows = _as_rows(cursor.execute(statement, values))
    return sorted(rows, key=lambda row: (row["occurred_at"], row["place"]), reverse=True)


def of_line(workspace: Workspace, kind: str, import_id: int, row_no: int) -> list[Row]:
    """All that one line of a file became."""
    statement = (
        f"SELECT rowid AS place, * FROM {lake.known(kind)} WHERE workspace_id = ? "
        "AND import_id = ? AND row_no = ? ORDER BY place LIMIT 1000"
    )
    with lake.cursor() as cursor:
        return _as_rows(cursor.execute(statement, [workspace.pk, import_id, row_no]))


def csv_lines(
    workspace: Workspace, wanted: Wanted, codes: list[str], *, n: int | None = None, seed: int = 0
) -> Iterator[bytes]:
    """The rows as CSV, some thousand at a time; the lake writes the lines, quoted and defused."""
    found, values = _found(workspace, wanted, codes)
    names = columns(wanted.kind)
    line = " || ',' || ".join(_csv_cell(name) for name in names)
    drawn = _drawn(wanted.kind, n, seed) if n else ""
    yield (BOM + ",".join(names) + "\r\n").encode()
    with lake.cursor() as cursor:
        asked = cursor.execute(f"SELECT {line} || '\r\n' FROM ({found}) {drawn}", values)
        while some := asked.fetchmany(AT_ONCE):
            yield "".join(text for (text,) in some).encode()


def parquet_file(
    workspace: Workspace, wanted: Wanted, codes: list[str], *, n: int | None = None, seed: int = 0
) -> BinaryIO:
    """The rows as a Parquet file that has no name any more: it is gone when it is closed."""
    found, values = _found(workspace, wanted, codes)
    told = ", ".join(f"{_typed(name)} AS {name}" for name in columns(wanted.kind))
    drawn = _drawn(wanted.kind, n, seed) if n else ""
    path = lake.temp_path() / f"rows-{secrets.token_hex(8)}.parquet"
    try:
        with lake.cursor() as cursor:
            cursor.execute(
                f"COPY (SELECT {told} FROM ({found}) {drawn}) TO {literal(str(path))} "
                "(FORMAT parquet, COMPRESSION zstd, PRESERVE_ORDER false)",
                values,
            )
        return path.open("rb")
    finally:
        if path.exists():
            os.unlink(path)


def columns(kind: str) -> tuple[str, ...]:
    return ("occurred_at", "touchpoint", *OWN[Kind(kind)], *ABOUT, *ORIGIN)


def _found(workspace: Workspace, wanted: Wanted, codes: list[str]) -> tuple[str, dict[str, Any]]:
    zone = workspace.zone
    scope = Scope(wanted.since, wanted.until)
    starts, ends = scope.starts_at(zone), scope.ends_at(zone)
    asked: Mapping[str, Any] = {
        "since": starts.astimezone(UTC).replace(tzinfo=None) if starts else None,
        "until": ends.astimezone(UTC).replace(tzinfo=None) if ends else None,
        "codes": codes or None,
        **{name: getattr(wanted, name) or None for name in CLAUSES if name in _SAME},
    }
    values = {name: value for name, value in asked.items() if value is not None}
    clauses = " AND ".join(["workspace_id = $workspace", *(CLAUSES[name] for name in values)])
    statement = f"SELECT rowid AS place, * FROM {lake.known(wanted.kind)} WHERE {clauses}"
    return statement, {"workspace": workspace.pk, **values}


_SAME = {"channel", "segment", "unit", "import_id", "metric", "outcome", "customer"}


def _drawn(kind: str, n: int, seed: int) -> str:
    more = ", metric" if kind == Kind.RESPONSES else ""
    return (
        f"ORDER BY hash(import_id, row_no, touchpoint{more}, {int(seed)}) "
        f"LIMIT {min(max(1, int(n)), MOST_SAMPLED)}"
    )


def _typed(name: str) -> str:
    """A column as it leaves the house: customers by a longer short name, never the whole hash."""
    if name == "customer":
        return "'c-' || left(replace(CAST(customer AS VARCHAR), '-', ''), 16)"
    return name


def _csv_cell(name: str) -> str:
    if name in NOT_TEXT:
        return f"coalesce(CAST({name} AS VARCHAR), '')"
    if name in ("occurred_at", "ended_at"):
        return f"coalesce(strftime({name}, '%Y-%m-%dT%H:%M:%SZ'), '')"
    text = _typed(name)
    starts = ", ".join(f"starts_with({text}, {literal(start)})" for start in FORMULA_STARTS)
    safe = f"CASE WHEN greatest({starts}) THEN '''' || {text} ELSE {text} END"
    return (
        f"coalesce(CASE WHEN regexp_matches({text}, '[\",\\r\\n]') "
        f"THEN '\"' || replace({safe}, '\"', '\"\"') || '\"' ELSE {safe} END, '')"
    )


def _as_rows(asked: lake.Cursor) -> list[Row]:
    names = [column[0] for column in asked.description or ()]
    return [dict(zip(names, values, strict=True)) for values in asked.fetchall()]


def _told(row: Row) -> str:
    moment: timedelta = row["occurred_at"] - EPOCH
    return f"{moment // timedelta(microseconds=1)}.{row['place']}"


def _key(text: str) -> tuple[datetime, int] | None:
    try:
        moment, _dot, place = text.partition(".")
        return EPOCH + timedelta(microseconds=int(moment)), int(place)
    except (ValueError, OverflowError):
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
