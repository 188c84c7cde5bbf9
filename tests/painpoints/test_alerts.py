"""Alerts: evaluated after a scoring, told once to those who asked, in their language."""

import threading
from datetime import date, datetime, time, timedelta

import pytest
from django.core import mail as outbox
from django.db import IntegrityError, connection, transaction

from accounts.notices import Notification
from evidence import lake
from jobs.actions import run_job
from jobs.models import Job
from painpoints import alert_mail
from painpoints.alert_models import Alert, AlertMail, AlertReader, AlertRule
from painpoints.alerts import change_rule, evaluate_run, tell_of
from painpoints.models import ScoringRun
from tests.factories import MembershipFactory
from tests.painpoints.conftest import scored

pytestmark = pytest.mark.django_db
START = date(2025, 1, 6)
RULE = {"is_on": True, "window": 4, "least": 3, "better": False}


def weeks(workspace, first: int, last: int, hurt: int, of: int = 60) -> None:
    """Answers about the app in these weeks, as one more import."""
    with lake.transaction() as cursor:
        for week in range(first, last):
            cursor.execute(
                "INSERT INTO responses (workspace_id, import_id, row_no, occurred_at, touchpoint, "
                "metric, score, weight) SELECT $workspace, $import_id, 1000 * $week + range, $at, "
                "'app', 'csat', CASE WHEN range < $hurt THEN 1 ELSE 5 END, 1 FROM range($of)",
                {
                    "workspace": workspace.pk, "import_id": first + 1, "week": week, "hurt": hurt,
                    "of": of, "at": datetime.combine(START, time(10)) + timedelta(weeks=week),
                },
            )  # fmt: skip
    workspace.raise_evidence_revision()


def score_again(journey) -> ScoringRun:
    journey.workspace.refresh_from_db()
    return scored(journey)


@pytest.fixture
def reader(workspace, member):
    return member("viewer")


@pytest.fixture
def rule(journey, owner, reader) -> AlertRule:
    return change_rule(journey=journey, user=owner, values=RULE, readers={reader.pk: True})


def test_what_became_worse_is_told_once_however_often_it_is_scored(workspace, journey, rule):
    weeks(workspace, 0, 12, hurt=5)
    score_again(journey)
    assert not Alert.objects.exists()
    for week in range(12, 18):
        weeks(workspace, week, week + 1, hurt=30)
        score_again(journey)
    (alert,) = Alert.objects.all()
    assert (alert.touchpoint.code, alert.direction, alert.window) == ("app", "worse", 4)
    assert date(2025, 3, 31) <= alert.week <= date(2025, 4, 21)
    assert alert.finding["severity_before"] == pytest.approx(5 / 60, abs=0.03)
    (told,) = Notification.objects.all()
    assert "App became worse" in told.title
    assert f"touchpoint={alert.touchpoint.code}" in told.url
    assert "n 240" in told.text
    assert AlertMail.objects.count() == 1


def test_a_further_worsening_later_on_is_told_again(workspace, journey, rule):
    weeks(workspace, 0, 12, hurt=5)
    weeks(workspace, 12, 16, hurt=25)
    score_again(journey)
    weeks(workspace, 16, 20, hurt=25)
    score_again(journey)
    assert Alert.objects.count() == 1
    weeks(workspace, 20, 24, hurt=50)
    score_again(journey)
    first, second = Alert.objects.order_by("week")
    assert second.week - first.week == timedelta(weeks=8)
    assert second.finding["severity_before"] > first.finding["severity_before"]


def test_improvements_are_told_where_the_rule_says_so(workspace, journey, rule):
    rule.better = True
    rule.save()
    weeks(workspace, 0, 12, hurt=30)
    weeks(workspace, 12, 16, hurt=5)
    score_again(journey)
    assert Alert.objects.get().direction == "better"
    assert "became better" in Notification.objects.get().title


