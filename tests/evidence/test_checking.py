"""The check finds what is wrong with the lake: files gone, broken, changed, orphaned; rows lost."""

import json
import os
import shutil
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from evidence import catalogue, lake
from evidence.actions import undo_import
from evidence.models import Import, State
from tests.evidence.bringing import WAITS, bring, having
from tests.lake_rows import put, wait

MANY = "at,queue,wait,who\n" + "2025-03-01,a,1,anna\n2025-03-02,b,2,berta\n" * 400
DOCUMENT = having(WAITS, customer={"column": "who"})
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def empty_lake(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The check reads every file: of thousands that the tests before it left, none is here."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        lake.close()
        cursor.execute(f"DROP SCHEMA {catalogue.SCHEMA} CASCADE")
        shutil.rmtree(lake.data_path())
        lake.instance()


def checked() -> dict:
    out = StringIO()
    try:
        call_command("lake", "check", "--json", stdout=out)
    except CommandError as error:
        assert error.returncode == 1
    return json.loads(out.getvalue())


def told(workspace_part: str = "") -> set[tuple[str, str]]:
    return {
        (p["problem"], p["where"]) for p in checked()["problems"] if workspace_part in p["where"]
    }


def files_of(found: Import) -> list[Path]:
    with lake.cursor() as cursor:
        names = cursor.execute(
            f"SELECT DISTINCT filename FROM {found.kind} WHERE import_id = ?", [found.pk]
        ).fetchall()
    return [Path(name) for (name,) in names if name and name.endswith(".parquet")]


def test_a_lake_that_is_whole_is_said_to_be_so(workspace, tmp_path):
    before = checked()
    bring(workspace, tmp_path, MANY, DOCUMENT)
    undone = bring(workspace, tmp_path, MANY.replace("2025", "2024"), DOCUMENT)
    undo_import(found=undone, user=None)
    after = checked()
    assert after["rows"] == before["rows"] + 800
    # Other tests may have left rows of workspaces that were rolled back.
    assert [p for p in after["problems"] if p not in before["problems"]] == []


def test_broken_missing_and_orphaned_files_are_each_named(workspace, tmp_path):
    broken, gone, quiet = (
        bring(workspace, tmp_path, MANY.replace("2025", year), DOCUMENT)
        for year in ("2021", "2022", "2023")
    )
    (b,), (g,), (q,) = files_of(broken), files_of(gone), files_of(quiet)
    checked()  # remembers what the files were
    kept = {path: path.read_bytes() for path in (b, g, q)}
    orphan = b.with_name("left-by-a-killed-writer.parquet")
    try:
        b.write_bytes(kept[b][: len(kept[b]) // 2])
        g.unlink()
        # one bit of the data, not of the footer; size and number of rows stay
        q.write_bytes(kept[q][:200] + bytes([kept[q][200] ^ 1]) + kept[q][201:])
        orphan.write_bytes(b"PAR1")
        os.utime(orphan, (time.time() - 9 * 86400,) * 2)
        found = told()
        names = {path: str(path.relative_to(lake.data_path())) for path in (b, g, q, orphan)}
        assert {("missing", names[g]), ("size", names[b]), ("unreadable", names[b])} <= found
        assert ("changed", names[q]) in found and ("size", names[q]) not in found
        assert ("orphan", names[orphan]) in found
        out = StringIO()
        with pytest.raises(CommandError, match="wrong with the lake"):
            call_command("lake", "check", stdout=out)
        assert f"missing  {names[g]}  The catalogue needs the file for 800 rows" in out.getvalue()
    finally:
        orphan.unlink()
        for path, content in kept.items():
            path.write_bytes(content)
    assert not told("waits/")


def test_rows_that_the_account_does_not_know_are_named(workspace, tmp_path):
    found = bring(workspace, tmp_path, MANY, DOCUMENT)
    put("waits", workspace, [wait("a", 1)], import_id=found.pk)
    lost = Import.objects.create(
        workspace=workspace, source="lost", kind="waits", state=State.DONE, rows=5, accepted=5
    )
    told_of = {p["where"]: p["told"] for p in checked()["problems"] if p["problem"] == "import"}
    assert "801 rows stand in waits" in told_of[f"import {found.pk} (given)"]
    assert "0 rows stand in waits" in told_of[f"import {lost.pk} (lost)"]
    Import.objects.filter(pk=found.pk).update(state=State.UNDONE)
    lost.gone = 5
    lost.save()
    told_of = {p["where"]: p["told"] for p in checked()["problems"] if p["problem"] == "import"}
    assert "none standing (Undone)" in told_of[f"import {found.pk} (given)"]
    assert f"import {lost.pk} (lost)" not in told_of
