"""Pages of a large bank on the real server, with its workers, beside a bare view.

25 people in all roles, each signed in, on a connection of their own, ask for one page after another
without a pause; each time another journey or pain point. The bare view is /healthz: no session, no
query, no template. Besides: what a page costs in queries and bytes, when it is painted, what a
filter never asked before takes, files of a report, and a million rows as CSV.
"""

import http.client
import random
import statistics
import time
from pathlib import Path

from benchmarks import large_bank, page_files, page_looks, page_scopes
from benchmarks.visiting import ask, server, together

SECONDS = 8.0
DIFFERENT = 10  # journeys and pain points that are asked for
Paths = dict[str, list[str]]


def main(folder: Path, count: int, rounds: int) -> None:
    workspace = large_bank.ready(folder / "pages", count)
    cookies, paths = large_bank.cookies(workspace), _paths(workspace)
    with large_bank.workers(), server() as (port, process):
        page_looks.tell(paths)
        _first(port, paths, cookies)
        _loaded(port, paths, cookies, rounds)
        page_looks.paint(port, paths, cookies[0])
        page_scopes.main(port, cookies)
        page_files.reports(workspace)
        page_files.rows(port, cookies[0], process.pid)


def _paths(workspace: object) -> Paths:
    from painpoints.models import PainPoint

    points = (
        PainPoint.objects.filter(workspace=workspace).order_by("pk").values_list("pk", flat=True)
    )
    root, step = f"/w/{large_bank.SLUG}", large_bank.JOURNEYS // DIFFERENT
    return {
        "a bare Django view": ["/healthz"],
        "dashboard": [f"{root}/"],
        "dashboard as a table": [f"{root}/?view=table"],
        "pain list": [f"{root}/painpoints/"],
        "pain page": [f"{root}/painpoints/{pk}/" for pk in points[:: len(points) // DIFFERENT]],
        "map": [f"{root}/journeys/journey-{step * i}/" for i in range(DIFFERENT)],
        "pain ranking": [f"{root}/journeys/journey-{step * i}/ranking/" for i in range(DIFFERENT)],
    }


def _first(port: int, paths: Paths, cookies: list[str]) -> None:
    """One person alone, each page the first time since the server started (or a few times)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    print("\nPages nobody looked at before, one person\n")
    print("| page | p50 ms | the longest ms |\n|---|--:|--:|")
    for name, known in paths.items():
        times = []
        for path in known:
            before = time.perf_counter()
            status, _body = ask(connection, path, cookies[0])
            assert status == 200, f"{path} answered {status}"
            times.append((time.perf_counter() - before) * 1000)
        print(f"| {name} | {statistics.median(times):.0f} | {max(times):.0f} |", flush=True)


def _loaded(port: int, paths: Paths, cookies: list[str], rounds: int) -> None:
    results: dict[str, list[tuple[float, float, float]]] = {name: [] for name in paths}
    for known in paths.values():
        _load(port, known, cookies)  # nothing is cold
    for _turn in range(rounds):
        for name, known in paths.items():
            results[name].append(_load(port, known, cookies))
    middle = {
        name: tuple(statistics.median(run[i] for run in runs) for i in range(3))
        for name, runs in results.items()
    }
    bare = middle["a bare Django view"]
    print(f"\nPages, {len(cookies)} people at once\n")
    print("| page | p50 ms | p95 ms | requests/s | bare view ÷ it |")
    print("|---|--:|--:|--:|--:|")
    for name, (p50, p95, rate) in middle.items():
        print(f"| {name} | {p50:.0f} | {p95:.0f} | {rate:.0f} | {bare[2] / rate:.1f} |")
    print(flush=True)


def _load(port: int, paths: list[str], cookies: list[str]) -> tuple[float, float, float]:
    """p50 and p95 in milliseconds, and requests a second."""
    times: list[float] = []
    ends = time.monotonic() + SECONDS

    def person(number: int) -> None:
        chance = random.Random(number)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < ends:
            path = chance.choice(paths)
            before = time.perf_counter()
            status, _body = ask(connection, path, cookies[number])
            assert status == 200, f"{path} answered {status}"
            times.append((time.perf_counter() - before) * 1000)
        connection.close()

    together(len(cookies), person)
    cuts = statistics.quantiles(times, n=20)
    return cuts[9], cuts[18], len(times) / SECONDS
