"""Journeys that end short of their goal, worked out by hand, through the real lake."""

from dataclasses import replace
from datetime import date

import pytest

from accounts.models import Workspace
from evidence.metrics import BUILT_IN
from evidence.question import Place, Question
from evidence.scope import Scope
from tests.evidence.asking import COUNTER, PHONE, ask
from tests.lake_rows import passage, put


@pytest.fixture
def question(workspace: Workspace) -> Question:
    return Question(workspace.pk, "opening", (COUNTER, PHONE), BUILT_IN)


def lost(question: Question) -> dict[str, tuple[int, int]]:
    found = {m.code: m.instances for m in ask(question).touchpoints}
    return {code: (i.lost, i.n) for code, i in found.items() if i}


def test_journeys_are_lost_where_they_end_short_of_the_goal(question, workspace) -> None:
    done = Place("done", ("done",), is_goal=True)
    rows = [
        passage("counter", "ann", 0), passage("phone", "ann", 1), passage("done", "ann", 2),
        passage("counter", "bob", 0), passage("phone", "bob", 1), passage("counter", "bob", 2),
        passage("counter", "cid", 0), passage("phone", "cid", 1),
        passage("done", "dot", 0), passage("phone", "dot", 1),
    ]  # fmt: skip
    put("interactions", workspace, rows)
    assert lost(question) == {}  # no touchpoint means success: nothing can be lost
    asked = replace(question, places=(COUNTER, PHONE, done))
    assert lost(asked) == {"counter": (1, 3), "phone": (1, 4), "done": (0, 2)}
    beyond = replace(done, on_map=False)
    assert lost(replace(asked, places=(COUNTER, PHONE, beyond))) == {
        "counter": (1, 3),
        "phone": (1, 4),
    }


def test_a_case_is_an_instance_of_its_own(question, workspace) -> None:
    done = Place("done", ("done",), is_goal=True, on_map=False)
    rows = [
        passage("counter", "ann", 0, case_id="first"),
        passage("done", "ann", 1, case_id="second"),
        passage("phone", "ann", 1, case_id="second"),
    ]
    put("interactions", workspace, rows)
    asked = replace(question, places=(COUNTER, PHONE, done))
    assert lost(asked) == {"counter": (1, 1), "phone": (0, 1)}


def test_a_goal_reached_outside_the_filters_is_reached(question, workspace) -> None:
    """In another channel, in no unit, after the period: it ended well all the same."""
    done = Place("done", ("done",), is_goal=True, on_map=False)
    rows = [
        passage("counter", "ann", 0, unit="b05"), passage("done", "ann", 9, unit=None),
        passage("counter", "bob", 0, unit="b05"), passage("phone", "bob", 9, unit=None),
        passage("counter", "cid", 0, unit="b05"),
        passage("counter", "dot", 0, unit="b06"),
    ]  # fmt: skip
    put("interactions", workspace, rows)
    asked = replace(question, places=(COUNTER, PHONE, done), scope=Scope(units=("b05",)))
    assert lost(asked) == {"counter": (1, 3)}


def test_another_journey_s_passages_end_nothing_here(question, workspace) -> None:
    done = Place("done", ("done",), is_goal=True, on_map=False)
    rows = [
        {**passage("counter", "ann", 0), "journey": question.journey},
        {**passage("counter", "bob", 0), "journey": "another"},
    ]
    put("interactions", workspace, rows)
    assert lost(replace(question, places=(COUNTER, PHONE, done))) == {"counter": (1, 1)}


def test_at_the_same_moment_the_step_further_along_is_the_last(question, workspace) -> None:
    done = Place("done", ("done",), is_goal=True, on_map=False)
    put("interactions", workspace, [passage("phone", "ann"), passage("counter", "ann")])
    asked = replace(question, places=(COUNTER, PHONE, done))
    assert lost(asked) == {"counter": (0, 1), "phone": (1, 1)}


def test_how_an_instance_ended_is_judged_beyond_the_scope(question, workspace) -> None:
    done = Place("done", ("done",), is_goal=True, on_map=False)
    rows = [
        passage("counter", "ann", 0, channel="branch"), passage("done", "ann", 9, channel="app"),
        passage("counter", "bob", 0, channel="branch"), passage("phone", "bob", 9, channel="phone"),
        passage("counter", "cid", 0, channel="branch"),
        passage("phone", "cid", 9, channel="phone", journey="closing"),
        passage("counter", "dot", 0, channel="phone"),
    ]  # fmt: skip
    put("interactions", workspace, rows)
    asked = replace(question, places=(COUNTER, PHONE, done))
    assert lost(asked) == {"counter": (2, 4), "phone": (1, 1)}  # cid's call was another journey's
    assert lost(replace(asked, scope=Scope(channels=("branch",)))) == {"counter": (1, 3)}
    first_day = Scope(until=date(2025, 3, 4))
    assert lost(replace(asked, scope=first_day)) == {"counter": (2, 4)}
