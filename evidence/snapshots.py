"""Reading the evidence as it stood when a number was made: the lake's time travel.

Every text of `queries/*.sql` works unchanged: while a snapshot is read, the names of the tables
of evidence mean views of that snapshot, private to the cursor. Nothing can be written through it.
(`queries/snapshot.sql` alone is about now, always.)
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from django.utils.translation import gettext as _

from evidence import lake
from evidence.catalogue import TABLES


class SnapshotGone(lake.LakeError):
    """The snapshot ended: its time was up, or an erasure, which always goes first, ended it."""


@contextmanager
def at(snapshot: int | None) -> Iterator[lake.Cursor]:
    """A cursor in whose eyes the evidence is as it was at this snapshot of the lake.

    Raises SnapshotGone where it is kept no longer, also when it ends while it is being read.
    """
    if snapshot is None:
        raise SnapshotGone(_told(snapshot))
    with lake.cursor() as own:
        try:
            for table in TABLES.keys() - lake.leave_out_empty(own):
                own.execute(
                    f"CREATE TEMP VIEW {table} AS "
                    f"SELECT * FROM lake.main.{table} AT (VERSION => {int(snapshot)})"
                )
            own.execute("BEGIN")
            yield own
        except duckdb.Error:
            if is_kept(snapshot):
                raise
            raise SnapshotGone(_told(snapshot)) from None


def is_kept(snapshot: int | None) -> bool:
    """Whether numbers made at this snapshot still open to their rows."""
    if snapshot is None:
        return False
    with lake.cursor() as own:
        found = own.execute(
            "SELECT count(*) FROM lake.snapshots() WHERE snapshot_id = ?", [snapshot]
        ).fetchall()
    return bool(found[0][0])


def _told(snapshot: int | None) -> str:
    return _(
        "The rows behind it are gone: snapshot %(snapshot)s of the evidence is kept no longer. "
        "Snapshots end after 90 days, or earlier when a customer is erased. The run keeps its "
        "numbers; score the journey again to have a number with its rows."
    ) % {"snapshot": "–" if snapshot is None else snapshot}
