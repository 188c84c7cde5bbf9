"""What was posted is known by its id without a look through all rows, and kept once."""

import subprocess
import sys

import pytest

from accounts.models import Workspace
from evidence import lake
from evidence.actions import undo_import
from evidence.models import Import, PostedId
from evidence.posting import post_evidence
from evidence.redo import redo_import
from tests.evidence.bringing import WAITS, bring, having
from tests.factories import WorkspaceFactory

pytestmark = pytest.mark.django_db(transaction=True)
WITH_ID = having(WAITS, event_id={"column": "id"})


def states(workspace: Workspace, *ids: str | None, source: str = "queue") -> list[str]:
    items = [
        {"occurred_at": "2026-03-01T10:00:00", "touchpoint": "desk", "wait_s": 30, "event_id": each}
        for each in ids
    ]
    posted = post_evidence(workspace=workspace, user=None, kind="waits", source=source, items=items)
    return [item["state"] for item in posted.answer["items"]]


def asked_of_the_lake(monkeypatch) -> list[str]:
    """Statements to the lake's rows, as they come."""
    told: list[str] = []
    begun = lake._cursor

    class Told:
        def __init__(self, own: lake.Cursor) -> None:
            self.own = own

        def execute(self, statement: str, *values: object) -> lake.Cursor:
            told.append(statement)
            return self.own.execute(statement, *values)

        def __getattr__(self, name: str) -> object:
            return getattr(self.own, name)

    monkeypatch.setattr(lake, "_cursor", lambda begun_=False: Told(begun(begun_)))
    return told


def test_new_ids_are_told_without_reading_the_lake(workspace, monkeypatch):
    assert states(workspace, "a", None) == ["accepted", "accepted"]
    told = asked_of_the_lake(monkeypatch)
    assert states(workspace, "b", "c", "b") == ["accepted", "accepted", "duplicate"]
    assert told and not [each for each in told if each.startswith("SELECT")]
    assert states(workspace, "c", "d", source="another") == ["duplicate", "accepted"]
    assert [each for each in told if each.startswith("SELECT")]


def test_other_workspaces_and_kinds_have_ids_of_their_own(workspace):
    assert states(workspace, "a") == states(WorkspaceFactory(), "a") == ["accepted"]
    answer = {"occurred_at": "2026-03-01", "touchpoint": "desk", "metric": "csat", "score": 4}
    posted = post_evidence(
        workspace=workspace,
        user=None,
        kind="responses",
        source="queue",
        items=[{**answer, "event_id": "a"}],
    )
    assert posted.answer["accepted"] == 1


def test_ids_that_a_file_brought_are_known(workspace, tmp_path):
    assert states(workspace, "a") == ["accepted"]
    found = bring(workspace, tmp_path, "id,at,queue,wait\nfile-1,2025-03-01,desk,1\n", WITH_ID)
    assert states(workspace, "file-1", "a", "new") == ["duplicate", "duplicate", "accepted"]
    undo_import(found=found, user=None)
    assert states(workspace, "file-1", "new") == ["accepted", "duplicate"]


def test_ids_posted_before_they_were_kept_apart_are_known(workspace):
    assert states(workspace, "a") == ["accepted"]
    Import.objects.filter(workspace=workspace).update(ids_kept=False)
    assert PostedId.objects.filter(workspace=workspace).delete()[0] == 1
    assert states(workspace, "a", "b") == ["duplicate", "accepted"]


def test_an_undone_post_is_free_again_and_comes_back_once(workspace):
    assert states(workspace, "a") == ["accepted"]
    found = Import.objects.get(workspace=workspace)
    undo_import(found=found, user=None)
    redo_import(found=found, user=None)
    assert states(workspace, "a") == ["duplicate"]
    undo_import(found=found, user=None)
    assert states(workspace, "a") == ["accepted"]


def test_ids_that_no_plain_text_would_hold(workspace):
    ids = ['quote " and \\', "排队 7", "null", "line\nbreak", "7"]
    assert states(workspace, *ids) == ["accepted"] * 5
    assert states(workspace, *ids) == ["duplicate"] * 5


WITHOUT_PANDAS = """
import importlib.util, os, sys
find_spec = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == "pandas" else find_spec(name, *more)
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
import duckdb
print(duckdb.connect().execute("SELECT unnest(?)", [["a", "b"]]).fetchall(), sys.modules["pandas"])
"""


def test_without_pandas_nobody_looks_for_it():
    """DuckDB would with each value that is bound."""
    told = subprocess.run(
        [sys.executable, "-c", WITHOUT_PANDAS], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[('a',), ('b',)] None"
