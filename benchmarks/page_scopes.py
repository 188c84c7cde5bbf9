"""Filters that nobody asked for before: a journey's page counted afresh from the rows.

What is timed is from the click until the page with the new numbers is there: where the page that is
answered still says that they are being computed, the job is asked how it stands until it is done,
and then the page once more.
"""

import http.client
import itertools
import json
import random
import re
import statistics
import threading
import time
from datetime import date, timedelta

from benchmarks.visiting import ask, together

ALONE, AT_ONCE, EACH = 30, 25, 3
BEGIN, DAYS = date(2025, 9, 2), 400
LOOK_AGAIN_S = 0.1
POLL = re.compile(rb'data-poll-url="([^"]+)"')


def main(port: int, cookies: list[str]) -> None:
    chance, lock = random.Random(time.time_ns()), threading.Lock()
    asked = itertools.count(chance.randrange(10_000))

    def path() -> str:
        """Another journey and another period each time, and one segment."""
        with lock:
            number, since = next(asked), BEGIN + timedelta(chance.randrange(DAYS // 2))
            until = since + timedelta(60 + chance.randrange(DAYS // 2 - 60))
            segment = chance.choice(("mass", "affluent", "private"))
        query = f"since={since}&until={until}&segment={segment}"
        return f"/w/large/journeys/journey-{number % 200}/?{query}"

    def timed(connection: http.client.HTTPConnection, cookie: str) -> float:
        where, before = path(), time.perf_counter()
        while True:
            status, body = ask(connection, where, cookie)
            assert status == 200, f"{where} answered {status}"
            at_work = POLL.search(body)
            if at_work is None:
                return (time.perf_counter() - before) * 1000
            while True:
                time.sleep(LOOK_AGAIN_S)
                _status, told = ask(connection, at_work[1].decode(), cookie)
                if json.loads(told)["status"] not in ("queued", "running"):
                    break

    def person(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        for _turn in range(EACH):
            taken = timed(connection, cookies[number])
            with lock:
                times.append(taken)

    alone = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    for _warm in range(4):
        timed(alone, cookies[0])
    print("\nA filter never asked before: the map of a journey, from the rows\n")
    print("| people at once | p50 ms | p95 ms |\n|---|--:|--:|")
    _print(1, [timed(alone, cookies[0]) for _turn in range(ALONE)])
    times: list[float] = []
    together(AT_ONCE, person)
    _print(AT_ONCE, times)


def _print(people: int, times: list[float]) -> None:
    cuts = statistics.quantiles(times, n=20)
    print(f"| {people} | {cuts[9]:.0f} | {cuts[18]:.0f} |", flush=True)
