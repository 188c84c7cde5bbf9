"""A journey's rows at hand: copied from the lake into memory once, and asked in any scope.

Whoever looks for something tries one filter after the other on the same journey, so a process keeps
the copy (copying.py) for the next. It is of one revision of the evidence and ends with it, so it
counts what the lake would count.
"""

import itertools
import logging
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings

from evidence import lake
from evidence.copying import Key, copy_rows, empty_in, key_of
from evidence.pinning import pinned
from evidence.question import Question

log = logging.getLogger(__name__)

ROW_BYTES = 200  # measured: 192
SHARE = 0.25  # of what the lake may take of memory
KEPT_S = 600.0  # unasked for, at the latest
LOOK_AGAIN_S = 60.0

DATABASE = "at_hand"  # in memory, beside the lake in its instance


@dataclass
class Copy:
    """`name` of its schema; "" where the journey has too many rows. `rows`: of each table, and of
    `responses` those about the journey as a whole apart (OUTCOME)."""

    revision: int
    snapshot: int
    name: str = ""
    rows: Mapping[str, int] = field(default_factory=dict)
    asking: int = 0
    asked_at: float = 0.0

    @property
    def count(self) -> int:
        return sum(self.rows.values())

    @property
    def empty(self) -> list[str]:
        return empty_in(self.rows)


class Shelf:
    """The copies in one instance of the lake; those not asked for longest go first."""

    def __init__(self, instance: lake.Cursor) -> None:
        self._instance = weakref.ref(instance)
        self._copies: OrderedDict[Key, Copy] = OrderedDict()
        self._ended: list[Copy] = []  # dropped once nobody asks them any more
        self._lock = threading.RLock()
        self._loading: dict[Key, threading.Lock] = {}
        self._numbers = itertools.count()
        self._is_watched = False
        with instance.cursor() as own:
            own.execute(f"ATTACH ':memory:' AS {DATABASE}")

    @contextmanager
    def copy(
        self, question: Question, revision: int, check: Callable[[], None]
    ) -> Iterator[Copy | None]:
        key = key_of(question)
        found = self._taken(key, revision)
        if found is None:
            with self._lock:
                loading = self._loading.setdefault(key, threading.Lock())
            with loading:  # whoever asks meanwhile waits for the same copy
                found = self._taken(key, revision) or self._load(key, question, check)
        try:
            yield found if found.name else None
        finally:
            with self._lock:
                found.asking -= 1
            self._tidy()

    def _taken(self, key: Key, revision: int) -> Copy | None:
        with self._lock:
            found = self._copies.get(key)
            if found is None or found.revision < revision:
                return None
            self._copies.move_to_end(key)
            found.asking += 1
            found.asked_at = time.monotonic()
            return found

    def _load(self, key: Key, question: Question, check: Callable[[], None]) -> Copy:
        with pinned(question.workspace_id, check) as seen:
            made = Copy(seen.revision, seen.snapshot, asking=1, asked_at=time.monotonic())
            name = f"copy_{next(self._numbers)}"
            seen.cursor.execute(f"CREATE SCHEMA {DATABASE}.{name}")
            rows = copy_rows(seen, f"{DATABASE}.{name}", question)
            if rows is None:
                seen.cursor.execute(f"DROP SCHEMA {DATABASE}.{name}")
            else:
                made.name, made.rows = name, rows
        with self._lock:
            for other, one in list(self._copies.items()):
                if other == key or (other[0] == key[0] and one.revision < made.revision):
                    self._end(other)
            self._copies[key] = made
            self._loading.pop(key, None)
        return made

    def _end(self, key: Key) -> None:
        self._ended.append(self._copies.pop(key))

    def _tidy(self) -> None:
        """Ends what nobody asked for a while, and what is too much; drops what has ended."""
        with self._lock:
            too_many = sum(one.count for one in self._copies.values()) - _most_rows()
            for key, one in list(self._copies.items()):
                if too_many > 0 or time.monotonic() - one.asked_at >= KEPT_S - LOOK_AGAIN_S:
                    self._end(key)
                    too_many -= one.count
            gone = [one for one in self._ended if not one.asking]
            self._ended = [one for one in self._ended if one.asking]
            if self._copies and not self._is_watched:
                self._is_watched = True
                threading.Thread(target=self._watch, daemon=True).start()
        instance = self._instance()
        for one in gone:
            if one.name and instance is not None:
                with instance.cursor() as own:
                    own.execute(f"DROP SCHEMA {DATABASE}.{one.name} CASCADE")

    def _watch(self) -> None:
        """Where nobody asks again, what was erased meanwhile must not stay in memory."""
        time.sleep(LOOK_AGAIN_S)
        self._is_watched = False
        self._tidy()


_shelves: weakref.WeakKeyDictionary[lake.Cursor, Shelf] = weakref.WeakKeyDictionary()
_making = threading.Lock()


@contextmanager
def rows_at_hand(
    question: Question, revision: int, check: Callable[[], None] = lambda: None
) -> Iterator[tuple[lake.Cursor, Copy] | None]:
    """A cursor that stands in a copy of the journey's rows, of `revision` or a later one.

    None where there are too many. `check` is called while waiting and may raise.
    """
    instance = lake.instance()
    with _making:
        shelf = _shelves.get(instance)
        if shelf is None:
            shelf = _shelves[instance] = Shelf(instance)
    try:
        with shelf.copy(question, revision, check) as copy:
            if copy is None:
                yield None
                return
            with instance.cursor() as cursor:
                cursor.execute(f"USE {DATABASE}.{copy.name}")
                yield cursor, copy
    except lake.Error as error:
        raise lake.LakeError(f"The journey's rows cannot be read: {error}") from error


def _most_rows() -> int:
    return int(settings.LAKE_MEMORY_MB * 2**20 * SHARE / ROW_BYTES)
