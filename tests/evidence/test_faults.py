"""What else goes wrong while evidence comes in: full disks, broken files, others at the same time.

After each: what is accepted stands in the lake, exactly; the job ends, and says why; a retry works.
Killed processes are in tests/test_worker_killed.py and `script/bench faults`.
"""

import json
import random
import resource
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from accounts.access import Role
from accounts.models import Workspace
from accounts.tokens import create_token
from evidence import lake
from evidence.actions import create_import, digest_of, start_import, undo_import
from evidence.checking import check
from evidence.errors import AlreadyImported
from evidence.models import Import, State
from evidence.scope import Scope
from jobs.actions import run_job
from jobs.models import Job, Status
from journeys.models import Journey
from painpoints.actions import request_run
from tests.evidence.bringing import HEAD, WAITS, bring, having
from tests.factories import JourneyFactory, StageFactory, StepFactory, TouchpointFactory

pytestmark = pytest.mark.django_db(transaction=True)
BY_WHOM = having(WAITS, customer={"column": "who"})


def in_lake(found: Import) -> int:
    return lake.rows_of("waits", workspace_id=found.workspace_id, import_id=found.pk)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Does them at the same time; what each returned or raised."""
    start, results = threading.Barrier(len(works)), [None] * len(works)

    def run(number: int) -> None:
        try:
            start.wait()
            results[number] = works[number]()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def incompressible(rows: int) -> str:
    chance = random.Random(5)
    return "at,queue,wait,who\n" + "".join(
        f"2025-03-01,desk,{chance.randrange(9999)},{chance.randbytes(12).hex()}\n"
        for _ in range(rows)
    )


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """No file of this process may grow beyond it, as where a disk has no more room; without a
    right to mount one (test_small_disk.py has it).

    What is imported meanwhile is not compiled to a file: Python would leave one cut off behind.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    compiles = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        sys.dont_write_bytecode = compiles


