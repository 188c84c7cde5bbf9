"""Keeping the lake in order, and forgetting a customer down to the bytes.

Both take a table for themselves: deletes and compaction conflict with inserts.
"""

import csv
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Mapping
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User, Workspace
from evidence import lake, locks
from evidence.actions import rejected_file
from evidence.catalogue import TABLES
from evidence.models import Import
from evidence.signals import evidence_changed
from jobs.actions import Running, create_job, register
from jobs.models import Job

KEEP_DAYS = 90  # how long a stored number opens to the rows it came from
MOST_FILES = 24  # of a workspace in a table, before they are written anew


def hash_of(workspace: Workspace, identifier: str) -> uuid.UUID:
    """What the lake knows a customer by; the same as `Stage.hash_customers`."""
    digest = hmac.new(bytes(workspace.secret), identifier.strip().encode(), hashlib.sha256)
    return uuid.UUID(digest.hexdigest()[:32])


def erase_customer(
    *, workspace: Workspace, identifier: str, user: User | None, send: bool = True
) -> Job:
    """Queues the erasure of everything about a customer. Only the hash goes into the job."""
    known = str(hash_of(workspace, identifier))
    return create_job(
        workspace=workspace, kind="erase", arguments={"customer": known}, user=user, send=send
    )


@register("erase")
def run_erasure(running: Running) -> None:
    """Rows, then bytes. Run again after a crash, it finds nothing left and cleans up once more."""
    workspace, customer = running.workspace, uuid.UUID(running.arguments["customer"])
    with locks.held(*(locks.rewriting(table) for table in TABLES), check=running.check):
        running.progress(0, 3, unit=_("steps"), message=_("Taking the customer's rows out"))
        erased = _delete_customer(workspace, customer)
        running.progress(1, message=_("Writing the files anew without them"))
        with lake.cursor() as cursor:
            cursor.execute("CALL ducklake_flush_inlined_data('lake')")
            cursor.execute("CALL ducklake_rewrite_data_files('lake', delete_threshold => 0.0)")
            forget_snapshots(cursor, days=0)
    running.progress(2, message=_("Clearing the files of rejected rows"))
    for found in workspace.imports.filter(rejected__gt=0):
        _strike_out(rejected_file(found), workspace, customer)
    with transaction.atomic():
        workspace.raise_evidence_revision()
        if sum(erased.values()):
            evidence_changed.send(
                sender=Import,
                workspace=workspace,
                kinds={table for table, n in erased.items() if n},
                codes=set(),
                journeys=set(),
                user=running.user,
            )
    running.note(", ".join(f"{table}: {n}" for table, n in erased.items()))
    running.progress(3)


def _delete_customer(workspace: Workspace, customer: uuid.UUID) -> dict[str, int]:
    erased = {}
    with lake.transaction(f"erasure in workspace {workspace.pk}") as cursor:
        for table in TABLES:
            done = cursor.execute(
                f"DELETE FROM {table} WHERE workspace_id = ? AND customer = ?",
                [workspace.pk, customer],
            ).fetchall()
            erased[table] = int(done[0][0])
    return erased


def _strike_out(path: Path, workspace: Workspace, customer: uuid.UUID) -> None:
    """Rejected rows keep their cells in the clear, the customer's number among them."""
    if not path.exists():
        return
    fresh = path.with_name(f"rejected-{secrets.token_hex(4)}.csv")
    with (
        path.open(encoding="utf-8", newline="") as source,
        fresh.open("w", encoding="utf-8", newline="") as target,
    ):
        writer = csv.writer(target, lineterminator="\n")
        for row in csv.reader(source):
            if not any(_means(cell, workspace, customer) for cell in row):
                writer.writerow(row)
    fresh.replace(path)


def _means(cell: str, workspace: Workspace, customer: uuid.UUID) -> bool:
    """Whether the cell, or a part of an unsplit line, is the customer's identifier."""
    parts = {cell, cell.removeprefix("'")}
    for delimiter in ",;\t|":
        parts |= (
            {part.strip(" \"'") for part in cell.split(delimiter)} if delimiter in cell else set()
        )
    return any(part.strip() and hash_of(workspace, part) == customer for part in parts)


def forget_snapshots(cursor: lake.Cursor, *, days: int) -> None:
    """Snapshots older than that end, and the files that only they needed are deleted."""
    cursor.execute(
        "CALL ducklake_expire_snapshots('lake', older_than => now() - to_days(CAST(? AS INTEGER)))",
        [days],
    )
    cursor.execute("CALL ducklake_cleanup_old_files('lake', cleanup_all => true)")


def keep_in_order(*, days: int = KEEP_DAYS, most_files: int = MOST_FILES) -> Mapping[str, int]:
    """Writes scattered rows together, sorted; ends old snapshots. Returns workspaces rewritten."""
    done = {}
    for table in TABLES:
        with locks.held(locks.rewriting(table)):
            with lake.cursor() as cursor:
                cursor.execute("CALL ducklake_flush_inlined_data('lake', table_name => ?)", [table])
            scattered = _scattered(table, most_files)
            for workspace_id in scattered:
                _write_together(table, workspace_id)
            done[table] = len(scattered)
    with locks.held(*(locks.rewriting(table) for table in TABLES)), lake.cursor() as cursor:
        forget_snapshots(cursor, days=days)
        cursor.execute(
            "CALL ducklake_delete_orphaned_files('lake', older_than => now() - INTERVAL 2 DAY)"
        )
    return done


def _scattered(table: str, most_files: int) -> list[int]:
    """Workspaces whose rows lie in many files, or in files they share with others."""
    with lake.cursor() as cursor:
        found = cursor.execute(
            f"SELECT workspace_id, count(DISTINCT filename) AS files FROM {lake.known(table)} "
            "GROUP BY workspace_id HAVING files > ? ORDER BY workspace_id",
            [most_files],
        ).fetchall()
    return [row[0] for row in found]


def _write_together(table: str, workspace_id: int) -> None:
    """A workspace's rows into files of its own, by touchpoint and time: scans touch fewer."""
    name = f"sorting_{secrets.token_hex(6)}"
    with lake.cursor() as cursor:
        cursor.execute(f"ATTACH ':memory:' AS {name} (COMPRESS)")
        try:
            cursor.execute(
                f"CREATE TABLE {name}.rows AS SELECT * FROM {table} WHERE workspace_id = ?",
                [workspace_id],
            )
            with lake.transaction(f"upkeep of workspace {workspace_id}") as own:
                own.execute(f"DELETE FROM {table} WHERE workspace_id = ?", [workspace_id])
                own.execute(
                    f"INSERT INTO {table} SELECT * FROM {name}.rows "
                    "ORDER BY touchpoint, occurred_at, import_id, row_no"
                )
        finally:
            cursor.execute(f"DETACH {name}")
