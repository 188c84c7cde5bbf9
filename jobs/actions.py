"""Making, claiming, running and ending jobs.

A job is created in the transaction that needs it and sent to the queue on commit. Whoever runs
it claims it by a conditional update, so that two messages for one job do the work once. While it
runs, a thread with a database connection of its own says that it is alive.
"""

import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts import live
from accounts.models import User, Workspace
from jobs.models import ENDED, Job, Status
from jobs.reasons import damage_of, is_service_away, want_of

log = logging.getLogger(__name__)

Work = Callable[["Running"], None]
_registry: dict[str, Work] = {}
# Called with the thread whose work shall stop; the lake ends that thread's queries.
stoppers: list[Callable[[int], None]] = []


class JobError(Exception):
    """Work that cannot be done, with a sentence for people: expected, got, what to do."""


class JobCancelled(Exception):
    """Someone asked to stop, and the work heard it."""


class JobLost(Exception):
    """Another worker has taken this job over; stop without writing anything."""


def register(kind: str) -> Callable[[Work], Work]:
    """Marks the function that does the work of this kind of job. It must be idempotent."""

    def mark(work: Work) -> Work:
        _registry[kind] = work
        return work

    return mark


@transaction.atomic
def create_job(
    *,
    workspace: Workspace,
    kind: str,
    arguments: Mapping[str, Any],
    user: User | None = None,
    send: bool = True,
) -> Job:
    """A new job, sent to the queue when the surrounding transaction commits."""
    if kind not in _registry:
        raise ValueError(f"No work is registered for jobs of kind {kind!r}.")
    job = Job.objects.create(
        workspace=workspace,
        kind=kind,
        arguments=dict(arguments),
        created_by=user,
        language=get_language() or settings.LANGUAGE_CODE,
    )
    if send:
        transaction.on_commit(lambda: send_job(job_id=str(job.pk)))
    return job


def send_job(*, job_id: str) -> None:
    """Hands the job to the queue. A broker that is away loses nothing: the sweep sends again."""
    Job.objects.filter(pk=job_id, status=Status.QUEUED).update(sent_at=Now())
    try:
        current_app.send_task("jobs.tasks.run", args=[job_id], retry=False)
    except Exception as error:
        log.warning("Job %s could not be sent, the sweep will send it: %s", job_id, error)


def sweep() -> int:
    """Puts lost jobs back into the queue and sends forgotten ones again; returns how many."""
    again = 0
    for job in Job.objects.lost():
        taken = Job.objects.lost().filter(pk=job.pk, attempt=job.attempt)
        if reason := _given_up(job):
            taken.update(status=Status.FAILED, finished_at=Now(), error=reason)
            job.refresh_from_db()
            announce(job=job)
        elif taken.update(status=Status.QUEUED, sent_at=Now()):
            send_job(job_id=str(job.pk))
            again += 1
    for job in Job.objects.unsent():
        send_job(job_id=str(job.pk))
        again += 1
    return again


def _given_up(job: Job) -> str:
    """Why a lost job is not tried again; empty where it is."""
    with override(job.language):
        if job.is_over_time:
            return _over_time()
        if job.attempt >= settings.JOB_MAX_ATTEMPTS:
            return _(
                "The work was cut off %(n)d times: most likely its worker was ended for want of "
                "memory. Nothing was changed. Try a smaller file, or give the worker more memory."
            ) % {"n": job.attempt}
    return ""


