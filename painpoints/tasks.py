"""What the queue calls."""

from celery import shared_task

from painpoints import alert_mail


@shared_task(name="painpoints.tasks.send_due_mails")
def send_due_mails() -> None:
    alert_mail.send_due()
