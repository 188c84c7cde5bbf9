"""PostgreSQL advisory locks that keep appends, deletes and upkeep of the lake apart.

Appends never conflict with appends, but deletes and compaction conflict with inserts and are not
retried by DuckLake: so appends take a table's lock shared, the others exclusively. The locks
belong to a connection of their own: they hold across transactions and fall with the process.
"""

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import DatabaseError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.errors import LockNotAvailable

LOOK_AGAIN_S = 0.05
MOST_IDLE = 2  # connections kept between uses
QUEUED_MS = 250  # then whoever waits in the queue looks whether it should stop


class Lock(NamedTuple):
    name: str
    shared: bool = False
    queued: bool = False  # in PostgreSQL's own queue, first come first served

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


def changing(workspace_id: int) -> Lock:
    """Held over the lake's commit and ours: nobody reads between the two (commits.py)."""
    return Lock(f"evidence {workspace_id}", shared=True, queued=True)


def at_rest(workspace_id: int) -> Lock:
    """Whoever has it finds the workspace's evidence between no two commits of a living writer."""
    return Lock(f"evidence {workspace_id}", queued=True)


_guard = threading.Lock()
_idle: list[tuple[tuple[int, str], BaseDatabaseWrapper]] = []

Take = Callable[[Lock], None]


@contextmanager
def held(*locks: Lock, check: Callable[[], None] = lambda: None) -> Iterator[Take]:
    """Holds the locks, taken in this order; `check` is called while waiting and may raise.

    Gives the function that takes one more, held until the end like the others.
    """
    own = _connection()

    def take(lock: Lock) -> None:
        while not (_queued(own, lock) if lock.queued else _tried(own, lock)):
            check()

    try:
        for lock in locks:
            take(lock)
        yield take
    except BaseException:
        own.close()
        raise
    _give_back(own)


def close_idle() -> None:
    """Lets go of the connections kept for the next who needs a lock."""
    with _guard:
        idle, _idle[:] = list(_idle), []
    for _key, own in idle:
        own.close()


def _connection() -> BaseDatabaseWrapper:
    """One that nobody uses just now, or a new one: to make one costs more than the locks."""
    with _guard:
        mine = [kept for kept in _idle if kept[0] == _key()]
        if mine:
            _idle.remove(mine[-1])
    if mine:
        if mine[-1][1].is_usable():
            return mine[-1][1]
        mine[-1][1].close()
    own = connections.create_connection("default")
    own.inc_thread_sharing()
    with own.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {QUEUED_MS}")
    return own


def _give_back(own: BaseDatabaseWrapper) -> None:
    """Its locks fall here, or with the connection."""
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
    except DatabaseError:
        own.close()
        return
    with _guard:
        if len(_idle) < MOST_IDLE:
            _idle.append((_key(), own))
            return
    own.close()


def _key() -> tuple[int, str]:
    return os.getpid(), str(connections["default"].settings_dict["NAME"])


def _tried(own: BaseDatabaseWrapper, lock: Lock) -> bool:
    shared = "_shared" if lock.shared else ""
    with own.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock{shared}(%s)", [lock.key])
        if cursor.fetchone()[0]:
            return True
    time.sleep(LOOK_AGAIN_S)
    return False


def _queued(own: BaseDatabaseWrapper, lock: Lock) -> bool:
    shared = "_shared" if lock.shared else ""
    with own.cursor() as cursor:
        try:
            cursor.execute(f"SELECT pg_advisory_lock{shared}(%s)", [lock.key])
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                return False
            raise
    return True
