"""What one job may take: time and memory; and whose clock is looked at."""

import multiprocessing
import resource
from datetime import timedelta

import pytest
from django.utils import timezone

from evidence import lake
from jobs import actions
from jobs.models import Job, Status

pytestmark = pytest.mark.django_db(transaction=True)
ENDLESS = "SELECT count(*) FROM range(100000) a, range(100000) b, range(100000) c WHERE a <> b"


@actions.register("test-endless")
def _endless(running: actions.Running) -> None:
    if running.arguments.get("cancelled"):
        actions.cancel_job(job=running.job)
    with lake.cursor() as cursor:
        cursor.execute(ENDLESS).fetchall()


@pytest.fixture(autouse=True)
def quick_heart(settings) -> None:
    settings.JOB_HEARTBEAT_S = 0.1


def job(workspace, **arguments) -> Job:
    return actions.create_job(
        workspace=workspace, kind="test-endless", arguments=arguments, send=False
    )


def test_work_without_end_is_stopped_in_the_middle_of_its_query(workspace, settings) -> None:
    settings.JOB_TIME_LIMIT_S = 1
    ended = actions.run_job(job_id=str(job(workspace).pk))
    assert (ended.status, ended.log) == (Status.FAILED, "")
    assert "longer than" in ended.error
    lake.ping()


def test_a_cancelled_job_does_not_wait_for_its_query(workspace) -> None:
    ended = actions.run_job(job_id=str(job(workspace, cancelled=True).pk))
    assert (ended.status, ended.error) == (Status.CANCELLED, "")


def test_work_that_was_ended_with_its_process_for_its_time_is_not_tried_again(
    workspace, settings
) -> None:
    made, long_ago = job(workspace), timezone.now() - timedelta(hours=2)
    Job.objects.filter(pk=made.pk).update(
        status=Status.RUNNING, attempt=1, started_at=long_ago, heartbeat_at=long_ago
    )
    assert actions.sweep() == 0
    made.refresh_from_db()
    assert made.status == Status.FAILED and "60 minutes" in made.error


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(hours=1)])
def test_a_clock_that_jumps_loses_no_job(workspace, jump) -> None:
    """The worker died and the clock was put forward or back: its last heartbeat looks odd."""
    made = job(workspace)
    Job.objects.filter(pk=made.pk).update(
        status=Status.RUNNING, attempt=1, started_at=timezone.now(),
        heartbeat_at=timezone.now() + jump,
    )  # fmt: skip
    waiting = job(workspace)
    Job.objects.filter(pk=waiting.pk).update(sent_at=timezone.now() + jump)
    assert actions.sweep() == 2
    made.refresh_from_db()
    assert made.status == Status.QUEUED


def test_a_job_whose_heart_beats_is_nobody_else_s(workspace) -> None:
    made = job(workspace)
    now = timezone.now()
    Job.objects.filter(pk=made.pk).update(status=Status.RUNNING, attempt=1, heartbeat_at=now)
    assert actions.sweep() == 0


@actions.register("test-away")
def _away(running: actions.Running) -> None:
    raise lake.LakeAway("The evidence lake cannot be reached")


def test_work_under_which_a_service_went_away_is_taken_up_again(workspace) -> None:
    made = actions.create_job(workspace=workspace, kind="test-away", arguments={}, send=False)
    assert actions.run_job(job_id=str(made.pk)).status == Status.RUNNING
    Job.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=1))
    assert actions.sweep() == 1


def _greedy(told) -> None:
    from config.celery import _keep_to_its_memory

    _keep_to_its_memory()
    try:
        kept = bytearray(900 << 20)
        told.send(len(kept))
    except MemoryError as error:
        from jobs.reasons import want_of

        told.send(want_of(error))


def test_a_process_of_the_worker_gets_no_more_memory_than_it_may(settings) -> None:
    settings.JOB_MEMORY_MB = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 + 700
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_greedy, args=(theirs,))
    process.start()
    assert "more memory" in str(ours.recv())
    process.join()
