"""What the queue calls."""

from celery import shared_task

from evidence import drafts


@shared_task(name="evidence.tasks.sweep_drafts")
def sweep_drafts() -> None:
    drafts.sweep_drafts()
