"""What the queue calls."""

from celery import shared_task

from evidence import drafts, nightly


@shared_task(name="evidence.tasks.sweep_drafts")
def sweep_drafts() -> None:
    drafts.sweep_drafts()


@shared_task(name="evidence.tasks.upkeep")
def upkeep() -> None:
    nightly.look()
