"""Answers about touchpoints beside the same customer's answer about the journey, by hand."""

from datetime import date, timedelta

import numpy as np
import pytest

from evidence import lake
from evidence.linked import linked, outcomes
from evidence.metrics import BUILT_IN, Scale
from evidence.question import Place, Question
from evidence.scope import Scope
from tests.lake_rows import NOON, answer, customer, put

PLACES = (Place("counter", ("counter", "desk-7")), Place("app", ("app",)),
          Place("beyond", ("beyond",), is_goal=True, on_map=False))  # fmt: skip


def asked(workspace, scope=None, **changes) -> Question:
    return Question(
        workspace_id=workspace.pk, journey="opening", places=PLACES,
        scales={**BUILT_IN, **changes}, scope=scope or Scope(),
    )  # fmt: skip


def told(question, metric="nps", **options):
    with lake.transaction() as cursor:
        return linked(cursor, question, metric, **options)


def says(who: str, place: str | None, metric: str, score, **more):
    return answer(place, metric, score, customer=customer(who),
                  journey=None if place else "opening", **more)  # fmt: skip


def row(found, question_metric: float) -> list[float]:
    """The answers of the one customer with this outcome."""
    (at,) = np.flatnonzero(np.isclose(found.outcome, question_metric))
    return found.answers[at].tolist()


def test_answers_stand_beside_the_same_customers_outcome(workspace) -> None:
    put("responses", workspace, [
        says("ann", None, "nps", 9), says("ann", "counter", "csat", 5),
        says("ann", "app", "ces", 4),
        says("bob", None, "nps", 3), says("bob", "desk-7", "csat", 2),
        says("cat", None, "nps", 6),  # nothing about touchpoints
        says("dan", "counter", "csat", 1),  # nothing about the journey
        says("eve", None, "nps", 7), says("eve", "beyond", "csat", 1),
        says("eve", "else", "csat", 1),
        answer(None, "nps", 8, journey="opening"), answer("counter", "csat", 4),  # unknown people
        says("fay", None, "nps", None), says("fay", "app", "csat", 3),  # a comment only
    ])  # fmt: skip
    found = told(asked(workspace))
    assert found.codes == ("counter", "app")
    assert found.customers == len(found.outcome) == 2
    assert row(found, 9) == pytest.approx([10, 5])  # CSAT 5 of 1–5; CES 4 of 1–7
    assert row(found, 3) == pytest.approx([2.5, np.nan], nan_ok=True)


def test_several_answers_of_a_customer_are_their_weighted_mean(workspace) -> None:
    put("responses", workspace, [
        says("ann", None, "nps", 10, weight=1), says("ann", None, "nps", 4, weight=2),
        says("ann", "counter", "csat", 5, weight=3), says("ann", "counter", "nps", 0, weight=1),
    ])  # fmt: skip
    found = told(asked(workspace))
    assert found.outcome.tolist() == pytest.approx([6])
    assert found.weights.tolist() == pytest.approx([1.5])
    assert found.answers[0, 0] == pytest.approx((3 * 10 + 1 * 0) / 4)


def test_weight_0_and_unknown_metrics_do_not_count(workspace) -> None:
    put("responses", workspace, [
        says("ann", None, "nps", 10, weight=0), says("ann", "counter", "csat", 5),
        says("bob", None, "nps", 8), says("bob", "counter", "smile", 5),
        says("bob", "app", "csat", 5, weight=0),
    ])  # fmt: skip
    assert told(asked(workspace)).customers == 0


def test_a_scale_on_which_much_is_bad_is_turned_round(workspace) -> None:
    effort = Scale("effort", low=0, high=4, pain_at_most=None, pain_at_least=3)  # type: ignore[arg-type]
    put("responses", workspace, [says("ann", None, "effort", 1), says("ann", "app", "effort", 4)])
    question = asked(workspace, effort=effort)
    found = told(question, "effort")
    assert found.outcome.tolist() == pytest.approx([7.5])
    assert found.answers[0, 1] == pytest.approx(0)


def test_a_score_beyond_its_scale_counts_as_its_end(workspace) -> None:
    put("responses", workspace, [says("ann", None, "nps", 500), says("ann", "app", "csat", -9000)])
    found = told(asked(workspace))
    assert (found.outcome.tolist(), found.answers[0, 1]) == ([10], 0)


def test_the_scope_holds_for_both_sides(workspace) -> None:
    put("responses", workspace, [
        says("ann", None, "nps", 9, channel="phone"), says("ann", "app", "csat", 5, channel="web"),
        says("bob", None, "nps", 5, channel="web"), says("bob", "app", "csat", 1, channel="web"),
        says("cat", None, "nps", 2, channel="web", occurred_at=NOON - timedelta(days=40)),
        says("cat", "app", "csat", 1, channel="web"),
    ])  # fmt: skip
    assert told(asked(workspace)).customers == 3
    since = Scope(since=date(2025, 3, 1), channels=("web",))
    found = told(asked(workspace, since))
    assert found.outcome.tolist() == [5]


def test_of_too_many_a_sample_is_taken_always_the_same(workspace) -> None:
    rows = [says(f"c{i}", None, "nps", i % 11) for i in range(60)]
    rows += [says(f"c{i}", "app", "csat", 1 + i % 5) for i in range(60)]
    put("responses", workspace, rows)
    some, again = (told(asked(workspace), most=20) for _ in range(2))
    assert some.customers == 60 and len(some.outcome) == 20
    assert np.array_equal(some.answers, again.answers, equal_nan=True)
    whole = told(asked(workspace))
    assert np.array_equal(whole.outcome[:20], some.outcome)


def test_outcomes_are_what_the_journey_was_asked_about(workspace) -> None:
    asked_of = [(None, "csat"), (None, "nps"), (None, "smile"), ("app", "ces")]
    put("responses", workspace, [says("ann", place, metric, 4) for place, metric in asked_of])
    with lake.transaction() as cursor:
        assert outcomes(cursor, asked(workspace)) == ["nps", "csat"]


def test_other_workspaces_stay_out(workspace, stranger) -> None:
    put("responses", workspace, [says("ann", None, "nps", 9), says("ann", "app", "csat", 5)])
    other = stranger.memberships.get().workspace
    assert told(asked(other)).customers == 0