def _over_time() -> str:
    return _(
        "The work took longer than the %(minutes)d minutes it may, and was stopped. Nothing was "
        "changed. Try a smaller file, or ask for more time."
    ) % {"minutes": settings.JOB_TIME_LIMIT_S // 60}


def cancel_job(*, job: Job) -> None:
    """Stops a waiting job at once and asks a running one to stop."""
    if not Job.objects.filter(pk=job.pk, status=Status.QUEUED).update(
        status=Status.CANCELLED, finished_at=timezone.now(), cancel_asked=True
    ):
        Job.objects.filter(pk=job.pk, status=Status.RUNNING).update(cancel_asked=True)
    job.refresh_from_db()
    announce(job=job)


def announce(*, job: Job) -> None:
    """Wakes the pages that watch this job."""
    live.notify(job.live_channel, job.status)


def run_job(*, job_id: str) -> Job:
    """Claims the job and does its work here and now; a job claimed by another is left alone."""
    claimed = Job.objects.filter(pk=job_id, status=Status.QUEUED).update(
        status=Status.RUNNING,
        attempt=F("attempt") + 1,
        started_at=Now(),
        heartbeat_at=Now(),
        done=0,
        error="",
    )
    job = Job.objects.select_related("workspace", "created_by").get(pk=job_id)
    if not claimed:
        return job
    announce(job=job)
    running = Running(job)
    with running.heartbeat(), override(job.language):
        status, error = _outcome(running)
    _end(job, status, error)
    job.refresh_from_db()
    announce(job=job)
    return job


def _outcome(running: "Running") -> tuple[Status, str]:
    try:
        with running.stoppable():
            _registry[running.job.kind](running)
    except JobCancelled:
        return Status.CANCELLED, ""
    except JobLost:
        return Status.RUNNING, ""
    except Exception as error:
        if reason := want_of(error):
            log.warning("Job %s failed: %s", running.job.pk, error)
            return Status.FAILED, reason
        if is_service_away(error):  # as after a killed worker, the sweep sends it again
            log.warning("Job %s was cut off: %s", running.job.pk, error)
            return Status.RUNNING, ""
        if isinstance(error, JobError):
            return Status.FAILED, str(error)
        if reason := damage_of(error):
            log.exception("Job %s cannot read the evidence", running.job.pk)
            return Status.FAILED, reason
        log.exception("Job %s failed", running.job.pk)
        running.note(traceback.format_exc())
        return Status.FAILED, _(
            "Something went wrong on our side; nothing was changed. "
            "Try again, and if it stays, give support the number %(id)s."
        ) % {"id": running.job.pk}
    return Status.DONE, ""


def _end(job: Job, status: Status, error: str) -> None:
    if status not in ENDED:
        return
    mine = Job.objects.filter(pk=job.pk, status=Status.RUNNING, attempt=job.attempt)
    mine.update(status=status, error=error, finished_at=Now(), heartbeat_at=None)


class Running:
    """A claimed job in the hands of its work: progress, notes, and the question whether to stop."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.workspace = job.workspace
        self.arguments: dict[str, Any] = job.arguments
        self.user = job.created_by
        self._lost = threading.Event()
        self._cancelled = threading.Event()
        self._over_time = threading.Event()
        self._ends_at = time.monotonic() + settings.JOB_TIME_LIMIT_S
        self._thread = threading.get_ident()

    def progress(
        self, done: int, total: int | None = None, *, unit: str = "", message: str = ""
    ) -> None:
        """Says how far the work is, and stops it where it should stop."""
        self.check()
        fields: dict[str, Any] = {"done": done, "heartbeat_at": Now()}
        if total is not None:
            fields["total"] = max(total, done)
        if unit:
            fields["unit"] = unit
        if message:
            fields["message"] = message[:200]
        mine = Job.objects.filter(pk=self.job.pk, status=Status.RUNNING, attempt=self.job.attempt)
        if not mine.update(**fields):
            raise JobLost
        announce(job=self.job)

    def check(self) -> None:
        """Raises where the job was cancelled, taken over, or took too long.

        Cheap; call it between steps.
        """
        if self._lost.is_set():
            raise JobLost
        if self._cancelled.is_set():
            raise JobCancelled
        if self._over_time.is_set():
            raise JobError(_over_time())

    @contextmanager
    def stoppable(self) -> Iterator[None]:
        """Whatever a query says that was ended from outside, why it was is what counts."""
        try:
            yield
        except Exception:
            self.check()
            raise

    def note(self, line: str) -> None:
        """Adds a line to the job's log."""
        Job.objects.filter(pk=self.job.pk).update(
            log=self.job.log + f"{timezone.now():%Y-%m-%d %H:%M:%S} {line}\n"
        )
        self.job.refresh_from_db(fields=["log"])

    def _heartbeat_now(self) -> None:
        job = self.job
        if time.monotonic() > self._ends_at:
            self._over_time.set()
        try:
            mine = Job.objects.filter(pk=job.pk, status=Status.RUNNING, attempt=job.attempt)
            if not mine.update(heartbeat_at=Now()):
                self._lost.set()
            elif mine.filter(cancel_asked=True).exists():
                self._cancelled.set()
        except Exception as error:
            log.warning("The heartbeat of job %s was not written: %s", job.pk, error)
            connection.close()
        if self._lost.is_set() or self._cancelled.is_set() or self._over_time.is_set():
            for stop in stoppers:
                stop(self._thread)

    def heartbeat(self) -> "_Heartbeat":
        return _Heartbeat(self)


class _Heartbeat:
    """Says on a thread of its own that the work is alive, also during one long query."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *exc: object) -> None:
        self.stop.set()
        self.thread.join()

    def _beat(self) -> None:
        try:
            while not self.stop.wait(settings.JOB_HEARTBEAT_S):
                self.running._heartbeat_now()
        finally:
            connection.close()
