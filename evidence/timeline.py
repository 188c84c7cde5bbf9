"""One customer's way: every answer, wait and interaction in the order of time.

The lake knows customers by a keyed hash. Whoever asks gives the id as it stands in their files; it
is hashed at once, and that somebody looked is kept (`CustomerLook`).

There is no copy sorted by customer: a scan reads the column of customers, skips what does not
fit, and is never behind the evidence (docs/performance.md).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import User, Workspace
from evidence import lake
from evidence.models import CustomerLook, Kind

Row = dict[str, Any]
PER_PAGE = 50
COUNTS = ("n_responses", "n_waits", "n_interactions", "first_at", "last_at")


@dataclass(frozen=True)
class Timeline:
    """A page of it, newest first. `older` leads to the next page, where there is one."""

    rows: list[Row]
    counts: dict[str, int]
    first_at: datetime | None
    last_at: datetime | None
    older: int | None

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def timeline(workspace: Workspace, customer: UUID, *, before: int | None = None) -> Timeline:
    """What is known of the customer; from the newest, or from before this place on."""
    asked = {
        "workspace": workspace.pk,
        "customer": str(customer),
        "before": before,
        "most": PER_PAGE + 1,
    }
    with lake.cursor() as cursor:
        found = cursor.execute(lake.query("timeline"), asked)
        names = [column[0] for column in found.description or ()]
        rows = [dict(zip(names, values, strict=True)) for values in found.fetchall()]
    responses, waits, interactions, first_at, last_at = (rows[0][name] for name in COUNTS)
    told = [
        {name: value for name, value in row.items() if name not in COUNTS}
        for row in rows
        if row["kind"] is not None
    ]
    older = told[PER_PAGE - 1]["place"] if len(told) > PER_PAGE else None
    counts = {
        str(Kind.RESPONSES): responses,
        str(Kind.WAITS): waits,
        str(Kind.INTERACTIONS): interactions,
    }
    return Timeline(told[:PER_PAGE], counts, first_at, last_at, older)


def note_look(
    *, workspace: Workspace, customer: UUID, user: User | None, via: str, token: str = ""
) -> None:
    """That somebody looked; kept before anything is shown."""
    CustomerLook.objects.create(
        workspace=workspace, customer=customer, user=user, via=via, token=token
    )
