"""Bytes that databases keep of what was deleted: least and greatest values, dead rows, old logs."""

import logging

from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper

from evidence import catalogue, lake
from evidence.models import CustomerLook, Import
from jobs.models import Job

log = logging.getLogger(__name__)
# What identifies, or is a person's own words: also as the least and the greatest of a column.
TELLING = ("event_id", "customer", "case_id", "comment", "agent")
WAITS_MS = 5_000  # for a table that others are reading


def forget_extremes(tables: tuple[str, ...]) -> None:
    """The catalogue remembers each column's least and greatest value for ever; tells them anew."""
    with lake.cursor() as cursor, catalogue.connect() as db:
        for table in tables:
            names = [row[0] for row in cursor.execute(f"DESCRIBE {lake.known(table)}").fetchall()]
            for name in TELLING:
                if name not in names:
                    continue
                low, high = cursor.execute(
                    f"SELECT CAST(min({name}) AS VARCHAR), CAST(max({name}) AS VARCHAR) "
                    f"FROM {lake.known(table)}"
                ).fetchall()[0]
                db.execute(
                    f"UPDATE {catalogue.SCHEMA}.ducklake_table_column_stats s "
                    "SET min_value = %s, max_value = %s "
                    f"FROM {catalogue.SCHEMA}.ducklake_column c "
                    f"JOIN {catalogue.SCHEMA}.ducklake_table t USING (table_id) "
                    "WHERE c.table_id = s.table_id AND c.column_id = s.column_id "
                    "AND c.column_name = %s AND t.table_name = %s",
                    [low, high, name, table],
                )


def wipe_catalogue() -> None:
    """Rows deleted from PostgreSQL lie in its files until they are written anew."""
    with catalogue.connect() as db:
        found = db.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s AND (tablename LIKE %s "
            "OR tablename IN ('ducklake_file_column_stats', 'ducklake_table_column_stats'))",
            [catalogue.SCHEMA, "ducklake_inlined%"],
        ).fetchall()
        for (table,) in found:
            if db.info.server_version >= 180000:
                # Of a table that is empty now, the planner would keep the common values of before.
                db.execute(
                    "SELECT pg_clear_attribute_stats(n.nspname, c.relname, a.attname, false) "
                    "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
                    "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s "
                    "AND c.relname = %s AND a.attnum > 0 AND NOT a.attisdropped",
                    [catalogue.SCHEMA, table],
                )
            db.execute(f'VACUUM (FULL, ANALYZE) {catalogue.SCHEMA}."{table}"')


def wipe_books() -> None:
    """The same for our own tables that named the customer, and then the write-ahead log.

    Best effort: others may be reading, and only a superuser, as ours is in the embedded server,
    may do the last two. What stays is overwritten in time.
    """
    if connection.in_atomic_block:
        return  # the rows cannot be written anew from within
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {WAITS_MS}")
        try:
            for model in (Import, Job, CustomerLook):
                _quietly(cursor, f'VACUUM (FULL, ANALYZE) "{model._meta.db_table}"')
            # The planner knows the most common values of each column; those of before are dead now.
            _quietly(cursor, "VACUUM (FULL) pg_catalog.pg_statistic")
        finally:
            cursor.execute("RESET lock_timeout")
        for statement in ("SELECT pg_switch_wal()", "CHECKPOINT"):
            _quietly(cursor, statement)


def _quietly(cursor: CursorWrapper, statement: str) -> None:
    try:
        cursor.execute(statement)
    except DatabaseError as error:
        log.info("Not wiped (%s): %s", statement, " ".join(str(error).split()))
