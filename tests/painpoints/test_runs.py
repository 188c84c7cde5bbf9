"""Asking for runs: the same question on the same evidence is answered once."""

from datetime import date

import pytest

from evidence.models import Import, State
from evidence.scope import Scope
from jobs.actions import cancel_job, run_job
from jobs.models import Job, Status
from painpoints.actions import request_run
from painpoints.models import ScoringRun, ScoringSettings
from painpoints.readings import freshness
from tests.factories import JourneyFactory, PromiseFactory
from tests.lake_rows import put, wait
from tests.painpoints.conftest import line, scored

WEEK = Scope(since=date(2025, 3, 1), until=date(2025, 3, 8))


def test_the_same_question_is_free(journey) -> None:
    first = scored(journey)
    assert request_run(journey=journey, scope=Scope()).pk == first.pk
    assert Job.objects.count() == 1


def test_another_scope_or_other_evidence_is_another_run(journey, workspace) -> None:
    first = scored(journey)
    filtered = scored(journey, WEEK)
    workspace.raise_evidence_revision()
    later = scored(journey)
    assert len({first.pk, filtered.pk, later.pk}) == 3
    assert (first.is_whole, filtered.is_whole) == (True, False)
    assert later.evidence_revision == first.evidence_revision + 1


@pytest.mark.parametrize(
    "change",
    [
        lambda w: PromiseFactory(touchpoint=w.touchpoints.get(code="app"), max_wait_s=5),
        lambda w: ScoringSettings.objects.create(workspace=w, weight_felt=0.9),
        lambda w: w.touchpoints.filter(code="app").update(code="mobile"),
    ],
)
def test_changed_parameters_make_a_run_stale_and_the_next_one_new(
    journey, workspace, change
) -> None:
    first = scored(journey)
    assert not freshness(first).is_stale
    change(workspace)
    assert freshness(first).new_settings and not freshness(first).new_evidence
    assert scored(journey).pk != first.pk


def test_a_renamed_touchpoint_is_the_same_question(journey, workspace) -> None:
    first = scored(journey)
    workspace.touchpoints.filter(code="app").update(name="The app")
    assert scored(journey).pk == first.pk


def test_a_waiting_run_reads_the_evidence_of_the_moment_it_starts(
    journey, workspace, announce
) -> None:
    waiting = request_run(journey=journey, scope=Scope())
    put("waits", workspace, [wait("counter", 1)])
    announce("counter")
    assert ScoringRun.objects.get().pk == waiting.pk  # not queued twice
    run_job(job_id=str(waiting.job.pk))
    waiting.refresh_from_db()
    assert waiting.evidence_revision == 1
    assert line(waiting, "counter")["waits"]["offered"] == 1


def test_a_run_whose_job_ended_without_a_result_gets_another(journey) -> None:
    run = request_run(journey=journey, scope=Scope())
    cancel_job(job=run.job)
    again = request_run(journey=journey, scope=Scope())
    assert again.pk == run.pk
    assert again.job.pk != run.job.pk and again.job.status == Status.QUEUED
    assert scored(journey).result is not None


def test_work_done_twice_changes_nothing(journey) -> None:
    run = scored(journey)
    Job.objects.filter(pk=run.job.pk).update(status=Status.QUEUED, finished_at=None)
    assert run_job(job_id=str(run.job.pk)).status == Status.DONE
    again = ScoringRun.objects.get()
    assert (again.result, again.finished_at) == (run.result, run.finished_at)


def test_a_run_overtaken_by_one_on_the_same_evidence_says_so(journey, workspace) -> None:
    early = request_run(journey=journey, scope=Scope())
    workspace.raise_evidence_revision()
    ScoringRun.objects.create(
        workspace=workspace,
        journey=journey,
        formula=early.formula,
        scope=early.scope,
        is_whole=True,
        parameters=early.parameters,
        key=early.key,
        evidence_revision=1,
    )
    job = run_job(job_id=str(early.job.pk))
    assert job.status == Status.FAILED
    assert "newer run" in job.error


def test_changed_evidence_scores_the_journeys_it_touches(journey, workspace, announce) -> None:
    other = JourneyFactory(workspace=workspace, slug="closing")
    outcome_only = JourneyFactory(workspace=workspace, slug="moving")
    announce("counter", "unheard-of", journeys=("moving",))
    asked = {run.journey for run in ScoringRun.objects.all()}
    assert asked == {journey, outcome_only} and other not in asked
    assert all(run.is_whole and run.job.status == Status.QUEUED for run in ScoringRun.objects.all())


def test_evidence_of_a_goal_beyond_the_map_touches_the_journey(
    journey, workspace, announce
) -> None:
    from tests.factories import TouchpointFactory

    journey.goal_touchpoints.add(TouchpointFactory(workspace=workspace, code="signed"))
    announce("signed")
    assert ScoringRun.objects.get().journey == journey


def test_what_a_dead_writer_left_between_its_two_commits_is_not_counted(journey, workspace) -> None:
    half = Import.objects.create(
        workspace=workspace, source="x", kind="waits", state=State.FAILED, unsettled="append"
    )
    put("waits", workspace, [wait("counter", 1)] * 3, import_id=half.pk)
    put("waits", workspace, [wait("counter", 1)], import_id=half.pk + 1)
    run = scored(journey)
    assert line(run, "counter")["waits"]["offered"] == 1
    half.refresh_from_db()
    assert half.unsettled == ""


def test_an_undo_that_died_between_its_two_commits_is_finished_first(
    journey, workspace, owner
) -> None:
    half = Import.objects.create(
        workspace=workspace, source="x", kind="waits", state=State.DONE, unsettled="undo",
        rows=5, accepted=5, undone_by=owner,
    )  # fmt: skip
    run = scored(journey)
    half.refresh_from_db()
    assert (half.state, half.undone_by, run.evidence_revision) == (State.UNDONE, owner, 1)
