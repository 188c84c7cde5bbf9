"""A filter's answer counted where it is asked is the one that a job would give."""

from datetime import date
from typing import Any

import pytest

from accounts.models import User
from config.embedded.processes import wait_until
from evidence import at_hand, copying, lake
from evidence.scope import Scope
from journeys.models import Journey
from painpoints import at_once, beforehand
from painpoints.models import ScoringRun
from painpoints.parameters import key_of, parameters_of
from painpoints.scopes import answered
from tests.factories import PromiseFactory, SegmentFactory
from tests.lake_rows import answer, customer, passage, put, wait
from tests.painpoints.conftest import scored

SCOPE = Scope(since=date(2025, 3, 1), until=date(2025, 3, 20), segments=("mass",))


@pytest.fixture
def rich(journey: Journey) -> Journey:
    """Every kind of evidence, in and out of the scope; a promise for one segment, a goal."""
    workspace = journey.workspace
    mass = SegmentFactory(workspace=workspace, code="mass")
    PromiseFactory(touchpoint=workspace.touchpoints.get(code="phone"), segment=mass, max_wait_s=20)
    journey.goal_touchpoints.add(workspace.touchpoints.get(code="app"))
    for import_id, segment in enumerate(("mass", "private"), 1):
        put("waits", workspace, [wait(c, 7 * i, segment=segment, channel="branch")
            for c in ("counter", "phone") for i in range(20)], import_id)  # fmt: skip
        put("responses", workspace, [answer(c, "csat", 1 + i % 5, segment=segment)
            for c in ("counter", "app", None) for i in range(20)], import_id)  # fmt: skip
        put("responses", workspace, [answer(None, "nps", i, segment=segment, journey="opening")
            for i in range(11)], import_id + 10)  # fmt: skip
        put("interactions", workspace, [passage(c, f"{segment}{i}", days=3 * j, segment=segment)
            for i in range(9) for j, c in enumerate(("counter", "phone", "counter", "app")[:i])],
            import_id)  # fmt: skip
    return raised(journey)


def raised(journey: Journey) -> Journey:
    journey.workspace.raise_evidence_revision()
    return Journey.objects.select_related("workspace").get(pk=journey.pk)


def at_once_of(
    journey: Journey, scope: Scope = SCOPE, *, is_new: bool = False
) -> ScoringRun | None:
    parameters = parameters_of(journey)
    return at_once.answer_at_once(
        journey=journey, scope=scope, parameters=parameters, key=key_of(scope, parameters),
        user=None, is_new=is_new,
    )  # fmt: skip


def copies() -> set[str]:
    with lake.cursor() as cursor:
        found = cursor.execute(
            "SELECT schema_name FROM duckdb_schemas() WHERE starts_with(schema_name, 'copy_') "
            "AND database_name = ?",
            [at_hand.DATABASE],
        )
        return {name for (name,) in found.fetchall()}


def without_snapshot(run: ScoringRun) -> dict[str, Any]:
    assert run.result is not None
    return {name: value for name, value in run.result.items() if name != "snapshot"}


def test_it_is_what_a_job_counts(rich: Journey) -> None:
    run = at_once_of(rich)
    assert run is not None and run.job is None and run.finished_at
    families = {t["code"]: set(t["families"]) for t in without_snapshot(run)["touchpoints"]}
    assert families == {
        "counter": {"felt", "waited", "repeated", "lost"},
        "phone": {"waited", "repeated", "lost"},
        "app": {"felt", "repeated", "lost"},
    }
    told = without_snapshot(run)
    run.delete()
    job = scored(rich, SCOPE)
    assert job.job is not None
    assert without_snapshot(job) == told


def test_asked_again_it_is_the_same_run(rich: Journey) -> None:
    assert at_once_of(rich) == at_once_of(rich)
    assert ScoringRun.objects.count() == 1


def test_where_another_was_first_after_the_look_its_run_is_the_answer(rich: Journey) -> None:
    first = at_once_of(rich)
    assert at_once_of(rich, is_new=True) == first
    assert ScoringRun.objects.count() == 1


def test_the_first_answers_about_the_journey_as_a_whole_are_counted(journey: Journey) -> None:
    put("responses", journey.workspace, [answer("counter", "csat", 4, segment="mass")])
    before = at_once_of(raised(journey))
    whole = [answer(None, "nps", 9, segment="mass", journey="opening")]
    put("responses", journey.workspace, whole, 2)
    after = at_once_of(raised(journey))
    assert before is not None and after is not None
    assert without_snapshot(before)["outcome"]["nps"] is None
    assert without_snapshot(after)["outcome"]["nps"]["n"] == 1
    assert without_snapshot(after)["touchpoints"] == without_snapshot(before)["touchpoints"]


