"""What the queue calls."""

from celery import shared_task

from reports import report_exports, scheduling


@shared_task(name="reports.tasks.sweep_exports")
def sweep_exports() -> None:
    report_exports.sweep()


@shared_task(name="reports.tasks.send_due_reports")
def send_due_reports() -> None:
    scheduling.send_due()
