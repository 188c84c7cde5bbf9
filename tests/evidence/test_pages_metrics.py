"""Metrics of a workspace's own."""

from decimal import Decimal

import pytest

from evidence.models import Metric

pytestmark = pytest.mark.django_db
EASE = {"name": "Ease of the form", "code": "ease", "low": "0", "high": "100",
        "pain_at_most": "40", "pain_at_least": ""}  # fmt: skip


@pytest.fixture
def page(workspace):
    return lambda rest="": f"/w/{workspace.slug}/evidence/metrics/{rest}"


@pytest.fixture
def analyst(member, client_for):
    return client_for(member("analyst"))


def test_a_metric_is_added(analyst, page, workspace):
    answer = analyst.post(page("new/"), EASE, follow=True)
    assert "Ease of the form" in answer.content.decode()
    metric = workspace.metrics.get()
    assert (metric.code, metric.high, metric.pain_at_most) == ("ease", 100, 40)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"code": "nps"}, "is built in"),
        ({"high": "0"}, "must be above the lowest"),
        ({"pain_at_most": ""}, "Just one of the two"),
        ({"pain_at_least": "80"}, "Just one of the two"),
        ({"pain_at_most": "100"}, "leave answers that are not painful"),
        ({"pain_at_most": "", "pain_at_least": "0"}, "leave answers that are not painful"),
        ({"code": "ease of use"}, "valid"),
    ],
)
def test_a_metric_that_makes_no_sense_is_refused(analyst, page, workspace, change, sentence):
    answer = analyst.post(page("new/"), {**EASE, **change})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not workspace.metrics.exists()


def test_two_metrics_cannot_share_a_code(analyst, page, workspace):
    analyst.post(page("new/"), EASE)
    assert "already" in analyst.post(page("new/"), EASE).content.decode()
    assert workspace.metrics.count() == 1


def test_a_metric_is_changed_but_keeps_its_code(analyst, page, workspace):
    analyst.post(page("new/"), EASE)
    metric = workspace.metrics.get()
    analyst.post(page(f"{metric.pk}/"), {**EASE, "code": "other", "pain_at_most": "30"})
    metric.refresh_from_db()
    assert (metric.code, metric.pain_at_most) == ("ease", Decimal(30))


def test_a_deleted_metric_can_be_brought_back(analyst, page, workspace):
    analyst.post(page("new/"), EASE)
    metric = workspace.metrics.get()
    answer = analyst.post(page(f"{metric.pk}/delete/"), follow=True)
    assert not workspace.metrics.exists()
    text = answer.content.decode()
    restore = text.split('action="' + page("restore/"))[1].split('"')[0]
    analyst.post(page("restore/") + restore)
    back = workspace.metrics.get()
    assert (back.name, back.low, back.pain_at_most) == ("Ease of the form", 0, 40)


def test_viewers_see_metrics_and_change_none(client_for, member, page, workspace):
    client = client_for(member("viewer"))
    assert "NPS" in client.get(page()).content.decode()
    assert client.post(page("new/"), EASE).status_code == 403
    assert not workspace.metrics.exists()


def test_a_metric_of_another_workspace_is_not_found(client_for, stranger, page, workspace):
    metric = Metric.objects.create(
        workspace=workspace, code="x", name="X", low=0, high=1, pain_at_most=0
    )
    own = stranger.memberships.get().workspace
    address = f"/w/{own.slug}/evidence/metrics/{metric.pk}/"
    assert client_for(stranger).get(address).status_code == 404
