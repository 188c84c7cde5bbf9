"""The next sensible step, one rule after the other."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from painpoints.models import Action, PainPoint
from painpoints.next_step import more_needed, next_step_of


def line(n: int = 400, rate: float = 0.3, few: bool = False) -> dict:
    return {
        "severity": rate, "too_little_evidence": few,
        "families": {"felt": {"n": n, "rate": rate}},
    }  # fmt: skip


@pytest.fixture
def point(journey, workspace, owner) -> PainPoint:
    return PainPoint.objects.create(
        workspace=workspace, journey=journey, touchpoint=workspace.touchpoints.get(code="counter"),
        origin="person", title="The queue", owner=owner, cause="waiting", effort_days=5,
    )  # fmt: skip


def told(point, found=None, *actions) -> str:
    step = next_step_of(point, found or line(), actions)
    return step.sentence if step else ""


def action(point, **more) -> Action:
    return Action(painpoint=point, text="Open a second desk", **more)


def test_each_rule_in_its_turn(point) -> None:
    assert "Say what will be done" in told(point)
    point.effort_days = None
    assert "Estimate" in told(point)
    point.cause = ""
    assert "No cause" in told(point)
    point.owner = None
    assert "Nobody owns it" in told(point)
    assert "collect" in told(point, line(n=10, few=True))
    assert "collect" in told(point, {"severity": None, "families": {}, "too_little_evidence": True})
    point.status = "resolved"
    assert told(point) == ""


def test_what_is_due_and_overdue(point) -> None:
    today = timezone.now().date()
    assert "has a day" in told(point, None, action(point))
    late = action(point, due_on=today - timedelta(days=3))
    assert "was due on" in told(point, None, late)
    next_week = action(point, due_on=today + timedelta(days=7))
    assert "being worked on" in told(point, None, next_week)


def test_after_the_last_action_its_effect(point) -> None:
    lately = action(point, done_on=timezone.now().date() - timedelta(days=3))
    assert "when four weeks have passed" in told(point, None, lately)
    long_ago = action(point, done_on=date(2020, 1, 1))
    step = next_step_of(point, line(), [long_ago])
    assert step is not None and "compare the weeks before" in step.sentence
    assert step.url.endswith("change/?touchpoint=counter")
    assert "compare" not in told(point, None, long_ago, action(point))


def test_how_much_more_by_hand() -> None:
    # 1.645² · 0.5 · 0.5 ÷ 0.1² = 67.65, and none is there
    assert more_needed(None) == 68
    # 1.645² · 0.3 · 0.7 ÷ 0.1² = 56.8, and 10 are there
    assert more_needed(line(n=10)) == 47
    # never fewer than the 30 below which nothing is ranked
    assert more_needed(line(n=29, rate=0.01)) == 1
