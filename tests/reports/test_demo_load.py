"""`manage.py demo` at a quarter of its size, through the real import and the real scoring."""

import json
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts import demo_login
from accounts.models import User, Workspace
from evidence.actions import undo_import
from evidence.models import Import
from evidence.scope import Scope
from jobs.actions import run_job
from jobs.models import Job
from journeys.models import Journey
from journeys.tree import trail
from painpoints.actions import change_pain_point, request_run
from painpoints.models import Action, PainPoint, ScoringRun
from reports.demo.load import load_demo
from reports.demo.mappings import DUPLICATES, IGNORED, REJECTED, UNKNOWN_CODE, UNKNOWN_ROWS

SCALE = 0.25


# So that the test database is there also when this file runs alone.
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """Filled and committed once for all tests of this file; taken away at the end.

    Numbers of workspaces go on from there: the lake's rows of this one belong to nobody else.
    """
    with django_db_blocker.unblock():
        try:
            yield load_demo(scale=SCALE)
        finally:
            call_command("flush", interactive=False, reset_sequences=False, verbosity=0)


@pytest.fixture(autouse=True)
def quiet_heartbeat(settings: Any) -> None:
    """Tests run in a transaction, into which the heartbeat's own connection cannot see."""
    settings.JOB_HEARTBEAT_S = 600


def bank() -> Workspace:
    return Workspace.objects.get(slug="demo")


def scored(slug: str, scope: Scope | None = None) -> dict[str, Any]:
    run = request_run(
        journey=Journey.objects.get(workspace=bank(), slug=slug), scope=scope or Scope(), send=False
    )
    if run.result is None:
        assert run.job is not None
        job = run_job(job_id=str(run.job.pk))
        assert job.status == "done", job.error + job.log
        run.refresh_from_db()
    return {line["code"]: line for line in run.result["touchpoints"]}


def worst(slug: str) -> list[str]:
    lines = scored(slug).values()
    return [t["code"] for t in sorted(lines, key=lambda t: t["rank"] or 99)]


def test_every_row_of_the_three_files_is_accounted_for(demo: dict[str, Any]) -> None:
    found = {entry["source"]: entry for entry in demo["imports"]}
    assert set(found) == {"interactions.csv", "waits.csv", "responses.csv"}
    for entry in found.values():
        assert (entry["ignored"], entry["duplicate"]) == (IGNORED, DUPLICATES)
        assert (entry["rejected"], entry["missing"]) == (REJECTED, 0)
        assert entry["rows"] - entry["accepted"] == IGNORED + DUPLICATES + REJECTED
    total = sum(entry["accepted"] for entry in found.values())
    assert total == pytest.approx(300_000 * SCALE, rel=0.05)


def test_a_code_the_library_does_not_know_is_kept_and_counted() -> None:
    codes = [found.codes.get(UNKNOWN_CODE) for found in Import.objects.order_by("source")]
    assert codes == [UNKNOWN_ROWS, None, UNKNOWN_ROWS]


@pytest.mark.parametrize(
    ("journey", "touchpoint", "family"),
    [
        ("opening-an-account", "account-id-counter", "waited"),
        ("mortgage", "mortgage-document-upload", "repeated"),
        ("card-dispute", "dispute-hotline", "waited"),
    ],
)
def test_the_planted_pain_comes_out_on_top(journey: str, touchpoint: str, family: str) -> None:
    lines = scored(journey)
    top = lines[touchpoint]
    assert (top["rank"], top["rank_low"], top["rank_high"]) == (1, 1, 1)
    shares = {name: found["share"] for name, found in top["families"].items()}
    assert max(shares, key=shares.__getitem__) == family
    assert PainPoint.objects.get(touchpoint__code=touchpoint).origin == "scoring"


def test_the_pilot_desk_looks_terrible_and_stands_below() -> None:
    desk = scored("card-dispute")["dispute-specialist-desk"]
    assert desk["too_little_evidence"]
    assert desk["rank"] is None
    assert desk["severity"] > 0.7
    assert worst("card-dispute")[-1] == "dispute-specialist-desk"
    assert not PainPoint.objects.filter(touchpoint__code="dispute-specialist-desk").exists()


