"""Pages of pain points, runs and scoring settings, for those who may and those who may not."""

import pytest
from django.urls import reverse

from accounts.access import Role
from jobs.actions import run_job
from painpoints.actions import request_run
from painpoints.models import Action, PainPoint, ScoringRun, ScoringSettings
from tests.lake_rows import answer, put, wait
from tests.painpoints.conftest import scored


@pytest.fixture
def hurt(journey, workspace):
    """A journey with a long queue at the counter, scored."""
    put("waits", workspace, [wait("counter", s) for s in (10, 90, 100)] * 20)
    put("responses", workspace, [answer("phone", "csat", 5)] * 60)
    put("responses", workspace, [answer(None, "nps", s, journey="opening") for s in (10, 3)])
    return scored(journey)


@pytest.fixture
def point(hurt) -> PainPoint:
    return PainPoint.objects.get()


@pytest.fixture
def manager(member, client_for):
    return client_for(member(Role.MANAGER))


def at(name: str, workspace, *args) -> str:
    return reverse(f"painpoints:{name}", args=[workspace.slug, *args])


PAGES = ("list", "add", "detail", "runs", "run", "settings")


def pages(workspace, point, run) -> dict[str, str]:
    args = {"detail": [point.pk], "run": [run.pk]}
    return {name: at(name, workspace, *args.get(name, [])) for name in PAGES}


def test_rights(workspace, point, hurt, member, stranger, client_for) -> None:
    may_edit = {"add"}
    for role in Role.values:
        client = client_for(member(role))
        for name, url in pages(workspace, point, hurt).items():
            allowed = (
                role == Role.ADMIN
                or (name in may_edit and role == Role.MANAGER)
                or name not in may_edit
            )
            assert client.get(url).status_code == (200 if allowed else 403), (role, name)
    for url in pages(workspace, point, hurt).values():
        assert client_for(stranger).get(url).status_code == 404


def test_writes_need_rights(workspace, point, member, client_for) -> None:
    action = Action.objects.create(painpoint=point, text="Open a second desk")
    analyst, designer = (client_for(member(r)) for r in (Role.ANALYST, Role.DESIGNER))
    for name, args in (
        ("detail", [point.pk]),
        ("action_add", [point.pk]),
        ("action_toggle", [point.pk, action.pk]),
        ("action_delete", [point.pk, action.pk]),
    ):
        assert analyst.post(at(name, workspace, *args)).status_code == 403
    start = at("run_start", workspace)
    assert designer.post(start, {"journey": "opening"}).status_code == 403
    assert analyst.post(start, {"journey": "opening"}).status_code == 302


def test_an_empty_list_says_what_will_be_here(workspace, manager) -> None:
    page = manager.get(at("list", workspace)).content.decode()
    assert "No pain points yet" in page and at("runs", workspace) in page


def test_the_list_shows_severity_with_its_interval(workspace, point, manager) -> None:
    page = manager.get(at("list", workspace)).content.decode()
    found = point.last_run.result["touchpoints"][0]
    assert "Counter — waiting" in page
    low, high = (round(100 * found[f"severity_{end}"]) for end in ("low", "high"))
    assert f"({low}–{high})" in page


def test_the_list_filters(workspace, point, journey, manager, owner) -> None:
    def titles(**query: str) -> list[str]:
        page = manager.get(at("list", workspace), query).context["page"]
        return [row.point.title for row in page]

    PainPoint.objects.create(
        workspace=workspace,
        journey=journey,
        touchpoint=point.touchpoint,
        origin="person",
        title="Aside",
        cause="information",
        owner=owner,
    )
    assert titles() == ["Aside", "Counter — waiting"]  # equal burden: by title
    assert titles(cause="waiting") == ["Counter — waiting"]
    assert titles(owner="none") == ["Counter — waiting"]
    assert titles(owner=str(owner.pk)) == ["Aside"]
    assert titles(journey="no-such") == titles(status="resolved") == []


def test_the_detail_explains_in_words(workspace, point, manager) -> None:
    page = manager.get(at("detail", workspace, point.pk)).content.decode()
    assert "40 of 60 waited longer than promised, or gave up." in page
    assert "of 100 passages hurt" in page
    assert "Cause proposed by scoring" in page


def test_a_person_overrules_type_and_cause_and_the_page_says_who(
    workspace, point, owner, client_for
) -> None:
    client = client_for(owner)
    url = at("detail", workspace, point.pk)
    answer_ = client.post(
        url,
        {
            "status": "in_progress", "owner": owner.pk, "type": "pain", "cause": "communication",
            "title": "The queue", "note": "Seen it myself",
        },
    )  # fmt: skip
    assert answer_.status_code == 302
    point.refresh_from_db()
    assert (point.status, point.owner, point.cause) == ("in_progress", owner, "communication")
    assert (point.type_by, point.cause_by) == (None, owner)  # the type was scoring's already
    assert f"Cause decided by {owner}" in client.get(url).content.decode()


def test_an_impossible_change_changes_nothing(workspace, point, manager, stranger) -> None:
    url = at("detail", workspace, point.pk)
    bad = {"status": "asleep", "title": "", "owner": stranger.pk}
    assert manager.post(url, bad).status_code == 422
    before = point.title
    point.refresh_from_db()
    assert (point.title, point.owner, point.status) == (before, None, "open")


