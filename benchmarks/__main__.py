"""`script/bench [PART…] [--rounds 3] …`."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import ours, rows
from benchmarks.contest import Contender, contest
from benchmarks.small_disk import small_disk, why_not
from config import embedded

PARTS = (
    "import",
    "scoring",
    "journeys",
    "pages",
    "editor",
    "eventlog",
    "appends",
    "timeline",
    "beside",
)
JOURNEYS = 1000
DISK, DISK_MEGABYTES = "BENCH_DISK", 512  # where it lies; of its memory what is written is taken
IMPORT = [
    Contender("Touchline, the whole import", "benchmarks.ours:import_files", is_ours=True),
    Contender("DuckDB, CSV to Parquet", "benchmarks.contenders:duckdb_to_parquet"),
    Contender("DuckDB, by our settings", "benchmarks.contenders:duckdb_our_settings"),
    Contender("DuckDB, checks and hashes by hand", "benchmarks.by_hand:run_by_hand"),
    Contender("psycopg COPY into PostgreSQL", "benchmarks.contenders:postgres_copy"),
]
SCORING = [
    Contender("Touchline, the whole run", "benchmarks.ours:score_journey", is_ours=True),
    Contender("DuckDB, bare queries over Parquet", "benchmarks.contenders:duckdb_query"),
    Contender("PostgreSQL, the same queries", "benchmarks.contenders:postgres_query"),
    Contender("pandas, from the CSV files", "benchmarks.contenders:pandas_frames"),
    Contender("Polars, from the CSV files", "benchmarks.contenders:polars_frames"),
]


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        choices=[*PARTS, "faults", "upload", []],
        help="all but faults and upload without a name",
    )
    parser.add_argument("--rows", default="1000000,10000000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--journeys", type=int, default=JOURNEYS)
    parser.add_argument("--log", default="", help="eventlog: a file instead of one that is made")
    parser.add_argument(
        "--home",
        default="",
        help="pages, timeline: keep the large bank here, and find it the next time",
    )
    parser.add_argument("--first", type=int, default=0, help="faults: number of the first round")
    parser.add_argument(
        "--in-both",
        action="store_true",
        help="import: each of the million customers in both files, so that it is hashed twice",
    )
    parser.add_argument("--gigabytes", type=float, default=4.0, help="upload: size of the file")
    options = parser.parse_args()
    parts = options.parts or PARTS
    if "faults" in parts and DISK not in os.environ:
        _on_a_small_disk()
    with tempfile.TemporaryDirectory(prefix="touchline-bench-") as folder:
        home = Path(options.home).resolve() if options.home else Path(folder) / "home"
        # Where root runs this, PostgreSQL is another user who has to pass through.
        Path(folder).chmod(0o711)
        try:
            _serve(home)
            _run(Path(folder), home, parts, options)
        finally:
            from django.db import connections

            from evidence import lake

            connections.close_all()
            lake.close()
            embedded.release(home)
            if not options.home:
                embedded.remove(home)


def _on_a_small_disk() -> None:
    """The whole of it again, the lake and the files on a disk that can be filled; where one can be
    had, else the rounds that fill it are left out."""
    with tempfile.TemporaryDirectory(prefix="touchline-disk-") as disk:
        if reason := why_not(Path(disk)):
            print(f"{reason}; no round fills the disk.", file=sys.stderr)
            return
        command = [sys.executable, "-m", "benchmarks", *sys.argv[1:]]
        lies = {"LAKE_DATA_PATH": f"{disk}/lake", "TOUCHLINE_FILES": f"{disk}/files"}
        done = subprocess.run(
            small_disk(Path(disk), DISK_MEGABYTES, command),
            env={**os.environ, **lies, DISK: disk},
            check=False,
        )
    raise SystemExit(done.returncode)


def _run(folder: Path, home: Path, parts: list[str], options: argparse.Namespace) -> None:
    if "import" in parts or "scoring" in parts:
        for count in [int(text) for text in options.rows.split(",")]:
            _rows(folder / str(count), count, parts, options)
    if "journeys" in parts:
        from benchmarks import journeys

        most = max(int(text) for text in options.rows.split(","))
        journeys.main(folder / "journeys", most, options.journeys)
    if "pages" in parts:
        from benchmarks import pages

        pages.main(folder, max(int(text) for text in options.rows.split(",")), options.rounds)
    if "editor" in parts:
        from benchmarks import editor

        editor.main(options.rounds)

    if "eventlog" in parts:
        from benchmarks import event_logs

        event_logs.main(folder / "eventlog", options.rounds, options.log)
    if "appends" in parts:
        from benchmarks import appends

        appends.main(options.rounds)
    if "timeline" in parts:
        from benchmarks import timeline

        timeline.main(max(int(text) for text in options.rows.split(",")))

    if "beside" in parts:
        from benchmarks import beside

        beside.main(folder / "beside", max(int(text) for text in options.rows.split(",")))

    if "faults" in parts:
        from benchmarks import faults

        most = max(int(text) for text in options.rows.split(","))
        faults.main(home, folder / "faults", options.rounds, most, options.first)

    if "upload" in parts:
        from benchmarks import upload

        upload.main(home, home / "given", options.gigabytes)


def _serve(home: Path) -> None:
    """Services of the benchmark's own, held for as long as it runs."""
    os.environ["TOUCHLINE_HOME"] = str(home)
    embedded.ensure_started(home)
    url = embedded.addresses(home).database_url
    os.environ["BENCH_DATABASE_URL"] = url
    ours.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _rows(folder: Path, count: int, parts: list[str], options: argparse.Namespace) -> None:
    print(f"Writing {count:,} rows…", file=sys.stderr)
    rows.write_files(folder, count, in_both=options.in_both)
    rounds = options.rounds if "import" in parts else 1
    contest(f"Import of {count:,} rows", IMPORT, folder, rounds)
    if "scoring" in parts:
        ours.prepare_scoring(folder)
        contest(
            f"Scoring 40 touchpoints, with all their figures, from {count:,} rows",
            SCORING,
            folder,
            options.rounds,
            warm=True,
        )
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
