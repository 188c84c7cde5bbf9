"""One field of a mapping as SQL: its value, and when it drops or refuses the row."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from evidence.mapping import BETWEEN, CLOCK, MS, Field
from evidence.metrics import Scale
from evidence.sql import Binder, literal

BLANKS = " \t\r\n\u00a0\u3000\ufeff"
LONGEST_MS = 10 * 366 * 86_400_000
# Times written as a number: a spreadsheet's days, seconds and milliseconds since 1970. Days are
# rounded to the second, which is what a spreadsheet's fractions are good for.
NUMBERED = {
    "excel": "TIMESTAMP '1899-12-30' + to_seconds(CAST(round({n} * 86400) AS BIGINT))",
    "unix": "TIMESTAMP '1970-01-01' + to_milliseconds(CAST(round({n} * 1000) AS BIGINT))",
    "unix_ms": "TIMESTAMP '1970-01-01' + to_milliseconds(CAST(round({n}) AS BIGINT))",
}
MOST_COUNTED = "1e14"
EARLIEST = "TIMESTAMP '1970-01-01'"
WRITTEN = "%Y-%m-%d %H:%M:%S"
ISO = re.compile("%Y([-/])%m\\1%d((?P<day>[ T])%H:%M(:%S)?)?")


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
    _looks: dict[str, None] = field(default_factory=dict)

    def add(
        self,
        condition: str,
        name: str,
        columns: tuple[str, ...],
        reason: str,
        look: str = "",
    ) -> None:
        """`look` is a cheaper condition that holds wherever this one does."""
        self._conditions.append(condition)
        self._looks[look or condition] = None
        indexes = tuple(self.index[c] for c in columns)
        self.known.append(Problem(name, columns, indexes, reason))

    def any(self) -> str:
        """Whether a row may have a problem. Each step of `case` costs every row that it looks at,
        so it looks only at these."""
        return " OR ".join(f"({look})" for look in self._looks) or "false"

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


def trimmed(i: int, clean: str | None = None) -> str:
    """The cell without blanks around it, NULL where nothing is left.

    Trimming any of many characters costs more than reading the file, so it is done only where a
    cheap look at the ends says that there may be something to trim, and not at all where `clean`
    is not NULL.
    """
    if clean:
        return f"CASE WHEN {clean} IS NULL THEN {trimmed(i)} ELSE c{i} END"
    look = " OR ".join(f"ends_with(c{i}, {literal(blank)})" for blank in " \t\r\n")
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


def as_read(value: str, given: Field, *, native: bool = False) -> str:
    """A time as it stands in the file (UTC where the text itself tells an offset).

    `native`: the file's own times (of a spreadsheet) stand in it as 2025-03-31 14:05:00, whatever
    the format says of those that are text.
    """
    if given.format in NUMBERED:
        counted = f"try_cast({value} AS DOUBLE)"
        made = (
            f"CASE WHEN abs({counted}) < {MOST_COUNTED} "
            f"THEN {NUMBERED[given.format].format(n=counted)} END"
        )
        return f"coalesce({made}, {_plain_time(value)})" if native else made
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
    parsed = _by_format(value, given.format)
    if tells_zone(given.format):
        return f"timezone('UTC', {parsed})"
    return f"coalesce({parsed}, {_plain_time(value)})" if native else parsed


def iso_time(value: str, format: str) -> str:
    """A time of an ISO format that is written out in full, by a cast; "" for other formats.

    That takes less time than the format does, and gives the same. In other texts a cast reads
    what the format does not allow (24:00, 12:00:0Z, -001-01-01), so they give NULL.
    """
    found = ISO.fullmatch(format)
    if not found:
        return ""
    if format == WRITTEN:  # as DuckDB writes it, which is found out sooner than its shape
        full = f"strlen({value}) = 19 AND CAST(try_cast({value} AS TIMESTAMP) AS VARCHAR) = {value}"
        return f"CASE WHEN {full} THEN try_cast({value} AS TIMESTAMP) END"
    shape = re.sub("%(.)", lambda sign: "[0-9]" * (4 if sign[1] == "Y" else 2), format)
    full = f"{value} GLOB {literal(shape)}"
    if found["day"]:
        full += f" AND NOT contains({value}, '{found['day']}24:')"
    return f"CASE WHEN {full} THEN try_cast({value} AS TIMESTAMP) END"


def _by_format(value: str, format: str) -> str:
    parsed = f"try_strptime({value}, {literal(format)})"
    quick = iso_time(value, format)
    return f"coalesce({quick}, {parsed})" if quick else parsed


def _plain_time(value: str) -> str:
    written = "[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}.*)?"
    return (
        f"CASE WHEN regexp_full_match({value}, '{written}') THEN try_cast({value} AS TIMESTAMP) END"
    )


def tells_zone(format: str) -> bool:
    """Whether times of this format are in UTC, or say how far from it."""
    return "%z" in format.lower() or format in ("unix", "unix_ms")


def tells_offset(value: str) -> str:
    """Whether a time without a format says its own distance from UTC."""
    return (
        f"(ends_with({value}, 'Z') OR ends_with({value}, 'UTC') "
        f"OR contains({value}, '+') OR {value} LIKE '%:%-%')"
    )


def in_utc(name: str, given: Field, workspace_zone: str, latest: str) -> str:
    """The time in UTC. A local time that a clock change skipped counts as the hour after it."""
    zone = given.timezone or workspace_zone
    if zone == "UTC" or tells_zone(given.format):
        return f"n_{name}"
    local = f"timezone('UTC', timezone({literal(zone)}, n_{name}))"
    usable = f"n_{name} >= {EARLIEST} AND n_{name} <= CAST({latest} AS TIMESTAMP)"
    if given.format:
        return f"CASE WHEN {usable} THEN {local} END"
    told = tells_offset(f"v_{name}")
    return f"CASE WHEN NOT ({usable}) THEN NULL WHEN {told} THEN n_{name} ELSE {local} END"


def number(value: str, decimal: str = "") -> str:
    """A number; `1,5` and `1,25` are taken for decimals, `1,250` is not a number unless told.

    `decimal` is the sign before decimals where that is told; the other stands between thousands.
    """
    return _number(value, decimal, "DOUBLE")


def decimal(value: str, decimal: str = "") -> str:
    return _number(value, decimal, "DECIMAL(9,3)")


def _number(value: str, decimal: str, kind: str) -> str:
    if not decimal:
        return f"coalesce(try_cast({value} AS {kind}), try_cast({_comma(value)} AS {kind}))"
    thousands = "," if decimal == "." else "."
    plain = f"replace({value}, {literal(thousands)}, '')"
    return f"try_cast(replace({plain}, {literal(decimal)}, '.') AS {kind})"


def duration(given: Field, value: str, index: Mapping[str, int], decimal: str = "") -> str:
    """A duration as a number in its unit: as written, as 1:02:03, or from one time to the next."""
    if given.unit == BETWEEN:
        first, then = (f"t{index[name]}" for name in given.columns)
        times = [as_read(cell, given, native=True) for cell in (first, then)]
        passed = f"epoch_ms({times[1]}) - epoch_ms({times[0]})"
        if given.format and not re.search("%[dDjyY]", given.format):
            # Without dates, a clock that runs backwards has passed midnight.
            passed = f"CASE WHEN {passed} < 0 THEN {passed} + 86400000 ELSE {passed} END"
        return f"(({passed}) / 1000)"
    plain = number(value, decimal)
    if given.unit != CLOCK:
        return plain
    parts = f"string_split({value}, ':')"
    seconds = " + ".join(
        f"coalesce(try_cast(list_extract({parts}, {-place}) AS DOUBLE), 0) * {60 ** (place - 1)}"
        for place in (1, 2, 3)
    )
    written = "[0-9]+:[0-5]?[0-9](:[0-5]?[0-9]([.][0-9]+)?)?"
    return f"CASE WHEN regexp_full_match({value}, '{written}') THEN {seconds} ELSE {plain} END"


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
