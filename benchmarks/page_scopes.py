"""Filters that nobody asked for before: a journey's numbers counted afresh from the rows.

What is timed is from the click until the new numbers are there, as the browser asks for them: the
parts of the page that are others then and are in sight, of four people twice the figure, once what
a phone shows, once the table; and once for the page as a whole, as who follows a link.
Where it is answered that they are still being computed, the job is asked how it stands until it is
done, and then the page once more. The loads: one person; 25 without a pause, each time another
journey; 25 who look at a page for some seconds before they change the filter of the same journey;
and 25 of whom many ask for the same thing at the same time. Who stays with a journey has its page
open before.
"""

import http.client
import json
import random
import re
import statistics
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta

from benchmarks.visiting import ask, together

ALONE, AT_ONCE, EACH, SAME = 30, 25, 3, 5
LOOKING_S = 3.0  # before anybody changes a filter of a page that was opened
THINKING_S = 5.0
IN_SIGHT = ("", "narrow", "", "table")  # beside what all see (static/js/scope.js); nobody sees both
BEGIN, DAYS = date(2025, 9, 2), 400
LOOK_AGAIN_S = 0.1
POLL = re.compile(rb'data-poll-url="([^"]+)"')
Path = Callable[[int, int], str]  # of a person, in a turn


class _Paths:
    """No two alike, also of two rounds of this benchmark in one home."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.chance, self.lock = random.Random(time.time_ns()), threading.Lock()
        self.journey = self.chance.randrange(10_000)

    def another(self, _person: int, _turn: int) -> str:
        """Another journey and another scope each time."""
        with self.lock:
            self.journey += 1
            return self._path(self.journey)

    def own(self, person: int, _turn: int) -> str:
        """A person stays with a journey; the scope is another each time."""
        with self.lock:
            return self._path(self.journey + person)

    def shared(self) -> Path:
        """Five at a time ask for the same."""
        groups, turns = AT_ONCE // SAME, range(EACH)
        known = {(g, t): self.another(g, t) for g in range(groups) for t in turns}
        return lambda person, turn: known[person % groups, turn]

    def _path(self, journey: int) -> str:
        since = BEGIN + timedelta(self.chance.randrange(DAYS // 2))
        until = since + timedelta(60 + self.chance.randrange(DAYS // 2 - 60))
        segment = self.chance.choice(("mass", "affluent", "private"))
        query = f"since={since}&until={until}&segment={segment}"
        return f"{_page(journey)}{self.part}?{query}"


def main(port: int, cookies: list[str]) -> None:
    for part, what in (("numbers/", "its numbers alone"), ("", "as a whole")):
        _asked(port, cookies, _Paths(part), what)


def _asked(port: int, cookies: list[str], paths: _Paths, what: str) -> None:
    alone = _connected(port)
    for turn in range(4):
        _timed(alone, paths.another(0, turn), cookies[0])
    print(f"\nA filter never asked before: the map of a journey, {what}, from the rows\n")
    print("| people | p50 ms | p95 ms |\n|---|--:|--:|")
    each = [_timed(alone, paths.another(0, t), cookies[0], t) for t in range(ALONE)]
    _print("one, another journey each time", each)
    each = [_timed(alone, paths.own(0, t), cookies[0], t) for t in range(ALONE)]
    _print("one, the same journey", each)
    _print("25 without a pause, other journeys", _people(port, cookies, paths.another))
    _print("25 without a pause, own journey", _people(port, cookies, paths.own))
    _print("25 who think 5 s, own journey", _people(port, cookies, paths.own, THINKING_S))
    _print("25 without a pause, five ask the same", _people(port, cookies, paths.shared()))


def _page(journey: int) -> str:
    return f"/w/large/journeys/journey-{journey % 200}/"


def _people(port: int, cookies: list[str], path: Path, thinking_s: float = 0.0) -> list[float]:
    times: list[float] = []

    def person(number: int) -> None:
        connection, chance = _connected(port), random.Random(number)
        ask(connection, path(number, 0).partition("?")[0].removesuffix("numbers/"), cookies[number])
        time.sleep(LOOKING_S)
        for turn in range(EACH):
            if thinking_s:
                time.sleep(thinking_s * (chance.random() if turn == 0 else 0.5 + chance.random()))
            times.append(_timed(connection, path(number, turn), cookies[number], number))

    together(AT_ONCE, person)
    return times


def _connected(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=120)


def _timed(
    connection: http.client.HTTPConnection, path: str, cookie: str, person: int = 0
) -> float:
    before = time.perf_counter()
    in_sight = IN_SIGHT[person % len(IN_SIGHT)]
    while True:
        status, body = ask(connection, path, cookie, X_In_Sight=in_sight)
        assert status == 200, f"{path} answered {status}"
        if not body:  # the numbers have no place in the page: it is loaded as a whole
            path = path.replace("numbers/", "")
            continue
        at_work = POLL.search(body)
        if at_work is None:
            return (time.perf_counter() - before) * 1000
        while True:
            time.sleep(LOOK_AGAIN_S)
            _status, told = ask(connection, at_work[1].decode(), cookie)
            if json.loads(told)["status"] not in ("queued", "running"):
                break


def _print(people: str, times: list[float]) -> None:
    cuts = statistics.quantiles(times, n=20)
    print(f"| {people} | {cuts[9]:.0f} | {cuts[18]:.0f} |", flush=True)
