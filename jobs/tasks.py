"""What the queue calls."""

from celery import shared_task
from django.conf import settings

from jobs import actions

# Work that does not hear that its time is over is ended with its process, and not tried again.
DEAF_S = 60


@shared_task(name="jobs.tasks.run", time_limit=settings.JOB_TIME_LIMIT_S + DEAF_S)
def run(job_id: str) -> None:
    actions.run_job(job_id=job_id)


@shared_task(name="jobs.tasks.sweep")
def sweep() -> None:
    actions.sweep()
