"""Sending reports when they are due: each time once, missed times together, with a log.

A sending is claimed before anything leaves. What was cut off in between may have arrived, so it
is not sent again; the log says so.
"""

import contextlib
import os
import smtplib
from datetime import timedelta
from pathlib import Path
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import mail as django_mail
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.access import Permission, permissions_of
from accounts.models import User
from evidence.s3 import Prefix, S3Error, is_s3
from jobs.actions import JobCancelled, JobError, JobLost, Running, create_job, register
from jobs.models import ENDED
from reports.blocks.content import Filled, filled
from reports.files.formats import FORMATS, file_name
from reports.report_models import Report
from reports.schedule_models import Schedule, Sending

KIND = "report_send"
PAUSES_MIN = (5, 30, 120)  # until the next try, while the mail server refuses for now
MOST_BYTES = 15 * 2**20  # what mail servers commonly take
State = Sending.State


@transaction.atomic
def add_schedule(*, report: Report, user: User, reader: User, **asked: object) -> Schedule:
    schedule = Schedule(report=report, made_by=user, reader=reader, **asked)
    schedule.next_at = schedule.after(timezone.now())
    schedule.save()
    return schedule


def end_schedule(*, schedule: Schedule) -> None:
    Schedule.objects.filter(pk=schedule.pk).update(ended_at=timezone.now())


def resume_schedule(*, schedule: Schedule) -> None:
    """Goes on from now: what it would have sent meanwhile is not made up for."""
    Schedule.objects.filter(pk=schedule.pk).update(
        ended_at=None, next_at=schedule.after(timezone.now())
    )


def send_due() -> int:
    """A sending for each schedule that is due, however often it was missed; answers how many."""
    count = 0
    for pk in Schedule.objects.due().values_list("pk", flat=True):
        with transaction.atomic():
            held = Schedule.objects.select_for_update(of=("self",), skip_locked=True)
            schedule = held.filter(pk=pk, ended_at=None, next_at__lte=timezone.now()).first()
            if schedule is not None:
                sending = Sending.objects.create(schedule=schedule, due_at=schedule.next_at)
                schedule.next_at = schedule.after(timezone.now())
                schedule.save(update_fields=["next_at"])
                _queue(sending)
                count += 1
    return count + _again()


def _again() -> int:
    """New jobs for those whose time to be tried again has come."""
    ended = Q(job=None) | Q(job__status__in=ENDED)
    waiting = Sending.objects.filter(ended, state=State.WAITING, again_at__lte=timezone.now())
    found = list(waiting.select_related("schedule__report__workspace"))
    for sending in found:
        _queue(sending)
    return len(found)


@transaction.atomic
def _queue(sending: Sending) -> None:
    sending.job = create_job(
        workspace=sending.schedule.report.workspace, kind=KIND, arguments={"sending": sending.pk}
    )
    sending.save(update_fields=["job"])


@register(KIND)
def send(running: Running) -> None:
    """Makes the report as its reader may see it, and sends it."""
    sendings = Sending.objects.select_related(
        "schedule__reader", "schedule__report__workspace", "schedule__report__journey"
    )
    sending = sendings.filter(pk=running.arguments["sending"]).first()
    if sending is None or sending.state != State.WAITING:
        _was_cut_off(running, sending)
        return
    schedule = sending.schedule
    why = _why_not(schedule)
    if why:
        _finish(sending, State.REFUSED, error=why)
        raise JobError(why)
    zone = ZoneInfo(schedule.timezone)
    with override(schedule.reader.language), timezone.override(zone):
        running.progress(0, 2, message=_("Reading the figures"))
        try:
            found = filled(schedule.report, schedule.reader, waits=True)
            content = FORMATS[schedule.format].made(found)
        except (JobCancelled, JobLost):
            raise
        except Exception as error:
            _finish(sending, State.REFUSED, error=_said(error))
            raise
        name = file_name(found, schedule.format)
        running.progress(1, message=_("Sending"))
        claimed = Sending.objects.filter(pk=sending.pk, state=State.WAITING)
        if not claimed.update(
            state=State.SENDING, tries=F("tries") + 1, file_name=name, size=len(content)
        ):
            return
        sending.refresh_from_db()
        problem = (
            _write(sending, name, content)
            if schedule.to_folder
            else _mail(sending, found, name, content)
        )
        running.progress(2, message=_("Done"))
    if problem:
        raise JobError(problem)


def _was_cut_off(running: Running, sending: Sending | None) -> None:
    if sending is not None and running.job.attempt > 1 and sending.job_id == running.job.pk:
        Sending.objects.filter(pk=sending.pk, state=State.SENDING).update(
            state=State.UNSURE, finished_at=timezone.now()
        )


