"""Run by test_small_disk.py in a home of its own, where the lake and the files lie on a tmpfs of a
few megabytes: imports that find less and less of it free, each tried again once there is room."""

import json
import os
import random
import shutil
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
ROWS = 20_000
REJECTED_EVERY = 400
KEPT = ("ballast", "digest", "rejected.csv")  # of an import that failed
MAPPING = {
    "kind": "waits",
    "fields": {
        "occurred_at": {"column": "at"},
        "touchpoint": {"column": "queue"},
        "wait_s": {"column": "wait"},
        "customer": {"column": "who"},
    },
}


def main(disk: Path, given: Path, free_kilobytes: list[int]) -> list[dict[str, Any]]:
    from django.core.management import call_command

    from accounts.models import Workspace
    from evidence.checking import check

    call_command("migrate", verbosity=0, stdout=StringIO())
    workspace = Workspace.objects.create(slug="bank", name="Bank")
    told = [_one(workspace, disk, given, free) for free in free_kilobytes]
    problems = [f"{p.problem} {p.where}" for p in check().problems or []]
    return [*told, {"problems": problems, "disk": shutil.disk_usage(disk).total}]


def _one(workspace: Any, disk: Path, given: Path, free: int) -> dict[str, Any]:
    """What became of an import with so much room, and of the next try with more."""
    from evidence.actions import create_import

    path = given / f"{free}.csv"
    chance = random.Random(free)
    path.write_text("at,queue,wait,who\n" + "".join(
        f"2025-03-01,desk,{i % REJECTED_EVERY - 1},{chance.randbytes(12).hex()}\n"
        for i in range(ROWS)
    ))  # fmt: skip
    ballast = disk / "ballast"
    found = create_import(workspace=workspace, user=None, path=path, source=path.name)
    before = _files(disk)
    ballast.write_bytes(bytes(max(0, shutil.disk_usage(disk).free - free * 1024)))
    first = _tried(found)
    left = [str(path) for path in _files(disk) - before if path.name not in KEPT]
    ballast.unlink()
    return {"first": first, "left": left, "again": None if first["rows"] else _tried(found)}


def _tried(found: Any) -> dict[str, Any]:
    from evidence import lake
    from evidence.actions import start_import
    from jobs.actions import run_job

    job = start_import(found=found, document=MAPPING, user=None, send=False)
    job = run_job(job_id=str(job.pk))
    found.refresh_from_db()
    rows = lake.rows_of("waits", workspace_id=found.workspace_id, import_id=found.pk)
    return {"job": job.status, "state": found.state, "error": job.error, "rows": rows,
            "accepted": found.accepted if found.state == "done" else 0}  # fmt: skip


def _files(disk: Path) -> set[Path]:
    return {path for path in disk.rglob("*") if path.is_file()}


if __name__ == "__main__":
    django.setup()
    from config import embedded

    embedded.ensure_started(Path(os.environ["TOUCHLINE_HOME"]))
    disk, given, *free = sys.argv[1:]
    print(json.dumps(main(Path(disk), Path(given), [int(each) for each in free])))
