"""A backup is a folder: the database's dump, the lake's files, and the files of imports.

While it is made, nothing is written to the lake, so that its catalogue (in the dump) and its
files belong together. Files of the lake never change once they are written.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Workspace
from config.embedded.rootless import packaged_programs
from evidence import catalogue, lake, locks

FORMAT = "touchline-backup/1"


class BackupError(Exception):
    """Why there is no backup, or no restoring it."""


def make_backup(to: Path) -> dict[str, Any]:
    """Writes everything into a new folder; returns what it holds."""
    if to.exists() and any(to.iterdir()):
        raise BackupError(_("%s is not empty. Name a new folder.") % to)
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    lake.ping()
    with locks.held(*(locks.rewriting(table) for table in catalogue.TABLES)):
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges",
             f"--file={to / 'database.dump'}")  # fmt: skip
        if not lake.is_remote(lake.data_path()):
            shutil.copytree(lake.data_path(), to / "lake")
    shutil.copytree(settings.MEDIA_ROOT, to / "files", dirs_exist_ok=True)
    told = {
        "format": FORMAT,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "lake": lake.data_path() if lake.is_remote(lake.data_path()) else "lake",
        "workspaces": Workspace.objects.count(),
        "bytes": sum(path.stat().st_size for path in to.rglob("*") if path.is_file()),
    }
    # Written last: a folder without it is no whole backup.
    (to / "backup.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return told


def restore_backup(of: Path) -> dict[str, Any]:
    """Fills an empty installation from a backup."""
    told = _manifest(of)
    _refuse_to_overwrite()
    lake.close()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {catalogue.SCHEMA} CASCADE")
    connections.close_all()
    _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges",
         "--single-transaction", "--exit-on-error", f"--dbname={_database()}",
         str(of / "database.dump"))  # fmt: skip
    if told["lake"] == "lake":
        shutil.copytree(of / "lake", lake.data_path(), dirs_exist_ok=True)
    shutil.copytree(of / "files", settings.MEDIA_ROOT, dirs_exist_ok=True)
    lake.ping()
    return told


def _manifest(of: Path) -> dict[str, Any]:
    try:
        told = json.loads((of / "backup.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BackupError(
            _("%s is not a backup, or not a whole one: it has no readable backup.json.") % of
        ) from None
    if told.get("format") != FORMAT:
        raise BackupError(
            _("The backup is of the format %(given)s; this program reads %(known)s.")
            % {"given": told.get("format"), "known": FORMAT}
        )
    if told["lake"] != "lake" and told["lake"] != lake.data_path():
        raise BackupError(
            _("The backup's evidence lies at %s. Set LAKE_DATA_PATH to it, then restore.")
            % told["lake"]
        )
    return dict(told)


def _refuse_to_overwrite() -> None:
    if MigrationRecorder(connection).has_table() and (
        Workspace._meta.db_table in connection.introspection.table_names()
        and Workspace.objects.exists()
    ):
        raise BackupError(
            _(
                "There are workspaces here, and a restore would replace them. Restore into an "
                "empty installation: another TOUCHLINE_HOME, or an empty DATABASE_URL."
            )
        )


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def _run(program: str, *arguments: str) -> None:
    """PostgreSQL's own programs, which come with the embedded server."""
    own = connection.settings_dict
    environment = {
        **os.environ,
        "PGHOST": str(own["HOST"] or "localhost"),
        "PGPORT": str(own["PORT"] or 5432),
        "PGUSER": str(own["USER"]),
        "PGPASSWORD": str(own["PASSWORD"]),
        "PGDATABASE": _database(),
        "PGCONNECT_TIMEOUT": "10",
        "LC_ALL": "C",
    }
    for key, value in own.get("OPTIONS", {}).items():
        if key.startswith("ssl"):
            environment[f"PG{key.upper()}"] = str(value)
    done = subprocess.run(
        [str(packaged_programs() / program), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(
            _("%(program)s failed: %(why)s")
            % {"program": program, "why": " ".join(done.stderr.split())[:500]}
        )
