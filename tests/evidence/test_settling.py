"""Nobody reads between the lake's commit and ours; what a dead writer left there is settled."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from evidence import commits, lake, locks, posting, removals, settling
from evidence.actions import undo_import
from evidence.erasure import erase_customer
from evidence.models import Import, Removal, State
from evidence.posting import post_evidence
from evidence.scope import Scope
from evidence.settling import settle_all
from jobs.actions import run_job
from jobs.models import Job, Status
from journeys.models import Journey
from painpoints.actions import request_run
from tests.evidence.bringing import HEAD, WAITS, bring, having
from tests.factories import JourneyFactory, StageFactory, StepFactory, TouchpointFactory

pytestmark = pytest.mark.django_db(transaction=True)
WHO, BY_WHOM = "at,queue,wait,who\n", having(WAITS, customer={"column": "who"})
TEXT = HEAD + "2025-03-01,a,1\n2025-03-01,a,2\n"
ITEM = {"occurred_at": "2025-03-01", "touchpoint": "a", "wait_s": 5}


class Killed(BaseException):
    """As a process that ends: nobody catches it."""


def dying(*args: object, **kwargs: object) -> None:
    raise Killed


def in_lake(workspace) -> int:
    with lake.cursor() as cursor:
        statement = "SELECT count(*) FROM waits WHERE workspace_id = ?"
        return cursor.execute(statement, [workspace.pk]).fetchall()[0][0]


def post(workspace, n: int = 1) -> Import:
    return post_evidence(
        workspace=workspace, user=None, kind="waits", source="x", items=[ITEM] * n
    ).joined


@pytest.fixture
def journey(workspace) -> Journey:
    journey = JourneyFactory(workspace=workspace)
    step = StepFactory(journey=journey, stage=StageFactory(journey=journey))
    step.touchpoints.add(TouchpointFactory(workspace=workspace, code="a"))
    return journey


def test_a_post_whose_sender_never_comes_again_leaves_no_orphan(workspace, monkeypatch) -> None:
    joined = post(workspace)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(posting, "_account", dying)
        post(workspace, 3)
    assert in_lake(workspace) == 4
    assert settle_all() == 1
    joined.refresh_from_db()
    assert in_lake(workspace) == joined.accepted == 1
    assert settle_all() == 0
    assert post(workspace, 2).pk == joined.pk and in_lake(workspace) == 3


def test_an_undo_cut_off_behind_the_lake_s_commit_is_finished(
    workspace, owner, tmp_path, monkeypatch
) -> None:
    found = bring(workspace, tmp_path, TEXT, WAITS)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(commits, "record_undone", dying)
        undo_import(found=found, user=owner)
    found.refresh_from_db()
    assert (found.state, in_lake(workspace)) == (State.DONE, 0)
    workspace.refresh_from_db()
    before = workspace.evidence_revision
    assert settle_all() == 1
    found.refresh_from_db()
    workspace.refresh_from_db()
    assert (found.state, found.undone_by) == (State.UNDONE, owner)
    assert workspace.evidence_revision == before + 1


def test_an_undo_cut_off_before_the_lake_s_commit_never_was(
    workspace, owner, tmp_path, monkeypatch
) -> None:
    found = bring(workspace, tmp_path, TEXT, WAITS)
    begin = commits.begin

    def begun_and_killed(*given: Any) -> None:
        begin(*given)
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(commits, "begin", begun_and_killed)
        undo_import(found=found, user=owner)
    assert settle_all() == 1
    found.refresh_from_db()
    assert (found.state, found.undone_by, in_lake(workspace)) == (State.DONE, None, 2)


def test_an_import_that_fails_after_the_lake_s_commit_leaves_no_row(
    workspace, tmp_path, monkeypatch
) -> None:
    """As where the connection breaks while the commit is on its way: it may have happened."""

    def broken() -> int:
        raise RuntimeError("the answer to the commit was lost")

    with monkeypatch.context() as patch:
        patch.setattr(lake, "snapshot", broken)
        found = bring(workspace, tmp_path, TEXT, WAITS)
    assert (found.state, found.unsettled, in_lake(workspace)) == (State.FAILED, "", 0)
    assert bring(workspace, tmp_path, TEXT, WAITS).accepted == in_lake(workspace) == 2


def test_an_erasure_cut_off_behind_the_lake_s_commit_is_accounted_for(
    workspace, owner, tmp_path, monkeypatch
) -> None:
    found = bring(workspace, tmp_path, WHO + "2025-03-01,a,1,ann\n2025-03-01,a,2,bob\n", BY_WHOM)
    job = erase_customer(workspace=workspace, identifier="ann", user=owner, send=False)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(removals, "account", dying)
        run_job(job_id=str(job.pk))
    found.refresh_from_db()
    assert (in_lake(workspace), found.gone) == (1, 0)
    assert settle_all() == 1
    found.refresh_from_db()
    assert found.gone == 1
    # who came back meanwhile goes too, and all are told of in the proof
    again = bring(workspace, tmp_path, WHO + "2025-03-02,a,1,ann\n", BY_WHOM)
    Job.objects.filter(pk=job.pk).update(status=Status.QUEUED)
    assert run_job(job_id=str(job.pk)).status == Status.DONE
    again.refresh_from_db()
    found.refresh_from_db()
    assert (in_lake(workspace), found.gone, again.gone) == (1, 1, 1)
    removal = Removal.objects.get()
    assert (removal.counts["waits"], removal.is_intact) == (2, True)


def test_an_erasure_cut_off_before_the_lake_s_commit_is_planned_again(
    workspace, owner, tmp_path, monkeypatch
) -> None:
    found = bring(workspace, tmp_path, WHO + "2025-03-01,a,1,ann\n", BY_WHOM)
    job = erase_customer(workspace=workspace, identifier="ann", user=owner, send=False)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(lake, "transaction", dying)
        run_job(job_id=str(job.pk))
    assert settle_all() == 1
    found.refresh_from_db()
    assert (in_lake(workspace), found.gone, Removal.objects.get().plan) == (1, 0, {})
    Job.objects.filter(pk=job.pk).update(status=Status.QUEUED)
    assert run_job(job_id=str(job.pk)).status == Status.DONE
    found.refresh_from_db()
    assert (in_lake(workspace), found.gone) == (0, 1)


@pytest.mark.parametrize("moment", ["before the lake's commit", "between the two"])
@pytest.mark.parametrize("change", ["post", "undo"])
def test_a_run_sees_a_change_and_its_revision_or_neither(
    workspace, owner, journey, monkeypatch, tmp_path, change, moment
) -> None:
    """The writer stands at one of its commits; the run that starts then sees what it recorded."""
    found = bring(workspace, tmp_path, TEXT, WAITS)
    stands, waits = threading.Event(), threading.Event()

    def pausing(work: Callable[..., None], *, after: bool = False) -> Callable[..., None]:
        def paused(*args: Any) -> None:
            if after:
                work(*args)
            stands.set()
            waits.wait(20)
            if not after:
                work(*args)

        return paused

    if moment == "between the two":
        monkeypatch.setattr(posting, "_account", pausing(posting._account))
        monkeypatch.setattr(commits, "record_undone", pausing(commits.record_undone))
        rows = 7 if change == "post" else 0
    else:
        monkeypatch.setattr(commits, "begin", pausing(commits.begin, after=True))
        rows = 2

    def work() -> None:
        if change == "post":
            post(workspace, 5)
        else:
            undo_import(found=found, user=owner)
        connection.close()

    writer = threading.Thread(target=work)
    writer.start()
    assert stands.wait(20)
    assert in_lake(workspace) == rows
    scope = Scope(since=date(2025, 1, 1))  # which the change itself does not ask for
    run = request_run(journey=journey, scope=scope, send=False)
    monkeypatch.setattr(locks, "_queued", _letting_go(locks._queued, waits))
    assert run_job(job_id=str(run.job_id)).status == Status.DONE
    writer.join()
    workspace.refresh_from_db()
    run.refresh_from_db()
    assert run.evidence_revision == workspace.evidence_revision == 2
    measured = run.result["touchpoints"][0]["waits"]
    assert (measured["offered"] if measured else 0) == in_lake(workspace)


def _letting_go(tried: Callable[..., bool], event: threading.Event) -> Callable[..., bool]:
    """The writer goes on once the run was seen to wait for it."""

    def trying(*given: Any) -> bool:
        got = tried(*given)
        if not got:
            event.set()
        return got

    return trying


def test_what_is_worked_on_is_left_alone(workspace) -> None:
    joined = post(workspace)
    Import.objects.filter(pk=joined.pk).update(unsettled="append")
    with locks.held(locks.importing(joined.pk)):
        assert settle_all() == 0
        with transaction.atomic():
            assert not settling.is_settled(workspace.pk)
    assert settle_all() == 1
    assert settling.is_settled(workspace.pk)
