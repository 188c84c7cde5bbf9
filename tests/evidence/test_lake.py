"""The lake's door is narrow: files below our own directories, one schema in PostgreSQL."""

from pathlib import Path

import duckdb
import psycopg
import pytest
from django.db import connection

from accounts.models import Workspace
from evidence import catalogue, lake
from tests.evidence.bringing import HEAD, WAITS, bring
from tests.lake_rows import put, wait

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        "COPY (SELECT 1) TO '/tmp/touchline-escape.csv'",
        "ATTACH '/tmp/touchline-escape.db' AS escape",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "SET memory_limit = '100GB'",
        "INSTALL httpfs",
        "SELECT * FROM read_csv('https://example.org/a.csv')",
    ],
)
def test_duckdb_reaches_nothing_else(statement: str) -> None:
    with lake.cursor() as cursor, pytest.raises(duckdb.Error):
        cursor.execute(statement).fetchall()


def test_a_path_cannot_climb_out(settings: object) -> None:
    with lake.cursor() as cursor, pytest.raises(duckdb.Error, match="Cannot access"):
        cursor.execute(f"SELECT * FROM read_text('{lake.temp_path()}/../../../../etc/passwd')")


def test_the_lake_s_role_sees_its_own_schema_only() -> None:
    with lake.cursor() as cursor, pytest.raises(duckdb.Error, match="permission denied"):
        cursor.execute(
            "SELECT * FROM postgres_query('__ducklake_metadata_lake', "
            "'SELECT * FROM public.accounts_user')"
        ).fetchall()
    to = catalogue.address()
    assert to.user == f"{connection.settings_dict['NAME']}_lake"
    with (
        psycopg.connect(
            host=to.host, port=to.port, dbname=to.database, user=to.user, password=to.password
        ) as db,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        db.execute("SELECT * FROM public.accounts_user")


def test_a_transaction_is_all_or_nothing(workspace: Workspace) -> None:
    before = lake.snapshot()
    with pytest.raises(ZeroDivisionError), lake.transaction("never") as cursor:
        cursor.execute(
            "INSERT INTO interactions (workspace_id, import_id, row_no, occurred_at) "
            "VALUES (?, 1, 1, TIMESTAMP '2025-01-01')",
            [workspace.pk],
        )
        raise ZeroDivisionError
    assert lake.snapshot() == before
    assert lake.rows_of("interactions", workspace_id=workspace.pk, import_id=1) == 0


def test_a_table_is_never_filled_until_its_first_row(workspace: Workspace) -> None:
    with lake.transaction() as cursor:
        cursor.execute("CREATE TABLE unheard_of (n INTEGER)")
    try:
        assert "unheard_of" in lake.never_filled()
        with lake.transaction() as cursor:
            cursor.execute("INSERT INTO unheard_of VALUES (1)")
        assert "unheard_of" not in lake.never_filled()
    finally:
        with lake.transaction() as cursor:
            cursor.execute("DROP TABLE unheard_of")
    put("waits", workspace, [wait("counter", 7)])
    assert "waits" not in lake.never_filled()


def test_unknown_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="no table of evidence"):
        lake.rows_of("waits; DROP TABLE waits", workspace_id=1, import_id=1)


def test_it_comes_back_after_the_database_went_away(workspace: Workspace, tmp_path: Path) -> None:
    found = bring(workspace, tmp_path, HEAD + "2025-03-01,a,1\n", WAITS)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND usename = %s",
            [catalogue.address().user],
        )
        assert cursor.fetchone()[0] > 0
    lake.ping()
    assert lake.rows_of("waits", workspace_id=workspace.pk, import_id=found.pk) == 1


def test_files_of_other_workspaces_are_not_read(workspace: Workspace, tmp_path: Path) -> None:
    """Not partitioned, yet a workspace's figures read only the files with its rows."""
    text = HEAD + "2025-03-01,a,1\n" * 2000
    bring(Workspace.objects.create(slug="other", name="Other"), tmp_path, text, WAITS)
    bring(workspace, tmp_path, text, WAITS)
    with lake.cursor() as cursor:
        plan = cursor.execute(
            "EXPLAIN ANALYZE SELECT count(outcome) FROM waits WHERE workspace_id = ?",
            [workspace.pk],
        ).fetchall()[0][1]
    assert "Total Files Read: 1" in plan, plan
