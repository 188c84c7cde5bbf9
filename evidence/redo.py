"""An import that was undone comes back as it stood, out of the lake's own past.

The rows are those of the snapshot before the undo, as long as the lake keeps it: 90 days, or until
a customer is erased, which ends all snapshots.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from evidence import commits, lake, locks
from evidence.actions import refuse_repeat
from evidence.errors import EvidenceError
from evidence.models import Import, State, Unsettled


def can_redo(found: Import) -> bool:
    """Whether the lake still has the rows as they stood before the undo."""
    return found.state == State.UNDONE and _before_undo(found) is not None


def redo_import(*, found: Import, user: User | None) -> None:
    """Puts the rows of an undone import back; all of them, or none."""
    table = lake.known(found.kind)
    own = [locks.importing(found.pk), locks.event_ids(found.workspace_id, table)]
    with locks.held(*own, locks.appending(table)) as take:
        found.refresh_from_db()
        if found.state != State.UNDONE:
            raise EvidenceError(_("Only an import that was undone can be brought back."))
        snapshot = _before_undo(found)
        if snapshot is None:
            raise EvidenceError(
                _(
                    "Its rows are kept no longer: snapshots end after 90 days, or when a customer "
                    "is erased. Bring the file in again."
                )
            )
        if found.fingerprint:
            refuse_repeat(found, found.fingerprint)
        values = {"workspace": found.workspace_id, "import": found.pk}
        rows = (
            f"SELECT * FROM {table} AT (VERSION => {int(snapshot)}) "
            "WHERE workspace_id = $workspace AND import_id = $import"
        )
        _refuse_known_ids(table, rows, values)
        with lake.transaction(f"redo import {found.pk}") as cursor:
            cursor.execute(f"INSERT INTO {table} {rows}", values)
            commits.begin(take, found, Unsettled.APPEND)
        _record(found, user)


@transaction.atomic
def _record(found: Import, user: User | None) -> None:
    """Our commit, after the lake's. When it was undone stays known."""
    found.state, found.snapshot, found.unsettled = State.DONE, lake.snapshot(), ""
    found.finished_at = timezone.now()
    found.save(update_fields=["state", "snapshot", "unsettled", "finished_at"])
    commits.announce_change(found=found, user=user)


def _before_undo(found: Import) -> int | None:
    with lake.cursor() as cursor:
        undo, last_before = cursor.execute(
            "SELECT max(u.snapshot_id), max(s.snapshot_id) FROM lake.snapshots() u "
            "LEFT JOIN lake.snapshots() s ON s.snapshot_id = u.snapshot_id - 1 "
            "WHERE u.commit_message = ?",
            [undo_message(found)],
        ).fetchall()[0]
    return last_before if undo is not None and last_before == undo - 1 else None


def undo_message(found: Import) -> str:
    """What the lake's snapshot of an undo is called."""
    return f"undo import {found.pk}"


def _refuse_known_ids(table: str, rows: str, values: dict[str, int]) -> None:
    with lake.cursor() as cursor:
        n = cursor.execute(
            f"SELECT count(*) FROM ({rows}) WHERE event_id IN (SELECT event_id FROM {table} "
            "WHERE workspace_id = $workspace AND event_id IS NOT NULL)",
            values,
        ).fetchall()[0][0]
    if n:
        raise EvidenceError(
            _(
                "%d of its rows came in by another import since, as their ids tell. Undo that one "
                "first."
            )
            % n
        )