def test_a_disk_that_is_full_is_said_and_the_next_try_works(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "given"
    path.write_text(incompressible(40_000))
    found = create_import(workspace=workspace, user=None, path=path, source="given")
    job = start_import(found=found, document=BY_WHOM, user=None, send=False)
    with no_file_beyond(200_000):
        job = run_job(job_id=str(job.pk))
    found.refresh_from_db()
    assert (job.status, found.state, in_lake(found)) == (Status.FAILED, State.FAILED, 0)
    assert "no space left" in job.error and found.error == job.error
    again = start_import(found=found, document=BY_WHOM, user=None, send=False)
    assert run_job(job_id=str(again.pk)).status == Status.DONE
    assert in_lake(found) == 40_000


def test_what_no_disk_has_room_for_is_refused_and_nothing_stays_of_it(
    workspace: Workspace, member: Callable[[str], Any]
) -> None:
    """An upload and a post, while no file of this process may grow; then the same again."""
    text = create_token(workspace=workspace, user=member(Role.ANALYST), name="nightly")[1]
    client = Client(headers={"Authorization": f"Token {text}"}, raise_request_exception=False)

    def upload() -> Any:
        file = SimpleUploadedFile("waits.csv", incompressible(3_000).encode())
        return client.post("/api/v1/imports/", {"file": file, "mapping": json.dumps(BY_WHOM)})

    def post() -> Any:
        wait = {"occurred_at": "2026-03-01T10:00:00", "touchpoint": "desk", "wait_s": 30}
        items = [{**wait, "event_id": f"e{n}"} for n in range(300)]
        headers = {"Idempotency-Key": "k"}
        return client.post("/api/v1/evidence/waits/", items, "application/json", headers=headers)

    folders = Path(settings.MEDIA_ROOT) / "imports"
    before = set(folders.glob("*"))
    with no_file_beyond(1_000):
        refused = [upload(), post()]
    assert [answer.status_code for answer in refused] == [507, 507]
    assert all("no space left" in answer.json()["detail"] for answer in refused)
    assert not Job.objects.exists()
    assert Import.objects.get().accepted == 0  # where posts of the day are counted
    assert set(folders.glob("*")) == before
    assert post().json()["accepted"] == 300
    assert in_lake(Import.objects.get()) == 300
    assert upload().status_code == 202


def test_two_files_whose_digests_found_no_room_are_not_taken_for_the_same(
    workspace: Workspace, tmp_path: Path
) -> None:
    def given(name: str) -> Import:
        (tmp_path / name).write_text(HEAD + f"2025-03-01,{name},1\n")
        return create_import(
            workspace=workspace, user=None, path=tmp_path / name, source=name, keep=False
        )

    one, other = given("one"), given("other")
    with no_file_beyond(10):
        told = [digest_of(one), digest_of(other)]
    assert told == [digest_of(one), digest_of(other)] and told[0] != told[1]
    for found in (one, other):
        job = start_import(found=found, document=WAITS, user=None, send=False)
        assert run_job(job_id=str(job.pk)).status == Status.DONE


def test_two_workers_with_one_job_do_it_once(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "given"
    path.write_text(incompressible(3_000))
    found = create_import(workspace=workspace, user=None, path=path, source="given")
    job = start_import(found=found, document=BY_WHOM, user=None, send=False)
    at_once(*[lambda: run_job(job_id=str(job.pk))] * 3)
    job.refresh_from_db()
    assert (job.status, job.attempt, in_lake(found)) == (Status.DONE, 1, 3_000)


def test_a_worker_taken_for_dead_and_its_successor_bring_every_row_once(
    workspace: Workspace, tmp_path: Path
) -> None:
    """The clock jumped: the sweep took the job from a worker that is alive."""
    path = tmp_path / "given"
    path.write_text(incompressible(3_000))
    found = create_import(workspace=workspace, user=None, path=path, source="given")
    job = start_import(found=found, document=BY_WHOM, user=None, send=False)

    def successor() -> None:
        mine = Job.objects.filter(pk=job.pk)
        while not mine.filter(status=Status.RUNNING, done=0, message__startswith="Writ").exists():
            if mine.filter(status=Status.DONE).exists():
                return
        mine.filter(status=Status.RUNNING).update(status=Status.QUEUED)
        run_job(job_id=str(job.pk))

    at_once(lambda: run_job(job_id=str(job.pk)), successor)
    job.refresh_from_db()
    found.refresh_from_db()
    assert (job.status, found.state, in_lake(found)) == (Status.DONE, State.DONE, 3_000)


def test_the_same_file_started_twice_at_once_comes_in_once(
    workspace: Workspace, tmp_path: Path
) -> None:
    def start(name: str) -> Callable[[], Any]:
        path = tmp_path / name
        path.write_text(HEAD + "2025-03-01,a,1\n")
        found = create_import(workspace=workspace, user=None, path=path, source=name)

        def started() -> Job:
            return start_import(found=found, document=WAITS, user=None, send=False)

        return started

    results = at_once(start("one"), start("two"))
    assert {type(result) for result in results} == {Job, AlreadyImported}


def test_two_files_at_once_both_come_in(workspace: Workspace, tmp_path: Path) -> None:
    def brought(name: str, rows: int) -> Callable[[], Import]:
        (tmp_path / name).mkdir()
        text = HEAD + "2025-03-01,a,1\n" * rows
        return lambda: bring(workspace, tmp_path / name, text, WAITS)

    found = at_once(*[brought(f"file{n}", 1000 + n) for n in range(4)])
    assert [(one.state, in_lake(one)) for one in found] == [
        (State.DONE, 1000 + n) for n in range(4)
    ]


@pytest.fixture
def journey(workspace: Workspace) -> Journey:
    journey = JourneyFactory(workspace=workspace)
    step = StepFactory(journey=journey, stage=StageFactory(journey=journey))
    step.touchpoints.add(TouchpointFactory(workspace=workspace, code="a"))
    return journey


def test_an_undo_while_it_is_scored_is_seen_whole_or_not_at_all(
    workspace: Workspace, journey: Journey, tmp_path: Path, owner: Any
) -> None:
    kept = bring(workspace, tmp_path, HEAD + "2025-03-01,a,1\n" * 30, WAITS)
    for turn in range(4):
        found = bring(workspace, tmp_path, HEAD + f"2025-03-02,a,{turn}\n" * 500, WAITS)
        workspace.refresh_from_db()
        before = workspace.evidence_revision
        scope = Scope(until=date(2025, 4, turn + 1))
        run = request_run(journey=journey, scope=scope, send=False)
        undo = partial(undo_import, found=found, user=owner)
        _undone, job = at_once(undo, partial(run_job, job_id=str(run.job_id)))
        assert job.status == Status.DONE, job.error
        run.refresh_from_db()
        offered = run.result["touchpoints"][0]["waits"]["offered"]
        assert offered == (530 if run.evidence_revision == before else 30)
    assert in_lake(kept) == 30


def test_a_broken_file_of_the_lake_is_told_and_changes_no_figure(
    workspace: Workspace, journey: Journey, tmp_path: Path
) -> None:
    there = set(Path(lake.data_path()).rglob("*.parquet"))
    found = bring(workspace, tmp_path, incompressible(3_000).replace("desk", "a"), BY_WHOM)
    (file,) = set(Path(lake.data_path()).rglob("*.parquet")) - there
    whole = file.read_bytes()
    file.write_bytes(whole[:4] + b"\xff" * (len(whole) - 6000) + whole[-5996:])
    try:
        run = request_run(journey=journey, scope=Scope(), send=False)
        job = run_job(job_id=str(run.job_id))
        run.refresh_from_db()
        told = {problem.problem for problem in check().problems or []}
        assert (job.status, run.result) == (Status.FAILED, None)
        assert "lake check" in job.error
        assert told & {"unreadable", "changed"}
        file.unlink()
        again = request_run(journey=journey, scope=Scope(), send=False)
        assert "lake check" in run_job(job_id=str(again.job_id)).error
    finally:
        file.write_bytes(whole)
    again = request_run(journey=journey, scope=Scope(), send=False)
    assert run_job(job_id=str(again.job_id)).status == Status.DONE
    assert in_lake(found) == 3_000
