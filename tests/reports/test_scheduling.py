"""Reports go out when they are due: once each time, as their reader may see them, with a log."""

import smtplib
from datetime import UTC, datetime, time, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from evidence.s3 import Prefix
from jobs.actions import run_job
from jobs.models import Status
from reports import report_actions, scheduling
from reports.blocks.kinds import Block
from reports.files.formats import FORMATS
from reports.report_models import Report
from reports.schedule_models import Schedule, Sending
from tests.lake_rows import answer, put
from tests.reports.conftest import scored

pytestmark = pytest.mark.django_db
BLOCKS = [Block("b1", "summary"), Block("b2", "comments")]


@pytest.fixture
def analyst(member) -> User:
    return member("analyst")


@pytest.fixture
def report(run, workspace, journey, analyst) -> Report:
    put("responses", workspace, [answer("app", "csat", 2, comment="Rude")] * 5, 9)
    workspace.raise_evidence_revision()
    journey.workspace.refresh_from_db()
    scored(journey)
    return report_actions.create_report(
        workspace=workspace, user=analyst, name="Review", journey=journey, blocks=BLOCKS
    )


def scheduled(report: Report, reader: User, **more) -> Schedule:
    asked = {"every": "day", "at": time(7), "timezone": "Asia/Shanghai", "format": "csv", **more}
    return scheduling.add_schedule(report=report, user=reader, reader=reader, **asked)


def sent(schedule: Schedule) -> Sending:
    """The schedule is due now; its sending, done."""
    Schedule.objects.filter(pk=schedule.pk).update(next_at=timezone.now())
    assert scheduling.send_due() == 1
    sending = Sending.objects.first()
    run_job(job_id=str(sending.job_id))
    sending.refresh_from_db()
    return sending


@pytest.mark.parametrize(
    ("asked", "then", "due"),
    [
        ({"every": "day"}, (2026, 3, 1, 22, 59), (2026, 3, 1, 23)),  # 7 o'clock in Shanghai
        ({"every": "day"}, (2026, 3, 1, 23), (2026, 3, 2, 23)),
        ({"every": "week", "weekday": 0}, (2026, 3, 4, 0), (2026, 3, 8, 23)),
        ({"every": "month", "day": 31}, (2026, 2, 1, 0), (2026, 2, 27, 23)),
        ({"every": "month", "day": 1}, (2026, 3, 15, 0), (2026, 3, 31, 23)),
    ],
)
def test_when_it_is_due(asked, then, due):
    schedule = Schedule(at=time(7), timezone="Asia/Shanghai", **asked)
    assert schedule.after(datetime(*then, tzinfo=UTC)) == datetime(*due, tzinfo=UTC)


def test_summer_time_keeps_the_hour():
    schedule = Schedule(every="day", at=time(7), timezone="Europe/Berlin")
    before = schedule.after(datetime(2026, 3, 27, 12, tzinfo=UTC))
    assert before == datetime(2026, 3, 28, 6, tzinfo=UTC)
    assert schedule.after(before) == datetime(2026, 3, 29, 5, tzinfo=UTC)


def test_it_is_mailed_with_what_the_reader_may_see(report, analyst, member):
    sending = sent(scheduled(report, analyst))
    assert sending.state == Sending.State.KEPT and sending.to == analyst.email
    message = mail.outbox[0]
    name, content, kind = message.attachments[0]
    assert name == "Review.csv" and kind == "text/csv" and "Rude" in str(content)
    assert f"/reports/{report.pk}/" in message.body
    viewer = member("viewer")
    sent(scheduled(report, viewer))
    assert mail.outbox[1].to == [viewer.email]
    assert all("Rude" not in str(part) for part in mail.outbox[1].attachments)


def test_it_speaks_the_readers_language(report, analyst):
    User.objects.filter(pk=analyst.pk).update(language="zh-hans")
    sent(scheduled(report, analyst))
    assert "年" in mail.outbox[0].subject


def test_times_that_were_missed_are_made_up_for_once(report, analyst):
    schedule = scheduled(report, analyst)
    missed = timezone.now() - timedelta(days=5)
    Schedule.objects.update(next_at=missed)
    assert scheduling.send_due() == 1
    assert scheduling.send_due() == 0
    schedule.refresh_from_db()
    assert schedule.next_at > timezone.now()
    assert Sending.objects.get().due_at == missed


def test_who_left_gets_nothing(report, analyst):
    schedule = scheduled(report, analyst)
    analyst.memberships.all().delete()
    sending = sent(schedule)
    assert sending.state == Sending.State.REFUSED and sending.error
    assert not mail.outbox


