"""Many journeys: an import touches a thousand of them, and real workers score them all.

Each journey has touchpoints of its own. What is timed is from the start of the workers, with every
run waiting in the queue (the import has put them there), until the last one is stored.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import ours, rows

TOUCHPOINTS_EACH = 8
LOOK_AGAIN_S = 0.2


def main(folder: Path, count: int, journeys: int) -> None:
    print(f"Writing {count:,} rows of {journeys} journeys…", file=sys.stderr)
    rows.write_files(folder, count, touchpoints=journeys * TOUCHPOINTS_EACH)
    workspace = _prepare(folder, journeys)
    before = time.perf_counter()
    with _workers():
        first = _wait(workspace, 1)
        _wait(workspace, journeys)
        seconds = time.perf_counter() - before
        print(f"\nScoring {journeys} journeys over {count:,} rows, by workers\n")
        print("| what | s |\n|---|--:|")
        print(f"| all runs stored | {seconds:.1f} |")
        print(f"| of that until the first (workers start) | {first - before:.1f} |")
        print(f"| for each journey | {seconds / journeys:.3f} |", flush=True)
        _again(workspace)


def _prepare(folder: Path, journeys: int) -> Any:
    """The maps, then the evidence; the import asks for all runs, and nobody is at work yet."""
    ours.setup()
    from accounts.models import Workspace
    from journeys.mapfile import load_map

    workspace = Workspace.objects.create(slug="bench-journeys", name="Bench")
    print("Drawing the maps…", file=sys.stderr)
    for j in range(journeys):
        codes = [
            f"tp-{j * TOUCHPOINTS_EACH + i:0{rows.code_width(journeys * TOUCHPOINTS_EACH)}}"
            for i in range(TOUCHPOINTS_EACH)
        ]
        load_map(workspace, ours.map_of(f"journey-{j}", codes), None)
    print("Importing…", file=sys.stderr)
    ours.bring(workspace, folder)
    return workspace


@contextmanager
def _workers() -> Iterator[None]:
    manage = [sys.executable, str(Path(__file__).resolve().parent.parent / "manage.py")]
    started = [subprocess.Popen([*manage, name]) for name in ("worker", "beat")]
    try:
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait()


def _wait(workspace: Any, runs: int) -> float:
    """Until so many runs are stored with all their counts."""
    from jobs.models import ENDED, Job

    jobs = Job.objects.filter(workspace=workspace, kind="score")
    while jobs.filter(status__in=ENDED).count() < runs:
        time.sleep(LOOK_AGAIN_S)
    assert not jobs.exclude(status="done").filter(status__in=ENDED).exists()
    return time.perf_counter()


def _again(workspace: Any) -> None:
    """Asked once more on the same evidence, a run costs only the looking up."""
    from evidence.scope import Scope
    from jobs.models import Job
    from painpoints.actions import request_run

    jobs = Job.objects.filter(workspace=workspace).count()
    asked = list(workspace.journeys.all()[:100])
    before = time.perf_counter()
    for journey in asked:
        assert request_run(journey=journey, scope=Scope()).result is not None
    each = (time.perf_counter() - before) / len(asked)
    assert Job.objects.filter(workspace=workspace).count() == jobs
    print(f"| asking again, for each journey | {each:.4f} |", flush=True)
