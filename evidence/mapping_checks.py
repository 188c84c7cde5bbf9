"""When a row is rejected: the checks every row goes through, in order, first one wins."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from evidence import field_sql, quick_sql
from evidence.field_sql import FieldSql, Problems
from evidence.mapping import BETWEEN, CLOCK, CODES, DURATIONS, TIMES, ParsedMapping
from evidence.metrics import Scale
from evidence.models import Kind
from evidence.reading import Table
from evidence.sql import Binder

LONGEST_CODE = 500
LONGEST_COMMENT = 20_000


@dataclass
class RowChecks:
    mapping: ParsedMapping
    table: Table
    scales: Mapping[str, Scale]
    fields: Mapping[str, FieldSql]
    bind: Binder
    latest: str
    problems: Problems
    # Fields with an e_<name>, NULL where the value is not one of these known ones.
    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    quick: Collection[str] = ()  # those of them whose e_<name> was read from the cell itself

    def add_all(self) -> None:
        self._check_broken()
        self._check_times()
        self._check_codes()
        if self.mapping.kind == Kind.WAITS:
            self._check_waits()
        elif self.mapping.kind == Kind.INTERACTIONS:
            self._check_interactions()
        else:
            self._check_responses()

    def _v(self, name: str) -> str:
        """A field's value, NULL where the mapping does not have it."""
        return f"v_{name}" if name in self.fields else "NULL"

    def _add(self, condition: str, name: str, reason: str, look: str = "") -> None:
        given = self.mapping.fields.get(name)
        self.problems.add(condition, name, given.columns if given else (), reason, look)

    def _check_broken(self) -> None:
        if self.table.format == "jsonl":
            self._add("broken IS NOT NULL", "", _("not a JSON object"))
        for name, each in self.fields.items():
            if each.unknown:
                look = f"e_{name} IS NULL" if name in self.quick else ""
                self._add(each.unknown, name, _("not among the values the mapping knows"), look)

    def _check_times(self) -> None:
        for name in TIMES:
            if name not in self.fields:
                continue
            if name == "occurred_at":
                self._add(f"v_{name} IS NULL", name, _("no time"), look=f"n_{name} IS NULL")
            pattern = _pattern(self.mapping.fields[name].format)
            self._add(
                f"v_{name} IS NOT NULL AND n_{name} IS NULL",
                name,
                _("not a time; expected was %s") % pattern,
                look=f"n_{name} IS NULL" if name == "occurred_at" else "",
            )
            self._add(f"n_{name} < {field_sql.EARLIEST}", name, _("a time before 1970"))
            self._add(
                f"n_{name} > CAST({self.bind(self.latest)} AS TIMESTAMP)",
                name,
                _("a time in the future"),
            )
        if "ended_at" in self.fields:
            self._add("u_ended_at < u_occurred_at", "ended_at", _("ends before it begins"))

    def _check_codes(self) -> None:
        for name in ("touchpoint", *CODES):
            if name not in self.fields:
                continue
            if name == "touchpoint" and self.mapping.kind != Kind.RESPONSES:
                self._add("v_touchpoint IS NULL", name, _("no touchpoint"))
            if not self.mapping.fields[name].is_constant:
                new = f"e_{name} IS NULL AND v_{name} IS NOT NULL" if name in self.codes else ""
                self._add(
                    f"strlen(v_{name}) > {LONGEST_CODE} AND length(v_{name}) > {LONGEST_CODE}",
                    name,
                    _("longer than %d characters") % LONGEST_CODE,
                    look=new or f"strlen(v_{name}) > {LONGEST_CODE}",
                )
                self._add(f"contains(v_{name}, chr(0))", name, _("holds a NUL character"), look=new)

    def _check_waits(self) -> None:
        for name in DURATIONS:
            if name not in self.fields:
                continue
            if name == "wait_s":
                self._add("v_wait_s IS NULL", name, _("no waiting time"))
            ms = field_sql.milliseconds(name, self.mapping.fields[name])
            look = f"m_{name} IS NULL AND v_{name} IS NOT NULL"
            self._add(
                f"v_{name} IS NOT NULL AND (d_{name} IS NULL OR NOT isfinite(d_{name}))",
                name,
                _not_read(self.mapping.fields[name].unit),
                look,
            )
            self._add(f"d_{name} < 0", name, _("a negative time"), look)
            self._add(f"{ms} > {field_sql.LONGEST_MS}", name, _("longer than ten years"), look)
        if "outcome" in self.fields:
            self._add(
                "v_outcome IS NULL OR v_outcome NOT IN ('served', 'abandoned')",
                "outcome",
                _("neither served nor abandoned"),
                look="e_outcome IS NULL" if "outcome" in self.codes else "",
            )

    def _check_interactions(self) -> None:
        self._add(
            f"{self._v('customer')} IS NULL AND {self._v('case_id')} IS NULL",
            "customer",
            _("neither a customer nor a case id"),
        )

    def _check_responses(self) -> None:
        if "weight" in self.fields:
            self._add("v_weight IS NULL", "weight", _("no weight"))
            self._add("d_weight IS NULL OR NOT isfinite(d_weight)", "weight", _("not a number"))
            self._add(
                # Weight 0 is how surveys mark answers that stand for nobody. Weights that would
                # become 0 by rounding are a mistake.
                "d_weight < 0 OR (d_weight > 0 AND d_weight < 1e-9) OR d_weight >= 1e7",
                "weight",
                _("a weight must be 0, or from 0.000000001 to below 10,000,000"),
            )
        metric = self.mapping.fields.get("metric")
        if metric is not None and not metric.is_constant:
            self._add(
                "v_metric IS NULL",
                "metric",
                _("not a known metric; known are %s") % ", ".join(sorted(self.scales)),
                look="e_metric IS NULL" if "metric" in self.codes else "",
            )
        if not self.mapping.answers:
            self._check_answer()

    def _check_answer(self) -> None:
        """One row, one answer."""
        self._add(
            f"{self._v('touchpoint')} IS NULL AND {self._v('journey')} IS NULL",
            "touchpoint",
            _("neither a touchpoint nor a journey"),
        )
        if "comment" in self.fields:
            self._add(
                f"length(v_comment) > {LONGEST_COMMENT}",
                "comment",
                _("longer than %d characters") % LONGEST_COMMENT,
            )
        self._add(
            f"{self._v('score')} IS NULL AND {self._v('comment')} IS NULL",
            "score" if "score" in self.fields else "comment",
            _("neither a score nor a comment"),
        )
        if "score" in self.fields:
            self._add("v_score IS NOT NULL AND d_score IS NULL", "score", _("not a number"))
            self._check_scales()

    def _check_scales(self) -> None:
        given = self.mapping.fields["metric"]
        known = self.codes.get("metric", ())
        for code, scale in self.scales.items():
            if not given.is_constant or given.value == code:
                off = field_sql.is_off_scale("d_score", scale)
                look = "e_metric IS NULL" if known else ""
                if code in known:
                    look = f"e_metric = {quick_sql.code(code, known)} AND {off}"
                told = field_sql.off_scale(scale)
                self._add(f"v_metric = {self.bind(code)} AND {off}", "score", told, look)


def _pattern(format: str) -> str:
    """What a time should have looked like."""
    return {
        "": _("a time such as 2025-03-31 14:05:00"),
        "excel": _("a spreadsheet's number of a day, such as 45747.5868"),
        "unix": _("seconds since 1970, such as 1743429900"),
        "unix_ms": _("milliseconds since 1970, such as 1743429900000"),
    }.get(format, format)


def _not_read(unit: str) -> str:
    return {
        CLOCK: _("not a duration such as 1:02:03"),
        BETWEEN: _("one of the two times is missing or cannot be read"),
    }.get(unit, _("not a number"))
