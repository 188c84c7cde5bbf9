"""Calls that come at the same time are kept together, by one of them, in one commit for all.

Who comes while nobody of its kind is at work begins at once. Who comes meanwhile waits in line;
when the work is done, the first in line does it for everybody who stands there. So a single call
waits for nothing, and many at once share what a commit costs.
"""

import threading
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

MOST_AT_ONCE = 10_000


@dataclass
class Call:
    """What somebody wants kept: `size` of it counts. It ends with an answer, or with an error."""

    asked: Any
    size: int = 1
    answer: Any = None
    error: BaseException | None = None
    _woken: threading.Event = field(default_factory=threading.Event)

    @property
    def has_ended(self) -> bool:
        return self.answer is not None or self.error is not None


Taking = Callable[[], list[Call]]
_guard = threading.Lock()
_lines: dict[Hashable, deque[Call]] = {}  # whoever stands first in a line is at work


def together(kind: Hashable, call: Call, keep: Callable[[Taking], None]) -> Any:
    """The call's answer, or its error raised.

    `keep` is called by one of the waiting, with a function that tells all whose turn it is, at
    the moment it is called; each of them must have its answer at the end.
    """
    with _guard:
        line = _lines.setdefault(kind, deque())
        line.append(call)
        is_first = len(line) == 1
    if not is_first:
        call._woken.wait()
    if not call.has_ended:
        _work(kind, line, keep)
    if call.error is not None:
        raise call.error
    return call.answer


def _work(kind: Hashable, line: deque[Call], keep: Callable[[Taking], None]) -> None:
    taken: list[Call] = []

    def taking() -> list[Call]:
        with _guard:
            size = 0
            for call in line:
                size += call.size
                if taken and size > MOST_AT_ONCE:
                    break
                taken.append(call)
        return taken

    try:
        keep(taking)
    except BaseException as error:
        for call in taken or taking():
            call.error = call.error if call.has_ended else error
    finally:
        with _guard:
            for _call in taken:
                line.popleft()
            if line:
                line[0]._woken.set()
            else:
                del _lines[kind]
        for call in taken:
            call._woken.set()
