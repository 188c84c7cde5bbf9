"""An import is one transaction, survives being cut off, and can be undone."""

from pathlib import Path
from typing import Any

import pytest

from accounts.models import User, Workspace
from evidence import importing, lake
from evidence.actions import (
    create_import,
    file_of,
    start_import,
    start_undo,
    undo_import,
)
from evidence.errors import EvidenceError, MappingError
from evidence.models import Import, State
from evidence.signals import evidence_changed
from jobs.actions import run_job
from jobs.models import Job, Status
from tests.evidence.bringing import HEAD, WAITS, account, bring, reasons

TEXT = HEAD + "2025-03-01,a,1\n2025-03-01,b,2\n2025-03-01,b,-2\n"


@pytest.fixture
def heard() -> Any:
    told: list[dict[str, Any]] = []

    def listen(**announced: Any) -> None:
        told.append(announced)

    evidence_changed.connect(listen)
    yield told
    evidence_changed.disconnect(listen)


def in_lake(found: Import) -> int:
    return lake.rows_of("waits", workspace_id=found.workspace_id, import_id=found.pk)


def test_what_changed_is_announced(
    workspace: Workspace, tmp_path: Path, heard: Any, settings: Any
) -> None:
    settings.KEEP_FILES_DAYS = 0
    before = workspace.evidence_revision
    found = bring(workspace, tmp_path, TEXT, WAITS)
    (told,) = heard
    assert (told["workspace"], told["kinds"], told["codes"]) == (workspace, {"waits"}, {"a", "b"})
    workspace.refresh_from_db()
    assert workspace.evidence_revision == before + 1
    assert found.snapshot == lake.snapshot()
    assert not file_of(found).exists()  # it held customers' identifiers, and is in the lake now


def test_undo(workspace: Workspace, tmp_path: Path, owner: User, heard: Any) -> None:
    found = bring(workspace, tmp_path, TEXT, WAITS)
    other = bring(workspace, tmp_path, HEAD + "2025-03-01,a,7\n", WAITS)
    undo_import(found=found, user=owner)
    assert (in_lake(found), in_lake(other)) == (0, 1)
    found.refresh_from_db()
    assert (found.state, found.undone_by) == (State.UNDONE, owner)
    assert found.undone_at is not None
    assert len(heard) == 3
    with pytest.raises(EvidenceError, match="can be undone"):
        undo_import(found=found, user=owner)


def test_a_second_attempt_leaves_no_row_twice(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker dies between the lake's commit and ours."""
    path = tmp_path / "given"
    path.write_text(TEXT)
    found = create_import(workspace=workspace, user=None, path=path, source="given")
    job = start_import(found=found, document=WAITS, user=None, send=False)

    def die(*args: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(importing, "_finish", die)
        with pytest.raises(SystemExit):
            run_job(job_id=str(job.pk))
    assert in_lake(found) == 2
    found.refresh_from_db()
    assert found.state == State.IMPORTING
    Job.objects.filter(pk=job.pk).update(status=Status.QUEUED)
    run_job(job_id=str(job.pk))
    found.refresh_from_db()
    assert (found.state, in_lake(found)) == (State.DONE, 2)
    with lake.cursor() as cursor:
        messages = cursor.execute(
            "SELECT commit_message FROM lake.snapshots() WHERE commit_message LIKE ? ORDER BY 1",
            [f"import {found.pk} %"],
        ).fetchall()
    assert messages == [(f"import {found.pk} attempt 1",), (f"import {found.pk} attempt 2",)]


def test_a_failure_in_the_lake_leaves_nothing(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        importing.Stage, "insert_select", lambda self, **own: "SELECT * FROM range(3)"
    )
    found = bring(workspace, tmp_path, TEXT, WAITS)
    assert (found.state, in_lake(found)) == (State.FAILED, 0)
    assert "nothing was imported" in found.error
    monkeypatch.undo()
    # and the same file may come again
    assert account(bring(workspace, tmp_path, TEXT, WAITS)) == (2, 0, 0, 0, 1)


def test_a_refused_start_can_be_started_again(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "given"
    path.write_text(TEXT)
    found = create_import(workspace=workspace, user=None, path=path, source="given")
    with pytest.raises(MappingError):
        start_import(found=found, document={"kind": "wait"}, user=None, send=False)
    job = start_import(found=found, document=WAITS, user=None, send=False)
    with pytest.raises(EvidenceError, match="started already"):
        start_import(found=found, document=WAITS, user=None, send=False)
    assert run_job(job_id=str(job.pk)).status == Status.DONE


def test_too_many_codes_are_refused(workspace: Workspace, tmp_path: Path) -> None:
    text = HEAD + "".join(f"2025-03-01,code-{i},1\n" for i in range(10_001))
    found = bring(workspace, tmp_path, text, WAITS)
    assert found.state == State.FAILED
    assert "more than 10000 different values" in found.error


def test_a_repeated_reason_is_counted(workspace: Workspace, tmp_path: Path) -> None:
    found = bring(workspace, tmp_path, HEAD + "2025-03-01,a,-1\n" * 5, WAITS)
    assert reasons(found) == {"a negative time": 5}
    assert found.problems[0]["examples"] == ["-1", "-1", "-1"]


def test_an_undo_in_the_background(workspace: Workspace, tmp_path: Path, owner: User) -> None:
    found = bring(workspace, tmp_path, TEXT, WAITS)
    job = run_job(job_id=str(start_undo(found=found, user=owner, send=False).pk))
    found.refresh_from_db()
    assert (job.status, found.state, in_lake(found)) == (Status.DONE, State.UNDONE, 0)
    with pytest.raises(EvidenceError, match="can be undone"):
        start_undo(found=found, user=owner, send=False)
