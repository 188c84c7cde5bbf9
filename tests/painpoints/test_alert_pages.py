"""The alerts' page: who sees it, who changes the rule, one's own choice, what was told."""

from datetime import date

import pytest
from django.utils import timezone

from painpoints.actions import record_pain_point
from painpoints.alert_models import Alert, AlertMail, AlertReader, AlertRule
from painpoints.alerts import change_rule

pytestmark = pytest.mark.django_db
RULE = {"is_on": True, "window": 4, "least": 3, "better": False}
FINDING = {
    "families": ["felt"], "severity_before": 0.08, "severity_now": 0.5, "difference": 0.42,
    "difference_low": 0.36, "difference_high": 0.48, "certainty": 0.9998, "n_before": 240,
    "n_now": 240,
}  # fmt: skip


@pytest.fixture
def address(workspace, journey) -> str:
    return f"/w/{workspace.slug}/painpoints/alerts/{journey.slug}/"


@pytest.fixture
def alert(workspace, journey, owner) -> Alert:
    rule = change_rule(journey=journey, user=owner, values=RULE, readers={owner.pk: True})
    alert = Alert.objects.create(
        rule=rule, touchpoint=workspace.touchpoints.get(code="app"), direction="worse",
        week=date(2025, 4, 21), window=4, finding=FINDING,
    )  # fmt: skip
    AlertMail.objects.create(
        alert=alert, user=owner, address=owner.email, state="failed", due_at=timezone.now(),
        error="SMTPDataError: (554, no)",
    )  # fmt: skip
    return alert


def test_a_manager_sets_the_rule_and_who_is_told(address, journey, owner, member, client_for):
    manager, viewer = member("manager"), member("viewer")
    answer = client_for(manager).post(
        address,
        {"is_on": "on", "window": 8, "least": 5, "better": "on",
         "people": [owner.pk], "by_email": [viewer.pk]},
    )  # fmt: skip
    assert answer.status_code == 302
    rule = AlertRule.objects.get(journey=journey)
    assert (rule.is_on, rule.window, rule.least, rule.better) == (True, 8, 5, True)
    assert rule.changed_by == manager
    readers = dict(rule.readers.values_list("user", "by_email"))
    assert readers == {owner.pk: False, viewer.pk: True}
    html = client_for(manager).get(address).content.decode()
    assert "Alerts are on" in html
    assert "8 weeks against the 8 before" in html


def test_people_who_are_no_longer_ticked_are_no_longer_told(address, journey, owner, client_for):
    change_rule(journey=journey, user=owner, values=RULE, readers={owner.pk: True})
    client_for(owner).post(address, {"is_on": "on", "window": 4, "least": 3})
    assert not AlertReader.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"window": 5}, {"least": 51}, {"least": -1}, {"people": [999999]}, {"by_email": "x"}]
)
def test_a_rule_that_cannot_be_meant_is_refused(address, owner, client_for, wrong):
    answer = client_for(owner).post(address, {"is_on": "on", "window": 4, "least": 3} | wrong)
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert not AlertRule.objects.exists()


def test_a_viewer_sees_the_rule_and_decides_for_oneself_only(
    address, journey, alert, member, client_for
):
    viewer = member("viewer")
    browser = client_for(viewer)
    html = browser.get(address).content.decode()
    assert "Shall you be told?" in html
    assert "Save the rule" not in html
    assert browser.post(address, {"window": 4, "least": 3}).status_code == 403
    browser.post(address + "me/", {"told": "email"})
    assert AlertReader.objects.get(user=viewer).by_email
    browser.post(address + "me/", {"told": "app"})
    assert not AlertReader.objects.get(user=viewer).by_email
    browser.post(address + "me/", {"told": ""})
    assert not AlertReader.objects.filter(user=viewer).exists()
    assert AlertReader.objects.count() == 1


def test_where_alerts_are_off_nobody_can_subscribe(address, member, client_for):
    answer = client_for(member("viewer")).post(address + "me/", {"told": "app"}, follow=True)
    assert "Alerts are off here" in answer.content.decode()
    assert not AlertReader.objects.exists()


def test_what_was_told_stands_there_with_what_became_of_its_mails(
    address, alert, owner, client_for, settings
):
    settings.EMAIL_IS_SET_UP = False
    html = client_for(owner).get(address).content.decode()
    assert "App became worse: 50 of 100 passages hurt, before 8" in html
    assert "+42 points (+36 … +48" in html
    assert "n 240, before 240" in html
    assert "could not be sent" in html
    assert "SMTPDataError" in html
    assert "No mail server is set up" in html
    settings.EMAIL_IS_SET_UP = True
    assert "No mail server is set up" not in client_for(owner).get(address).content.decode()


def test_a_pain_point_shows_the_alerts_of_its_touchpoint(
    workspace, journey, alert, owner, client_for
):
    point = record_pain_point(
        journey=journey, touchpoint=alert.touchpoint, title="Slow app", user=owner
    )
    html = client_for(owner).get(f"/w/{workspace.slug}/painpoints/{point.pk}/").content.decode()
    assert "App became worse: 50 of 100 passages hurt, before 8" in html
    assert "Week by week" in html


def test_strangers_find_nothing(address, stranger, client_for):
    assert client_for(stranger).get(address).status_code == 404
    assert client_for(stranger).post(address + "me/", {"told": "app"}).status_code == 404


def test_programs_read_what_was_told(workspace, journey, alert, member, client_for):
    client = client_for(member("viewer"))
    where = f"workspace={workspace.slug}&rule__journey__slug={journey.slug}"
    (told,) = client.get(f"/api/v1/alerts/?{where}").json()["results"]
    assert (told["journey"], told["touchpoint"], told["direction"]) == ("opening", "app", "worse")
    assert (told["since"], told["until"], told["window"]) == ("2025-03-31", "2025-04-28", 4)
    assert told["finding"]["difference"] == 0.42
    assert client.get(f"/api/v1/alerts/?{where}&direction=better").json()["results"] == []
