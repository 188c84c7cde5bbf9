"""A metric's own scale and threshold: their history, and scoring what was answered again."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.access import Role
from accounts.models import SettingsChange
from jobs.models import Status
from painpoints.models import ScoringRun
from painpoints.verifying import IDENTICAL, verify
from reports.happenings import SETTINGS, happenings
from tests.factories import (
    JourneyFactory,
    MetricFactory,
    StageFactory,
    StepFactory,
    TouchpointFactory,
)
from tests.lake_rows import answer, put
from tests.painpoints.conftest import line, scored

SCALE = {"low": "0", "high": "100", "pain_at_most": "40", "pain_at_least": None}


@pytest.fixture
def metric(workspace):
    return MetricFactory(
        workspace=workspace, code="ease", name="Ease", low=0, high=100, pain_at_most=40
    )


@pytest.fixture
def other(workspace):
    """A journey whose touchpoint is never asked about ease, and that nobody asks about as such."""
    journey = JourneyFactory(workspace=workspace, slug="closing", name="Closing an account")
    post = TouchpointFactory(workspace=workspace, code="post")
    step = StepFactory(journey=journey, stage=StageFactory(journey=journey))
    step.touchpoints.add(post)
    return journey


@pytest.fixture
def run(journey, other, metric, workspace) -> ScoringRun:
    """Of 40 answers each at 30, 50 and 90 only the first are painful."""
    put("responses", workspace, [answer("app", "ease", s) for s in (30, 50, 90)] * 40)
    put("responses", workspace, [answer("post", "csat", s) for s in (1, 5)] * 40)
    workspace.raise_evidence_revision()
    scored(other)
    return scored(journey)


@pytest.fixture
def client(member, client_for):
    return client_for(member(Role.ANALYST))


def save(client, metric, **changed):
    form = {"name": metric.name, "low": "0", "high": "100", "pain_at_most": "40"} | changed
    at = reverse("evidence:metric_edit", args=[metric.workspace.slug, metric.pk])
    return client.post(at, form, follow=True).content.decode()


def delete(client, metric):
    at = reverse("evidence:metric_delete", args=[metric.workspace.slug, metric.pk])
    return client.post(at, follow=True).content.decode()


def queued() -> list[ScoringRun]:
    return list(ScoringRun.objects.filter(result__isnull=True, job__status=Status.QUEUED))


def felt(run: ScoringRun) -> tuple[float, float]:
    family = line(run, "app")["families"]["felt"]
    return family["x"], family["n"]


def test_a_new_threshold_is_remembered_and_its_journey_scored_by_it(run, metric, client) -> None:
    assert felt(run) == (40, 120)
    page = save(client, metric, pain_at_most="60")
    assert "1 journey is being scored again with it." in page
    change = SettingsChange.objects.get()
    assert (change.kind, change.subject, change.via) == ("metrics", "ease", "page")
    assert (change.before, change.after) == (SCALE, {**SCALE, "pain_at_most": "60"})
    assert change.user is not None and change.user.memberships.get().role == Role.ANALYST

    (waiting,) = queued()  # the other journey has no answers to it
    assert waiting.journey == run.journey
    assert waiting.parameters["metrics"]["ease"]["pain_at_most"] == "60"
    later = scored(run.journey)
    assert later == waiting and felt(later) == (80, 120)


def test_the_run_made_before_stays_the_same_to_the_last_bit(run, metric, client) -> None:
    save(client, metric, pain_at_most="60")
    later = scored(run.journey)
    for one in (run, later):
        out = StringIO()
        call_command("score", "--run", str(one.pk), "--check", stdout=out)
        assert "same to the last bit" in out.getvalue()
    run.refresh_from_db()
    assert felt(run) == (40, 120) and felt(later) == (80, 120)


@pytest.mark.parametrize(
    ("changed", "painful"),
    [
        ({"high": "200"}, 40),  # bends the feeling only
        ({"pain_at_most": "", "pain_at_least": "50"}, 80),  # much is bad now
    ],
)
def test_scale_and_direction_count_as_much(run, metric, client, changed, painful) -> None:
    before = line(run, "app")["emotion"]["value"]
    save(client, metric, **changed)
    assert SettingsChange.objects.count() == 1
    later = scored(run.journey)
    assert felt(later) == (painful, 120)
    assert line(later, "app")["emotion"]["value"] != before
    assert verify(run).outcome == IDENTICAL


def test_another_name_is_no_change_of_scores(run, metric, client) -> None:
    page = save(client, metric, name="How easy it was", pain_at_most="40.0")
    assert "scored again" not in page and not queued() and not SettingsChange.objects.exists()
    metric.refresh_from_db()
    assert metric.name == "How easy it was"


def test_answers_about_the_whole_journey_count_too(run, other, metric, workspace, client) -> None:
    put("responses", workspace, [answer(None, "ease", 30, journey="closing")] * 40)
    page = save(client, metric, pain_at_most="60")
    assert "2 journeys are being scored again with it." in page
    assert {waiting.journey for waiting in queued()} == {run.journey, other}


def test_it_is_told_on_the_settings_page_and_on_the_metrics_own(run, metric, client) -> None:
    save(client, metric, pain_at_most="60")
    slug = metric.workspace.slug
    for page in (
        client.get(reverse("painpoints:settings", args=[slug])).content.decode(),
        client.get(reverse("evidence:metric_edit", args=[slug, metric.pk])).content.decode(),
    ):
        assert "0–100, painful ≤ 40" in page and "0–100, painful ≤ 60" in page
        change = SettingsChange.objects.get()
        assert reverse("evidence:metric_again", args=[slug, change.pk]) in page


def test_an_earlier_threshold_is_used_again(run, metric, client, member, client_for) -> None:
    save(client, metric, pain_at_most="60")
    change = SettingsChange.objects.get()
    again = reverse("evidence:metric_again", args=[metric.workspace.slug, change.pk])
    designer = client_for(member(Role.DESIGNER))
    assert designer.post(again, {"which": "before"}).status_code == 403
    page = client.post(again, {"which": "before"}, follow=True).content.decode()
    assert "has this scale and threshold again" in page
    assert [c.after["pain_at_most"] for c in SettingsChange.objects.all()] == ["40", "60"]
    # the run that is there answers again; what waited with the other threshold is not scored
    assert not queued() and scored(run.journey) == run


def test_a_metric_that_goes_and_comes_back_is_scored_each_time(run, metric, client) -> None:
    text = delete(client, metric)
    assert "1 journey is being scored again without it." in text
    change = SettingsChange.objects.get()
    assert (change.before, change.after) == (SCALE, {})
    assert "felt" not in line(scored(run.journey), "app")["families"]
    settings = client.get(reverse("painpoints:settings", args=[metric.workspace.slug]))
    again = reverse("evidence:metric_again", args=[metric.workspace.slug, change.pk])
    assert again not in settings.content.decode()  # there is no metric to give it to
    assert "is gone" in client.post(again, {"which": "before"}, follow=True).content.decode()

    restore = (
        "/evidence/metrics/restore/" + text.split("/evidence/metrics/restore/")[1].split('"')[0]
    )
    client.post(f"/w/{metric.workspace.slug}{restore}")
    assert [(c.before, c.after) for c in SettingsChange.objects.all()] == [
        ({}, SCALE),
        (SCALE, {}),
    ]
    assert scored(run.journey) == run


def test_a_new_metric_has_a_first_entry_and_scores_nothing(journey, workspace, client) -> None:
    form = {"name": "Ease", "code": "ease", "low": "0", "high": "100", "pain_at_most": "40"}
    client.post(reverse("evidence:metric_new", args=[workspace.slug]), form)
    change = SettingsChange.objects.get()
    assert (change.before, change.after) == ({}, SCALE)
    assert not ScoringRun.objects.exists()


def test_it_is_marked_in_time_only_where_the_metric_was_answered(run, metric, client) -> None:
    save(client, metric, pain_at_most="60")

    def marks(code: str, *metrics: str) -> list[str]:
        found = happenings(run.journey, code, metrics)
        return [one.text for one in found if one.kind == SETTINGS]

    assert marks("app", "ease") == ["Scale and threshold of a metric changed"]
    # a touchpoint of the same name is something else
    assert marks("app") == [] and marks("ease") == []
