"""Runs contenders in turns, each in a process of its own, and prints ratios.

A contender is a function `prepare(folder) -> run`: what it does before `run()` (imports, opening
connections) is not timed, `run()` is. The median of the rounds counts; peak memory is the
process's own high-water mark (a server's memory, such as PostgreSQL's, is not in it).
"""

import importlib
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Contender:
    """`target` is `module:function`; ratios are taken against the one marked as the measure."""

    name: str
    target: str
    is_ours: bool = False
    python: str = ""  # another interpreter than ours, with other packages


@dataclass(frozen=True)
class Outcome:
    name: str
    seconds: list[float]
    peak_mb: float

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def contest(
    title: str, contenders: list[Contender], folder: Path, rounds: int, *, warm: bool = False
) -> list[Outcome]:
    """Times all contenders in turns and prints a table of ratios to ours.

    With `warm`, each does its work once before, untimed: workers and servers live long.
    """
    times: dict[str, list[float]] = {c.name: [] for c in contenders}
    peaks: dict[str, float] = {c.name: 0.0 for c in contenders}
    for turn in range(rounds):
        for contender in contenders:
            seconds, peak_mb = _one(contender, folder, warm)
            times[contender.name].append(seconds)
            peaks[contender.name] = max(peaks[contender.name], peak_mb)
            print(f"  round {turn + 1}: {contender.name} {seconds:.2f} s", file=sys.stderr)
    outcomes = [Outcome(c.name, times[c.name], peaks[c.name]) for c in contenders]
    ours = next(o for c, o in zip(contenders, outcomes, strict=True) if c.is_ours)
    _print(title, ours, outcomes)
    return outcomes


def _one(contender: Contender, folder: Path, warm: bool) -> tuple[float, float]:
    os.sync()  # what the one before wrote is on the disk, not on its way there
    done = subprocess.run(
        [
            contender.python or sys.executable,
            "-m",
            "benchmarks.contest",
            contender.target,
            str(folder),
        ]
        + ["--warm"] * warm,
        env=os.environ,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"The contender “{contender.name}” failed; see above.")
    answer = json.loads(done.stdout.splitlines()[-1])
    return answer["seconds"], answer["peak_mb"]


def _print(title: str, ours: Outcome, outcomes: list[Outcome]) -> None:
    print(f"\n{title}\n")
    print("| contender | median s | spread s | ours ÷ it | peak MiB |")
    print("|---|--:|--:|--:|--:|")
    for o in outcomes:
        spread = f"{min(o.seconds):.2f}–{max(o.seconds):.2f}"
        ratio = f"{ours.median / o.median:.2f}"
        print(f"| {o.name} | {o.median:.2f} | {spread} | {ratio} | {o.peak_mb:.0f} |")
    print(flush=True)


def _peak_mb() -> float:
    """This process's own high-water mark; getrusage would count the parent's before the exec."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    module, function = sys.argv[1].split(":")
    run = getattr(importlib.import_module(module), function)(Path(sys.argv[2]))
    if "--warm" in sys.argv:  # as in a process that has done such work before
        run()
    before = time.perf_counter()
    run()
    seconds = time.perf_counter() - before
    peak_mb = _peak_mb()
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb}), flush=True)


if __name__ == "__main__":
    main()
