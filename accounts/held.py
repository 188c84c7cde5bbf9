"""Values made of some rows, kept in this process for as long as these rows stay (kept.py).

One query for the versions of the rows takes the place of the many that read them. What is kept is
shared by all who ask: nobody may change it.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from django.utils.translation import get_language

from accounts.kept import Watched

MOST = 500
T = TypeVar("T")


class Held(Generic[T]):
    """At most `most` of them; those that were not asked for longest go first."""

    def __init__(self, watched: Watched, most: int = MOST) -> None:
        self.watched, self._most = watched, most
        self._kept: OrderedDict[tuple[Any, ...], tuple[str, T]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, values: Mapping[str, Any], make: Callable[[], T]) -> T:
        """`values`: of the watched rows' SQL; with the language they name what is made."""
        _snapshot, stamp = self.watched.stamp(values)
        key = (get_language(), *sorted(values.items()))
        with self._lock:
            found = self._kept.get(key)
            if found is not None and found[0] == stamp:
                self._kept.move_to_end(key)
                return found[1]
        made = make()
        with self._lock:
            self._kept[key] = stamp, made
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made
