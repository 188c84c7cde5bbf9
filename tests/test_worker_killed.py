"""A worker killed with SIGKILL in the middle of its work: the job is finished after a restart,
and no row is lost or doubled. Real worker and scheduler processes on the real queue."""

import csv
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction

from evidence import actions, lake
from evidence.models import Import, State
from evidence.scope import Scope
from jobs.actions import run_job
from jobs.models import Job, Status
from journeys.mapfile import load_map
from painpoints.actions import request_run
from painpoints.models import ScoringRun
from tests.config.running import descendants, running, test_database_url

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 300_000
MAPPING = {
    "kind": "waits",
    "fields": {
        "occurred_at": {"column": "at"},
        "touchpoint": {"column": "queue"},
        "customer": {"column": "who"},
        "wait_s": {"column": "wait"},
    },
}
MAP = {
    "format": "touchline-map/1",
    "journey": {"slug": "visit", "name": "Visit"},
    "touchpoints": [
        {"code": f"desk-{i}", "name": f"Desk {i}", "promises": [{"max_wait_s": 60}]}
        for i in range(5)
    ],
    "stages": [{"id": "s", "name": "S"}],
    "steps": [
        {"id": f"d{i}", "stage": "s", "name": f"D {i}", "touchpoints": [f"desk-{i}"]}
        for i in range(5)
    ],
}


@contextmanager
def workers() -> Iterator[Callable[[], None]]:
    """A worker and a scheduler; gives the function that kills them, children and all."""
    with ExitStack() as stack:
        started = [
            stack.enter_context(running(name, DATABASE_URL=test_database_url()))
            for name in ("worker", "beat")
        ]

        def kill() -> None:
            for process in started:
                for pid in [process.pid, *descendants(process.pid)]:
                    os.kill(pid, signal.SIGKILL)

        yield kill


def wait_for(what: Callable[[], bool], seconds: float, why: str) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, why
        time.sleep(0.02)


@pytest.fixture
def waits(tmp_path: Path) -> Path:
    path = tmp_path / "waits.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["at", "queue", "who", "wait"])
        writer.writerows(
            [
                f"2026-03-{1 + i % 28:02} 10:{i % 60:02}",
                f"desk-{i % 5}",
                f"c{i % 9000}",
                i % 400 - 1,
            ]
            for i in range(ROWS)
        )
    return path


def job_of(found: Import) -> Job:
    assert found.job_id is not None
    return Job.objects.get(pk=found.job_id)


def start(workspace, path: Path) -> Import:
    found = actions.create_import(workspace=workspace, user=None, path=path, source="waits.csv")
    actions.start_import(found=found, document=MAPPING, user=None)
    found.refresh_from_db()
    return found


@pytest.mark.parametrize("moment", ["Reading", "Writing"])
def test_an_import_survives_its_worker(workspace, waits, moment):
    load_map(workspace, MAP, None)
    found = start(workspace, waits)
    with workers() as kill:
        wait_for(lambda: moment in job_of(found).message, 60, f"never came to {moment}")
        kill()
    killed = job_of(found)
    with workers():
        wait_for(lambda: job_of(found).has_ended, 90, "was not taken up again")
        job = job_of(found)
        assert job.status == Status.DONE, job.error
        wait_for(lambda: ScoringRun.objects.done().exists(), 60, "was not scored after the import")
    assert killed.status == Status.RUNNING and job.attempt > killed.attempt
    found.refresh_from_db()
    rejected = len(range(0, ROWS, 400))
    assert found.state == State.DONE
    assert (found.rows, found.accepted, found.rejected) == (ROWS, ROWS - rejected, rejected)
    own = {"workspace_id": workspace.pk, "import_id": found.pk}
    assert lake.rows_of("waits", **own) == found.accepted
    with lake.cursor() as cursor:
        numbers = cursor.execute(
            "SELECT count(DISTINCT row_no) FROM waits WHERE workspace_id = ? AND import_id = ?",
            [workspace.pk, found.pk],
        ).fetchall()
    assert numbers == [(found.accepted,)]
    result = ScoringRun.objects.done().latest("created_at").result
    assert sum(t["waits"]["offered"] for t in result["touchpoints"]) == found.accepted


def test_a_scoring_run_survives_its_worker(workspace, waits):
    journey = load_map(workspace, MAP, None)
    found = start(workspace, waits)
    run_job(job_id=str(found.job_id))
    run = request_run(journey=journey, scope=Scope(channels=("none", "phone")))
    # Whoever scores it waits for this lock once it has claimed the job, and is killed there.
    with workers() as kill, _writing_kept_out(run):
        wait_for(
            lambda: run_job_of(run).status == Status.RUNNING and _somebody_waits(),
            60,
            "the run never came to the lock",
        )
        kill()
    assert run_job_of(run).status == Status.RUNNING
    with workers():
        wait_for(lambda: run_job_of(run).has_ended, 60, "was not taken up again")
    run.refresh_from_db()
    assert run_job_of(run).status == Status.DONE and run_job_of(run).attempt == 2
    assert run.result is not None


def run_job_of(run: ScoringRun) -> Job:
    return ScoringRun.objects.select_related("job").get(pk=run.pk).job


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0


@contextmanager
def _writing_kept_out(run: ScoringRun) -> Iterator[None]:
    """Holds the run's row, so that whoever scores it waits before the result is stored."""
    ready, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            ScoringRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
            ready.set()
            done.wait(90)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    ready.wait(10)
    try:
        yield
    finally:
        done.set()
        holder.join()
