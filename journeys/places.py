"""Where parts stand: numbers with gaps, so that an edit moves one row however long the list."""

from typing import Any

from django.db import connection
from django.db.models import QuerySet

from journeys.models import Part

GAP = 2**20


def last(rows: QuerySet[Any]) -> str | None:
    """The key of the list's last part."""
    return rows.order_by("position", "pk").values_list("key", flat=True).last()


def previous(row: Part) -> str | None:
    """The key of the part before this one in its list."""
    rows = type(row)._default_manager.filter(journey=row.journey, position__lt=row.position)
    return last(rows)


def position(rows: QuerySet[Any], follows: str | None) -> int:
    """Between that part of the list (None: its beginning) and the one after it.

    A part that is gone by now stands for the end.
    """
    return positions(rows, follows, 1)[0]


def positions(rows: QuerySet[Any], follows: str | None, n: int) -> list[int]:
    """Those of n parts there, one behind the other."""
    places = rows.order_by("position").values_list("position", flat=True)
    if follows is None:
        first = places.first()
        return [i * GAP if first is None else first - (n - i) * GAP for i in range(n)]
    before = rows.filter(key=follows).values_list("position", flat=True).first()
    if before is None:
        before = places.last()
        after = None
    else:
        after = places.filter(position__gt=before).first()
    if after is None:
        return [i * GAP if before is None else before + (i + 1) * GAP for i in range(n)]
    assert before is not None
    if after - before <= n:
        _spread(rows)
        return positions(rows, follows, n)
    return [before + (after - before) * (i + 1) // (n + 1) for i in range(n)]


def _spread(rows: QuerySet[Any]) -> None:
    """New gaps for the list: after twenty halvings of the same one."""
    table = connection.ops.quote_name(rows.model._meta.db_table)
    journey = rows.values_list("journey", flat=True)[0]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET position = fresh.place * %s FROM ("
            f"SELECT id, row_number() OVER (ORDER BY position, id) AS place FROM {table} "
            f"WHERE journey_id = %s) AS fresh WHERE {table}.id = fresh.id",
            [GAP, journey],
        )
