"""Some thousand items at most, checked like the rows of any file, in few and cheap statements."""

import hmac
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from evidence import desks
from evidence.desks import Desk
from evidence.mapping_document import parse
from evidence.mapping_sql import ACCEPTED, DUPLICATE, IGNORED, MISSING, REJECTED, Compiled, Compiler
from evidence.metrics import Scale
from evidence.models import Import
from evidence.sql import Literals, elements
from evidence.staging import MOST_CODES, Counts, Stage, too_many_codes
from evidence.table import Table

TOLD = ("event_id", "touchpoint", "journey", "occurred_at", "customer")


class PostedRows(Stage):
    """A stage that is filled from memory, and whose account is made from rows at hand."""

    begins: int

    def fill_from(self, desk: Desk, lines: Sequence[Mapping[str, Any]]) -> None:
        desk.take([json.dumps(line) for line in lines])
        columns = ", ".join(self._column(name) for name in TOLD)
        found = self.run(
            f"SELECT rowid, state, problem, {columns} FROM {self.name}.rows r ORDER BY r.rowid"
        ).fetchall()
        self.begins = found[0][0] if found else 0
        self.states = [row[1] for row in found]
        self._problems = [row[2] for row in found]
        self._told = {name: [row[i] for row in found] for i, name in enumerate(TOLD, start=3)}
        for name in ("touchpoint", "journey"):
            if len(self.codes(name)) > MOST_CODES:
                raise too_many_codes(name)

    def mark_known(self, known: Callable[[list[str]], set[str]]) -> None:
        """Duplicates: rows whose event id is known, or stands earlier among these."""
        ids = self._told["event_id"]
        mine = [i for i in self._accepted() if ids[i] is not None]
        seen, doubled = known([ids[i] for i in mine]), []
        for i in mine:
            if ids[i] in seen:
                self.states[i] = DUPLICATE
                doubled.append(i)
            seen.add(ids[i])
        if doubled:
            self.run(
                f"UPDATE {self.name}.rows SET state = {DUPLICATE} "
                f"WHERE rowid IN (SELECT {elements('BIGINT', 'doubled')})",
                {"doubled": json.dumps([self.begins + i for i in doubled])},
            )

    def event_ids(self) -> list[str]:
        """Of the accepted rows."""
        ids = self._told["event_id"]
        return [ids[i] for i in self._accepted() if ids[i] is not None]

    def hash_customers(self, secret: bytes) -> None:
        """HMAC-SHA-256; half of each is kept, as a UUID."""
        customers = {self._told["customer"][i] for i in self._accepted()} - {None}
        if customers:
            hashes = [hmac.digest(secret, c.encode(), "sha256").hex()[:32] for c in customers]
            self.run(
                f"INSERT INTO {self.name}.customers SELECT {elements('VARCHAR', 'customers')}, "
                f"{elements('UUID', 'hashes')}",
                {"customers": json.dumps(list(customers)), "hashes": json.dumps(hashes)},
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

    def row(self) -> str:
        own = f"r.rowid - {self.begins}"  # others were at the desk before
        return f"({own})" if self.cells == 1 else f"({own}) // {self.cells}"

    def _accepted(self) -> list[int]:
        return [i for i, state in enumerate(self.states) if state == ACCEPTED]


@contextmanager
def checked(
    joined: Import, scales: dict[str, Scale], lines: Sequence[Mapping[str, Any]]
) -> Iterator[PostedRows]:
    """The lines, read and checked by the import's mapping, whose columns they all have."""
    columns = list(dict.fromkeys(name for line in lines for name in line))
    table = Table(format="lines", path=Path(), columns=columns)
    workspace, mapping = joined.workspace, parse(joined.mapping, metrics=scales)
    # A minute more at most: so the checks need not be planned for every second anew.
    latest = f"{timezone.now() + timedelta(days=1, minutes=1):%Y-%m-%d %H:%M:00}"

    def compiled() -> Compiled:
        compiler = Compiler(mapping, table, scales, workspace.timezone, Literals())
        compiler.latest = latest
        return compiler.compile()

    document = json.dumps(joined.mapping, sort_keys=True)
    known = tuple(sorted(scales.items()))
    kind = (document, tuple(columns), known, workspace.timezone, latest, get_language())
    with desks.lent(kind, compiled) as desk:
        rows = PostedRows(desk.cursor, desk.name, table, mapping, desk.sql, None)
        rows.fill_from(desk, lines)
        yield rows
