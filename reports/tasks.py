"""What the queue calls."""

from celery import shared_task

from reports import report_exports


@shared_task(name="reports.tasks.sweep_exports")
def sweep_exports() -> None:
    report_exports.sweep()
