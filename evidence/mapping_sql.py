"""A mapping and a table become one SELECT over the file's rows (or cells).

The SELECT gives every unit of account a state and, where it is rejected, the number of its
problem and the row's original cells. All values of the mapping are bound; columns have names of
our own (c0, c1, …: as read, t0, t1, …: trimmed, NULL where blank). Everything is one pass over
the file, in layers: cells → fields → checks → rows or cells.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from evidence import field_sql
from evidence.field_sql import FieldSql, Problem, Problems
from evidence.mapping import CODES, DURATIONS, TIMES, Answer, ParsedMapping
from evidence.metrics import Scale
from evidence.models import Kind
from evidence.reading import Table
from evidence.source_sql import relation
from evidence.sql import Binder

ACCEPTED, IGNORED, MISSING, REJECTED, DUPLICATE = range(5)
LONGEST_CODE = 500
LONGEST_COMMENT = 20_000
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


@dataclass
class Compiled:
    """The SELECT, the values bound in it, and the problems its numbers stand for (from 1)."""

    select: str
    values: dict[str, object]
    problems: list[Problem]
    columns: tuple[str, ...]  # of evidence, as named in the lake (`customer` still in the clear)


@dataclass
class Compiler:
    mapping: ParsedMapping
    table: Table
    scales: Mapping[str, Scale]
    zone: str
    bind: Binder = field(default_factory=Binder)

    def __post_init__(self) -> None:
        self.index = {name: i for i, name in enumerate(self.table.columns)}
        self.problems = Problems(self.index)
        self.latest = timezone.now() + timedelta(days=1)
        self.fields: dict[str, FieldSql] = {
            name: field_sql.compile_field(each, self.index, self.bind)
            for name, each in self.mapping.fields.items()
        }

    def compile(self, limit: int | None = None) -> Compiled:
        used = sorted(self.index[name] for name in self.mapping.columns)
        trimmed = ", ".join(f"{field_sql.trimmed(i)} AS t{i}" for i in used)
        cells = f"SELECT *, {trimmed or 'NULL AS t'} FROM ({relation(self.table, used, limit)})"
        fields = f"SELECT *, {self._fields()} FROM ({cells})"
        checked = f"SELECT *, {self._row_checks()} FROM ({fields})"
        select = self._cells(checked) if self.mapping.answers else self._rows(checked)
        return Compiled(select, self.bind.values, self.problems.known, self._columns())

    def _columns(self) -> tuple[str, ...]:
        return (*LAKE_FIELDS, *KIND_FIELDS[self.mapping.kind])

    def _fields(self) -> str:
        """Layer two: every field's value as v_<name>; times n_<name> (as read), numbers d_<name>."""
        parts = []
        for name, each in self.fields.items():
            value = each.value
            if name == "metric" and not self.mapping.fields[name].is_constant:
                value = field_sql.known_metric(value, self.scales, self.bind)
                parts.append(f"{each.value} AS r_metric")
            parts.append(f"{value} AS v_{name}")
            if name in TIMES:
                parts.append(
                    f"{field_sql.as_read(each.value, self.mapping.fields[name])} AS n_{name}"
                )
            elif name in DURATIONS or name == "weight":
                parts.append(f"{field_sql.number(each.value)} AS d_{name}")
            elif name == "score":
                parts.append(f"{field_sql.decimal(each.value)} AS d_{name}")
        ignored = [c for f in self.fields.values() for c in f.ignored] + [
            field_sql.matches(entry, self.index, self.bind) for entry in self.mapping.ignore
        ]
        parts.append(f"coalesce({' OR '.join(f'({c})' for c in ignored) or 'false'}, false) AS drop")
        return ", ".join(parts)

    def _row_checks(self) -> str:
        """Layer three: the row's first problem, and its values in their final form."""
        self._check_broken()
        self._check_times()
        self._check_codes()
        if self.mapping.kind == Kind.WAITS:
            self._check_waits()
        elif self.mapping.kind == Kind.INTERACTIONS:
            self.problems.add(f"{self._v('customer')} IS NULL AND {self._v('case_id')} IS NULL",
                              "customer", (), _("neither a customer nor a case id"))  # fmt: skip
        else:
            self._check_responses()
        finals = [
            f"{field_sql.in_utc(name, self.mapping.fields[name], self.zone, self.bind(self.latest_text))}"
            f" AS u_{name}"
            for name in TIMES
            if name in self.fields
        ]
        return ", ".join([*finals, f"{self.problems.case()} AS row_problem"])

    @property
    def latest_text(self) -> str:
        return f"{self.latest:%Y-%m-%d %H:%M:%S}"

    def _v(self, name: str) -> str:
        """A field's value, NULL where the mapping does not have it."""
        return f"v_{name}" if name in self.fields else "NULL"

    def _of(self, name: str) -> tuple[str, ...]:
        return self.mapping.fields[name].columns

    def _check_broken(self) -> None:
        if self.table.format == "jsonl":
            self.problems.add("broken IS NOT NULL", "", (), _("not a JSON object"))
        for name, each in self.fields.items():
            if each.unknown:
                self.problems.add(each.unknown, name, self._of(name),
                                  _("not among the values the mapping knows"))  # fmt: skip

    def _check_times(self) -> None:
        for name in TIMES:
            if name not in self.fields:
                continue
            columns, given = self._of(name), self.mapping.fields[name]
            if name == "occurred_at":
                self.problems.add(f"v_{name} IS NULL", name, columns, _("no time"))
            pattern = given.format or _("a time such as 2025-03-31 14:05:00")
            self.problems.add(
                f"v_{name} IS NOT NULL AND n_{name} IS NULL", name, columns,
                _("not a time; expected was %s") % pattern,
            )  # fmt: skip
            self.problems.add(
                f"n_{name} < TIMESTAMP '1970-01-01'", name, columns, _("a time before 1970")
            )
            self.problems.add(
                f"n_{name} > CAST({self.bind(self.latest_text)} AS TIMESTAMP)", name, columns,
                _("a time in the future"),
            )  # fmt: skip
        if "ended_at" in self.fields:
            self.problems.add("n_ended_at < n_occurred_at", "ended_at", self._of("ended_at"),
                              _("ends before it begins"))  # fmt: skip

    def _check_codes(self) -> None:
        needs_touchpoint = self.mapping.kind != Kind.RESPONSES
        for name in ("touchpoint", *CODES):
            if name not in self.fields:
                continue
            if name == "touchpoint" and needs_touchpoint:
                self.problems.add("v_touchpoint IS NULL", name, self._of(name), _("no touchpoint"))
            self.problems.add(
                f"length(v_{name}) > {LONGEST_CODE}", name, self._of(name),
                _("longer than %d characters") % LONGEST_CODE,
            )  # fmt: skip

    def _check_waits(self) -> None:
        for name in DURATIONS:
            if name not in self.fields:
                continue
            columns = self._of(name)
            if name == "wait_s":
                self.problems.add("v_wait_s IS NULL", name, columns, _("no waiting time"))
            ms = field_sql.milliseconds(name, self.mapping.fields[name])
            self.problems.add(f"v_{name} IS NOT NULL AND (d_{name} IS NULL OR NOT isfinite(d_{name}))",
                              name, columns, _("not a number"))  # fmt: skip
            self.problems.add(f"d_{name} < 0", name, columns, _("a negative time"))
            self.problems.add(f"{ms} > {field_sql.LONGEST_MS}", name, columns,
                              _("longer than ten years"))  # fmt: skip
        if "outcome" in self.fields:
            self.problems.add(
                "v_outcome IS NULL OR v_outcome NOT IN ('served', 'abandoned')", "outcome",
                self._of("outcome"), _("neither served nor abandoned"),
            )  # fmt: skip

    def _check_responses(self) -> None:
        if "weight" in self.fields:
            columns = self._of("weight")
            self.problems.add("v_weight IS NULL", "weight", columns, _("no weight"))
            self.problems.add("d_weight IS NULL OR NOT isfinite(d_weight)", "weight", columns,
                              _("not a number"))  # fmt: skip
            self.problems.add("d_weight <= 0 OR d_weight >= 1e7", "weight", columns,
                              _("a weight must be above 0 and below 10,000,000"))  # fmt: skip
        if "metric" in self.fields:
            columns = self._of("metric")
            if not self.mapping.fields["metric"].is_constant:
                self.problems.add(
                    "v_metric IS NULL", "metric", columns,
                    _("not a known metric; known are %s") % ", ".join(sorted(self.scales)),
                )  # fmt: skip
        if self.mapping.answers:
            return
        self.problems.add(f"{self._v('touchpoint')} IS NULL AND {self._v('journey')} IS NULL",
                          "touchpoint", (), _("neither a touchpoint nor a journey"))  # fmt: skip
        score = "score" in self.fields
        comment = "comment" in self.fields
        if comment:
            self.problems.add(f"length(v_comment) > {LONGEST_COMMENT}", "comment",
                              self._of("comment"),
                              _("longer than %d characters") % LONGEST_COMMENT)  # fmt: skip
        empty = " AND ".join(f"v_{n} IS NULL" for n in ("score", "comment") if n in self.fields)
        self.problems.add(empty, "score" if score else "comment",
                          self._of("score") if score else (),
                          _("neither a score nor a comment"))  # fmt: skip
        if score:
            self.problems.add("v_score IS NOT NULL AND d_score IS NULL", "score",
                              self._of("score"), _("not a number"))  # fmt: skip
            self._check_scale("d_score", "v_metric", "score", self._of("score"))

    def _check_scale(self, score: str, metric: str, name: str, columns: tuple[str, ...]) -> None:
        given = self.mapping.fields.get("metric")
        only = given.value if given is not None and given.is_constant else None
        for code, scale in self.scales.items():
            if only in (None, code):
                self.problems.add(
                    f"{metric} = {self.bind(code)} AND ({score} < {scale.low} OR {score} > {scale.high})",
                    name, columns, field_sql.off_scale(scale),
                )  # fmt: skip

    def _rows(self, checked: str) -> str:
        values = {name: self._value(name) for name in self._columns()}
        told = ", ".join(f"{sql} AS {name}" for name, sql in values.items())
        state = f"CASE WHEN drop THEN {IGNORED} WHEN row_problem IS NOT NULL THEN {REJECTED} ELSE {ACCEPTED} END"
        return (
            f"SELECT CAST({state} AS UTINYINT) AS state, "
            f"CASE WHEN NOT drop THEN row_problem END AS problem, {told}, "
            f"CASE WHEN NOT drop AND row_problem IS NOT NULL THEN {self._raw()} END AS raw "
            f"FROM ({checked})"
        )

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
            return field_sql.milliseconds(source, self.mapping.fields[source])
        if name == "score":
            return "d_score" if name in self.fields else "NULL::DECIMAL(9,3)"
        if name == "weight":
            return "try_cast(d_weight AS DECIMAL(18,10))" if name in self.fields else "1::DECIMAL(18,10)"
        if name == "outcome" and self.mapping.kind == Kind.WAITS and name not in self.fields:
            return "'served'"
        return f"v_{name}" if name in self.fields else "NULL::VARCHAR"

    def _cells(self, checked: str) -> str:
        """One row becomes one row a question, in the order of the mapping."""
        structs = ", ".join(self._cell(answer) for answer in self.mapping.answers)
        keep = [n for n in self._columns()
                if n not in ("touchpoint", "journey", "metric", "score", "comment", "event_id")]  # fmt: skip
        rows = ", ".join(f"{self._value(name)} AS {name}" for name in keep)
        told = ", ".join(
            name if name in keep else f"cell.{name} AS {name}" for name in self._columns()
        )
        unnested = (
            f"SELECT {rows}, {self._raw()} AS cells, unnest([{structs}]) AS cell FROM ({checked})"
        )
        return (
            f"SELECT cell.state AS state, cell.problem AS problem, {told}, "
            f"CASE WHEN cell.problem IS NOT NULL THEN cells END AS raw FROM ({unnested})"
        )

    def _cell(self, answer: Answer) -> str:
        each = field_sql.compile_field(answer.score, self.index, self.bind)
        score = field_sql.decimal(each.value)
        metric = self.bind(answer.metric) if answer.metric else "v_metric"
        comment = f"t{self.index[answer.comment]}" if answer.comment else "NULL::VARCHAR"
        touchpoint = self.bind(answer.touchpoint) if answer.touchpoint else self._value("touchpoint")
        journey = self.bind(answer.journey) if answer.journey else self._value("journey")
        own = Problems(self.index, start=len(self.problems.known))
        self._check_cell(own, answer, each, score, comment, f"{touchpoint} IS NULL AND {journey} IS NULL")
        self.problems.known += own.known
        ignored = " OR ".join(f"({c})" for c in each.ignored) or "false"
        problem = f"CASE WHEN drop THEN NULL WHEN row_problem IS NOT NULL THEN row_problem ELSE {own.case()} END"
        state = (
            f"CASE WHEN drop THEN {IGNORED} WHEN row_problem IS NOT NULL THEN {REJECTED} "
            f"WHEN coalesce({ignored}, false) THEN {IGNORED} "
            f"WHEN ({each.value}) IS NULL AND {comment} IS NULL THEN {MISSING} "
            f"WHEN {own.case()} IS NOT NULL THEN {REJECTED} ELSE {ACCEPTED} END"
        )
        event = f"v_event_id || {self.bind(':' + answer.column)}" if "event_id" in self.fields else "NULL::VARCHAR"
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
            own.add(f"{told}({score} < {scale.low} OR {score} > {scale.high})", name, columns,
                    field_sql.off_scale(scale))  # fmt: skip
        if answer.comment:
            own.add(f"length({comment}) > {LONGEST_COMMENT}", "comment", (answer.comment,),
                    _("longer than %d characters") % LONGEST_COMMENT)  # fmt: skip
