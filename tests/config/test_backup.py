"""What is backed up comes back, in another home, through the commands a person uses."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MAPPING = {
    "kind": "waits",
    "fields": {
        "occurred_at": {"column": "at"},
        "touchpoint": {"column": "queue"},
        "wait_s": {"column": "wait"},
    },
}


def manage(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    outside = ("DATABASE_URL", "LAKE_DATA_PATH", "CELERY_BROKER_URL", "TOUCHLINE_FILES")
    environment = {k: v for k, v in os.environ.items() if k not in outside}
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env={**environment, "TOUCHLINE_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_a_backup_is_restored_elsewhere(tmp_path: Path) -> None:
    old, new, kept = tmp_path / "old", tmp_path / "new", tmp_path / "backup"
    rows = "at,queue,wait\n" + "2025-03-01,a,1\n" * 500
    (tmp_path / "a.csv").write_text(rows)
    (tmp_path / "m.json").write_text(json.dumps(MAPPING))
    steps = [
        ("migrate", "-v0"),
        ("create_workspace", "north", "--name", "North", "--owner", "a@example.org"),
        ("import_evidence", str(tmp_path / "a.csv"), "--workspace", "north", "--mapping",
         str(tmp_path / "m.json")),
        ("backup", str(kept)),
    ]  # fmt: skip
    for step in steps:
        done = manage(old, *step)
        assert done.returncode == 0, (step, done.stderr)
    # what comes in after the backup was made is not in it
    (tmp_path / "later.csv").write_text(rows.replace("2025", "2024"))
    later = manage(old, "import_evidence", str(tmp_path / "later.csv"), "--workspace", "north",
                   "--mapping", str(tmp_path / "m.json"))  # fmt: skip
    assert later.returncode == 0, later.stderr
    again = manage(old, "restore", str(kept))
    assert again.returncode == 1
    assert "There are workspaces here" in again.stderr and "Traceback" not in again.stderr
    assert "is not empty" in manage(old, "backup", str(kept)).stderr

    # a file of the lake that lost its end is found before anything is written
    (parquet,) = (kept / "lake").rglob("*.parquet")
    whole = parquet.read_bytes()
    parquet.write_bytes(whole[:-9])
    damaged = manage(new, "restore", str(kept))
    assert damaged.returncode == 1 and "The backup is damaged: 1 files" in damaged.stderr
    parquet.write_bytes(whole)

    done = manage(new, "restore", str(kept), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["workspaces"] == 1
    # database and lake belong together: every row of the account stands in the restored lake
    assert told["check"]["ok"] and (told["check"]["imports"], told["check"]["rows"]) == (1, 500)
    checked = manage(new, "lake", "check", "--json")
    assert checked.returncode == 0 and json.loads(checked.stdout)["rows"] == 500
    # the same file is known there, and the lake takes more
    same = manage(new, "import_evidence", str(tmp_path / "a.csv"), "--workspace", "north",
                  "--mapping", str(tmp_path / "m.json"))  # fmt: skip
    assert "was imported by the same mapping before" in same.stderr
    (tmp_path / "a.csv").write_text(rows + "2025-03-02,a,2\n")
    more = manage(new, "import_evidence", str(tmp_path / "a.csv"), "--workspace", "north",
                  "--mapping", str(tmp_path / "m.json"), "--json")  # fmt: skip
    assert json.loads(more.stdout)["accepted"] == 501
    (kept / "backup.json").unlink()
    assert "not a whole one" in manage(tmp_path / "third", "restore", str(kept)).stderr
