"""A mapping: how the columns of any table become evidence (docs/evidence.md)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from evidence.errors import MappingError
from evidence.mapping_words import (
    did_you_mean,
)
from evidence.models import Kind

CODES = ("journey", "channel", "segment", "unit", "case_id", "event_id", "customer", "agent")
COMMON = ("occurred_at", "touchpoint", *CODES[:-1])
FIELDS: dict[str, tuple[str, ...]] = {
    Kind.RESPONSES: (*COMMON, "metric", "score", "comment", "weight"),
    Kind.WAITS: (*COMMON, "wait_s", "service_s", "outcome", "agent"),
    Kind.INTERACTIONS: (*COMMON, "outcome", "ended_at", "agent"),
}
NEEDED = {
    Kind.RESPONSES: ("occurred_at",),
    Kind.WAITS: ("occurred_at", "touchpoint", "wait_s"),
    Kind.INTERACTIONS: ("occurred_at", "touchpoint"),
}
TIMES = ("occurred_at", "ended_at")
DURATIONS = ("wait_s", "service_s")
# A duration may be written as 1:02:03 (clock), or be the time from one column to the next.
CLOCK, BETWEEN = "clock", "between"
MS = {"ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000, CLOCK: 1_000, BETWEEN: 1_000}
OUTCOMES = ("served", "abandoned")
MOST_HEADER, MOST_SKIPPED = 5, 20  # lines


@dataclass(frozen=True)
class Read:
    """How the file is to be read; empty where that is found out from the file."""

    delimiter: str = ""
    encoding: str = ""
    quote: str = ""
    sheet: str = ""
    header: int | None = None  # how many lines name the columns
    skip: int | None = None  # lines above them
    decimal: str = ""  # the sign before decimals, where it cannot be told number by number
    case: str = ""  # the type of object that is the case, in an OCEL

    def told(self) -> dict[str, str | int]:
        """What is told, as in a mapping's JSON."""
        return {name: value for name, value in vars(self).items() if value not in ("", None)}


@dataclass(frozen=True)
class Field:
    """Where one fact comes from: columns joined by a space, or a constant value."""

    columns: tuple[str, ...] = ()
    value: str | None = None
    renames: Mapping[str, str | None] = field(default_factory=dict)  # None drops the row
    otherwise: str = "keep"
    missing: tuple[str, ...] = ()
    unit: str = "s"
    format: str = ""
    timezone: str = ""

    @property
    def is_constant(self) -> bool:
        return not self.columns

    @property
    def is_plain(self) -> bool:
        """Whether a cell's own text is the value."""
        return len(self.columns) == 1 and not self.renames and not self.missing


@dataclass(frozen=True)
class Answer:
    """A column that holds the answers to one question."""

    score: Field
    touchpoint: str | None = None
    journey: str | None = None
    metric: str | None = None
    comment: str | None = None  # the column with the words beside the score

    @property
    def column(self) -> str:
        return self.score.columns[0]


@dataclass(frozen=True)
class ParsedMapping:
    kind: str
    read: Read
    fields: Mapping[str, Field]
    answers: tuple[Answer, ...] = ()
    ignore: tuple[Mapping[str, tuple[str, ...]], ...] = ()

    @property
    def unit(self) -> str:
        """What is counted: rows, or cells (row × question)."""
        return "cells" if self.answers else "rows"

    @property
    def cells_a_row(self) -> int:
        return len(self.answers) or 1

    @property
    def columns(self) -> list[str]:
        """All columns it names, each once."""
        named = [c for f in self.fields.values() for c in f.columns]
        named += [c for a in self.answers for c in (a.column, a.comment or a.column)]
        named += [c for entry in self.ignore for c in entry]
        return list(dict.fromkeys(named))


def check_columns(mapping: ParsedMapping, columns: list[str], repeated: Iterable[str] = ()) -> None:
    """Refuses a mapping that names columns the file does not have, or has twice."""
    for name in mapping.columns:
        if name in repeated:
            raise MappingError(
                _(
                    "The column “%(name)s” stands in the file more than once, so it is not clear "
                    "which one is meant. Give each column a name of its own."
                )
                % {"name": name},
                name,
            )
        if name not in columns:
            shown = ", ".join(f"“{c[:60]}”" for c in columns[:30]) + (
                " …" if len(columns) > 30 else ""
            )
            raise MappingError(
                _("The file has no column “%(name)s”.%(hint)s Its columns are: %(columns)s.")
                % {"name": name, "hint": did_you_mean(name, columns), "columns": shown},
                name,
            )
