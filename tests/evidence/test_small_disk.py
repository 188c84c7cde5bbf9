"""Imports on a real disk of a few megabytes that runs full; test_faults.py has one without."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.small_disk import small_disk, why_not
from tests.config.conftest import ROOT
from tests.evidence.on_a_small_disk import REJECTED_EVERY, ROWS

GOOD = ROWS - ROWS // REJECTED_EVERY
MEGABYTES = 8
FREE_KILOBYTES = (0, 1, 100, 300, 3000)


def test_an_import_on_a_disk_that_runs_full_comes_in_whole_or_not_at_all(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if reason := why_not(disk):
        pytest.skip(reason)
    outside = ("DATABASE_URL", "CELERY_BROKER_URL")
    script = [sys.executable, "-m", "tests.evidence.on_a_small_disk", str(disk), str(tmp_path)]
    done = subprocess.run(
        small_disk(disk, MEGABYTES, [*script, *map(str, FREE_KILOBYTES)]),
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=600,
        env={**{k: v for k, v in os.environ.items() if k not in outside},
             "TOUCHLINE_HOME": str(tmp_path / "home"), "LAKE_DATA_PATH": str(disk / "lake"),
             "TOUCHLINE_FILES": str(disk / "files")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    *imports, at_the_end = json.loads(done.stdout.splitlines()[-1])
    brought = {"job": "done", "state": "done", "error": "", "rows": GOOD, "accepted": GOOD}
    for one in imports[:-1]:
        first = one["first"]
        assert (first["job"], first["state"]) == ("failed", "failed")
        assert "no space left" in first["error"]
        assert (first["rows"], one["left"], one["again"]) == (0, [], brought)
    assert imports[-1]["first"] == brought
    assert at_the_end == {"problems": [], "disk": MEGABYTES * 2**20}
