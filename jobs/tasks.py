"""What the queue calls."""

from celery import shared_task

from jobs import actions


@shared_task(name="jobs.tasks.run")
def run(job_id: str) -> None:
    actions.run_job(job_id=job_id)


@shared_task(name="jobs.tasks.sweep")
def sweep() -> None:
    actions.sweep()
