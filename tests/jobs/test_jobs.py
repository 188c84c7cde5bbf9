"""A job is done once, whatever the queue does; and says how it ended."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from jobs import actions
from jobs.models import Job, Status

calls: list[str] = []


@actions.register("test-note")
def _note(running: actions.Running) -> None:
    calls.append(str(running.job.pk))
    running.progress(1, 2, unit="rows", message="half")
    running.progress(2)


@actions.register("test-refuse")
def _refuse(running: actions.Running) -> None:
    raise actions.JobError("Expected rows, got none. Choose another file.")


@actions.register("test-break")
def _break(running: actions.Running) -> None:
    raise ZeroDivisionError


@actions.register("test-cancelled")
def _cancelled(running: actions.Running) -> None:
    actions.cancel_job(job=Job.objects.get(pk=running.job.pk))
    running._heartbeat_now()
    running.check()


@pytest.fixture(autouse=True)
def forget():
    calls.clear()


def job(workspace, kind):
    return actions.create_job(workspace=workspace, kind=kind, arguments={}, send=False)


@pytest.mark.django_db(transaction=True)
def test_the_work_is_done_once(workspace):
    made = job(workspace, "test-note")
    first = actions.run_job(job_id=str(made.pk))
    second = actions.run_job(job_id=str(made.pk))
    assert first.status == second.status == Status.DONE
    assert (first.done, first.total, first.unit) == (2, 2, "rows")
    assert calls == [str(made.pk)]


@pytest.mark.django_db(transaction=True)
def test_a_refusal_keeps_its_sentence(workspace):
    ended = actions.run_job(job_id=str(job(workspace, "test-refuse").pk))
    assert ended.status == Status.FAILED
    assert ended.error == "Expected rows, got none. Choose another file."


@pytest.mark.django_db(transaction=True)
def test_a_bug_gives_people_a_number_and_us_the_traceback(workspace, caplog):
    ended = actions.run_job(job_id=str(job(workspace, "test-break").pk))
    assert ended.status == Status.FAILED
    assert str(ended.pk) in ended.error and "ZeroDivision" not in ended.error
    assert "ZeroDivisionError" in ended.log


@pytest.mark.django_db(transaction=True)
def test_a_running_job_hears_that_it_shall_stop(workspace):
    ended = actions.run_job(job_id=str(job(workspace, "test-cancelled").pk))
    assert ended.status == Status.CANCELLED


@pytest.mark.django_db(transaction=True)
def test_a_lost_job_is_taken_up_again_and_the_lost_worker_changes_nothing(workspace):
    made = job(workspace, "test-note")
    silent = timezone.now() - timedelta(minutes=1)
    Job.objects.filter(pk=made.pk).update(
        status=Status.RUNNING, attempt=1, heartbeat_at=silent, started_at=silent
    )
    lost = actions.Running(Job.objects.get(pk=made.pk))
    assert actions.sweep() == 1
    assert actions.run_job(job_id=str(made.pk)).status == Status.DONE
    with pytest.raises(actions.JobLost):
        lost.progress(1)


@pytest.mark.django_db(transaction=True)
def test_work_that_always_dies_is_given_up_with_a_reason(workspace, settings):
    made = job(workspace, "test-note")
    silent = timezone.now() - timedelta(minutes=1)
    Job.objects.filter(pk=made.pk).update(
        status=Status.RUNNING, attempt=settings.JOB_MAX_ATTEMPTS, heartbeat_at=silent
    )
    actions.sweep()
    made.refresh_from_db()
    assert made.status == Status.FAILED
    assert "memory" in made.error


@pytest.mark.django_db(transaction=True)
def test_a_job_of_an_undone_transaction_is_never_sent(workspace):
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.create_job(workspace=workspace, kind="test-note", arguments={})
        raise RuntimeError
    assert not Job.objects.exists()


def test_unknown_work_is_refused(workspace):
    with pytest.raises(ValueError, match="no-such"):
        job(workspace, "no-such")


def test_progress_is_seen_by_members_only(workspace, owner, stranger, client_for):
    url = f"/w/{workspace.slug}/jobs/{job(workspace, 'test-note').pk}.json"
    assert client_for(owner).get(url).json()["status"] == Status.QUEUED
    assert client_for(stranger).get(url).status_code == 404
