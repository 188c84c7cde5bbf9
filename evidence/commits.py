"""The lake's commit and ours are two transactions, and nobody reads between them.

A writer holds its workspace's lock, shared, from before the first until after the second, and
leaves a mark on the import for as long. Whoever needs the evidence and its revision of one moment
has the lock alone. A mark that stands then was left by a writer that died (settling.py).
"""

from collections.abc import Iterable

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from evidence import locks
from evidence.models import Import, State, Unsettled
from evidence.signals import evidence_changed


def begin(take: locks.Take, found: Import, what: Unsettled, user: User | None = None) -> None:
    """Right before the lake's commit, holding `locks.importing`; our own clears the mark."""
    take(locks.changing(found.workspace_id))
    found.unsettled = what
    with transaction.atomic():
        with connection.cursor() as cursor:
            # The lake's commit comes after it in the same log, and takes it to the disk.
            cursor.execute("SET LOCAL synchronous_commit = off")
        mark = Import.objects.filter(pk=found.pk)
        if what == Unsettled.UNDO:
            mark.update(unsettled=what, undone_by=user)
        else:
            mark.update(unsettled=what)


@transaction.atomic
def record_undone(found: Import, user: User | None) -> None:
    """Our commit, after that which took the rows out of the lake."""
    found.state, found.undone_at, found.undone_by = State.UNDONE, timezone.now(), user
    found.unsettled = ""
    found.save(update_fields=["state", "undone_at", "undone_by", "unsettled"])
    announce_change(found=found, user=user)


def announce_change(
    *,
    found: Import,
    user: User | None,
    codes: Iterable[str] | None = None,
    journeys: Iterable[str] | None = None,
) -> None:
    """Within the transaction that records it: a new revision, and whoever listens.

    Without `codes` and `journeys`, all those of the import have changed.
    """
    found.workspace.raise_evidence_revision()
    evidence_changed.send(
        sender=Import,
        workspace=found.workspace,
        kinds={found.kind},
        codes=set(found.codes if codes is None else codes),
        journeys=set(found.journeys if journeys is None else journeys),
        user=user,
    )