@pytest.mark.parametrize("values", [{"is_on": False}, {"least": 50}])
def test_a_rule_that_is_off_or_asks_for_more_tells_nothing(workspace, journey, rule, values):
    AlertRule.objects.update(**values)
    weeks(workspace, 0, 12, hurt=5)
    weeks(workspace, 12, 16, hurt=30)
    score_again(journey)
    assert not Alert.objects.exists()


def test_a_run_that_is_overtaken_or_filtered_tells_nothing(workspace, journey, rule):
    weeks(workspace, 0, 12, hurt=5)
    weeks(workspace, 12, 16, hurt=30)
    AlertRule.objects.update(is_on=False)
    older = score_again(journey)
    weeks(workspace, 16, 24, hurt=30)
    AlertRule.objects.update(is_on=True)
    score_again(journey)
    assert not Alert.objects.exists()  # eight weeks at the new level: nothing changed lately
    assert evaluate_run(run=older) == []
    older.is_whole = False
    assert evaluate_run(run=older) == []


def test_everybody_reads_their_own_language_and_leavers_read_nothing(
    workspace, journey, rule, reader, member
):
    chinese = member("manager")
    chinese.language = "zh-hans"
    chinese.save()
    left = member("viewer")
    for user in (chinese, left):
        AlertReader.objects.create(rule=rule, user=user)
    left.memberships.all().delete()
    weeks(workspace, 0, 12, hurt=5)
    weeks(workspace, 12, 16, hurt=30)
    score_again(journey)
    told = {n.user_id: n.title for n in Notification.objects.all()}
    assert set(told) == {reader.pk, chinese.pk}
    assert "became worse" in told[reader.pk]
    assert "became worse" not in told[chinese.pk]
    assert "恶化" in told[chinese.pk]


def test_a_failure_leaves_the_run_alone(workspace, journey, rule, monkeypatch, caplog):
    def broken(**_asked):
        raise RuntimeError("broken")

    weeks(workspace, 0, 4, hurt=5)
    monkeypatch.setattr("painpoints.alerts.evaluate_run", broken)
    run = score_again(journey)
    assert run.result is not None
    assert tell_of(run) == []
    assert "were not evaluated" in caplog.text


def test_the_same_finding_cannot_be_stored_twice(workspace, journey, rule):
    touchpoint = workspace.touchpoints.get(code="app")
    same = {
        "rule": rule, "touchpoint": touchpoint, "direction": "worse", "week": START,
        "window": 4, "finding": {},
    }  # fmt: skip
    Alert.objects.create(**same)
    with pytest.raises(IntegrityError, match="alert_once_per_finding"), transaction.atomic():
        Alert.objects.create(**same)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_once(workspace, journey, owner):
    reader = MembershipFactory(workspace=workspace, role="viewer").user
    weeks(workspace, 0, 12, hurt=5)
    weeks(workspace, 12, 16, hurt=30)
    run = score_again(journey)
    change_rule(journey=journey, user=owner, values=RULE, readers={reader.pk: True})
    together = threading.Barrier(3)
    told: list[int] = []

    def work() -> None:
        together.wait(10)
        told.append(len(evaluate_run(run=run)))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(60)
    assert sorted(told) == [0, 0, 1]
    assert Alert.objects.count() == Notification.objects.count() == AlertMail.objects.count() == 1


# ---- e-mail ----


@pytest.fixture
def mail(workspace, journey, rule, settings) -> AlertMail:
    settings.EMAIL_IS_SET_UP = True
    weeks(workspace, 0, 12, hurt=5)
    weeks(workspace, 12, 16, hurt=30)
    score_again(journey)
    return AlertMail.objects.get()


def run_mail_job(mail: AlertMail) -> Job:
    mail.refresh_from_db()
    job = run_job(job_id=str(mail.job_id))
    mail.refresh_from_db()
    return job


