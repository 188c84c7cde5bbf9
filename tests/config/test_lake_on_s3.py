"""The lake on S3: rows in, scored, undone, erased, kept in order, checked, backed up, restored."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.config.conftest import ROOT
from tests.s3_server import S3Server


def run(s3: S3Server, what: str, home: Path, place: Path, lake: str) -> Any:
    outside = ("DATABASE_URL", "CELERY_BROKER_URL", "TOUCHLINE_FILES")
    environment = {k: v for k, v in os.environ.items() if k not in outside}
    done = subprocess.run(
        [sys.executable, "-m", "tests.config.lake_on_s3", what, str(place)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=900,
        env={**environment, **s3.environment, "TOUCHLINE_HOME": str(home), "LAKE_DATA_PATH": lake},
    )  # fmt: skip
    if done.returncode:
        pytest.fail(done.stderr[-3000:])
    return json.loads(done.stdout.splitlines()[-1])


def test_a_lake_lives_on_s3(s3_server: S3Server, bucket: str, tmp_path: Path) -> None:
    told = run(s3_server, "live", tmp_path / "home", tmp_path, bucket + "/lake")
    # an undo restores the figures to the last bit
    assert told["after"] == told["before"] != told["between"]
    # an erasure reaches the objects
    assert told["held"] == 2 and told["left"] == 0
    assert told["erased"] == {"responses": 0, "waits": 2, "interactions": 0}
    assert any("The lake had" in line and "0.0 MB" not in line for _t, line, _w in told["upkeep"])
    assert told["checked"]["ok"] and told["checked"]["rows"] == 5998
    assert told["digests"] and told["local"] == []
    assert "changed" in told["broken"] and "orphan" in told["broken"]
    assert "missing" in told["gone"] and "orphan" in told["gone"] and told["whole"]
    # and elsewhere it is the same again
    again = run(s3_server, "restored", tmp_path / "other", tmp_path, bucket + "/other")
    assert again["at"] == bucket + "/other/"
    assert again["check"]["ok"] and again["check"]["rows"] == 5998
    assert again["digests"] == told["digests"]
