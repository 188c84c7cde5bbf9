"""Long work in the background lets others go first.

Linux has a niceness for each thread. Back to the old one takes a right that not every process has
(CAP_SYS_NICE, or RLIMIT_NICE at 20 and more); who lacks it stays as it is.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

BEHIND = 5  # steps of niceness: a third of the processor where others want the rest
THREADS = Path("/proc/self/task")


_guard = threading.Lock()
_behind: list[int] = []  # the niceness from before, once for each that is behind


@contextmanager
def behind_others() -> Iterator[None]:
    """For as long, this process's threads, and those they start, come after other processes'.

    Of several at once the first goes behind, and the last comes back.
    """
    if not _may_return():
        yield
        return
    with _guard:
        if not _behind:
            _behind.append(os.getpriority(os.PRIO_PROCESS, 0))
            _set(_behind[0] + BEHIND)
        else:
            _behind.append(_behind[0])
    try:
        yield
    finally:
        with _guard:
            before = _behind.pop()
            if not _behind:
                _set(before)


@cache
def _may_return() -> bool:
    """Tried on a thread of its own, which may stay behind."""
    returned = []

    def try_it() -> None:
        before = os.getpriority(os.PRIO_PROCESS, 0)
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, before + 1)
            os.setpriority(os.PRIO_PROCESS, 0, before)
            returned.append(True)

    if THREADS.is_dir():
        thread = threading.Thread(target=try_it)
        thread.start()
        thread.join()
    return bool(returned)


def _set(niceness: int) -> None:
    for thread in THREADS.iterdir():
        with suppress(OSError):  # one that has ended meanwhile
            os.setpriority(os.PRIO_PROCESS, int(thread.name), niceness)