def test_the_mail_says_what_where_how_sure_and_leads_to_the_page(mail, reader, settings):
    settings.PUBLIC_URL = "https://touchline.bank.example"
    assert run_mail_job(mail).status == "done"
    assert (mail.state, mail.tries) == ("sent", 1)
    assert mail.sent_at is not None
    (sent,) = outbox.outbox
    assert sent.to == [reader.email]
    assert "App became worse: 50 of 100 passages hurt" in sent.subject
    assert "Opening an account" in sent.body
    assert "n 240" in sent.body
    assert "https://touchline.bank.example/w/" in sent.body
    assert "change/?since=2025-03-31&until=2025-04-28&touchpoint=app" in sent.body
    assert sent.extra_headers["Message-ID"].startswith(f"<alert-{mail.alert_id}-")


def test_a_mail_is_never_sent_twice(mail):
    run_mail_job(mail)
    Job.objects.filter(pk=mail.job_id).update(status="queued")
    run_mail_job(mail)
    assert alert_mail.send_due() == 0
    assert len(outbox.outbox) == 1


def test_without_a_server_it_is_kept_and_says_so(mail, settings):
    settings.EMAIL_IS_SET_UP = False
    run_mail_job(mail)
    assert mail.state == "kept"


class Refusing:
    """A mail server's connection that does not take what it is given."""

    def __init__(self, at: str, error: Exception) -> None:
        self.at, self.error, self.tries = at, error, 0

    def open(self) -> None:
        if self.at == "open":
            self.tries += 1
            raise self.error

    def send_messages(self, messages) -> None:
        self.tries += 1
        raise self.error

    def close(self) -> None:
        pass


def test_a_server_that_is_away_is_tried_again_later(mail, monkeypatch):
    away = Refusing("open", ConnectionRefusedError("nobody there"))
    monkeypatch.setattr(alert_mail.django_mail, "get_connection", lambda: away)
    job = run_mail_job(mail)
    assert job.status == "failed"
    assert "tried again" in job.error
    assert (mail.state, mail.tries) == ("waiting", 1)
    assert "nobody there" in mail.error
    assert alert_mail.send_due() == 0  # not yet
    AlertMail.objects.update(due_at=START.isoformat() + "T00:00:00Z")
    monkeypatch.undo()
    assert alert_mail.send_due() == 1
    run_mail_job(mail)
    assert (mail.state, mail.tries, mail.error) == ("sent", 2, "")
    assert len(outbox.outbox) == 1


def test_it_gives_up_after_some_tries(mail, monkeypatch):
    away = Refusing("open", ConnectionRefusedError("nobody there"))
    monkeypatch.setattr(alert_mail.django_mail, "get_connection", lambda: away)
    run_mail_job(mail)
    while mail.state == "waiting":
        AlertMail.objects.update(due_at=START.isoformat() + "T00:00:00Z")
        assert alert_mail.send_due() == 1
        run_mail_job(mail)
    assert mail.state == "failed"
    assert away.tries == len(alert_mail.PAUSES_MIN) + 1


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (alert_mail.smtplib.SMTPDataError(451, b"later"), "waiting"),
        (alert_mail.smtplib.SMTPDataError(554, b"no"), "failed"),
        (alert_mail.smtplib.SMTPRecipientsRefused({"a": (550, b"unknown")}), "failed"),
        (alert_mail.smtplib.SMTPRecipientsRefused({"a": (450, b"busy")}), "waiting"),
        (alert_mail.smtplib.SMTPServerDisconnected("gone"), "unsure"),
        (TimeoutError("slow"), "unsure"),
    ],
)
def test_what_a_server_answers_decides_whether_it_is_tried_again(mail, monkeypatch, error, state):
    refusing = Refusing("send", error)
    monkeypatch.setattr(alert_mail.django_mail, "get_connection", lambda: refusing)
    run_mail_job(mail)
    assert mail.state == state
    assert mail.error


def test_a_mail_cut_off_while_sending_is_not_sent_again(mail):
    AlertMail.objects.update(state="sending", tries=1)
    Job.objects.filter(pk=mail.job_id).update(attempt=1)  # the worker was killed, the job swept
    run_mail_job(mail)
    assert mail.state == "unsure"
    assert outbox.outbox == []