def test_the_itch_ranks_high_by_its_reach_and_low_by_its_severity() -> None:
    lines = scored("opening-an-account")
    itch, form = lines["account-status-messages"], lines["account-wechat-form"]
    assert itch["rank"] <= 4
    assert itch["severity"] < 0.2
    assert form["severity"] > 2 * itch["severity"]
    assert form["rank"] > 10
    found = PainPoint.objects.get(touchpoint__code="account-status-messages")
    assert (found.type, found.cause) == ("itch", "information")
    assert found.type_by is None and found.cause_by is None  # comments told it


def test_the_camera_guide_shows_as_an_improvement() -> None:
    day = date(2026, 5, 1)
    before = scored("opening-an-account", Scope(until=day))["account-id-selfie"]
    after = scored("opening-an-account", Scope(since=day))["account-id-selfie"]
    assert after["severity_high"] < before["severity_low"]


def test_the_status_page_shows_as_growing_pain() -> None:
    day = date(2026, 7, 1)
    before = scored("mortgage", Scope(until=day))["mortgage-status"]
    after = scored("mortgage", Scope(since=day))["mortgage-status"]
    assert after["severity_low"] > before["severity_high"]


def test_advice_turns_round_by_segment() -> None:
    def severities(*segments: str) -> tuple[float, float]:
        lines = scored("mortgage", Scope(segments=segments))
        branch, video = lines["mortgage-advice-branch"], lines["mortgage-advice-video"]
        return branch["severity"], video["severity"]

    branch, video = severities()
    assert branch < video
    for segment in ("affluent", "mass"):
        branch, video = severities(segment)
        assert branch > video


def test_pain_points_have_owners_and_actions() -> None:
    counter = PainPoint.objects.get(touchpoint__code="account-id-counter")
    assert (counter.owner.name, counter.status) == ("Farah Aziz", "in_progress")
    assert counter.actions.filter(done_on=None).count() == 1
    guide = Action.objects.get(painpoint__touchpoint__code="account-id-selfie")
    assert guide.done_on == date(2026, 5, 1)


def test_a_step_opens_another_journey() -> None:
    dispute = Journey.objects.get(workspace=bank(), slug="card-dispute")
    assert [above.slug for above in trail(dispute)] == ["opening-an-account"]


def test_the_admin_can_sign_in_and_nobody_can_as_staff() -> None:
    admin = User.objects.get(email=demo_login.EMAIL)
    assert admin.check_password(demo_login.demo_password(settings.TOUCHLINE_HOME))
    assert admin.memberships.get(workspace__slug="demo").role == "admin"
    staff = User.objects.filter(email__endswith="@harbourbank.example")
    assert staff.count() == 5
    assert not any(user.has_usable_password() for user in staff)


def test_a_second_run_changes_nothing(demo: dict[str, Any]) -> None:
    point = PainPoint.objects.get(touchpoint__code="dispute-hotline")
    change_pain_point(painpoint=point, user=point.owner, changes={"note": "Ours now."})
    before = [list(m.objects.order_by("pk").values()) for m in (Import, Job, ScoringRun, PainPoint)]
    assert load_demo(scale=SCALE) == demo
    after = [list(m.objects.order_by("pk").values()) for m in (Import, Job, ScoringRun, PainPoint)]
    assert after == before


def test_a_run_cut_off_before_the_last_import_goes_on_there(demo: dict[str, Any]) -> None:
    responses = Import.objects.get(source="responses.csv")
    undo_import(found=responses, user=None)
    responses.delete()
    again = load_demo(scale=SCALE)
    assert again["reports"] == 1
    brought = {entry["source"]: entry["accepted"] for entry in again["imports"]}
    assert brought == {entry["source"]: entry["accepted"] for entry in demo["imports"]}
    assert [entry["import"] for entry in again["imports"][:2]] == [
        entry["import"] for entry in demo["imports"][:2]
    ]


def test_the_command_prints_what_there_is(demo: dict[str, Any]) -> None:
    out = StringIO()
    call_command("demo", json=True, stdout=out)
    assert json.loads(out.getvalue()) == demo


def test_the_command_refuses_a_scale_that_makes_no_sense() -> None:
    with pytest.raises(CommandError, match="must be from"):
        call_command("demo", scale=0.0)
