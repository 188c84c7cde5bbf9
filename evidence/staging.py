"""Where an import's rows are read, checked and counted before any of them enters the lake.

The stage is a compressed database in memory (spilling to the scratch space), one a run. Row
numbers are those of the file: broken lines, which the reader sets aside, are counted in between.
"""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb
from django.utils.translation import gettext as _

from evidence import lake
from evidence.errors import EvidenceError, FileError
from evidence.mapping import ParsedMapping
from evidence.mapping_sql import ACCEPTED, DUPLICATE, IGNORED, MISSING, REJECTED, Compiled
from evidence.reading import Table
from jobs.reasons import want_of

MOST_CODES = 10_000
EXAMPLES = 3
BLOCK = 64  # of SHA-256
# By what a row finds the hash of its customer: the text, or a number made of it, which is compared
# in a third of the time.
TEXT, NUMBER = "r.customer", "hash(r.customer)"


@dataclass(frozen=True)
class Counts:
    """The account of every unit (row or cell)."""

    rows: int
    accepted: int
    ignored: int
    missing: int
    duplicate: int
    rejected: int


class Stage:
    """One run's rows: the state of each, and the rest of it in one column, `r`; of a column of its
    own DuckDB would estimate how many different values it has, which costs a tenth of the reading.

    `cells` is how many units one row of the file makes.
    """

    def __init__(
        self,
        cursor: lake.Cursor,
        name: str,
        table: Table,
        mapping: ParsedMapping,
        sql: Compiled,
        limit: int | None,
    ) -> None:
        self.cursor, self.name, self.table, self.mapping, self.sql = (
            cursor, name, table, mapping, sql,
        )  # fmt: skip
        self.cells = mapping.cells_a_row
        self.limit = limit
        self.broken = 0
        self.has_others = False  # coded columns with values beside the known ones
        self.customer = TEXT  # or NUMBER

    def fill(self) -> None:
        """Reads the file: the one pass over it."""
        self.run("DROP TABLE IF EXISTS reject_errors")
        self.run("DROP TABLE IF EXISTS reject_scans")
        try:
            rows = f"SELECT state, struct_pack({self._packed()}) AS r FROM ({self.sql.select})"
            self.run(f"CREATE TABLE {self.name}.rows AS {rows}", self.sql.values)
        except duckdb.OutOfMemoryException:
            raise EvidenceError(
                _("The file needs more memory than this server gives. Split it, or ask for more.")
            ) from None
        except (duckdb.InvalidInputException, duckdb.IOException) as error:
            if reason := want_of(error):
                raise EvidenceError(reason) from None
            raise FileError(_("The file cannot be read: %s") % str(error).splitlines()[0]) from None
        self._number_broken_lines()
        self._look()

    def _packed(self) -> str:
        own = [name for name in self.sql.columns if name not in self.sql.constants]
        return ", ".join(f"{name} := {name}" for name in ["problem", *own, "aside"])

    def _look(self) -> None:
        """What counts, period and columns need to know of all rows, in one look."""
        found = self.run(
            "SELECT state, count(*), min(r.occurred_at), max(r.occurred_at), count(r.aside) "
            f"FROM {self.name}.rows r GROUP BY state"
        ).fetchall()
        self._by_state = {row[0]: row[1:] for row in found}
        self.has_others = any(row[4] and row[0] != REJECTED for row in found)

    def _number_broken_lines(self) -> None:
        """Keeps the lines that could not be split, and how far they shift the numbers after."""
        found = self.run(
            "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'reject_errors'"
        ).fetchall()
        source = (
            "SELECT line, any_value(error_type)::VARCHAR AS error, any_value(csv_line) AS text, "
            "any_value(column_idx) AS place FROM reject_errors GROUP BY line"
            if found[0][0]
            else "SELECT 0::UBIGINT AS line, '' AS error, '' AS text, 0 AS place WHERE false"
        )
        above = self.table.skip + self.table.above
        self.run(
            f"CREATE TABLE {self.name}.broken AS SELECT line + {above} AS line, error, text, "
            " row_number() OVER (ORDER BY line) AS nth, "
            f"line - {1 + (self.table.format == 'csv')} - row_number() OVER (ORDER BY line) + 1 "
            f"AS good_before FROM ({source})"
        )
        if self.limit is not None:
            self.run(f"DELETE FROM {self.name}.broken WHERE good_before >= {int(self.limit)}")
        self.broken = self.run(f"SELECT count(*) FROM {self.name}.broken").fetchall()[0][0]

    def mark_duplicates(self, *, workspace_id: int, import_id: int, came_before: bool) -> None:
        """Rows whose event id stands in the lake or earlier in the file.

        Where the same file `came_before`, rows without an id are duplicates too.
        """
        if "event_id" not in self.mapping.fields:
            return
        rows, lake_table = f"{self.name}.rows", lake.known(self.mapping.kind)
        own = f"SELECT rowid AS nth, r.event_id FROM {rows} r WHERE state = {ACCEPTED}"
        self.run(
            f"CREATE TABLE {self.name}.seen AS SELECT event_id, min(nth) AS first FROM ({own}) "
            "WHERE event_id IS NOT NULL GROUP BY event_id HAVING count(*) > 1"
        )
        self.run(
            f"CREATE TABLE {self.name}.twice AS "
            f"SELECT nth FROM ({own}) o JOIN {self.name}.seen s USING (event_id) WHERE nth > first "
            f"UNION SELECT nth FROM ({own}) o WHERE event_id IN (SELECT event_id FROM {lake_table} "
            "WHERE workspace_id = $workspace AND import_id <> $import AND event_id IS NOT NULL) "
            f"UNION SELECT nth FROM ({own}) o WHERE event_id IS NULL AND $again",
            {"workspace": workspace_id, "import": import_id, "again": came_before},
        )
        self.run(
            f"UPDATE {rows} SET state = {DUPLICATE} "
            f"WHERE rowid IN (SELECT nth FROM {self.name}.twice)"
        )
        self._look()

    def counts(self) -> Counts:
        found = {state: row[0] for state, row in self._by_state.items()}
        broken = self.broken * self.cells
        return Counts(
            rows=sum(found.values()) + broken,
            accepted=found.get(ACCEPTED, 0),
            ignored=found.get(IGNORED, 0),
            missing=found.get(MISSING, 0),
            duplicate=found.get(DUPLICATE, 0),
            rejected=found.get(REJECTED, 0) + broken,
        )

    def _column(self, name: str) -> str:
        """A column of evidence, of rows that are not rejected: of the stage, or a constant."""
        if self.has_others and name in self.sql.coded:
            nth = self.sql.coded.index(name) + 1
            return f"coalesce(CAST(r.{name} AS VARCHAR), r.aside[{nth}])"
        return self.sql.constants.get(name) or f"r.{name}"

    def codes(self, column: str) -> dict[str, int]:
        """Accepted rows by touchpoint or journey code."""
        found = self.run(
            f"SELECT {self._column(column)} AS code, count(*) FROM {self.name}.rows r "
            f"WHERE state = {ACCEPTED} AND code IS NOT NULL GROUP BY code ORDER BY code "
            f"LIMIT {MOST_CODES + 1}"
        ).fetchall()
        if len(found) > MOST_CODES:
            raise too_many_codes(column)
        return dict(found)

    def period(self) -> tuple[datetime | None, datetime | None]:
        _n, *times, _others = self._by_state.get(ACCEPTED, (0, None, None, 0))
        first, last = (value.replace(tzinfo=UTC) if value else None for value in times)
        return first, last

    def accepted(self, limit: int) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The first accepted rows as evidence: the columns that are filled, and their values."""
        columns = list(self.sql.columns)
        rows = self.run(
            f"SELECT {', '.join(map(self._column, columns))} FROM {self.name}.rows r "
            f"WHERE state = {ACCEPTED} ORDER BY r.rowid LIMIT {int(limit)}"
        ).fetchall()
        filled = [i for i, _name in enumerate(columns) if any(row[i] is not None for row in rows)]
        return [columns[i] for i in filled], [tuple(row[i] for i in filled) for row in rows]

    def hash_customers(self, secret: bytes) -> None:
        """HMAC-SHA-256 over the distinct identifiers; half of each is kept, as a UUID.

        By their numbers, two customers may have the same: then `insert_select` gives their rows
        more than once. None has that of rows without a customer.
        """
        key = secret if len(secret) <= BLOCK else hashlib.sha256(secret).digest()
        key = key.ljust(BLOCK, b"\0")
        pads = {"outer": bytes(b ^ 0x5C for b in key), "inner": bytes(b ^ 0x36 for b in key)}
        made = f"{self.name}.customers"
        self.run(
            f"CREATE OR REPLACE TABLE {made} AS SELECT {self.customer} AS key, CAST(unhex("
            "substring(sha256(CAST($outer AS BLOB) || unhex(sha256(CAST($inner AS BLOB) || "
            "encode(r.customer)))), 1, 32)) AS UUID) AS hash FROM (SELECT DISTINCT r.customer "
            f"FROM {self.name}.rows r WHERE state = {ACCEPTED} AND r.customer IS NOT NULL) r",
            pads,
        )
        nobody = self.customer.replace(TEXT, "CAST(NULL AS VARCHAR)")
        if self.run(f"SELECT 1 FROM {made} WHERE key = {nobody} LIMIT 1").fetchall():
            self.customer = TEXT
            self.hash_customers(secret)

    def insert_select(
        self, *, workspace_id: int, import_id: int, after: int = 0, by_touchpoint: bool = False
    ) -> str:
        """The accepted rows as they stand in the lake, with columns in the order of `lake_columns`.

        Row numbers begin behind `after`, for imports that come in several parts.
        """
        known = "customer" in self.mapping.fields
        told = ", ".join(
            "hash"
            if name == "customer" and known
            # As text, each row group says between which codes its own lie.
            else f"CAST({self._column(name)} AS VARCHAR)"
            if name == "touchpoint" and by_touchpoint
            else self._column(name)
            for name in self.sql.columns
        )
        line = f"{self.row()} + {self.table.first_line + int(after)}"
        source = f"{self.name}.rows r"
        if self.broken:
            line += " + coalesce(nth, 0)"
            source += f" ASOF LEFT JOIN {self.name}.broken b ON {self.row()} >= b.good_before"
        if known:
            source += f" LEFT JOIN {self.name}.customers ON key = {self.customer}"
        return (
            f"SELECT {int(workspace_id)}, {int(import_id)}, {line}, {told} FROM {source} "
            f"WHERE r.state = {ACCEPTED}"
            + (f" ORDER BY {self._column('touchpoint')}, r.occurred_at" if by_touchpoint else "")
        )

    def filled_columns(self, rows: str) -> str:
        """The same rows, without the columns that are NULL in all of them."""
        told = self.lake_columns.split(", ")
        filled = [name for name in told if not self.sql.constants.get(name, "").startswith("NULL:")]
        return f"SELECT {', '.join(filled)} FROM ({rows}) AS rows_({', '.join(told)})"

    @property
    def lake_columns(self) -> str:
        return ", ".join(["workspace_id", "import_id", "row_no", *self.sql.columns])

    def row(self) -> str:
        """The number of a row r in the file, from 0, broken lines not counted."""
        return "r.rowid" if self.cells == 1 else f"r.rowid // {self.cells}"

    def reason(self, number: int) -> str:
        """A problem in words, by its number."""
        problem = self.sql.problems[number - 1]
        return f"{problem.field}: {problem.reason}" if problem.field else problem.reason

    def run(self, statement: str, values: Mapping[str, object] | None = None) -> lake.Cursor:
        return self.cursor.execute(statement, dict(values) if values else None)


@contextmanager
def stage(
    table: Table, mapping: ParsedMapping, sql: Compiled, limit: int | None = None
) -> Iterator[Stage]:
    """A filled stage; gone, with all it held, at the end."""
    name = f"stage_{secrets.token_hex(6)}"
    with lake.cursor() as cursor:
        cursor.execute(f"ATTACH ':memory:' AS {name} (COMPRESS)")
        try:
            filled = Stage(cursor, name, table, mapping, sql, limit)
            filled.fill()
            yield filled
        finally:
            cursor.execute(f"DETACH {name}")


def too_many_codes(field: str) -> EvidenceError:
    return EvidenceError(
        _(
            "The field “%(field)s” has more than %(most)d different values. That looks "
            "like a number given to each row rather than a code. Choose another column."
        )
        % {"field": field, "most": MOST_CODES}
    )
