"""One field of a mapping as SQL: its value, and when it drops or refuses the row."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from evidence.mapping import MS, Field
from evidence.metrics import Scale
from evidence.sql import Binder, literal

BLANKS = " \t\r\n\u00a0\u3000\ufeff"
LONGEST_MS = 10 * 366 * 86_400_000
EARLIEST = "TIMESTAMP '1970-01-01'"


@dataclass(frozen=True)
class Problem:
    """Why a row was rejected: the field, the file's columns it came from, the reason."""

    field: str
    columns: tuple[str, ...]
    indexes: tuple[int, ...]
    reason: str


@dataclass
class Problems:
    """Checks in order; the first that holds is the row's problem, known by its number."""

    index: Mapping[str, int]
    start: int = 0
    known: list[Problem] = field(default_factory=list)
    _conditions: list[str] = field(default_factory=list)

    def add(
        self,
        condition: str,
        name: str,
        columns: tuple[str, ...],
        reason: str,
    ) -> None:
        self._conditions.append(condition)
        indexes = tuple(self.index[c] for c in columns)
        self.known.append(Problem(name, columns, indexes, reason))

    def case(self) -> str:
        if not self._conditions:
            return "NULL::USMALLINT"
        whens = " ".join(
            f"WHEN {condition} THEN {number}"
            for number, condition in enumerate(self._conditions, start=self.start + 1)
        )
        return f"CAST(CASE {whens} END AS USMALLINT)"


@dataclass(frozen=True)
class FieldSql:
    value: str
    ignored: tuple[str, ...] = ()  # conditions that drop the row on purpose
    unknown: str = ""  # the condition that refuses a value the map does not have


def trimmed(i: int) -> str:
    """The cell without blanks around it, NULL where nothing is left.

    Trimming any of many characters costs more than reading the file, so it is done only where a
    cheap look at the ends says that there may be something to trim.
    """
    look = " OR ".join(f"ends_with(c{i}, {literal(blank)})" for blank in " \t\n")
    return (
        f"CASE WHEN c{i} < '!' OR {look} OR strlen(c{i}) <> length(c{i}) "
        f"THEN nullif(trim(c{i}, {literal(BLANKS)}), '') ELSE c{i} END"
    )


def compile_field(given: Field, index: Mapping[str, int], bind: Binder) -> FieldSql:
    base = _base(given, index, bind)
    missing = [word.strip() for word in given.missing if word.strip()]
    if missing:
        base = f"CASE WHEN {base} IN {bind.list(missing)} THEN NULL ELSE {base} END"
    if not given.renames:
        return FieldSql(base)
    key = f"coalesce({base}, '')" if "" in given.renames else base
    keys = bind.list(list(given.renames))
    whens = " ".join(
        f"WHEN {bind(old)} THEN {bind(new) if new else 'NULL'}"
        for old, new in given.renames.items()
    )
    dropped = [old for old, new in given.renames.items() if new is None]
    ignored = [f"{key} IN {bind.list(dropped)}"] if dropped else []
    other = f"({key} IS NULL OR {key} NOT IN {keys})"
    if given.otherwise == "ignore":
        ignored.append(other)
    return FieldSql(
        value=f"CASE {key} {whens} ELSE {base} END",
        ignored=tuple(ignored),
        unknown=other if given.otherwise == "reject" else "",
    )


def _base(given: Field, index: Mapping[str, int], bind: Binder) -> str:
    if given.is_constant:
        value = (given.value or "").strip()
        return f"CAST({bind(value)} AS VARCHAR)" if value else "NULL::VARCHAR"
    cells = [f"t{index[name]}" for name in given.columns]
    if len(cells) == 1:
        return cells[0]
    return f"nullif(concat_ws(' ', {', '.join(cells)}), '')"


