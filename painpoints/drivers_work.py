"""Finding key drivers is a job: a thousand resamples of up to 50,000 customers take seconds."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from evidence import snapshots
from evidence.scope import Scope
from jobs.actions import JobError, Running, create_job, register
from jobs.models import Job, Status
from painpoints.counts import keep, kept
from painpoints.drivers import KIND, count_drivers
from painpoints.models import ScoringRun
from painpoints.parameters import question_of

# A job that failed is not tried again by everybody who looks.
REST_S = 60


@register(KIND)
def find_drivers(running: Running) -> None:
    """Finds and keeps the drivers of the run named by the job."""
    run = ScoringRun.objects.filter(pk=running.arguments["run"]).first()
    if run is None:
        raise JobError(_("The run was deleted before its turn came; score the journey again."))
    if kept_drivers(run) is not None:
        return
    question = question_of(run.workspace_id, Scope.from_json(run.scope), run.parameters)
    try:
        with snapshots.at(run.snapshot) as cursor:
            found = count_drivers(
                cursor,
                question,
                lambda done, total: running.progress(
                    done, total, unit=_("steps"), message=_("Drawing customers a thousand times")
                ),
            )
    except snapshots.SnapshotGone as gone:
        raise JobError(str(gone)) from gone
    running.check()
    keep(run, KIND, found)


def kept_drivers(run: ScoringRun) -> dict[str, Any] | None:
    """What was found; None before it was."""
    found: dict[str, Any] | None = kept(run, KIND)
    return found


@transaction.atomic
def request_drivers(*, run: ScoringRun, user: User | None = None) -> Job:
    """The job that finds the run's drivers: one at work already, or a new one."""
    # One request at a time for each run, so that two do not start the same work.
    ScoringRun.objects.select_for_update(of=("self",), no_key=True).get(pk=run.pk)
    jobs = Job.objects.filter(workspace=run.workspace, kind=KIND, arguments={"run": run.pk})
    last = jobs.order_by("-created_at").first()
    if last is not None and not _is_stale(last):
        return last
    return create_job(workspace=run.workspace, kind=KIND, arguments={"run": run.pk}, user=user)


def _is_stale(job: Job) -> bool:
    if not job.has_ended or job.finished_at is None:
        return False
    if job.status == Status.DONE:
        return True
    return (timezone.now() - job.finished_at).total_seconds() > REST_S