def test_new_evidence_is_counted_and_old_rows_are_let_go(rich: Journey) -> None:
    others = copies()
    before = at_once_of(rich)
    assert before is not None
    old = copies() - others
    put("waits", rich.workspace, [wait("app", 100, segment="mass")] * 7, 3)
    after = at_once_of(raised(rich))
    assert after is not None and after.evidence_revision == before.evidence_revision + 1
    waits = {t["code"]: t["waits"] for t in without_snapshot(after)["touchpoints"]}
    assert waits["app"]["offered"] == 7
    assert len(old) == 1 and len(copies() - others) == 1 and not old & copies()


def test_rows_nobody_asks_for_are_let_go(rich: Journey, monkeypatch) -> None:
    monkeypatch.setattr(at_hand, "KEPT_S", 0.0)
    assert at_once_of(rich) is not None
    assert copies() == set()


def test_rows_are_let_go_though_nobody_asks_again(rich: Journey, monkeypatch) -> None:
    assert at_once_of(rich) is not None and copies()
    monkeypatch.setattr(at_hand, "KEPT_S", 0.4)
    monkeypatch.setattr(at_hand, "LOOK_AGAIN_S", 0.1)
    at_hand._shelves[lake.instance()]._is_watched = False  # who looks already sleeps for long
    assert at_once_of(raised(rich)) is not None
    assert wait_until(lambda: copies() == set(), 20)


def test_many_rows_are_for_a_job(rich: Journey, monkeypatch) -> None:
    others = copies()
    monkeypatch.setattr(copying, "MOST_ROWS", 30)
    assert at_once_of(rich) is None
    assert copies() == others


def test_a_job_counts_the_same_in_the_lake_and_in_a_copy(rich: Journey, monkeypatch) -> None:
    heard = [answer("app", "csat", 1, comment=f"waited {i}", customer=customer(f"{i}"))
             for i in range(7)]  # fmt: skip
    put("responses", rich.workspace, heard, 30)
    told = []
    for most in (300_000, 30):
        monkeypatch.setattr(copying, "MOST_ROWS", most)
        run = scored(raised(rich))
        told.append((run.result, {c.kind: c.document for c in run.counts.all()}))
    in_a_copy, in_the_lake = told
    assert in_a_copy == in_the_lake
    assert in_a_copy[1]["themes/1"]["app"]["waiting"]["told"] == 7
    assert in_a_copy[1]["breakdown"]["counts"]["segment"]["app"]["lost"]


def test_whoever_gets_no_turn_asks_for_a_job(rich: Journey, owner: User, monkeypatch) -> None:
    scored(rich)
    monkeypatch.setattr(at_once, "PATIENCE_S", 0.0)
    monkeypatch.setattr("painpoints.scopes.PATIENCE_S", 0.0)
    asked = {"workspace": rich.workspace, "scope": SCOPE, "earlier": None, "user": owner}
    with at_once._turns, at_once._turns:
        assert answered(journeys=[rich.pk], **asked).job is not None
    assert at_once_of(rich) is not None
    assert list(answered(journeys=[rich.pk], **asked).runs) == [rich.pk]


def test_a_period_and_the_one_before_are_counted_at_once(rich: Journey, owner: User) -> None:
    scored(rich)
    earlier = Scope(since=date(2025, 2, 10), until=date(2025, 3, 1), segments=("mass",))
    found = answered(
        workspace=rich.workspace, scope=SCOPE, earlier=earlier, journeys=[rich.pk], user=owner
    )
    assert found.job is None and list(found.runs) == list(found.earlier) == [rich.pk]


def test_the_rows_of_a_journey_that_was_opened_are_at_hand(rich: Journey, monkeypatch) -> None:
    monkeypatch.setattr(beforehand, "IS_ON", True)
    monkeypatch.setattr(beforehand.threading, "Thread", _AtOnce)
    monkeypatch.setattr(beforehand, "connections", _Connections())
    others = copies()
    beforehand.expect(rich)
    there = copies() - others
    assert len(there) == 1
    assert at_once_of(rich) is not None
    assert copies() - others == there  # no other was needed
    beforehand.expect(rich)
    assert copies() - others == there


class _AtOnce:
    """A thread that does its work where it is started: tests see their own transaction only."""

    def __init__(self, target, daemon: bool) -> None:
        self.start = target


class _Connections:
    def close_all(self) -> None: ...
