"""Queries that every page or call asks, whose SQL is written once.

Django writes a query's SQL anew each time, and PostgreSQL plans it anew: both take longer than to
answer one that finds a row by its key.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


def columns_of(*models: type[Model]) -> str:
    """All columns of these models, for a SELECT."""
    return ", ".join(
        f'{model._meta.db_table}."{field.column}"'
        for model in models
        for field in model._meta.concrete_fields
    )


def found(statement: str, values: Sequence[Any], *models: type[Model]) -> list[tuple[Any, ...]]:
    """Each row: an instance of each model, whose columns come first, and what else it has."""
    with connection.planned_once() as cursor:  # type: ignore[attr-defined]  # config/postgres
        cursor.execute(statement, values)
        return [_instances(iter(row), models) for row in cursor.fetchall()]


def _instances(values: Iterator[Any], models: Sequence[type[Model]]) -> tuple[Any, ...]:
    made = []
    for model in models:
        names = [field.attname for field in model._meta.concrete_fields]
        made.append(model.from_db(connection.alias, names, [next(values) for _name in names]))
    return (*made, *values)
