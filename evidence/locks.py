"""PostgreSQL advisory locks that keep appends, deletes and upkeep of the lake apart.

Appends never conflict with appends, but deletes and compaction conflict with inserts and are not
retried by DuckLake: so appends take a table's lock shared, the others exclusively. The locks
belong to a connection of their own: they hold across transactions and fall with the process.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connections


class Lock(NamedTuple):
    name: str
    shared: bool = False

    @property
    def key(self) -> int:
        digest = hashlib.blake2b(f"touchline {self.name}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big", signed=True)


def initialising() -> Lock:
    """One process at a time makes the catalogue."""
    return Lock("lake catalogue")


def importing(import_id: int) -> Lock:
    """One attempt at a time works on an import."""
    return Lock(f"import {import_id}")


def event_ids(workspace_id: int, kind: str) -> Lock:
    """Whoever looks for known event ids keeps others from adding some meanwhile."""
    return Lock(f"event ids {workspace_id} {kind}")


def post_key(workspace_id: int, name: str) -> Lock:
    """One call at a time with the same key."""
    return Lock(f"post key {workspace_id} {name}")


def pulling(pull_id: int) -> Lock:
    """One look into a folder at a time."""
    return Lock(f"pull {pull_id}")


def upkeep() -> Lock:
    """One upkeep at a time."""
    return Lock("lake upkeep")


def appending(table: str) -> Lock:
    return Lock(f"lake table {table}", shared=True)


def rewriting(table: str) -> Lock:
    """For deletes, erasure and compaction."""
    return Lock(f"lake table {table}")


@contextmanager
def held(*locks: Lock, check: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Holds the locks, taken in this order; `check` is called while waiting and may raise."""
    own = connections.create_connection("default")
    try:
        with own.cursor() as cursor:
            for lock in locks:
                shared = "_shared" if lock.shared else ""
                while True:
                    cursor.execute(f"SELECT pg_try_advisory_lock{shared}(%s)", [lock.key])
                    if cursor.fetchone()[0]:
                        break
                    check()
                    time.sleep(0.05)
            yield
    finally:
        own.close()
