"""What has to be done before serving, and only when it has: migrations and static files."""

import fcntl
import hashlib
from pathlib import Path

import psycopg
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

STAMP = ".collected"
# What packages ship and our pages never ask for.
UNUSED = ["*.map", "redoc"]


def migrate_if_due() -> bool:
    """Brings the database up to date; says whether there was anything to do."""
    executor = MigrationExecutor(connection)
    due = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if due:
        call_command("migrate", interactive=False, verbosity=0)
    return due


def migrate_if_new() -> None:
    """Makes the tables of a database that has none; one process at a time.

    An older database is left as it is: when to bring that up to date is for a person to say.
    """
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as own:
        if _has_tables(own):
            return
        own.execute("SELECT pg_advisory_lock(hashtext('touchline: make the tables'))")
        if not _has_tables(own):
            call_command("migrate", interactive=False, verbosity=0)


def _has_tables(own: psycopg.Connection) -> bool:
    found = own.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
    return bool(found and found[0])


def collect_static_if_due() -> bool:
    """Collects, hashes and compresses the static files if any changed; one process at a time."""
    root = Path(settings.STATIC_ROOT)
    state = _static_state()
    root.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{root}.lock", "w", encoding="utf-8") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        stamp = root / STAMP
        if stamp.exists() and stamp.read_text(encoding="utf-8") == state:
            return False
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNUSED)
        stamp.write_text(state, encoding="utf-8")
        return True


def _static_state() -> str:
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list(UNUSED):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
