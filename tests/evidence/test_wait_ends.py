"""Intervals of waits' quantiles and mean: counted in the lake, held against the rows themselves."""

import numpy as np
import pytest
from scipy import stats

from analytics.levels import quantiles
from evidence import lake
from evidence.metrics import BUILT_IN
from evidence.question import Place, Question
from evidence.scope import Scope
from evidence.wait_ends import WaitEnds, count_wait_ends
from tests.lake_rows import put, wait


@pytest.fixture
def question(workspace) -> Question:
    places = (Place("counter", ("counter", "desk-1")), Place("phone", ("phone",)), Place("app", ()))
    return Question(workspace.pk, "opening", places, BUILT_IN)


def counted(question: Question) -> dict[str, WaitEnds]:
    with lake.cursor() as cursor:
        return count_wait_ends(cursor, question)


def test_they_are_the_order_statistics_of_the_rows(question, workspace) -> None:
    rng = np.random.default_rng(7)
    counter, phone = rng.exponential(90, 500).round(2), rng.exponential(20, 137).round(3)
    put("waits", workspace, [wait("counter" if i % 2 else "desk-1", s)
                             for i, s in enumerate(counter)])  # fmt: skip
    put("waits", workspace, [wait("phone", s, "abandoned" if s > 60 else "served")
                             for s in phone] + [wait("phone", 3, "abandoned")] * 9, 2)  # fmt: skip
    found = counted(question)
    assert set(found) == {"counter", "phone"}
    for code, waits in (("counter", counter), ("phone", phone)):
        times, counts = np.unique(waits, return_counts=True)
        for name, one in zip(("p50", "p90", "p95"), quantiles(times, counts), strict=True):
            end = found[code].ends[name]
            assert (end.low_s, end.high_s) == pytest.approx((one.low, one.high))
            assert np.sort(waits)[np.subtract(end.places, 1)] == pytest.approx(
                [end.low_s, end.high_s]
            )
        # SciPy's t interval of a mean
        expected = stats.t.interval(
            0.95, len(waits) - 1, loc=waits.mean(), scale=stats.sem(waits)
        )  # fmt: skip
        mean = found[code].ends["mean"]
        assert (mean.low_s, mean.high_s) == pytest.approx(expected, abs=1e-6)
        assert found[code].sd_s == pytest.approx(waits.std(ddof=1))
        assert WaitEnds.from_json(found[code].to_json()) == found[code]


def test_too_few_waits_have_no_interval(question, workspace) -> None:
    put("waits", workspace, [wait("counter", 7), *(wait("phone", s) for s in range(10))])
    found = counted(question)
    assert found["counter"].ends == {} and found["counter"].sd_s is None
    assert set(found["phone"].ends) == {"mean", "p50"}


def test_waits_all_alike_have_an_interval_of_no_width(question, workspace) -> None:
    put("waits", workspace, [wait("counter", 12.345)] * 400)
    for end in counted(question)["counter"].ends.values():
        assert (end.low_s, end.high_s) == pytest.approx((12.345, 12.345))


def test_only_what_lies_in_the_scope_counts(question, workspace) -> None:
    put("waits", workspace, [wait("counter", s, channel="web") for s in range(50)])
    put("waits", workspace, [wait("counter", 900, channel="branch")] * 50, 2)
    scoped = Question(
        question.workspace_id, "opening", question.places, BUILT_IN, scope=Scope(channels=("web",))
    )
    assert counted(scoped)["counter"].offered == 50
    assert counted(scoped)["counter"].ends["p50"].high_s < 50
    nothing = Question(question.workspace_id, "opening", (), BUILT_IN)
    assert counted(nothing) == {}
