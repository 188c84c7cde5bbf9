"""Files of a report of 40 touchpoints from the workers; a million rows as CSV from the server."""

import http.client
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks import large_bank

FORMATS = ("pdf", "pptx", "xlsx", "html")
LOOK_AGAIN_S = 0.02
# A fifth of the waits: a million of ten million rows.
CSV = f"/w/{large_bank.SLUG}/evidence/rows/csv/?kind=waits&channel=channel-1"


def reports(workspace: Any) -> None:
    """A deep-dive, from asking until the file can be fetched; the scores are there."""
    from accounts.models import User
    from reports.report_actions import create_report
    from reports.report_exports import request_export
    from reports.report_models import Export

    user = User.objects.get(email=large_bank.FIRST)
    journey = workspace.journeys.get(slug="deep-dive")
    report = create_report(
        workspace=workspace, user=user, name="Deep-dive", template="deep-dive", journey=journey
    )
    print("\nA deep-dive of 40 touchpoints as a file\n")
    print("| format | s |\n|---|--:|")
    for code in ("json", *FORMATS):  # the first brings what is counted once
        before = time.perf_counter()
        export = request_export(report=report, user=user, code=code)
        while not Export.objects.filter(pk=export.pk, finished_at__isnull=False).exists():
            export.job.refresh_from_db()
            assert not export.job.error, export.job.error + export.job.log
            time.sleep(LOOK_AGAIN_S)
        print(f"| {code} | {time.perf_counter() - before:.1f} |", flush=True)


def rows(port: int, cookie: str, server: int) -> None:
    """The first byte, the last one, and the most memory that a process of the server held."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    processes = [server, *_children(server)]
    at_first = max(map(_resident_mb, processes))
    most, ends = [at_first], threading.Event()

    def watch() -> None:
        while not ends.wait(0.05):
            most.append(max(map(_resident_mb, processes)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    before = time.perf_counter()
    connection.request("GET", CSV, headers={"Cookie": cookie})
    answer = connection.getresponse()
    assert answer.status == 200
    answer.read(1)
    first = time.perf_counter() - before
    lines = size = 0
    while some := answer.read(2**16):
        lines, size = lines + some.count(b"\n"), size + len(some)
    total = time.perf_counter() - before
    ends.set()
    watcher.join()
    print(f"\nCSV of {lines:,} rows, {size / 1e6:.0f} MB\n")
    print("| what | measured |\n|---|--:|")
    print(f"| first byte | {first * 1000:.0f} ms |")
    print(f"| the whole file | {total:.1f} s |")
    print(f"| largest process of the server, before | {at_first:.0f} MB |")
    print(f"| the same, at most meanwhile | {max(most):.0f} MB |", flush=True)


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    found = [int(one) for one in path.read_text().split()]
    return found + [grandchild for one in found for grandchild in _children(one)]


def _resident_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
