"""Puts small evidence into the real lake, without a file that is imported."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby, islice
from typing import Any
from uuid import UUID, uuid5

from accounts.models import Workspace
from evidence import lake

AT_ONCE = 250  # a statement for each row took most of the time of many tests
NOON = datetime(2025, 3, 3, 12)
PEOPLE = UUID("00000000-0000-0000-0000-00000000cafe")


def customer(name: str) -> UUID:
    """A known customer of this name."""
    return uuid5(PEOPLE, name)


def put(table: str, workspace: Workspace, rows: list[dict[str, Any]], import_id: int = 1) -> None:
    """Rows with any of the table's columns; the time is noon of 3 March 2025 unless told."""
    told = {"workspace_id": workspace.pk, "import_id": import_id, "occurred_at": NOON}
    whole = [told | {"row_no": row_no} | row for row_no, row in enumerate(rows, 1)]
    with lake.transaction() as cursor:
        for columns, alike in groupby(whole, key=tuple):
            for some in batched(alike, AT_ONCE):
                marks = ", ".join(["(" + ", ".join("?" * len(columns)) + ")"] * len(some))
                cursor.execute(
                    f"INSERT INTO {table} ({', '.join(columns)}) VALUES {marks}",
                    [value for row in some for value in row.values()],
                )


def batched(rows: Iterable[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    found = iter(rows)
    while some := list(islice(found, size)):
        yield some


def answer(touchpoint: str | None, metric: str, score: Any, **more: Any) -> dict[str, Any]:
    return {
        "touchpoint": touchpoint,
        "metric": metric,
        "score": None if score is None else Decimal(str(score)),
        "weight": Decimal(1),
        **more,
    }


def wait(touchpoint: str, seconds: float, outcome: str = "served", **more: Any) -> dict[str, Any]:
    return {
        "touchpoint": touchpoint,
        "wait_ms": round(seconds * 1000),
        "outcome": outcome,
        **more,
    }


def passage(touchpoint: str, who: str | None, days: float = 0, **more: Any) -> dict[str, Any]:
    return {
        "touchpoint": touchpoint,
        "customer": customer(who) if who else None,
        "occurred_at": NOON + timedelta(days=days),
        **more,
    }