def test_actions_are_added_done_and_deleted(workspace, point, manager) -> None:
    manager.post(
        at("action_add", workspace, point.pk), {"text": "A second desk", "due_on": "2025-06-01"}
    )
    action = Action.objects.get()
    point.refresh_from_db()
    assert (action.text, str(action.due_on), point.status) == (
        "A second desk",
        "2025-06-01",
        "in_progress",
    )
    manager.post(at("action_toggle", workspace, point.pk, action.pk))
    action.refresh_from_db()
    assert action.done_on is not None
    assert "A second desk" in manager.get(at("detail", workspace, point.pk)).content.decode()
    manager.post(at("action_toggle", workspace, point.pk, action.pk))
    action.refresh_from_db()
    assert action.done_on is None
    manager.post(at("action_delete", workspace, point.pk, action.pk))
    assert not Action.objects.exists()


def test_an_action_of_another_pain_point_is_not_found(workspace, point, journey, manager) -> None:
    other = PainPoint.objects.create(
        workspace=workspace, journey=journey, touchpoint=point.touchpoint,
        origin="person", title="Other",
    )  # fmt: skip
    action = Action.objects.create(painpoint=other, text="x")
    url = at("action_delete", workspace, point.pk, action.pk)
    assert manager.post(url).status_code == 404


def test_a_pain_point_is_recorded_by_hand(workspace, journey, manager) -> None:
    app = workspace.touchpoints.get(code="app")
    manager.post(
        at("add", workspace),
        {"journey": journey.pk, "touchpoint": app.pk, "title": "Nobody finds the form",
         "cause": "information"},
    )  # fmt: skip
    point = PainPoint.objects.get()
    assert (point.origin, point.touchpoint, point.cause) == ("person", app, "information")
    assert point.owner is not None and point.owner == point.cause_by


def test_a_touchpoint_off_the_map_is_refused(workspace, journey, manager) -> None:
    from tests.factories import TouchpointFactory

    elsewhere = TouchpointFactory(workspace=workspace, code="elsewhere")
    page = manager.post(
        at("add", workspace), {"journey": journey.pk, "touchpoint": elsewhere.pk, "title": "x"}
    )
    assert "is not on the map" in page.content.decode()
    assert not PainPoint.objects.exists()


def test_a_run_is_started_and_followed(workspace, journey, manager) -> None:
    start = {"journey": "opening", "since": "2025-03-01", "until": "2025-04-01"}
    answer_ = manager.post(at("run_start", workspace), start)
    run = ScoringRun.objects.get()
    assert answer_.url == at("run", workspace, run.pk)
    page = manager.get(answer_.url).content.decode()
    assert reverse("job_live", args=[workspace.slug, run.job.pk]) in page
    run_job(job_id=str(run.job.pk))
    page = manager.get(answer_.url).content.decode()
    assert "no evidence" in page and run.key in page
    assert manager.post(at("run_start", workspace), start).url == answer_.url
    assert ScoringRun.objects.count() == 1


def test_a_scope_that_cannot_be_meant_is_refused(workspace, journey, manager) -> None:
    for wrong in (
        {"since": "x"},
        {"channel": "fax"},
        {"since": "2025-02-02", "until": "2025-01-01"},
    ):
        answer_ = manager.post(
            at("run_start", workspace), {"journey": "opening", **wrong}, follow=True
        )
        assert list(answer_.context["messages"])
    assert not ScoringRun.objects.exists()


def test_a_run_says_that_it_is_older_than_evidence_or_settings(
    workspace, hurt, point, owner, client_for
) -> None:
    client = client_for(owner)
    url = at("run", workspace, hurt.pk)
    assert "Score again" not in client.get(url).content.decode()
    client.post(
        at("settings", workspace),
        {"weight_felt": 1, "weight_waited": 0.2, "weight_repeated": 0.5, "weight_lost": 0.8,
         "weight_complained": 1, "short_abandon_s": 5, "repeat_days": 7},
    )  # fmt: skip
    assert ScoringSettings.objects.get().weight_waited == 0.2
    page = client.get(url).content.decode()
    assert "promises, weights, codes or the map changed" in page and "Score again" in page
    assert "Score again" in client.get(at("detail", workspace, point.pk)).content.decode()


def test_saving_settings_scores_again_where_asked(workspace, hurt, owner, client_for) -> None:
    form = {
        "weight_felt": 1, "weight_waited": 0.2, "weight_repeated": 0.5, "weight_lost": 0.8,
        "weight_complained": 1, "short_abandon_s": 5, "repeat_days": 7, "score_again": "on",
    }  # fmt: skip
    client_for(owner).post(at("settings", workspace), form)
    assert ScoringRun.objects.count() == 2
    client_for(owner).post(at("settings", workspace), {**form, "weight_waited": 1.5})
    assert ScoringSettings.objects.get().weight_waited == 0.2


def test_the_ledger_lists_runs_by_journey(workspace, hurt, manager, journey) -> None:
    page = manager.get(at("runs", workspace), {"journey": "opening"})
    assert [run.pk for run, _ in page.context["rows"]] == [hurt.pk]
    assert "all evidence" in page.content.decode()
    assert not manager.get(at("runs", workspace), {"journey": "x"}).context["rows"]


def test_a_failed_run_tells_why(workspace, journey, manager) -> None:
    run = request_run(journey=journey, scope=scope_of_all())
    run.job.status, run.job.error = "failed", "The lake is away."
    run.job.finished_at = run.job.created_at
    run.job.save()
    assert "The lake is away." in manager.get(at("run", workspace, run.pk)).content.decode()


def scope_of_all():
    from evidence.scope import Scope

    return Scope()


def test_what_belongs_to_a_deleted_journey_is_not_shown(workspace, point, hurt, manager) -> None:
    hurt.journey.deleted_at = hurt.created_at
    hurt.journey.save()
    for name, args in (("detail", [point.pk]), ("run", [hurt.pk])):
        assert manager.get(at(name, workspace, *args)).status_code == 404
    assert "Counter" not in manager.get(at("list", workspace)).content.decode()
    assert not manager.get(at("runs", workspace)).context["rows"]