def test_a_schedule_that_was_stopped_sends_nothing(report, analyst, client_for):
    schedule = scheduled(report, analyst)
    at = f"/w/{report.workspace.slug}/reports/{report.pk}/schedules/"
    client_for(analyst).post(f"{at}{schedule.pk}/switch/")
    Schedule.objects.update(next_at=timezone.now())
    assert scheduling.send_due() == 0
    client_for(analyst).post(f"{at}{schedule.pk}/switch/")
    schedule.refresh_from_db()
    assert schedule.ended_at is None and schedule.next_at > timezone.now()


def test_it_is_written_into_the_folder(report, analyst, settings, tmp_path):
    settings.REPORTS_DIR = str(tmp_path)
    report.name = "../../Review"
    report.save()
    sending = sent(scheduled(report, analyst, to_folder=True))
    assert sending.state == Sending.State.WRITTEN
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert written == [tmp_path / sending.to]
    assert written[0].parent == tmp_path / report.workspace.slug
    assert "Rude" in written[0].read_text()


def test_it_is_written_below_a_prefix_on_s3(report, analyst, settings, bucket, tmp_path):
    settings.REPORTS_DIR = f"{bucket}/bank/reports"
    sending = sent(scheduled(report, analyst, to_folder=True))
    assert sending.state == Sending.State.WRITTEN, sending.error
    (found,) = Prefix(bucket).list()
    assert found.path == f"bank/reports/{sending.to}" and found.size == sending.size
    assert sending.to.startswith(f"{report.workspace.slug}/Review ")
    assert Prefix(bucket).copy_to(found, tmp_path / "copy")
    assert "Rude" in (tmp_path / "copy").read_text()


def test_s3_that_does_not_let_us_is_tried_again(report, analyst, settings, bucket):
    settings.REPORTS_DIR = bucket
    settings.S3_SECRET, right = "another", settings.S3_SECRET
    sending = sent(scheduled(report, analyst, to_folder=True))
    assert sending.state == Sending.State.WAITING and bucket in sending.error
    settings.S3_SECRET = right
    Sending.objects.update(again_at=timezone.now())
    assert scheduling.send_due() == 1
    sending.refresh_from_db()
    run_job(job_id=str(sending.job_id))
    sending.refresh_from_db()
    assert sending.state == Sending.State.WRITTEN and sending.tries == 2 and not sending.error
    assert len(list(Prefix(bucket).list())) == 1


def test_without_a_folder_nothing_is_written(report, analyst, settings):
    settings.REPORTS_DIR = ""
    sending = sent(scheduled(report, analyst, to_folder=True))
    assert sending.state == Sending.State.REFUSED


def test_a_server_that_is_away_is_tried_again(report, analyst, monkeypatch):
    def away(self) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", away)
    sending = sent(scheduled(report, analyst))
    assert sending.state == Sending.State.WAITING and sending.again_at > timezone.now()
    assert scheduling.send_due() == 0
    monkeypatch.undo()
    Sending.objects.update(again_at=timezone.now())
    assert scheduling.send_due() == 1
    sending.refresh_from_db()
    assert run_job(job_id=str(sending.job_id)).status == Status.DONE
    assert len(mail.outbox) == 1


def test_a_report_that_cannot_be_made_is_told(report, analyst, monkeypatch):
    def breaks(found) -> bytes:
        raise ZeroDivisionError("by nothing")

    fake = type("F", (), {**vars(FORMATS["csv"]), "made": staticmethod(breaks)})
    monkeypatch.setitem(FORMATS, "csv", fake)
    sending = sent(scheduled(report, analyst))
    assert sending.state == Sending.State.REFUSED and "by nothing" in sending.error
    assert not mail.outbox


def test_a_refusal_for_good_is_told(report, analyst, monkeypatch):
    def refuses(self, messages) -> None:
        raise smtplib.SMTPResponseException(550, b"no")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuses)
    sending = sent(scheduled(report, analyst))
    assert sending.state == Sending.State.REFUSED and "550" in sending.error


def test_the_page_makes_schedules_and_shows_the_log(report, analyst, client_for, stranger):
    client = client_for(analyst)
    at = f"/w/{report.workspace.slug}/reports/{report.pk}/schedules/"
    asked = {"reader": analyst.pk, "every": "week", "weekday": 4, "day": 1, "at": "07:30",
             "timezone": "Europe/Berlin", "format": "pdf"}  # fmt: skip
    assert client.post(at, asked).status_code == 302
    schedule = Schedule.objects.get()
    assert schedule.next_at.astimezone(timezone.get_current_timezone()).weekday() == 4
    assert client.post(at, {**asked, "reader": stranger.pk}).status_code == 422
    assert client.post(at, {**asked, "timezone": "Mars"}).status_code == 422
    sent(schedule)
    assert "Review.pdf" in client.get(at).content.decode()
