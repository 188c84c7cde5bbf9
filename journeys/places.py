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
    places = rows.order_by("position").values_list("position", flat=True)
    if follows is None:
        first = places.first()
        return 0 if first is None else first - GAP
    before = rows.filter(key=follows).values_list("position", flat=True).first()
    if before is None:
        end = places.last()
        return 0 if end is None else end + GAP
    after = places.filter(position__gt=before).first()
    if after is None:
        return before + GAP
    if after - before < 2:
        _spread(rows)
        return position(rows, follows)
    return before + (after - before) // 2


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
