"""A mapping and a table become one SELECT over the file's rows (or cells).

The SELECT gives every unit of account a state and, where it is rejected, the number of its
problem and (`aside`) the row's original cells; where it is not, `aside` has the texts of codes
that are not known beforehand. All values of the mapping are bound; columns have names of
our own (c0, c1, …: as read, t0, t1, …: trimmed, NULL where blank). Everything is one pass over
the file, in layers: cells → fields → times and codes → checks → rows or cells. What costs time is
done only for cells and rows that a cheaper look did not find good (quick_sql.py).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from evidence import field_sql, quick_sql
from evidence.field_sql import FieldSql, Problem, Problems
from evidence.mapping import DURATIONS, TIMES, Answer, ParsedMapping
from evidence.mapping_checks import LONGEST_COMMENT, RowChecks
from evidence.metrics import Scale
from evidence.models import Kind
from evidence.reading import Table
from evidence.source_sql import relation
from evidence.sql import Binder, literal

ACCEPTED, IGNORED, MISSING, REJECTED, DUPLICATE = range(5)
# What every kind brings into the lake, besides workspace, import and line.
LAKE_FIELDS = ("event_id", "occurred_at", "touchpoint", "journey", "customer", "case_id",
               "channel", "segment", "unit")  # fmt: skip
KIND_FIELDS: dict[str, dict[str, str]] = {
    Kind.RESPONSES: {
        "metric": "VARCHAR",
        "score": "DECIMAL(9,3)",
        "weight": "DECIMAL(18,10)",
        "comment": "VARCHAR",
    },
    Kind.WAITS: {
        "wait_ms": "BIGINT", "service_ms": "BIGINT", "outcome": "VARCHAR", "agent": "VARCHAR",
    },
    Kind.INTERACTIONS: {"outcome": "VARCHAR", "ended_at": "TIMESTAMP", "agent": "VARCHAR"},
}  # fmt: skip


# What each question of a row has for itself.
OF_ANSWER = ("event_id", "touchpoint", "journey", "metric", "score", "comment")
# Fields whose value is the text itself.
PLAIN = ("touchpoint", "journey", "channel", "segment", "unit", "case_id", "metric", "outcome",
         "agent")  # fmt: skip


@dataclass
class Compiled:
    """The SELECT, the values bound in it, and the problems its numbers stand for (from 1)."""

    select: str
    values: dict[str, object]
    problems: list[Problem]
    columns: tuple[str, ...]  # of evidence, as named in the lake (`customer` still in the clear)
    constants: dict[str, str]  # those that are the same in every row, as SQL; not in the SELECT
    coded: tuple[str, ...] = ()  # ENUMs of known values; a row with another has a list of texts


@dataclass
class Compiler:
    mapping: ParsedMapping
    table: Table
    scales: Mapping[str, Scale]
    zone: str
    bind: Binder = field(default_factory=Binder)
    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)  # known_codes.py

    def __post_init__(self) -> None:
        self.index = {name: i for i, name in enumerate(self.table.columns)}
        self.problems = Problems(self.index)
        self.decimal = self.mapping.read.decimal
        self.constants: dict[str, str] = {}
        self.quick: dict[str, tuple[int, str]] = {}  # quick_sql.py
        self.latest = f"{timezone.now() + timedelta(days=1):%Y-%m-%d %H:%M:%S}"
        self.fields: dict[str, FieldSql] = {
            name: field_sql.compile_field(each, self.index, self.bind)
            for name, each in self.mapping.fields.items()
        }

    def compile(self, limit: int | None = None) -> Compiled:
        self.constants = self._constants()
        used = sorted(self.index[name] for name in self.mapping.columns)
        self.quick = quick_sql.looks(self.mapping, self.index, self.codes, self.bind)
        read = ", ".join(["*", *(f"{sql} AS {name}" for name, (_i, sql) in self.quick.items())])
        clean = {i: name for name, (i, _sql) in self.quick.items()}
        trimmed = ", ".join(f"{field_sql.trimmed(i, clean.get(i))} AS t{i}" for i in used)
        cells = (
            f"SELECT *, {trimmed or 'NULL AS t'} "
            f"FROM (SELECT {read} FROM ({relation(self.table, used, limit)}))"
        )
        fields = f"SELECT *, {self._fields()} FROM ({cells})"
        timed = f"SELECT *, {self._times_and_codes()} FROM ({fields})"
        self._row_checks().add_all()
        looked = f"SELECT *, {self.problems.any()} AS may_fail FROM ({timed})"
        case = f"CASE WHEN may_fail THEN {self.problems.case()} END"
        checked = f"SELECT *, {case} AS row_problem FROM ({looked})"
        select = self._cells(checked) if self.mapping.answers else self._rows(checked)
        return Compiled(
            select,
            self.bind.values,
            self.problems.known,
            self._columns(),
            self.constants,
            tuple(self.codes),
        )

    def examples(self) -> tuple[str, dict[str, object], list[str]]:
        """A SELECT of what stands in each field's columns beside what it becomes, row by row, and
        the names of these fields."""
        self.quick = {}
        used = sorted(self.index[name] for name in self.mapping.columns)
        trimmed = ", ".join(f"{field_sql.trimmed(i)} AS t{i}" for i in used)
        names = [n for n in self.fields if not self.mapping.fields[n].is_constant]
        pairs = []
        for name in names:
            cells = ", ".join(f"t{self.index[c]}" for c in self.mapping.fields[name].columns)
            pairs.append(f"concat_ws(' ', {cells})")
            pairs.append(
                self._value(name.removesuffix("_s") + "_ms" if name in DURATIONS else name)
            )
        cells = f"SELECT *, {trimmed or 'NULL AS t'} FROM ({relation(self.table, used)})"
        fields = f"SELECT *, {self._fields()} FROM ({cells})"
        timed = f"SELECT *, {self._times_and_codes()} FROM ({fields})"
        statement = f"SELECT {', '.join(pairs) or 'NULL'} FROM ({timed})"
        # What only the checks of rows look at has no place here.
        asked = set(re.findall(r"\$(\w+)", statement))
        values = {name: value for name, value in self.bind.values.items() if name in asked}
        return statement, values, names

    def _columns(self) -> tuple[str, ...]:
        return (*LAKE_FIELDS, *KIND_FIELDS[self.mapping.kind])

    def _constants(self) -> dict[str, str]:
        """What no row can change need not be kept for every row."""
        found = {}
        for name in self._columns():
            given = self.mapping.fields.get(name)
            source = name.removesuffix("_ms") + "_s" if name.endswith("_ms") else name
            if name in OF_ANSWER and self.mapping.answers:
                continue
            if source not in self.mapping.fields:
                found[name] = self._value(name)
            elif given is not None and given.is_constant and name in PLAIN and not given.renames:
                found[name] = f"CAST({literal((given.value or '').strip())} AS VARCHAR)"
        return {name: sql for name, sql in found.items() if sql != "CAST('' AS VARCHAR)"}

    def _fields(self) -> str:
        """Layer two: every field's value as v_<name>; times as read n_<name>, numbers d_<name>."""
        parts = []
        for name, each in self.fields.items():
            given, value = self.mapping.fields[name], each.value
            if name == "metric" and not given.is_constant:
                value = field_sql.known_metric(value, self.scales, self.bind)
                if "e_metric" in self.quick:
                    value = f"CASE WHEN e_metric IS NULL THEN {value} ELSE {each.value} END"
                parts.append(f"{each.value} AS r_metric")
            parts.append(f"{value} AS v_{name}")
            if name in TIMES:
                read = field_sql.as_read(each.value, given, native=self.table.has_own_times)
                parts.append(f"{self._or_quick(name, read)} AS n_{name}")
            elif name in DURATIONS:
                lasted = field_sql.duration(given, each.value, self.index, self.decimal)
                parts.append(f"{self._or_quick(name, lasted)} AS d_{name}")
            elif name == "weight":
                parts.append(f"{field_sql.number(each.value, self.decimal)} AS d_{name}")
            elif name == "score":
                read = field_sql.decimal(each.value, self.decimal)
                parts.append(f"{self._or_quick(name, read)} AS d_{name}")
        ignored = [
            f"e_{name} IS NULL AND ({condition})" if f"e_{name}" in self.quick else condition
            for name, each in self.fields.items()
            for condition in each.ignored
        ] + [field_sql.matches(entry, self.index, self.bind) for entry in self.mapping.ignore]
        parts.append(
            f"coalesce({' OR '.join(f'({c})' for c in ignored) or 'false'}, false) AS drop"
        )
        return ", ".join(parts)

    def _or_quick(self, name: str, value: str) -> str:
        return f"coalesce(q_{name}, {value})" if f"q_{name}" in self.quick else value

    def _times_and_codes(self) -> str:
        """Layer three: times in UTC, durations (m_<name>) that need no check, and codes as numbers
        of the values known beforehand."""
        latest = self.bind(self.latest)
        fields = self.mapping.fields
        parts = [
            f"{field_sql.in_utc(name, given, self.zone, latest)} AS u_{name}"
            for name, given in fields.items()
            if name in TIMES
        ]
        parts += [
            f"{quick_sql.milliseconds(name, given)} AS m_{name}"
            for name, given in fields.items()
            if name in DURATIONS
        ]
        parts += [
            f"{quick_sql.known(f'v_{name}', codes)} AS e_{name}"
            for name, codes in self.codes.items()
            if f"e_{name}" not in self.quick
        ]
        return ", ".join(parts) or "NULL"

    def _row_checks(self) -> RowChecks:
        return RowChecks(
            self.mapping,
            self.table,
            self.scales,
            self.fields,
            self.bind,
            self.latest,
            self.problems,
            self.codes,
            frozenset(name.removeprefix("e_") for name in self.quick if name[0] == "e"),
        )

    def _rows(self, checked: str) -> str:
        told = ", ".join(self._told(n) for n in self._columns() if n not in self.constants)
        state = (
            f"CASE WHEN drop THEN {IGNORED} WHEN row_problem IS NOT NULL THEN {REJECTED} "
            f"ELSE {ACCEPTED} END"
        )
        return (
            f"SELECT CAST({state} AS UTINYINT) AS state, "
            f"CASE WHEN NOT drop THEN row_problem END AS problem, {told}, "
            f"CASE WHEN NOT drop AND row_problem IS NOT NULL THEN {self._raw()} "
            f"WHEN {self._is_new()} THEN {self._others()} END AS aside FROM ({checked})"
        )

    def _told(self, name: str) -> str:
        return f"{f'e_{name}' if name in self.codes else self._value(name)} AS {name}"

    def _is_new(self) -> str:
        """Whether the value of a coded field is not a known one."""
        new = " OR ".join(f"(e_{name} IS NULL AND v_{name} IS NOT NULL)" for name in self.codes)
        return f"({new or 'false'})"

    def _others(self) -> str:
        """The values of the coded fields, as text."""
        return f"CAST([{', '.join(map(self._value, self.codes))}] AS VARCHAR[])"

    def _raw(self) -> str:
        cells = ", ".join(f"c{i}" for i in range(len(self.table.columns)))
        return f"CASE WHEN broken IS NULL THEN [{cells}] ELSE [broken] END"

    def _value(self, name: str) -> str:
        if name in TIMES:
            return f"u_{name}" if name in self.fields else "NULL::TIMESTAMP"
        if name.endswith("_ms"):
            source = name.removesuffix("_ms") + "_s"
            if source not in self.fields:
                return "NULL::BIGINT"
            slow = field_sql.milliseconds(source, self.mapping.fields[source])
            return f"coalesce(m_{source}, {slow})"
        if name == "score":
            return "d_score" if name in self.fields else "NULL::DECIMAL(9,3)"
        if name == "weight":
            return (
                "try_cast(d_weight AS DECIMAL(18,10))"
                if name in self.fields
                else "1::DECIMAL(18,10)"
            )
        if name == "outcome" and self.mapping.kind == Kind.WAITS and name not in self.fields:
            return "'served'"
        if name == "customer" and name not in self.fields:
            return "NULL::UUID"
        return f"v_{name}" if name in self.fields else "NULL::VARCHAR"

    def _cells(self, checked: str) -> str:
        """One row becomes one row a question, in the order of the mapping."""
        structs = ", ".join(self._cell(answer) for answer in self.mapping.answers)
        names = [n for n in self._columns() if n not in self.constants]
        keep = [n for n in names if n not in OF_ANSWER]
        aside = f"CASE WHEN {self._is_new()} THEN {self._others()} END AS others"
        rows = ", ".join([*map(self._told, keep), aside])
        told = ", ".join(name if name in keep else f"cell.{name} AS {name}" for name in names)
        unnested = (
            f"SELECT {rows}, {self._raw()} AS cells, unnest([{structs}]) AS cell FROM ({checked})"
        )
        return (
            f"SELECT cell.state AS state, cell.problem AS problem, {told}, "
            f"CASE WHEN cell.problem IS NOT NULL THEN cells ELSE others END AS aside "
            f"FROM ({unnested})"
        )

    def _cell(self, answer: Answer) -> str:
        each = field_sql.compile_field(answer.score, self.index, self.bind)
        score = field_sql.decimal(each.value, self.decimal)
        metric = self.bind(answer.metric) if answer.metric else "v_metric"
        comment = f"t{self.index[answer.comment]}" if answer.comment else "NULL::VARCHAR"
        touchpoint = (
            self.bind(answer.touchpoint) if answer.touchpoint else self._value("touchpoint")
        )
        journey = self.bind(answer.journey) if answer.journey else self._value("journey")
        own = Problems(self.index, start=len(self.problems.known))
        self._check_cell(
            own, answer, each, score, comment, f"{touchpoint} IS NULL AND {journey} IS NULL"
        )
        self.problems.known += own.known
        ignored = " OR ".join(f"({c})" for c in each.ignored) or "false"
        problem = f"coalesce(row_problem, {own.case()})"
        state = (
            f"CASE WHEN drop THEN {IGNORED} WHEN row_problem IS NOT NULL THEN {REJECTED} "
            f"WHEN coalesce({ignored}, false) THEN {IGNORED} "
            f"WHEN ({each.value}) IS NULL AND {comment} IS NULL THEN {MISSING} "
            f"WHEN {own.case()} IS NOT NULL THEN {REJECTED} ELSE {ACCEPTED} END"
        )
        event = (
            f"v_event_id || {self.bind(':' + answer.column)}"
            if "event_id" in self.fields
            else "NULL::VARCHAR"
        )
        return (
            f"{{'state': CAST({state} AS UTINYINT), 'problem': CASE WHEN ({state}) = {REJECTED} "
            f"THEN {problem} END, 'event_id': {event}, 'touchpoint': {touchpoint}, "
            f"'journey': {journey}, 'metric': {metric}, 'score': {score}, 'comment': {comment}}}"
        )

    def _check_cell(
        self, own: Problems, answer: Answer, each: FieldSql, score: str, comment: str, nowhere: str
    ) -> None:
        name, columns = "score", (answer.column,)
        if not (answer.touchpoint or answer.journey):
            own.add(nowhere, "touchpoint", (), _("neither a touchpoint nor a journey"))
        if each.unknown:
            own.add(each.unknown, name, columns, _("not among the values the mapping knows"))
        own.add(f"({each.value}) IS NOT NULL AND {score} IS NULL", name, columns, _("not a number"))
        codes = [answer.metric] if answer.metric else list(self.scales)
        for code in codes:
            scale = self.scales[code]
            told = "" if answer.metric else f"v_metric = {self.bind(code)} AND "
            off = field_sql.is_off_scale(score, scale)
            own.add(f"{told}{off}", name, columns, field_sql.off_scale(scale))
        if answer.comment:
            own.add(f"length({comment}) > {LONGEST_COMMENT}", "comment", (answer.comment,),
                    _("longer than %d characters") % LONGEST_COMMENT)  # fmt: skip
