"""Tables in memory at which posted items are checked, set up once and lent again and again.

To plan the checks of a mapping takes DuckDB longer than to run them on some hundred items: a desk
keeps them planned. One call at a time has it; where that ended badly nobody gets it again.
"""

import json
import secrets
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import duckdb

from evidence import lake
from evidence.mapping_sql import Compiled
from evidence.sql import listed, literal

MOST_IDLE = 8
MOST_ROWS = 20_000  # then it is set up anew: what was deleted takes room, and is read past


@dataclass(eq=False)
class Desk:
    """`rows` has what `sql` makes of lines, `customers` their hashes."""

    kind: Hashable
    instance: lake.Cursor
    cursor: lake.Cursor
    name: str
    sql: Compiled
    used: int = 0

    def set_up(self) -> None:
        self.cursor.execute(f"ATTACH ':memory:' AS {self.name}")
        # In its own database names mean what they say there: none is looked for in the lake.
        self.cursor.execute(f"USE {self.name}")
        self.cursor.execute(f"CREATE TABLE rows AS {self.sql.select}", {"lines": []})
        self.cursor.execute("CREATE TABLE customers (key VARCHAR, hash UUID)")
        self.cursor.execute(f"PREPARE checks AS INSERT INTO rows {self.sql.select}")

    def take(self, lines: list[str]) -> None:
        """Lines into `rows`."""
        self.used += len(lines)
        told = listed("VARCHAR", literal(json.dumps(lines)))
        self.cursor.execute(f"EXECUTE checks(lines := {told})")

    def clear(self) -> None:
        self.cursor.execute("DELETE FROM rows")
        self.cursor.execute("DELETE FROM customers")

    def close(self) -> None:
        with suppress(duckdb.Error):
            self.cursor.execute("USE memory.main")
            self.cursor.execute(f"DETACH {self.name}")
        self.cursor.close()


_guard = threading.Lock()
_idle: list[Desk] = []  # the one used last stands last


@contextmanager
def lent(kind: Hashable, compiled: Callable[[], Compiled]) -> Iterator[Desk]:
    """A desk for what `kind` says, for one thread; `compiled` tells its checks where it is new."""
    desk = _found(kind) or _new(kind, compiled())
    try:
        yield desk
        desk.clear()
    except BaseException:
        desk.close()
        raise
    _back(desk)


@lake.before_closing
def close_all() -> None:
    """Nothing idle holds the lake's instance."""
    with _guard:
        desks, _idle[:] = list(_idle), []
    for desk in desks:
        desk.close()


def _new(kind: Hashable, sql: Compiled) -> Desk:
    instance = lake.instance()
    desk = Desk(kind, instance, instance.cursor(), f"desk_{secrets.token_hex(6)}", sql)
    try:
        desk.set_up()
    except BaseException:
        desk.close()
        raise
    return desk


def _found(kind: Hashable) -> Desk | None:
    instance = lake.instance()
    with _guard:
        stale = [desk for desk in _idle if desk.instance is not instance]
        same = [desk for desk in _idle if desk.instance is instance and desk.kind == kind]
        found = same[-1] if same else None
        _idle[:] = [desk for desk in _idle if desk not in stale and desk is not found]
    for desk in stale:
        desk.close()
    return found


def _back(desk: Desk) -> None:
    with _guard:
        _idle.append(desk)
        surplus = _idle[:-MOST_IDLE] if desk.used < MOST_ROWS else [desk]
        _idle[:] = [each for each in _idle if each not in surplus]
    for each in surplus:
        each.close()
