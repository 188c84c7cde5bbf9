"""What writers left that died between the lake's commit and ours: taken out, or finished."""

import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from django.db.models import QuerySet

from evidence import lake, locks
from evidence.commits import record_undone
from evidence.models import Import, Removal, State, Unsettled
from evidence.removals import account, is_taken_out

log = logging.getLogger(__name__)


class Busy(Exception):
    """Somebody works on it just now, and settles it."""


def unsettled(workspace_id: int | None = None) -> QuerySet[Import]:
    marked = Import.objects.exclude(unsettled="")
    return marked if workspace_id is None else marked.filter(workspace=workspace_id)


def pending(workspace_id: int | None = None) -> list[Removal]:
    """Removals whose rows may have left the lake, and are not accounted for yet."""
    under_way = Removal.objects.filter(done_at=None).exclude(plan={})
    if workspace_id is not None:
        under_way = under_way.filter(workspace=workspace_id)
    return [removal for removal in under_way if removal.unaccounted()]


def is_settled(workspace_id: int) -> bool:
    """Asked holding `locks.at_rest`: whether every row in the lake stands in our books too."""
    return not (unsettled(workspace_id).exists() or pending(workspace_id))


def settle_workspace(workspace_id: int, check: Callable[[], None]) -> None:
    """Whatever dead writers left here; waits for those who work on it again already."""
    for found in unsettled(workspace_id):
        settle(found, check)
    for removal in pending(workspace_id):
        settle_removal(removal, check)


def settle_all() -> int:
    """What nobody works on, everywhere; called again and again. Returns how many."""
    works: list[Callable[[], None]] = [partial(settle, f, _refuse) for f in unsettled()]
    works += [partial(settle_removal, removal, _refuse) for removal in pending()]
    settled = 0
    for work in works:
        with suppress(Busy):
            work()
            settled += 1
    return settled


def settle_idle(workspace_id: int) -> None:
    """The same for one workspace's imports: rows that nobody will account for double nothing."""
    for found in unsettled(workspace_id):
        with suppress(Busy):
            settle(found, _refuse)


def settle(found: Import, check: Callable[[], None] = lambda: None) -> None:
    """Brings lake and books together for this import, once nobody works on it."""
    with locks.held(locks.importing(found.pk), check=check):
        found.refresh_from_db()
        tidy(found)


def tidy(found: Import) -> None:
    """The same for whoever holds `locks.importing`, and has the import as it is now."""
    if not found.unsettled:
        return
    log.warning("Import %s: a writer ended between two commits; settling it", found.pk)
    own = {"workspace_id": found.workspace_id, "import_id": found.pk}
    table = lake.known(found.kind)
    with locks.held(locks.rewriting(table), locks.changing(found.workspace_id)):
        if found.unsettled == Unsettled.UNDO and not lake.rows_of(table, **own):
            return record_undone(found, found.undone_by)
        if found.unsettled == Unsettled.APPEND:
            # Of a day's posts what is accounted for stays; an import is all or nothing.
            after = found.rows if found.state == State.DONE else 0
            lake.delete_rows(table, after=after, message=f"leftovers of import {found.pk}", **own)
        else:
            found.undone_by = None
        found.unsettled = ""
        found.save(update_fields=["unsettled", "undone_by"])


def settle_removal(removal: Removal, check: Callable[[], None]) -> None:
    """Accounts for rows that left; a plan that nothing came of is made again by who retries."""
    tables = [lake.known(table) for table in sorted(removal.plan)]
    with locks.held(*(locks.rewriting(table) for table in tables), check=check) as take:
        take(locks.changing(removal.workspace_id))
        removal.refresh_from_db()
        if removal.done_at is None and removal.unaccounted():
            if is_taken_out(removal):
                account(removal)
            else:
                removal.plan = {}
                removal.save(update_fields=["plan"])


def _refuse() -> None:
    raise Busy
