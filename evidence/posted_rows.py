"""Some thousand items at most, checked like the rows of any file, in few and cheap statements."""

import json
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evidence import lake
from evidence.mapping import ParsedMapping
from evidence.mapping_sql import ACCEPTED, DUPLICATE, IGNORED, MISSING, REJECTED, Compiler
from evidence.metrics import scales_of
from evidence.models import Import
from evidence.staging import MOST_CODES, Counts, Stage, too_many_codes
from evidence.table import Table

TOLD = ("event_id", "touchpoint", "journey", "occurred_at")


class PostedRows(Stage):
    """A stage that is filled from memory, and whose account is made from rows at hand."""

    def fill_from(self, lines: Sequence[Mapping[str, Any]]) -> None:
        # In its own database names mean what they say there: none is looked for in the lake.
        self._run(f"USE {self.name}")
        told = {**self.sql.values, "lines": [json.dumps(line) for line in lines]}
        self._run(f"CREATE TABLE {self.name}.rows AS {self.sql.select}", told)
        columns = ", ".join(self._column(name) for name in TOLD)
        found = self._run(
            f"SELECT state, problem, {columns} FROM {self.name}.rows r ORDER BY r.rowid"
        ).fetchall()
        self.states = [row[0] for row in found]
        self._problems = [row[1] for row in found]
        self._told = {name: [row[i] for row in found] for i, name in enumerate(TOLD, start=2)}
        for name in ("touchpoint", "journey"):
            if len(self.codes(name)) > MOST_CODES:
                raise too_many_codes(name)

    def mark_known(self, workspace_id: int) -> None:
        """Duplicates: rows whose event id stands in the lake, or earlier among these."""
        ids = self._told["event_id"]
        mine = [i for i in self._accepted() if ids[i] is not None]
        if not mine:
            return
        found = self._run(
            f"SELECT DISTINCT event_id FROM lake.main.{lake.known(self.mapping.kind)} "
            "WHERE workspace_id = $workspace AND event_id IN (SELECT unnest($ids))",
            {"workspace": workspace_id, "ids": [ids[i] for i in mine]},
        ).fetchall()
        seen, doubled = {event_id for (event_id,) in found}, []
        for i in mine:
            if ids[i] in seen:
                self.states[i] = DUPLICATE
                doubled.append(i)
            seen.add(ids[i])
        if doubled:
            self._run(
                f"UPDATE {self.name}.rows SET state = {DUPLICATE} "
                "WHERE rowid IN (SELECT unnest($doubled))",
                {"doubled": doubled},
            )

    def counts(self) -> Counts:
        n = Counter(self.states)
        return Counts(
            len(self.states), n[ACCEPTED], n[IGNORED], n[MISSING], n[DUPLICATE], n[REJECTED]
        )

    def codes(self, column: str) -> dict[str, int]:
        told = self._told[column]
        return dict(sorted(Counter(told[i] for i in self._accepted() if told[i]).items()))

    def period(self) -> tuple[datetime | None, datetime | None]:
        times = [self._told["occurred_at"][i].replace(tzinfo=UTC) for i in self._accepted()]
        return min(times, default=None), max(times, default=None)

    def verdicts(self) -> list[tuple[int, str]]:
        return [
            (state, self.reason(problem) if problem else "")
            for state, problem in zip(self.states, self._problems, strict=True)
        ]

    def _accepted(self) -> list[int]:
        return [i for i, state in enumerate(self.states) if state == ACCEPTED]


@contextmanager
def checked(
    joined: Import, mapping: ParsedMapping, lines: Sequence[Mapping[str, Any]]
) -> Iterator[PostedRows]:
    """The lines, read and checked by the import's mapping, whose columns they all have."""
    columns = list(dict.fromkeys(name for line in lines for name in line))
    table = Table(format="lines", path=Path(), columns=columns)
    workspace = joined.workspace
    sql = Compiler(mapping, table, scales_of(workspace), workspace.timezone).compile()
    name = f"posted_{secrets.token_hex(6)}"
    with lake.cursor() as cursor:
        cursor.execute(f"ATTACH ':memory:' AS {name}")
        try:
            rows = PostedRows(cursor, name, table, mapping, sql, None)
            rows.fill_from(lines)
            yield rows
        finally:
            cursor.execute("USE memory.main")
            cursor.execute(f"DETACH {name}")
