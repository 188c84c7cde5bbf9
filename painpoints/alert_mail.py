"""E-mails about alerts: one job each, tried again while the mail server refuses, never sent twice.

A mail is claimed before it is handed to the server. What was cut off in between may have been
sent, so it is not tried again: an alert stands in the app in any case.
"""

import contextlib
import smtplib
from datetime import timedelta

from django.conf import settings
from django.core import mail as django_mail
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from jobs.actions import JobError, Running, create_job, register
from jobs.models import ENDED
from painpoints.alert_models import AlertMail
from painpoints.alert_words import mail_text, message_of

KIND = "alert_mail"
# Minutes until the next try, after the first, the second, … one that failed.
PAUSES_MIN = (1, 5, 15, 60, 240, 720)
State = AlertMail.State


@transaction.atomic
def send_later(*, mail: AlertMail) -> None:
    """A job that sends it, once this transaction commits."""
    mail.job = create_job(
        workspace=mail.alert.rule.journey.workspace, kind=KIND, arguments={"mail": mail.pk}
    )
    mail.save(update_fields=["job"])


def send_due() -> int:
    """New jobs for mails whose time to be tried again has come; answers how many."""
    ended = Q(job=None) | Q(job__status__in=ENDED)
    due = AlertMail.objects.filter(ended, state=State.WAITING, due_at__lte=timezone.now())
    count = 0
    for mail in due.select_related("alert__rule__journey__workspace"):
        with transaction.atomic():
            if AlertMail.objects.select_for_update(of=("self",), skip_locked=True).filter(
                ended, pk=mail.pk, state=State.WAITING
            ):
                send_later(mail=mail)
                count += 1
    return count


@register(KIND)
def send(running: Running) -> None:
    """Sends the mail named by the job."""
    mail = (
        AlertMail.objects.select_related(
            "alert__rule__journey__workspace", "alert__touchpoint", "user"
        )
        .filter(pk=running.arguments["mail"])
        .first()
    )
    if mail is None:
        return  # the alert was deleted meanwhile
    waiting = AlertMail.objects.filter(pk=mail.pk, state=State.WAITING)
    if not waiting.update(state=State.SENDING, tries=F("tries") + 1):
        if running.job.attempt > 1 and mail.job_id == running.job.pk:
            AlertMail.objects.filter(pk=mail.pk, state=State.SENDING).update(state=State.UNSURE)
        return
    mail.refresh_from_db(fields=["state", "tries"])
    problem = _sent(mail)
    if problem:
        raise JobError(problem)


def _sent(mail: AlertMail) -> str:
    """Hands it to the server; answers what went wrong, or nothing."""
    connection = django_mail.get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        return _again(mail, error)  # nothing was handed over
    try:
        connection.send_messages([_message(mail)])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _said in error.recipients.values()]
        return _again(mail, error) if all(400 <= c < 500 for c in codes) else _failed(mail, error)
    except smtplib.SMTPResponseException as error:
        return _again(mail, error) if 400 <= error.smtp_code < 500 else _failed(mail, error)
    except (smtplib.SMTPException, OSError) as error:
        mail.finish(State.UNSURE, error=_said(error))
        return _("The mail server broke off; whether it took the message cannot be told.")
    else:
        state = State.SENT if settings.EMAIL_IS_SET_UP else State.KEPT
        mail.finish(state, sent_at=timezone.now(), error="")
        return ""
    finally:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            connection.close()


def _message(mail: AlertMail) -> EmailMessage:
    with override(mail.user.language):
        message = message_of(mail.alert)
        workspace = mail.alert.rule.journey.workspace
        host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "touchline"
        return EmailMessage(
            subject=f"[{workspace.name}] {message.title}".replace("\n", " "),
            body=mail_text(mail.alert, message),
            to=[mail.address],
            # The same for every try, so that servers know a copy for what it is.
            headers={"Message-ID": f"<alert-{mail.alert_id}-{mail.user_id}@{host}>"},
        )


def _again(mail: AlertMail, error: Exception) -> str:
    if mail.tries > len(PAUSES_MIN):
        return _failed(mail, error)
    due = timezone.now() + timedelta(minutes=PAUSES_MIN[mail.tries - 1])
    mail.finish(State.WAITING, due_at=due, error=_said(error))
    return _("The mail server does not take it now; it is tried again.")


def _failed(mail: AlertMail, error: Exception) -> str:
    mail.finish(State.FAILED, error=_said(error))
    return _("The mail server refuses the message.")


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