def matches(entry: Mapping[str, tuple[str, ...]], index: Mapping[str, int], bind: Binder) -> str:
    """Whether a row matches all columns of one `ignore` entry."""
    return " AND ".join(
        f"coalesce(t{index[name]}, '') IN {bind.list([v.strip() for v in values] or [''])}"
        if values
        else "false"
        for name, values in entry.items()
    )


def as_read(value: str, given: Field) -> str:
    """A time as it stands in the file (UTC where the text itself tells an offset)."""
    if not given.format:
        # 10:00Z lacks the seconds that DuckDB wants where an offset follows.
        short = "([T ][0-9]{1,2}:[0-9]{2})( *(Z|UTC|[+-]))"
        full = f"regexp_replace({value}, '{short}', '\\1:00\\2')"
        with_offset = (
            f"timezone('UTC', coalesce(try_cast({value} AS TIMESTAMPTZ), "
            f"try_cast({full} AS TIMESTAMPTZ)))"
        )
        plain = f"try_cast({value} AS TIMESTAMP)"
        return f"CASE WHEN {tells_offset(value)} THEN {with_offset} ELSE {plain} END"
    parsed = f"try_strptime({value}, {literal(given.format)})"
    return f"timezone('UTC', {parsed})" if "%z" in given.format.lower() else parsed


def tells_offset(value: str) -> str:
    """Whether a time without a format says its own distance from UTC."""
    return (
        f"(ends_with({value}, 'Z') OR ends_with({value}, 'UTC') "
        f"OR contains({value}, '+') OR {value} LIKE '%:%-%')"
    )


def in_utc(name: str, given: Field, workspace_zone: str, latest: str) -> str:
    """The time in UTC. A local time that a clock change skipped counts as the hour after it."""
    zone = given.timezone or workspace_zone
    if zone == "UTC" or "%z" in given.format.lower():
        return f"n_{name}"
    local = f"timezone('UTC', timezone({literal(zone)}, n_{name}))"
    usable = f"n_{name} >= {EARLIEST} AND n_{name} <= CAST({latest} AS TIMESTAMP)"
    if given.format:
        return f"CASE WHEN {usable} THEN {local} END"
    told = tells_offset(f"v_{name}")
    return f"CASE WHEN NOT ({usable}) THEN NULL WHEN {told} THEN n_{name} ELSE {local} END"


def number(value: str) -> str:
    """A number; `1,5` and `1,25` are taken for decimals, `1,250` is not a number."""
    return f"coalesce(try_cast({value} AS DOUBLE), try_cast({_comma(value)} AS DOUBLE))"


def decimal(value: str) -> str:
    return f"coalesce(try_cast({value} AS DECIMAL(9,3)), try_cast({_comma(value)} AS DECIMAL(9,3)))"


def _comma(value: str) -> str:
    return (
        f"CASE WHEN regexp_full_match({value}, '[+-]?[0-9]+,[0-9]{{1,2}}') "
        f"THEN replace({value}, ',', '.') END"
    )


def milliseconds(name: str, given: Field) -> str:
    return (
        f"CASE WHEN isfinite(d_{name}) AND abs(d_{name}) < 1e12 "
        f"THEN CAST(round(d_{name} * {MS[given.unit]}) AS BIGINT) "
        f"WHEN d_{name} IS NOT NULL THEN {LONGEST_MS + 1} END"
    )


def known_metric(value: str, scales: Mapping[str, Scale], bind: Binder) -> str:
    """The metric's code as we write it, NULL where it is none of ours."""
    whens = " ".join(f"WHEN {bind(code.lower())} THEN {bind(code)}" for code in scales)
    return f"CASE lower({value}) {whens} END"


def is_off_scale(score: str, scale: Scale) -> str:
    return f"({score} < {scale.low} OR {score} > {scale.high})"


def off_scale(scale: Scale) -> str:
    return _("not on the scale of %(metric)s, %(low)s to %(high)s") % {
        "metric": scale.code,
        "low": _plain(scale.low),
        "high": _plain(scale.high),
    }


def _plain(value: object) -> str:
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
