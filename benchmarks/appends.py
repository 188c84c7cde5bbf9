"""Evidence that programs post to the real server: batches of a thousand items, and single items.

Every call has an `Idempotency-Key`, every item an `event_id` and a customer, and every item is
answered once it is kept for good. The touchpoints stand in a journey, so that each change asks for
scoring. The load's own process runs on the same cores. At the end the account and the lake must
both have every item that was answered, or the benchmark fails.
"""

import http.client
import json
import os
import random
import statistics
import sys
import threading
import time
import uuid
from dataclasses import dataclass

from benchmarks import ours
from benchmarks.pages import server
from benchmarks.rows import TOUCHPOINTS

SECONDS = 6.0
WARM_S = 2.0
SLUG = "appends"


@dataclass(frozen=True)
class Load:
    """So many senders at once, each waiting for its answer before it sends the next call."""

    name: str
    senders: int
    items: int


LOADS = [
    Load("batches of 1,000, four senders", 4, 1000),
    Load("batches of 1,000, one sender", 1, 1000),
    Load("single items, 64 senders", 64, 1),
    Load("single items, one sender", 1, 1),
]


@dataclass
class Result:
    times_ms: list[float]
    seconds: float

    def cut(self, part: int) -> float:
        return statistics.quantiles(self.times_ms, n=100)[part - 1]

    def rate(self) -> float:
        return len(self.times_ms) / self.seconds


def main(rounds: int) -> None:
    os.environ["API_CALLS_PER_MINUTE"] = "10000000"  # counted like any, never refused
    token = _prepare()
    results: dict[Load, list[Result]] = {load: [] for load in LOADS}
    answered = 0
    with server() as (port, _process):
        for _turn in range(rounds):
            for load in LOADS:
                warm, result = _run(port, token, load, WARM_S), _run(port, token, load, SECONDS)
                answered += (len(warm.times_ms) + len(result.times_ms)) * load.items
                results[load].append(result)
                print(f"  {load.name}: {result.rate():.0f} calls/s", file=sys.stderr)
    _compare(answered)
    _print(results)


def _prepare() -> str:
    ours.setup()
    from accounts.actions import create_workspace
    from accounts.tokens import create_token
    from journeys.mapfile import load_map

    workspace, user, _password = create_workspace(
        slug=SLUG, name="Appends", owner_email="bench@example.org"
    )
    load_map(workspace, ours.map_of("all", [f"tp-{n:02}" for n in range(TOUCHPOINTS)]), None)
    return create_token(workspace=workspace, user=user, name="bench")[1]


def _body(chance: random.Random, items: int) -> bytes:
    return json.dumps([
        {
            "event_id": uuid.UUID(int=chance.getrandbits(128)).hex,
            "occurred_at": f"2026-0{chance.randrange(1, 10)}-11T10:{chance.randrange(60):02}:00Z",
            "touchpoint": f"tp-{chance.randrange(TOUCHPOINTS):02}",
            "customer": f"customer-{chance.randrange(1_000_000)}",
            "segment": chance.choice(("mass", "affluent", "private")),
            "unit": f"unit-{chance.randrange(20)}",
            "wait_s": chance.randrange(700),
            "service_s": chance.randrange(900),
        }
        for _ in range(items)
    ]).encode()  # fmt: skip


def _run(port: int, token: str, load: Load, seconds: float) -> Result:
    times: list[float] = []
    failed: list[str] = []
    begins = time.monotonic()
    ends = begins + seconds

    def sender(number: int) -> None:
        chance = random.Random(f"{begins} {number}")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < ends and not failed:
            body = _body(chance, load.items)
            headers = {
                "Authorization": f"Token {token}",
                "Content-Type": "application/json",
                "Idempotency-Key": uuid.UUID(int=chance.getrandbits(128)).hex,
            }
            before = time.perf_counter()
            connection.request("POST", "/api/v1/evidence/waits/", body, headers)
            answer = connection.getresponse()
            told = answer.read()
            times.append((time.perf_counter() - before) * 1000)
            if answer.status != 200 or json.loads(told)["accepted"] != load.items:
                failed.append(f"{answer.status}: {told[:300]!r}")
        connection.close()

    senders = [threading.Thread(target=sender, args=[n]) for n in range(load.senders)]
    for one in senders:
        one.start()
    for one in senders:
        one.join()
    if failed:
        raise SystemExit(f"{load.name}: {failed[0]}")
    return Result(times, time.monotonic() - begins)


def _compare(answered: int) -> None:
    from django.db.models import Sum

    from evidence import lake
    from evidence.models import Import

    account = Import.objects.filter(workspace__slug=SLUG).aggregate(n=Sum("accepted"))["n"]
    with lake.cursor() as cursor:
        kept = cursor.execute("SELECT count(*), count(DISTINCT event_id) FROM waits").fetchall()[0]
    if not answered == account == kept[0] == kept[1]:
        raise SystemExit(f"Answered {answered}, accounted for {account}, in the lake {kept}")
    print(f"All {answered:,} items that were answered are in the lake, once each.", file=sys.stderr)


def _print(results: dict[Load, list[Result]]) -> None:
    print("\nItems posted to the server, each call answered when its items are kept\n")
    print("| load | calls/s | items/s | p50 ms | p95 ms |")
    print("|---|--:|--:|--:|--:|")
    for load, runs in results.items():
        rate, p50, p95 = (
            statistics.median(values)
            for values in zip(*((r.rate(), r.cut(50), r.cut(95)) for r in runs), strict=True)
        )
        print(f"| {load.name} | {rate:.0f} | {rate * load.items:.0f} | {p50:.0f} | {p95:.0f} |")
    print(flush=True)
