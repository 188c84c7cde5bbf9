"""Keeping the lake in order: scattered rows together, old snapshots ended, orphans deleted.

It takes a table for itself: deletes and compaction conflict with inserts.
"""

import secrets
from collections.abc import Mapping

from evidence import lake, locks
from evidence.catalogue import META, TABLES

KEEP_DAYS = 90  # how long a stored number opens to the rows it came from
MOST_FILES = 24  # of a workspace in a table, before they are written anew
# Small files are put together by size: each row is written a few times, not again and again.
SMALL_BYTES = (256 * 1024, 8 * 2**20)


def forget_snapshots(cursor: lake.Cursor, *, days: int) -> None:
    """Snapshots older than that end, and the files that only they needed are deleted."""
    cursor.execute(
        "CALL ducklake_expire_snapshots('lake', older_than => now() - to_days(CAST(? AS INTEGER)))",
        [days],
    )
    cursor.execute("CALL ducklake_cleanup_old_files('lake', cleanup_all => true)")


def gather(table: str) -> None:
    """Small appends of the last while into one file: else every figure opens hundreds of them.

    It may mix workspaces, in small files only; the upkeep of the night parts them (ADR 8).
    """
    with locks.held(locks.rewriting(table)._replace(queued=True)), lake.cursor() as cursor:
        cursor.execute("CALL ducklake_flush_inlined_data('lake', table_name => ?)", [table])
        for below in SMALL_BYTES:
            if _files_below(cursor, table, below) > MOST_FILES:
                cursor.execute(
                    "CALL ducklake_merge_adjacent_files('lake', ?, max_file_size => ?)",
                    [lake.known(table), below],
                )


def _files_below(cursor: lake.Cursor, table: str, size: int) -> int:
    found = cursor.execute(
        f"SELECT count(*) FROM {META}.ducklake_data_file f JOIN {META}.ducklake_table t "
        "USING (table_id) WHERE t.table_name = ? AND t.end_snapshot IS NULL "
        "AND f.end_snapshot IS NULL AND f.file_size_bytes < ?",
        [table, size],
    ).fetchall()
    return int(found[0][0])


def keep_in_order(*, days: int = KEEP_DAYS, most_files: int = MOST_FILES) -> Mapping[str, int]:
    """Writes scattered rows together, sorted; ends old snapshots. Returns workspaces rewritten."""
    done = {}
    for table in TABLES:
        with locks.held(locks.rewriting(table)):
            with lake.cursor() as cursor:
                cursor.execute("CALL ducklake_flush_inlined_data('lake', table_name => ?)", [table])
            scattered = _scattered(table, most_files)
            for workspace_id in scattered:
                _write_together(table, workspace_id)
            done[table] = len(scattered)
    with locks.held(*(locks.rewriting(table) for table in TABLES)), lake.cursor() as cursor:
        forget_snapshots(cursor, days=days)
        cursor.execute(
            "CALL ducklake_delete_orphaned_files('lake', older_than => now() - INTERVAL 2 DAY)"
        )
    return done


def _scattered(table: str, most_files: int) -> list[int]:
    """Workspaces whose rows lie in many files, or in files they share with others."""
    with lake.cursor() as cursor:
        found = cursor.execute(
            f"SELECT workspace_id, count(DISTINCT filename) AS files FROM {lake.known(table)} "
            "GROUP BY workspace_id HAVING files > ? ORDER BY workspace_id",
            [most_files],
        ).fetchall()
    return [row[0] for row in found]


def _write_together(table: str, workspace_id: int) -> None:
    """A workspace's rows into files of its own, by touchpoint and time: scans touch fewer."""
    name = f"sorting_{secrets.token_hex(6)}"
    with lake.cursor() as cursor:
        cursor.execute(f"ATTACH ':memory:' AS {name} (COMPRESS)")
        try:
            cursor.execute(
                f"CREATE TABLE {name}.rows AS SELECT * FROM {table} WHERE workspace_id = ?",
                [workspace_id],
            )
            with lake.transaction(f"upkeep of workspace {workspace_id}") as own:
                own.execute(f"DELETE FROM {table} WHERE workspace_id = ?", [workspace_id])
                own.execute(
                    f"INSERT INTO {table} SELECT * FROM {name}.rows "
                    "ORDER BY touchpoint, occurred_at, import_id, row_no"
                )
        finally:
            cursor.execute(f"DETACH {name}")
