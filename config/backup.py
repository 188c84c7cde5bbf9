"""A backup is a folder: the database's dump, the lake's files, and the files of imports.

While it is made, nothing is written to the lake, so that its catalogue (in the dump) and its
files belong together. Files of the lake never change once they are written.
"""

import hashlib
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
from evidence import catalogue, lake, lake_files, locks
from evidence.checking import Checked, check

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
        lake_files.copy_out(to / "lake")
    shutil.copytree(
        settings.MEDIA_ROOT, to / "files", dirs_exist_ok=True, copy_function=_copy_if_there
    )
    files = _files_in(to)
    told = {
        "format": FORMAT,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "workspaces": Workspace.objects.count(),
        "bytes": sum(size for size, _digest in files.values()),
        "files": files,
    }
    # Written last: a folder without it is no whole backup.
    (to / "backup.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return told


def _copy_if_there(source: str, target: str) -> None:
    """Files of imports come and go while they are copied; what is gone was not needed any more."""
    try:
        shutil.copy2(source, target)
    except FileNotFoundError:
        if Path(source).exists():
            raise


def _files_in(folder: Path) -> dict[str, tuple[int, str]]:
    """Path within the folder → bytes and SHA-256 of each file but the manifest."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path != folder / "backup.json":
            with path.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
            found[path.relative_to(folder).as_posix()] = (path.stat().st_size, digest)
    return found


def restore_backup(of: Path) -> dict[str, Any]:
    """Fills an empty installation from a backup."""
    told = _manifest(of)
    _refuse_to_overwrite()
    _refuse_damaged(of, told)
    lake.close()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {catalogue.SCHEMA} CASCADE")
    connections.close_all()
    _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges",
         "--single-transaction", "--exit-on-error", f"--dbname={_database()}",
         str(of / "database.dump"))  # fmt: skip
    lake_files.copy_in(of / "lake")
    shutil.copytree(of / "files", settings.MEDIA_ROOT, dirs_exist_ok=True)
    lake.ping()
    return told | {"check": _checked().to_json()}


def _checked() -> Checked:
    """Whether what was restored is whole: the database and the lake belong together."""
    found = check()
    if found.problems:
        first = "; ".join(f"{one.where}: {one.told}" for one in found.problems[:3])
        raise BackupError(
            _("Restored, but not whole: %(n)d things are wrong (%(first)s). See `lake check`.")
            % {"n": len(found.problems), "first": first}
        )
    return found


def _refuse_damaged(of: Path, told: dict[str, Any]) -> None:
    """Before anything is written: each file is there and is what was backed up."""
    has = _files_in(of)
    wrong = [name for name, was in told.get("files", {}).items() if has.get(name) != tuple(was)]
    if wrong:
        raise BackupError(
            _("The backup is damaged: %(n)d files are missing or changed, such as %(first)s.")
            % {"n": len(wrong), "first": wrong[0]}
        )


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
