"""The first command in a new home: people and scripts do not begin with `migrate`."""

import json
from pathlib import Path

from tests.config.test_backup import manage

BREAK = (
    "from django.db import connection; "
    "connection.cursor().execute('ALTER TABLE accounts_workspace RENAME COLUMN name TO title')"
)
MAKE = ("create_workspace", "north", "--name", "North", "--owner", "a@example.org", "--json")


def test_the_first_command_makes_the_tables(tmp_path: Path) -> None:
    home = tmp_path / "new"
    done = manage(home, *MAKE)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["workspace"] == "north"

    assert manage(home, "shell", "-c", BREAK).returncode == 0
    refused = manage(home, "create_workspace", "south", *MAKE[2:])
    assert refused.returncode == 1 and refused.stdout == ""
    assert "Traceback" not in refused.stderr
    assert "Run:" in refused.stderr and refused.stderr.rstrip().endswith("manage.py migrate")
