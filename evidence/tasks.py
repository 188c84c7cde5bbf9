"""What the queue calls."""

from celery import shared_task

from evidence import drafts, nightly, post_keys, pulling, settling, uploads


@shared_task(name="evidence.tasks.sweep_drafts")
def sweep_drafts() -> None:
    drafts.sweep_drafts()
    uploads.sweep_uploads()


@shared_task(name="evidence.tasks.upkeep")
def upkeep() -> None:
    nightly.look()


@shared_task(name="evidence.tasks.sweep_keys")
def sweep_keys() -> None:
    post_keys.sweep_keys()


@shared_task(name="evidence.tasks.pull")
def pull() -> None:
    pulling.look()


@shared_task(name="evidence.tasks.settle")
def settle() -> None:
    settling.settle_all()
