"""One snapshot of the lake, and the revision of a workspace's evidence that it shows."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from accounts.models import Workspace
from evidence import lake, locks, settling


@dataclass(frozen=True)
class Pinned:
    cursor: lake.Cursor
    snapshot: int
    revision: int
    empty: set[str]  # tables that were never filled


@contextmanager
def pinned(workspace_id: int, check: Callable[[], None] = lambda: None) -> Iterator[Pinned]:
    """A cursor that sees one snapshot of the lake; `check` is called while waiting and may raise.

    Whatever changes evidence is first in the lake and a moment later in our books. Nobody is
    between the two while this looks at both; what a dead writer left there is settled first, else
    its rows would be counted under the revision before it.
    """
    while True:
        with ExitStack() as until_read:
            with locks.held(locks.at_rest(workspace_id), check=check):
                # Only now: a transaction sees the lake as it was when it began.
                cursor = until_read.enter_context(lake.transaction())
                ((snapshot,),) = cursor.execute(lake.query("snapshot")).fetchall()
                revision = _revision(workspace_id)
                is_settled = settling.is_settled(workspace_id)
            if is_settled:
                yield Pinned(cursor, snapshot, revision, lake.leave_out_empty(cursor))
                return
        settling.settle_workspace(workspace_id, check)


def _revision(workspace_id: int) -> int:
    return Workspace.objects.values_list("evidence_revision", flat=True).get(pk=workspace_id)
