"""Reading an event log (XES.gz): ours into Parquet, pm4py's into its data frame.

pm4py is no dependency of ours; it is asked where `BENCH_PM4PY` names a Python that has it:

    python3 -m venv /tmp/pm4py && /tmp/pm4py/bin/pip install pm4py
    BENCH_PM4PY=/tmp/pm4py/bin/python script/bench eventlog [--log FILE.xes.gz]
"""

import gzip
import json
import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.contest import Contender, contest

Run = Callable[[], object]
CASES = 13_000
STEPS = [f"{letter}_{name}" for letter in "AOW" for name in (
    "Submitted", "Checked", "Completed by phone", "Sent", "Returned", "Accepted", "Declined",
)]  # fmt: skip
LOG, COUNTS = "log.xes.gz", "counts.json"


def main(folder: Path, rounds: int, given: str) -> None:
    folder.mkdir()
    if given:
        shutil.copyfile(given, folder / LOG)
    else:
        write_log(folder / LOG)
    contenders = [Contender("Touchline, into Parquet", "benchmarks.event_logs:ours", is_ours=True)]
    if python := os.environ.get("BENCH_PM4PY", ""):
        contenders += [
            Contender(f"pm4py, {name}", f"benchmarks.event_logs:{target}", python=python)
            for name, target in (
                ("as it comes", "pm4py_default"),
                ("chunk_regex", "pm4py_chunks"),
                ("line_by_line", "pm4py_lines"),
            )
        ]
    contest("Reading an event log (XES.gz)", contenders, folder, rounds)
    found = json.loads((folder / COUNTS).read_text())
    print(f"All found {found['events']:,} events of {found['cases']:,} cases.\n")


def write_log(path: Path, cases: int = CASES) -> None:
    """About 20 events a case, two thirds of them complete, as a bank's workflow writes them."""
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=6) as file:
        file.write("<?xml version='1.0' encoding='UTF-8'?>\n<log>\n")
        file.writelines(_traces(random.Random(6), cases))
        file.write("</log>\n")


def _traces(chance: random.Random, cases: int) -> Iterator[str]:
    at = datetime(2024, 1, 1, 8)
    for case in range(cases):
        at += timedelta(minutes=chance.randrange(1, 30))
        when = at
        lines = [
            "  <trace>",
            f'    <date key="REG_DATE" value="{when:%Y-%m-%dT%H:%M:%S}.000+01:00"/>',
            f'    <string key="concept:name" value="{170_000 + case}"/>',
            f'    <string key="AMOUNT_REQ" value="{chance.randrange(1, 100) * 500}"/>',
        ]
        for _ in range(chance.randrange(3, 38)):
            when += timedelta(seconds=chance.randrange(1, 90_000))
            lines += [
                "    <event>",
                f'      <string key="org:resource" value="{chance.randrange(10_100, 10_170)}"/>',
                '      <string key="lifecycle:transition" '
                f'value="{chance.choice(("COMPLETE", "COMPLETE", "START"))}"/>',
                f'      <string key="concept:name" value="{chance.choice(STEPS)}"/>',
                f'      <date key="time:timestamp" value="{when:%Y-%m-%dT%H:%M:%S}.'
                f'{chance.randrange(1000):03}+01:00"/>',
                "    </event>",
            ]
        yield "\n".join([*lines, "  </trace>\n"])


def agree(folder: Path, events: int, cases: int) -> None:
    """All contenders must find the same."""
    path, found = folder / COUNTS, {"events": events, "cases": cases}
    if not path.exists():
        path.write_text(json.dumps(found))
    known = json.loads(path.read_text())
    if known != found:
        raise SystemExit(f"Counts differ: {found} instead of {known}")


def ours(folder: Path) -> Run:
    from benchmarks import ours as touchline

    touchline.setup()
    from django.conf import settings

    from evidence import lake
    from evidence.logs import opening, parts

    root = Path(settings.MEDIA_ROOT).resolve()
    root.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(dir=root))
    shutil.copyfile(folder / LOG, home / LOG)
    # Workers live long: the lake is open.
    with lake.cursor(), lake.cursor_apart() as cursor:
        parts.copy_out(cursor, {0: "c0"}, [parts.chunk_of([{}])], home / "first.parquet")

    def run() -> None:
        log = opening.open_log(home / LOG, opening.XES, "", home)
        agree(folder, log.about["rows"], log.about["cases"])
        shutil.rmtree(home)

    return run


def _pm4py(folder: Path, variant: str = "") -> Run:
    os.environ["TQDM_DISABLE"] = "1"
    import warnings

    warnings.filterwarnings("ignore")
    import pm4py

    def run() -> None:
        frame = pm4py.read_xes(str(folder / LOG), **({"variant": variant} if variant else {}))
        agree(folder, len(frame), int(frame["case:concept:name"].nunique()))

    return run


def pm4py_default(folder: Path) -> Run:
    return _pm4py(folder)


def pm4py_chunks(folder: Path) -> Run:
    return _pm4py(folder, "chunk_regex")


def pm4py_lines(folder: Path) -> Run:
    return _pm4py(folder, "line_by_line")
