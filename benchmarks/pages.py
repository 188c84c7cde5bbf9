"""Pages under load: the demo bank on the real server, 25 people at once, beside a bare view.

Each of them asks for one page after another on a connection of their own, signed in. The bare
Django view is /healthz: no session, no query, no template.
"""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import ours

PEOPLE = 25
SECONDS = 8.0
PAGES = {
    "a bare Django view": "/healthz",
    "dashboard": "/w/demo/",
    "journey map": "/w/demo/journeys/opening-an-account/",
    "pain ranking": "/w/demo/journeys/opening-an-account/ranking/",
    "pain points": "/w/demo/painpoints/",
}


def main(rounds: int) -> None:
    cookie = _prepare()
    with server() as port:
        results: dict[str, list[tuple[float, float, float]]] = {name: [] for name in PAGES}
        for _turn in range(rounds):
            for name, path in PAGES.items():
                results[name].append(_load(port, path, cookie))
    _print(results)


def _prepare() -> str:
    """The demo, loaded, and the session cookie of its visitor."""
    ours.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from accounts.models import User

    call_command("demo", stdout=sys.stderr)
    client = Client()
    client.force_login(User.objects.get(email="demo@touchline.example"))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@contextmanager
def server() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    root = Path(__file__).resolve().parent.parent
    manage = [sys.executable, str(root / "manage.py")]
    subprocess.run([*manage, "prepare"], check=True, stdout=sys.stderr)
    process = subprocess.Popen([*manage, "web"], env={**os.environ, "PORT": str(port)})
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if _ask(http.client.HTTPConnection("127.0.0.1", port), "/healthz", "") == 200:
                    break
            except OSError:
                time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        process.wait()


def _ask(connection: http.client.HTTPConnection, path: str, cookie: str) -> int:
    connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _load(port: int, path: str, cookie: str) -> tuple[float, float, float]:
    """p50 and p95 in milliseconds, and requests a second."""
    times: list[float] = []
    ends = time.monotonic() + SECONDS

    def person() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < ends:
            before = time.perf_counter()
            status = _ask(connection, path, cookie)
            assert status == 200, f"{path} answered {status}"
            times.append((time.perf_counter() - before) * 1000)
        connection.close()

    people = [threading.Thread(target=person) for _ in range(PEOPLE)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    cuts = statistics.quantiles(times, n=20)
    return cuts[9], cuts[18], len(times) / SECONDS


def _print(results: dict[str, list[tuple[float, float, float]]]) -> None:
    middle = {
        name: tuple(statistics.median(run[i] for run in runs) for i in range(3))
        for name, runs in results.items()
    }
    bare = middle["a bare Django view"]
    print(f"\nPages, {PEOPLE} people at once\n")
    print("| page | p50 ms | p95 ms | requests/s | bare view ÷ it |")
    print("|---|--:|--:|--:|--:|")
    for name, (p50, p95, rate) in middle.items():
        print(f"| {name} | {p50:.0f} | {p95:.0f} | {rate:.0f} | {bare[2] / rate:.1f} |")
    print(flush=True)
