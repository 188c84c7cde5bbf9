"""A small journey whose touchpoints evidence can be put to, and the ways to score it."""

from collections.abc import Callable

import pytest

from accounts.models import Workspace
from evidence.scope import Scope
from evidence.signals import evidence_changed
from jobs.actions import run_job
from jobs.models import Status
from journeys.models import Journey
from painpoints.actions import request_run
from painpoints.models import ScoringRun
from tests.factories import (
    JourneyFactory,
    PromiseFactory,
    StageFactory,
    StepFactory,
    TouchpointFactory,
)


@pytest.fixture(autouse=True)
def quiet_heartbeat(settings) -> None:
    """Tests run in a transaction, into which the heartbeat's own connection cannot see."""
    settings.JOB_HEARTBEAT_S = 600


@pytest.fixture
def journey(workspace: Workspace) -> Journey:
    """Opening an account: counter (promise 60 s) → phone → app."""
    journey = JourneyFactory(workspace=workspace, slug="opening", name="Opening an account")
    stage = StageFactory(journey=journey)
    for code in ("counter", "phone", "app"):
        touchpoint = TouchpointFactory(workspace=workspace, code=code, name=code.title())
        StepFactory(journey=journey, stage=stage, name=code).touchpoints.add(touchpoint)
    PromiseFactory(touchpoint=workspace.touchpoints.get(code="counter"))
    return journey


def scored(journey: Journey, scope: Scope | None = None) -> ScoringRun:
    run = request_run(journey=journey, scope=scope or Scope(), send=False)
    if run.result is None:
        assert run.job is not None
        job = run_job(job_id=str(run.job.pk))
        assert job.status == Status.DONE, job.error + job.log
        run.refresh_from_db()
    return run


def line(run: ScoringRun, code: str) -> dict:
    return next(t for t in run.result["touchpoints"] if t["code"] == code)


@pytest.fixture
def announce(workspace: Workspace) -> Callable[..., None]:
    """What an import does once its rows are in the lake."""

    def changed(*codes: str, journeys: tuple[str, ...] = ()) -> None:
        workspace.raise_evidence_revision()
        evidence_changed.send(
            None,
            workspace=workspace,
            kinds={"waits"},
            codes=set(codes),
            journeys=set(journeys),
            user=None,
        )

    return changed
