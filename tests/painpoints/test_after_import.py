"""From a file to pain points: an import sets off the scoring of the journeys it touches."""

from pathlib import Path

import pytest

from evidence.actions import create_import, start_import, undo_import
from jobs.actions import run_job
from jobs.models import Job, Status
from painpoints.models import PainPoint, ScoringRun
from tests.painpoints.conftest import line, scored

MAPPING = {
    "kind": "waits",
    "fields": {
        "occurred_at": {"column": "at"},
        "touchpoint": {"column": "where"},
        "wait_s": {"column": "wait", "unit": "s"},
        "outcome": {"column": "end"},
    },
}
ROWS = [
    f"2025-03-03 12:{i:02}:00,counter,{wait},{end}"
    for i, (wait, end) in enumerate(
        [(10, "served"), (61.5, "served"), (300, "abandoned"), (3, "abandoned")] * 12
    )
]


def bring_in(workspace, folder: Path, rows: list[str], name: str):
    path = folder / name
    path.write_text("at,where,wait,end\n" + "\n".join(rows) + "\n")
    found = create_import(workspace=workspace, user=None, path=path, source=name)
    job = start_import(found=found, document=MAPPING, user=None, send=False)
    assert run_job(job_id=str(job.pk)).status == Status.DONE
    found.refresh_from_db()
    return found


def run_queued() -> None:
    for job in Job.objects.filter(status=Status.QUEUED):
        assert run_job(job_id=str(job.pk)).status == Status.DONE


@pytest.mark.django_db(transaction=True)
def test_an_import_is_scored_and_its_undoing_too(journey, workspace, tmp_path) -> None:
    found = bring_in(workspace, tmp_path, ROWS, "waits.csv")
    assert found.accepted == 48
    run_queued()
    run = ScoringRun.objects.get()
    waited = line(run, "counter")["families"]["waited"]
    assert (waited["x"], waited["n"]) == (24, 36)
    assert PainPoint.objects.get().cause == "waiting"

    undo_import(found=found, user=None)
    run_queued()
    newest = ScoringRun.objects.first()
    assert newest.evidence_revision == 2
    assert line(newest, "counter")["severity"] is None
    assert PainPoint.objects.get().last_run == run  # not found any more


@pytest.mark.django_db(transaction=True)
def test_a_file_cut_in_two_gives_the_same_to_the_last_bit(journey, workspace, tmp_path) -> None:
    bring_in(workspace, tmp_path, ROWS, "whole.csv")
    whole = scored(journey).result["touchpoints"]
    undo_import(found=workspace.imports.get(), user=None)
    bring_in(workspace, tmp_path, ROWS[30:], "second.csv")
    bring_in(workspace, tmp_path, ROWS[:30][::-1], "first.csv")
    run = scored(journey)
    assert run.evidence_revision == 4
    assert run.result["touchpoints"] == whole