def _why_not(schedule: Schedule) -> str:
    if schedule.report.deleted_at is not None or schedule.ended_at is not None:
        return _("The report was deleted, or the schedule stopped, before its turn came.")
    if Permission.VIEW not in permissions_of(schedule.reader, schedule.report.workspace):
        return _("%s is no member of the workspace any more.") % schedule.reader
    if schedule.to_folder and not settings.REPORTS_DIR:
        return _("No folder for reports is set up (TOUCHLINE_REPORTS).")
    return ""


def _finish(sending: Sending, state: str, **fields: object) -> None:
    Sending.objects.filter(pk=sending.pk).update(state=state, finished_at=timezone.now(), **fields)


# ---- into the folder, or below the prefix on S3 ----


def _write(sending: Sending, name: str, content: bytes) -> str:
    """Below the workspace's own folder; the day stands in the name, so nothing is overwritten."""
    workspace = sending.schedule.report.workspace
    day = timezone.localtime(sending.due_at).strftime("%Y-%m-%d")
    stem, _dot, suffix = name.rpartition(".")
    path = f"{workspace.slug}/{stem} {day} {sending.pk}.{suffix}"
    try:
        if is_s3(settings.REPORTS_DIR):
            Prefix(settings.REPORTS_DIR).write(path, content)
        else:
            _write_file(Path(settings.REPORTS_DIR).resolve() / path, content, sending.pk)
    except S3Error as error:
        return _later(sending, error)  # stored whole or not at all, and under the same name again
    except OSError as error:
        said = _("The folder of reports cannot be written: %s") % error.strerror
        _finish(sending, State.REFUSED, error=said[:300])
        return said
    _finish(
        sending, State.WRITTEN, to=path[:300], file_name=path.rpartition("/")[2][:200], error=""
    )
    return ""


def _write_file(path: Path, content: bytes, pk: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{pk}.part")
    unfinished.write_bytes(content)
    os.replace(unfinished, path)


# ---- by e-mail ----


def _mail(sending: Sending, found: Filled, name: str, content: bytes) -> str:
    """Hands it to the mail server; answers what went wrong, or nothing."""
    address = sending.schedule.reader.email
    Sending.objects.filter(pk=sending.pk).update(to=address)
    connection = django_mail.get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        return _later(sending, error)  # nothing was handed over
    try:
        connection.send_messages([_message(sending, found, name, content)])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _said in error.recipients.values()]
        passing = all(400 <= code < 500 for code in codes)
        return _later(sending, error) if passing else _refused(sending, error)
    except smtplib.SMTPResponseException as error:
        passing = 400 <= error.smtp_code < 500
        return _later(sending, error) if passing else _refused(sending, error)
    except (smtplib.SMTPException, OSError) as error:
        _finish(sending, State.UNSURE, error=_said(error))
        return _("The mail server broke off; whether it took the message cannot be told.")
    finally:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            connection.close()
    _finish(sending, State.SENT if settings.EMAIL_IS_SET_UP else State.KEPT, error="")
    return ""


def _message(sending: Sending, found: Filled, name: str, content: bytes) -> EmailMessage:
    report = sending.schedule.report
    link = urljoin(settings.PUBLIC_URL, report.get_absolute_url())
    day = date_format(timezone.localtime(found.made_at), "DATE_FORMAT")
    said = [
        text for one in found.contents if one.block.kind == "summary" for text in one.paragraphs
    ]
    fits = len(content) <= MOST_BYTES
    if not fits:
        said.append(_("The file is too large for a mail; it is made on the report's page."))
    why = _("You get this because %s asked for it to be sent to you.") % (
        sending.schedule.made_by or report.workspace.name
    )
    body = "\n\n".join([f"{report.name}, {day}", found.subtitle, *said, link])
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "touchline"
    message = EmailMessage(
        subject=f"[{report.workspace.name}] {report.name}, {day}".replace("\n", " "),
        body=f"{body}\n\n--\n{why}\n",
        to=[sending.schedule.reader.email],
        # The same for every try, so that servers know a copy for what it is.
        headers={"Message-ID": f"<report-{sending.pk}@{host}>"},
    )
    if fits:
        kind = FORMATS[sending.schedule.format].kind.partition(";")[0]
        message.attach(name, content, kind)
    return message


def _later(sending: Sending, error: Exception) -> str:
    if sending.tries > len(PAUSES_MIN):
        return _refused(sending, error)
    again = timezone.now() + timedelta(minutes=PAUSES_MIN[sending.tries - 1])
    Sending.objects.filter(pk=sending.pk).update(
        state=State.WAITING, again_at=again, error=_said(error)
    )
    if sending.schedule.to_folder:
        return _("The folder of reports does not take it now; it is tried again.")
    return _("The mail server does not take it now; it is tried again.")


def _refused(sending: Sending, error: Exception) -> str:
    _finish(sending, State.REFUSED, error=_said(error))
    if sending.schedule.to_folder:
        return _("The folder of reports cannot be written: %s") % error
    return _("The mail server refuses the message.")


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
