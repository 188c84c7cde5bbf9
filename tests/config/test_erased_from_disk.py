"""After an erasure no file of the home holds the customer: PostgreSQL's and Valkey's neither."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.config.conftest import ROOT
from tests.config.erased_home import FORM, ID, WORDS


def run(what: str, home: Path, place: Path) -> Any:
    outside = ("DATABASE_URL", "LAKE_DATA_PATH", "CELERY_BROKER_URL", "TOUCHLINE_FILES")
    done = subprocess.run(
        [sys.executable, "-m", "tests.config.erased_home", what, str(place)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=900,
        env={**{k: v for k, v in os.environ.items() if k not in outside},
             "TOUCHLINE_HOME": str(home)},
    )  # fmt: skip
    if done.returncode:
        pytest.fail(done.stderr[-3000:])
    return json.loads(done.stdout.splitlines()[-1])


def holding(needles: list[bytes], *homes: Path) -> dict[str, list[str]]:
    """Which files hold one of these, by the folder of the home they lie in."""
    found: dict[str, list[str]] = {}
    for home in homes:
        for path in (p for p in home.rglob("*") if p.is_file()):
            content = path.read_bytes()
            if any(needle in content for needle in needles):
                name = path.relative_to(home)
                found.setdefault(name.parts[0], []).append(str(name))
    return found


def test_no_file_of_the_home_names_the_customer(tmp_path: Path) -> None:
    home, place = tmp_path / "home", tmp_path / "place"
    place.mkdir()
    told = run("bring_in", home, place)
    whom = uuid.UUID(told["hash"])
    needles = [ID.encode(), WORDS.encode(), FORM.encode(), whom.bytes, str(whom).encode(),
               whom.hex.encode()]  # fmt: skip
    # Where root runs PostgreSQL as another user, its data lie elsewhere.
    at = home / "postgres-at"
    homes = [home, Path(at.read_text().strip())] if at.exists() else [home]
    before = holding(needles, *homes)
    assert {"lake", "files"} <= before.keys() and len(before) >= 3, before
    told = run("erase", home, place)
    assert told["erased"] == {"responses": 3, "waits": 0, "interactions": 0}
    assert holding(needles, *homes) == {}
    # the proof says who asked, when, and how many, sealed; the customer is not in it
    proof = told["proof"]
    assert proof["asked_by"] and proof["asked_at"] and len(proof["seal"]) == 64
    assert (proof["counts"]["responses"], proof["counts"]["waiting_files"]) == (3, 2)
