"""The same fact is counted once: within a file, across imports, and when two run at once."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from accounts.models import Workspace
from evidence import actions, lake
from evidence.actions import create_import, fingerprint_of, start_import, undo_import
from evidence.errors import AlreadyImported
from evidence.models import Import, State
from jobs.actions import run_job
from jobs.models import Job
from tests.evidence.bringing import HEAD, WAITS, account, bring, having, rows

WITH_ID = having(WAITS, event_id={"column": "id"})
ROWS = "id,at,queue,wait\n1,2025-03-01,a,1\n2,2025-03-01,a,2\n"


def test_an_id_is_taken_once_in_a_file(workspace: Workspace, tmp_path: Path) -> None:
    text = ROWS + "1,2025-03-02,b,9\n3,2025-03-01,a,-1\n3,2025-03-01,a,3\n,2025-03-01,a,4\n"
    found = bring(workspace, tmp_path, text, WITH_ID)
    # a rejected row does not take its id
    assert account(found) == (4, 0, 0, 1, 1)
    told = rows(found, "event_id", "touchpoint", "wait_ms")
    assert told == [("1", "a", 1000), ("2", "a", 2000), ("3", "a", 3000), (None, "a", 4000)]


def test_an_id_is_taken_once_in_a_workspace(workspace: Workspace, tmp_path: Path) -> None:
    bring(workspace, tmp_path, ROWS, WITH_ID)
    again = bring(workspace, tmp_path, ROWS + "3,2025-03-01,a,3\n", WITH_ID)
    assert account(again) == (1, 0, 0, 2, 0)


def test_workspaces_do_not_share_ids(workspace: Workspace, tmp_path: Path) -> None:
    bring(Workspace.objects.create(slug="other", name="Other"), tmp_path, ROWS, WITH_ID)
    assert account(bring(workspace, tmp_path, ROWS, WITH_ID)) == (2, 0, 0, 0, 0)


def test_after_an_undo_the_ids_are_free(workspace: Workspace, tmp_path: Path) -> None:
    undo_import(found=bring(workspace, tmp_path, ROWS, WITH_ID), user=None)
    assert account(bring(workspace, tmp_path, ROWS, WITH_ID)) == (2, 0, 0, 0, 0)


def test_the_same_file_again_brings_rows_without_id_once(
    workspace: Workspace, tmp_path: Path
) -> None:
    text = ROWS + ",2025-03-01,a,4\n"
    bring(workspace, tmp_path, text, WITH_ID)
    assert account(bring(workspace, tmp_path, text, WITH_ID)) == (0, 0, 0, 3, 0)


def test_answers_of_one_row_share_its_id(workspace: Workspace, tmp_path: Path) -> None:
    document = {
        "kind": "responses",
        "fields": {"occurred_at": {"value": "2025-03-01"}, "event_id": {"column": "id"}},
        "answers": [
            {"column": "a", "touchpoint": "a", "metric": "csat"},
            {"column": "b", "touchpoint": "b", "metric": "csat"},
        ],
    }
    found = bring(workspace, tmp_path, "id,a,b\n1,5,4\n1,5,4\n", document)
    assert account(found) == (2, 0, 0, 2, 0)


def test_the_same_file_without_ids_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    first = bring(workspace, tmp_path, HEAD + "2025-03-01,a,1\n", WAITS)
    with pytest.raises(AlreadyImported, match=f"import {first.pk}") as error:
        bring(workspace, tmp_path, HEAD + "2025-03-01,a,1\n", WAITS)
    assert error.value.earlier == first.pk
    other = having(WAITS, channel={"value": "phone"})
    assert bring(workspace, tmp_path, HEAD + "2025-03-01,a,1\n", other).state == State.DONE
    undo_import(found=first, user=None)
    assert bring(workspace, tmp_path, HEAD + "2025-03-01,a,1\n", WAITS).state == State.DONE


def queued(workspace: Workspace, folder: Path, text: str) -> tuple[Import, Job]:
    """Started, not yet worked on."""
    path = folder / "given"
    path.write_text(text)
    found = create_import(workspace=workspace, user=None, path=path, source="given")
    return found, start_import(found=found, document=WAITS, user=None, send=False)


def test_the_same_file_while_the_first_waits_is_refused(
    workspace: Workspace, tmp_path: Path
) -> None:
    text = HEAD + "2025-03-01,a,1\n"
    first, job = queued(workspace, tmp_path, text)
    first.refresh_from_db()
    assert first.fingerprint == ""  # no other file of this size: its job tells it
    with pytest.raises(AlreadyImported, match=f"import {first.pk}"):
        queued(workspace, tmp_path, text)
    other, _job = queued(workspace, tmp_path, text.replace(",1", ",2"))  # of the same size
    run_job(job_id=str(job.pk))
    first.refresh_from_db()
    other.refresh_from_db()
    assert first.state == State.DONE
    assert {len(first.fingerprint), len(other.fingerprint)} == {64}
    with pytest.raises(AlreadyImported, match=f"import {first.pk}"):
        queued(workspace, tmp_path, text)


def test_a_file_brought_in_alone_is_known_when_it_comes_again(
    workspace: Workspace, tmp_path: Path
) -> None:
    text = HEAD + "2025-03-01,a,1\n"
    first = bring(workspace, tmp_path, text, WAITS)
    assert first.fingerprint == fingerprint_of(first, WAITS)
    with pytest.raises(AlreadyImported, match=f"import {first.pk}"):
        queued(workspace, tmp_path, text)


@pytest.mark.django_db(transaction=True)
def test_the_same_file_started_twice_at_once_comes_in_once(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second comes to be, and looks for files like it, after the first has looked and before
    it is under way."""
    look = actions._told_apart
    second_looked, first_started = threading.Event(), threading.Event()
    refused: list[int | None] = []
    looks: list[Import] = []

    def second() -> None:
        try:
            (tmp_path / "b").mkdir()
            queued(workspace, tmp_path / "b", HEAD + "2025-03-01,a,1\n")
        except AlreadyImported as error:
            refused.append(error.earlier)
        finally:
            second_looked.set()
            connection.close()

    thread = threading.Thread(target=second)

    def looking(found: Import, document: dict[str, Any]) -> str:
        told = look(found, document)
        looks.append(found)
        if len(looks) == 1:
            thread.start()
            assert second_looked.wait(60)
        elif len(looks) == 2:
            second_looked.set()
            assert first_started.wait(60)
        return told

    monkeypatch.setattr(actions, "_told_apart", looking)
    try:
        first, _job = queued(workspace, tmp_path, HEAD + "2025-03-01,a,1\n")
    finally:
        first_started.set()
        thread.join()
    assert refused == [first.pk]


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once(workspace: Workspace, tmp_path: Path) -> None:
    results: list[Import] = []
    start = threading.Barrier(2)
    text = "id,at,queue,wait\n" + "".join(f"{i},2025-03-01,a,{i}\n" for i in range(2000))

    def work(name: str) -> Callable[[], None]:
        def run() -> None:
            try:
                folder = tmp_path / name
                folder.mkdir()
                start.wait()
                results.append(bring(workspace, folder, text, WITH_ID))
            finally:
                connection.close()

        return run

    threads = [threading.Thread(target=work(name)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(account(found) for found in results) == [(0, 0, 0, 2000, 0), (2000, 0, 0, 0, 0)]
    with lake.cursor() as cursor:
        told = cursor.execute(
            "SELECT count(*), count(DISTINCT event_id) FROM waits WHERE workspace_id = ?",
            [workspace.pk],
        ).fetchall()
    assert told == [(2000, 2000)]
