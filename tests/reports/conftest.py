"""A journey with a map and evidence, scored in the real lake."""

from collections.abc import Callable

import pytest
from django.core.cache import cache

from accounts.models import Workspace
from evidence.scope import Scope
from jobs.actions import run_job
from jobs.models import Status
from journeys.models import Journey
from painpoints.actions import request_run
from painpoints.models import ScoringRun
from tests.factories import (
    CardFactory,
    ChannelFactory,
    JourneyFactory,
    LaneFactory,
    PersonaFactory,
    PromiseFactory,
    StageFactory,
    StepFactory,
    TouchpointFactory,
)
from tests.lake_rows import answer, put, wait


@pytest.fixture(autouse=True)
def quiet(settings, monkeypatch) -> None:
    """Tests run in a transaction: no heartbeat from outside, and no worker to wait for."""
    settings.JOB_HEARTBEAT_S = 600
    monkeypatch.setattr("reports.reading.PATIENCE_S", 0.0)
    monkeypatch.setattr("painpoints.at_once.IS_ON", False)
    cache.clear()


@pytest.fixture
def journey(workspace: Workspace) -> Journey:
    """Opening an account: counter (promise 60 s) and app."""
    journey = JourneyFactory(workspace=workspace, slug="opening", name="Opening an account")
    stage = StageFactory(journey=journey, name="Apply")
    branch = ChannelFactory(workspace=workspace, code="branch", name="Branch")
    for code in ("counter", "app"):
        touchpoint = TouchpointFactory(
            workspace=workspace, code=code, name=f"=The {code} <b>", channel=branch
        )
        step = StepFactory(journey=journey, stage=stage, name=f"Uses the {code}")
        step.touchpoints.add(touchpoint)
    lane = LaneFactory(journey=journey, name="What customers do")
    persona = PersonaFactory(journey=journey, name="Lin Mei")
    CardFactory(journey=journey, lane=lane, step=step, text="Waits <i>long</i>", basis="log")
    CardFactory(journey=journey, lane=lane, step=step, text="", persona=persona, emotion=-2)
    PromiseFactory(touchpoint=workspace.touchpoints.get(code="counter"))
    return journey


@pytest.fixture
def evidence(workspace: Workspace, journey: Journey) -> None:
    """40 waits at the counter (30 in the branch), 60 answers, of them 20 from phones."""
    put("waits", workspace, [wait("counter", 10 * i, channel="branch") for i in range(30)])
    put("waits", workspace, [wait("counter", 30, "abandoned", channel="phone")] * 10, 2)
    put("responses", workspace, [answer("app", "csat", 2, channel="branch")] * 40, 3)
    put("responses", workspace, [answer("app", "csat", 5, channel="phone")] * 20, 4)
    put("responses", workspace, [answer(None, "nps", 9, journey="opening")] * 25, 5)
    workspace.raise_evidence_revision()


def scored(journey: Journey, scope: Scope | None = None) -> ScoringRun:
    run = request_run(journey=journey, scope=scope or Scope(), send=False)
    if run.result is None:
        assert run.job is not None
        job = run_job(job_id=str(run.job.pk))
        assert job.status == Status.DONE, job.error + job.log
        run.refresh_from_db()
    return run


@pytest.fixture
def run(journey: Journey, evidence: None) -> ScoringRun:
    """The run over all evidence."""
    journey.workspace.refresh_from_db()
    return scored(journey)


@pytest.fixture
def page(workspace: Workspace, member, client_for) -> Callable[..., str]:
    """What a viewer sees at an address of the journey."""
    client = client_for(member("viewer"))

    def get(path: str = "", status: int = 200) -> str:
        answer = client.get(f"/w/{workspace.slug}/journeys/opening/{path}")
        assert answer.status_code == status, answer.content.decode()[:2000]
        return answer.content.decode()

    return get
