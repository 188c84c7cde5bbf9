"""Pinning, the history of settings, and scoring what they touch again."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.models import RestrictedError
from django.urls import reverse

from accounts.access import Role
from accounts.models import SettingsChange
from evidence import lake
from evidence.scope import Scope
from evidence.upkeep import forget_snapshots
from jobs.models import Job, Status
from painpoints.actions import request_run
from painpoints.errors import LedgerError
from painpoints.ledger import change_settings, pin, unpin
from painpoints.models import Baseline, PainPoint, ScoringRun, ScoringSettings
from painpoints.readings import newest_runs
from painpoints.verifying import DIFFERS, GONE, IDENTICAL, verify
from tests.lake_rows import answer, passage, put, wait
from tests.painpoints.conftest import line, scored


@pytest.fixture
def run(journey, workspace) -> ScoringRun:
    put("waits", workspace, [wait("counter", s) for s in (10, 90, 100)] * 20)
    put("responses", workspace, [answer("phone", "csat", s) for s in (1, 5)] * 30)
    put("interactions", workspace, [passage("app", w, d) for w in "abc" for d in (0, 3, 30)])
    workspace.raise_evidence_revision()
    return scored(journey)


@pytest.fixture
def client(member, client_for):
    return client_for(member(Role.ADMIN))


def at(name: str, workspace, *args) -> str:
    return reverse(f"painpoints:{name}", args=[workspace.slug, *args])


# ---- the baseline ----


def test_one_run_of_a_journey_is_pinned(run, workspace, owner) -> None:
    workspace.raise_evidence_revision()
    later = scored(run.journey)
    assert pin(run=run, user=owner) is None
    assert pin(run=later, user=None) == run
    assert list(Baseline.objects.values_list("run", "pinned_by")) == [(later.pk, None)]
    assert unpin(run=run) is False and unpin(run=later) is True
    assert not Baseline.objects.exists()


def test_a_pinned_run_cannot_be_deleted_but_goes_with_its_journey(run, owner) -> None:
    pin(run=run, user=owner)
    with pytest.raises(RestrictedError), transaction.atomic():
        run.delete()
    run.journey.delete()
    assert not ScoringRun.objects.exists()


def test_an_unfinished_run_is_no_baseline(journey, owner) -> None:
    with pytest.raises(LedgerError, match="finished"):
        pin(run=request_run(journey=journey, scope=Scope()), user=owner)


def test_pinning_is_shown_and_can_be_undone(run, workspace, client, member, client_for) -> None:
    page = client.post(at("run_pin", workspace, run.pk), follow=True).content.decode()
    assert "pinned it" in page and at("run_unpin", workspace, run.pk) in page
    assert "baseline" in client.get(at("runs", workspace)).content.decode()
    designer = client_for(member(Role.DESIGNER))
    assert designer.post(at("run_unpin", workspace, run.pk)).status_code == 403
    page = client.post(at("run_unpin", workspace, run.pk), follow=True).content.decode()
    assert "pinned it" not in page and not Baseline.objects.exists()


# ---- computing again ----


def test_a_run_is_the_same_when_computed_again_after_the_evidence_changed(run, workspace) -> None:
    put("waits", workspace, [wait("counter", 1)] * 50)
    ScoringSettings.objects.create(workspace=workspace, weight_felt=0.1)
    workspace.touchpoints.filter(code="app").update(name="Another name")
    assert verify(run).outcome == IDENTICAL


def test_a_run_that_was_tampered_with_differs_and_says_where(run) -> None:
    line(run, "counter")["families"]["waited"]["x"] = 41
    run.save()
    found = verify(run)
    assert found.outcome == DIFFERS
    assert found.places == ["touchpoints[counter].families.waited.x"]
    run.refresh_from_db()
    run.parameters["weights"]["waited"] = 0.7
    assert verify(run).places[0] == "key"


def test_where_its_rows_are_gone_it_says_so(run, workspace) -> None:
    put("waits", workspace, [wait("counter", 1)])
    with lake.cursor() as cursor:
        forget_snapshots(cursor, days=0)
    found = verify(run)
    assert found.outcome == GONE and "kept no longer" in found.sentence
    run.formula = "pain/0"
    assert "pain/0" in verify(run).sentence


def test_the_button_answers_on_the_page_and_beside_it(run, workspace, client) -> None:
    address = at("run_verify", workspace, run.pk)
    whole = client.post(address).content.decode()
    part = client.post(address, headers={"HX-Request": "true"}).content.decode()
    assert "the same to the last bit" in whole and "the same to the last bit" in part
    assert "<html" in whole and "<html" not in part


def check(*arguments: str) -> str:
    out = StringIO()
    call_command("score", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_checks_a_run(run) -> None:
    number = str(run.pk)
    assert "same to the last bit" in check("--run", number, "--check")
    assert json.loads(check("--run", number, "--check", "--json"))["outcome"] == "identical"
    line(run, "counter")["rank"] = 3
    run.save()
    with pytest.raises(CommandError, match=r"touchpoints\[counter\].rank"):
        check("--run", number, "--check")
    for wrong in (["--check"], ["--run", number], ["--run", "0", "--check"], []):
        with pytest.raises(CommandError):
            check(*wrong)


# ---- weights and thresholds ----


def form(**changed) -> dict[str, str]:
    return {k: str(v) for k, v in {**ScoringSettings().values(), **changed}.items()}


def test_a_change_of_weights_is_remembered_and_can_be_taken_back(run, workspace, client) -> None:
    settings = at("settings", workspace)
    client.post(settings, form(weight_waited=0.9, repeat_days=3, score_again="on"))
    client.post(settings, form(weight_waited=0.2, repeat_days=3))
    last, first = SettingsChange.objects.all()
    assert (first.before["weight_waited"], first.after["weight_waited"]) == (0.6, 0.9)
    assert (first.before["repeat_days"], first.after["repeat_days"]) == (7, 3)
    assert last.before == first.after and last.user is not None and last.via == "page"
    page = client.get(settings).content.decode()
    assert "weight of “Waited” 0.9" in page and "a repeat within 7 days" in page

    again = at("settings_again", workspace, first.pk)
    client.post(again, {"which": "after"})
    assert ScoringSettings.of(workspace).values() == first.after
    client.post(again, {"which": "before"})
    assert ScoringSettings.of(workspace).values() == ScoringSettings().values()
    assert SettingsChange.objects.count() == 4
    # the run that is there answers again; what waited with other weights is not scored any more
    assert newest_runs(workspace)[run.journey_id] == run and not queued()


def test_saving_the_same_is_no_change(workspace, owner) -> None:
    settings = ScoringSettings(workspace=workspace, short_abandon_s=Decimal("5.000"))
    change_settings(settings=settings, user=owner, score_again=True)
    assert not SettingsChange.objects.exists()


def test_history_is_only_added_to(workspace) -> None:
    entry = SettingsChange.objects.create(
        workspace=workspace, kind="scoring", before={}, after={"a": 1}, via="page"
    )
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        SettingsChange.objects.create(
            workspace=workspace, kind="scoring", before={}, after={}, via="page"
        )


def test_everybody_may_read_the_settings_and_admins_change_them(
    workspace, member, client_for
) -> None:
    viewer = client_for(member(Role.VIEWER))
    page = viewer.get(at("settings", workspace))
    assert page.status_code == 200 and "Save the settings" not in page.content.decode()
    assert viewer.post(at("settings", workspace), form()).status_code == 403


def test_settings_that_go_back_bring_their_run_and_its_pain_points_back(
    run, workspace, owner
) -> None:
    settings = ScoringSettings(workspace=workspace, weight_waited=0.1)
    change_settings(settings=settings, user=owner, score_again=True)
    other = scored(run.journey)
    assert newest_runs(workspace)[run.journey_id] == other
    settings.weight_waited = 0.6
    assert change_settings(settings=settings, user=owner, score_again=True) == [run]
    assert newest_runs(workspace)[run.journey_id] == run
    assert PainPoint.objects.get(touchpoint__code="counter").last_run == run


# ---- promises and codes ----


def queued() -> list[ScoringRun]:
    return list(ScoringRun.objects.filter(result__isnull=True, job__status=Status.QUEUED))


def save_counter(client, workspace, wait_s: str):
    counter = workspace.touchpoints.get(code="counter")
    promise = counter.promises.get()
    return client.post(
        reverse("touchpoints:edit", args=[workspace.slug, counter.pk]),
        {
            "code": "counter", "name": "Counter", "codes": "", "forms": 0, "fields": 0,
            "signatures": 0, "documents": 0, "handoffs": 0,
            "promises-TOTAL_FORMS": 1, "promises-INITIAL_FORMS": 1,
            "promises-0-id": promise.pk, "promises-0-touchpoint": counter.pk,
            "promises-0-max_wait_s": wait_s,
        },
        follow=True,
    )  # fmt: skip


def test_a_new_promise_is_remembered_and_scored(run, workspace, client) -> None:
    page = save_counter(client, workspace, "95").content.decode()
    assert "1 journey is being scored again with it." in page
    (waiting,) = queued()
    assert waiting.parameters["touchpoints"][0]["promises"][0]["max_wait_ms"] == 95_000
    change = SettingsChange.objects.get()
    assert (change.before, change.after) == ([{"max_wait_s": 60}], [{"max_wait_s": 95}])
    assert line(scored(run.journey), "counter")["families"]["waited"]["x"] == 20


def test_promises_changed_in_a_row_are_scored_once_with_the_last(run, workspace, client) -> None:
    for seconds in ("50", "40", "30"):
        save_counter(client, workspace, seconds)
    (waiting,) = queued()
    assert waiting.parameters["touchpoints"][0]["promises"][0]["max_wait_ms"] == 30_000
    assert Job.objects.filter(status=Status.QUEUED).count() == 1
    assert SettingsChange.objects.count() == 3
    save_counter(client, workspace, "60")  # as the finished run has it: nothing is left to score
    assert ScoringRun.objects.done().get() == run
    assert verify(scored(run.journey)).outcome == IDENTICAL


def test_saving_without_a_change_scores_nothing(run, workspace, client) -> None:
    page = save_counter(client, workspace, "60").content.decode()
    assert "scored again" not in page and not queued() and not SettingsChange.objects.exists()


def test_an_earlier_promise_is_used_again(run, workspace, client) -> None:
    save_counter(client, workspace, "95")
    change = SettingsChange.objects.get()
    again = reverse("touchpoints:promises_again", args=[workspace.slug, change.pk])
    page = client.post(again, {"which": "before"}, follow=True).content.decode()
    assert "has these promises again" in page
    counter = workspace.touchpoints.get(code="counter")
    assert [p.max_wait_s for p in counter.promises.all()] == [60]
    assert [c.after for c in SettingsChange.objects.all()] == [
        [{"max_wait_s": 60}],
        [{"max_wait_s": 95}],
    ]
    text = client.get(at("settings", workspace)).content.decode()
    assert "within 1 min 35 s" in text and "counter" in text


def test_a_code_mapped_scores_the_journey_of_its_touchpoint(run, workspace, client) -> None:
    app = workspace.touchpoints.get(code="app")
    put("responses", workspace, [answer("APP-7", "csat", 1)] * 40)
    page = client.post(
        reverse("touchpoints:map_code", args=[workspace.slug]),
        {"code": "APP-7", "touchpoint": app.pk},
        follow=True,
    ).content.decode()
    assert "being scored again" in page
    change = SettingsChange.objects.get(kind="codes")
    assert (change.before, change.after) == (["app"], ["app", "APP-7"])
    assert line(scored(run.journey), "app")["families"]["felt"]["n"] == 40


def test_a_promise_through_the_api_is_remembered_as_such(run, workspace, client) -> None:
    answered = client.patch(
        f"/api/v1/touchpoints/counter/?workspace={workspace.slug}",
        {"promises": [{"max_wait_s": 20, "target_share": "0.8"}]},
        content_type="application/json",
    )
    assert answered.status_code == 200
    change = SettingsChange.objects.get()
    assert change.via == "api" and change.after == [{"max_wait_s": 20, "target_share": 0.8}]
    assert len(queued()) == 1


def test_a_map_file_is_remembered_and_its_journey_scored(run, workspace) -> None:
    from journeys.mapfile import dump_map, load_map

    document = dump_map(run.journey)
    entry = next(t for t in document["touchpoints"] if t["code"] == "counter")
    entry["promises"] = [{"max_wait_s": 5}]
    load_map(workspace, document, None)
    change = SettingsChange.objects.get()
    assert (change.via, change.subject, change.user) == ("map", "counter", None)
    assert len(queued()) == 1
    load_map(workspace, document, None)
    assert SettingsChange.objects.count() == 1


def test_without_evidence_nothing_is_scored(journey, workspace, client) -> None:
    save_counter(client, workspace, "95")
    assert not ScoringRun.objects.exists() and SettingsChange.objects.count() == 1
