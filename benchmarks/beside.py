"""Scoring while another process imports: how much longer than alone.

The same journey is scored again and again over the same rows: first alone, then beside a process
that imports the same files into other workspaces, one after the other, then alone again. Each may
use all cores.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import ours, rows

RUNS = 7


def main(folder: Path, count: int) -> None:
    print(f"Writing and importing {count:,} rows…", file=sys.stderr)
    rows.write_files(folder, count)
    ours.prepare_scoring(folder)
    score = ours.score_journey(folder)
    score()  # nothing is cold
    before = _times(score)
    importing = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.beside", str(folder)],
        env=os.environ,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert importing.stdout is not None
    importing.stdout.readline()  # it has begun
    beside = _times(score)
    ended = importing.poll() is not None
    importing.kill()
    importing.wait()
    if ended:
        raise SystemExit("The import ended before the scoring did.")
    after = _times(score)
    _print(count, {"alone": before, "beside an import": beside, "alone, afterwards": after})


def _times(score: Callable[[], object]) -> list[float]:
    times = []
    for _run in range(RUNS):
        begins = time.perf_counter()
        score()
        times.append(time.perf_counter() - begins)
    return times


def _print(count: int, times: dict[str, list[float]]) -> None:
    alone = statistics.median(times["alone"] + times["alone, afterwards"])
    print(f"\nScoring a journey over {count:,} rows while the same files are imported\n")
    print("| what | median s | spread s | ÷ alone |")
    print("|---|--:|--:|--:|")
    for name, found in times.items():
        middle = statistics.median(found)
        spread = f"{min(found):.2f}–{max(found):.2f}"
        print(f"| {name} | {middle:.2f} | {spread} | {middle / alone:.2f} |")
    print(flush=True)


def import_without_end(folder: Path) -> None:
    ours.setup()
    begun = False
    while True:
        run = ours.import_files(folder)
        if not begun:
            print("begun", flush=True)
        begun = True
        run()


if __name__ == "__main__":
    import_without_end(Path(sys.argv[1]))
