"""Rules of retention, the upkeep of the night, and the page of both."""

import json
import os
import time
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from evidence import erasure, lake, nightly
from evidence.erasure import hash_of
from evidence.models import Import, Removal, Retention, State, UpkeepRun
from evidence.retention import apply_rules, cutoff, preview, set_rules
from evidence.signals import evidence_changed
from jobs.actions import run_job
from jobs.models import Job, Status
from tests.evidence.bringing import WAITS, bring, having, rows

pytestmark = pytest.mark.django_db
NIGHT = datetime(2031, 5, 6, settings.UPKEEP_HOUR, 30, tzinfo=UTC)
DOCUMENT = having(WAITS, customer={"column": "who"})


def day(ago: int) -> str:
    return f"{timezone.now() - timedelta(days=ago):%Y-%m-%d}"


@pytest.fixture
def old_and_new(workspace, tmp_path) -> Import:
    lines = [f"{day(ago)},q{ago},1,anna" for ago in (2, 100, 400, 800, 801)]
    return bring(workspace, tmp_path, "\n".join(["at,queue,wait,who", *lines]), DOCUMENT)


@pytest.fixture
def page(workspace):
    return lambda rest="": f"/w/{workspace.slug}/evidence/keeping/{rest}"


def test_a_month_ends_where_the_shorter_one_does(workspace, monkeypatch):
    now = datetime(2024, 3, 31, 1, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert cutoff(workspace, 1) == datetime(2024, 2, 29, tzinfo=UTC)
    assert cutoff(workspace, 12) == datetime(2023, 3, 31, tzinfo=UTC)
    workspace.timezone = "America/New_York"  # still 30 March there
    assert cutoff(workspace, 1).isoformat() == "2024-02-29T00:00:00-05:00"
    assert cutoff(workspace, 1200).year == 1924


def test_a_rule_takes_out_what_it_said_it_would_and_nothing_else(workspace, owner, old_and_new):
    told = {p.kind: p for p in preview(workspace, {"waits": 12})}
    assert (told["waits"].rows, told["waits"].stay) == (3, 2)
    assert (told["responses"].rows, told["responses"].before) == (0, None)
    set_rules(workspace=workspace, months={"waits": 12, "responses": None}, user=owner)
    heard = []
    evidence_changed.connect(lambda **told: heard.append(told), weak=False, dispatch_uid="t")
    try:
        (removal,) = [r for r in apply_rules() if r.workspace_id == workspace.pk]
        assert [r for r in apply_rules() if r.workspace_id == workspace.pk] == []
    finally:
        evidence_changed.disconnect(dispatch_uid="t")
    assert [touchpoint for (touchpoint,) in rows(old_and_new, "touchpoint")] == ["q2", "q100"]
    assert removal.counts == {"waits": 3} and removal.asked_by == owner and removal.is_intact
    assert heard[0]["codes"] == {"q400", "q800", "q801"}  # what counts on them is scored again
    old_and_new.refresh_from_db()
    assert (old_and_new.accepted, old_and_new.gone) == (5, 3)
    workspace.refresh_from_db()
    assert workspace.evidence_revision == 3  # brought in, taken out, proved


def test_the_night_works_once_and_says_what_it_did(workspace, owner, old_and_new):
    set_rules(workspace=workspace, months={"waits": 24}, user=owner)
    assert nightly.look(NIGHT + timedelta(hours=nightly.WINDOW_H)) is None
    run = nightly.look(NIGHT)
    assert (run.state, run.error, run.night) == (UpkeepRun.State.DONE, "", NIGHT.date())
    said = [line for _when, line, whose in run.log if whose == workspace.pk]
    assert len(said) == 1 and said[0].startswith("2 rows of waits were past their time")
    assert nightly.look(NIGHT + timedelta(hours=1)) is None
    assert nightly.look(NIGHT + timedelta(days=1)).pk != run.pk
    assert len(rows(old_and_new, "row_no")) == 3


def test_the_night_waits_for_an_import(workspace, old_and_new):
    job = Job.objects.create(workspace=workspace, kind="import", status=Status.RUNNING)
    Import.objects.filter(pk=old_and_new.pk).update(state=State.IMPORTING, job=job)
    for minutes in (0, 10):
        run = nightly.look(NIGHT + timedelta(minutes=minutes))
    assert run.state == UpkeepRun.State.WAITING
    assert [line for _when, line, _whose in run.log] == ["Waiting: an import is running."]
    Job.objects.filter(pk=job.pk).update(status=Status.DONE, finished_at=timezone.now())
    assert nightly.look(NIGHT + timedelta(minutes=20)).state == UpkeepRun.State.DONE


def test_an_upkeep_that_fails_says_why_and_is_not_tried_all_night(monkeypatch):
    def fail(**kwargs):
        raise lake.LakeError("the store is away")

    monkeypatch.setattr(nightly, "keep_in_order", fail)
    run = nightly.look(NIGHT)
    assert (run.state, run.error) == (UpkeepRun.State.FAILED, "the store is away")
    assert nightly.look(NIGHT) is None


def test_files_of_crashed_writers_are_swept_and_those_at_work_are_not(workspace, old_and_new):
    waits = Path(lake.data_path()) / "main" / "waits"
    waits.mkdir(parents=True, exist_ok=True)
    uploading = Path(settings.MEDIA_ROOT) / "uploading"
    uploading.mkdir(parents=True, exist_ok=True)
    forgotten = Path(settings.MEDIA_ROOT) / "imports" / "987654321"
    forgotten.mkdir(parents=True, exist_ok=True)
    old = [waits / "ducklake-dead.parquet", uploading / "dead.upload", forgotten / "file"]
    young = [waits / "ducklake-alive.parquet", uploading / "alive.upload"]
    for path in (*old, *young):
        path.write_bytes(b"PAR1")
    for path in (*old, forgotten):
        os.utime(path, (time.time() - 3 * 86400,) * 2)
    try:
        out = StringIO()
        call_command("lake", "upkeep", "--json", stdout=out)
        assert json.loads(out.getvalue())["log"]
        assert [path.exists() for path in old] == [False] * 3
        assert [path.exists() for path in young] == [True] * 2
    finally:
        for path in young:
            path.unlink()


def test_the_page_shows_what_would_go_before_the_rules_are_set(
    workspace, owner, old_and_new, client_for, page
):
    client = client_for(owner)
    text = client.get(page("?look=1&waits=12&responses=&interactions=")).content.decode()
    assert "Set the rules; 3 rows go in the night" in text and "There is no undo" in text
    assert not Retention.objects.exists()
    client.post(page("rules/"), {"waits": "12", "responses": "", "interactions": ""})
    assert [(r.kind, r.months, r.set_by) for r in Retention.objects.all()] == [("waits", 12, owner)]
    client.post(page("rules/"), {"waits": "", "responses": "", "interactions": ""})
    assert not Retention.objects.exists()
    for wrong in ("0", "-1", "1.5", "x", "99999"):
        answered = client.post(page("rules/"), {"waits": wrong})
        assert answered.status_code == 422 and "Expected whole months" in answered.content.decode()


def test_an_erasure_is_asked_for_twice_and_leaves_its_proof_on_the_page(
    workspace, owner, old_and_new, client_for, page
):
    client = client_for(owner)
    first = client.post(page("erase/"), {"identifier": " anna "}).content.decode()
    assert "Erase 5 rows for good" in first and "anna" not in first
    assert len(rows(old_and_new, "row_no")) == 5
    client.post(page("erase/"), {"customer": hash_of(workspace, "anna").hex})
    run_job(job_id=str(Job.objects.get(kind="erase").pk))
    assert rows(old_and_new, "row_no") == []
    proof = Removal.objects.get(workspace=workspace)
    text = client.get(page()).content.decode()
    assert proof.seal[:12] in text and owner.email in text
    told = client.get(page(f"proofs/{proof.pk}.json")).json()
    assert told["counts"]["waits"] == 5 and told["intact"] and told["seal"] == proof.seal
    Removal.objects.filter(pk=proof.pk).update(counts={"waits": 0})
    assert "broken: changed since" in client.get(page()).content.decode()
    result = client.get(f"/w/{workspace.slug}/evidence/{old_and_new.pk}/").content.decode()
    assert "5 rows, erased or past their time" in result


def test_only_admins_keep_and_erase_and_see_their_own_workspace_only(
    workspace, owner, old_and_new, client_for, member, page, stranger
):
    for role in ("viewer", "designer", "analyst", "manager"):
        client = client_for(member(role))
        assert client.get(page()).status_code == 403
        assert client.post(page("erase/"), {"identifier": "anna"}).status_code == 403
    UpkeepRun.objects.create(log=[["now", "for all", None], ["now", "of another", 0]])
    text = client_for(owner).get(page()).content.decode()
    assert "for all" in text and "of another" not in text


def test_an_erasure_that_failed_says_so_and_is_tried_again(
    workspace, owner, old_and_new, client_for, page, monkeypatch
):
    client, whom = client_for(owner), hash_of(workspace, "anna")
    client.post(page("erase/"), {"customer": whom.hex})
    with monkeypatch.context() as cut:
        cut.setattr(erasure, "_clear_files", lambda *args: 1 / 0)
        run_job(job_id=str(Job.objects.get(kind="erase").pk))
    assert "did not come to its end" in client.get(page()).content.decode()
    client.post(page("erase/"), {"again": "1"})
    run_job(job_id=str(Job.objects.filter(kind="erase").first().pk))
    assert "did not come to its end" not in client.get(page()).content.decode()
    proof = Removal.objects.get(workspace=workspace)
    assert proof.counts["waits"] == 5 and proof.done_at
    old_and_new.refresh_from_db()
    assert old_and_new.gone == 5
    assert [job.arguments for job in Job.objects.filter(kind="erase")] == [
        {"removal": proof.pk}
    ] * 2
