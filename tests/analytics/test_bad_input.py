"""Evidence as it should not be: a defined answer or a reason, never a nan nor a warning.

Warnings are errors in all tests (pyproject.toml), so that a division by zero in NumPy fails here.
"""

import json
from dataclasses import asdict
from math import inf, isfinite

import numpy as np
import pytest

from analytics import rates, series, units, waits
from analytics.change import compare
from analytics.queues import Queue, agents_needed, erlang_c, outlook
from analytics.ranking import TouchpointCounts, score
from analytics.severity import DEFAULT_WEIGHTS, FAMILIES
from analytics.simpson import reversals

NO_WEIGHTS = dict.fromkeys(FAMILIES, 0.0)
TOO_LITTLE = ("rank", "rank_low", "rank_high", "p_top3", "band")

SCOPES = {
    "no touchpoint": [],
    "no evidence anywhere": [{}, {}],
    "one touchpoint without evidence": [{}, {"felt": (3, 40)}, {"waited": (0, 0)}],
    "one customer": [{"felt": (1, 1), "repeated": (0, 1)}],
    "n = 1 everywhere": [{"felt": (x, 1)} for x in (0, 1, 0, 1)],
    "all ties": [{"felt": (10, 100), "waited": (5, 50)}] * 6,
    "nobody hurt": [{f: (0, 500) for f in FAMILIES}] * 4,
    "everybody hurt": [{f: (500, 500) for f in FAMILIES}] * 4,
    "nobody beside everybody": [{"felt": (0, 10**7)}, {"felt": (10**7, 10**7)}] * 3,
    "a single touchpoint": [{"waited": (7, 40)}],
    "fractions of an answer": [{"felt": (1e-6, 1e-3)}, {"felt": (0.4, 0.5)}, {"felt": (31, 31.5)}],
}


def scope(name, reach=0.5):
    return [
        TouchpointCounts(f"t{i}", families, reach, "volume")
        for i, families in enumerate(SCOPES[name])
    ]


@pytest.mark.parametrize("weights", [DEFAULT_WEIGHTS, NO_WEIGHTS], ids=["weighted", "all zero"])
@pytest.mark.parametrize("reach", [0.0, 0.5])
@pytest.mark.parametrize("name", SCOPES)
def test_scores_are_numbers_or_none(name, reach, weights):
    scores = score(scope(name, reach), weights=weights, draws=400)
    json.dumps([asdict(t) for t in scores.touchpoints], allow_nan=False)
    assert len(scores.touchpoints) == len(SCOPES[name])
    for found in scores.touchpoints:
        little = all(family.n < 30 for family in found.families.values())
        assert [getattr(found, field) is None for field in TOO_LITTLE] == [little] * 5
        if not found.families:
            assert found.severity is None and found.burden is None
            continue
        assert 0 <= found.severity_low <= found.severity_high <= 1
        assert found.burden == pytest.approx(1000 * reach * found.severity)
        if weights is NO_WEIGHTS:  # nothing hurts, and nothing explains it
            assert found.severity == found.severity_high == 0
            assert {f.share for f in found.families.values()} == {0.0}


@pytest.mark.parametrize("weights", [DEFAULT_WEIGHTS, NO_WEIGHTS], ids=["weighted", "all zero"])
@pytest.mark.parametrize("name", SCOPES)
def test_changes_are_numbers(name, weights):
    changes = compare(scope(name), scope(name), weights=weights, draws=400)
    json.dumps([asdict(c) for c in changes], allow_nan=False)
    assert not any(c.alert for c in changes)


def test_ties_share_their_places():
    found = score(scope("all ties")).touchpoints
    assert {(t.rank_low, t.rank_high, t.band) for t in found} == {(1, 6, 1)}
    assert len({(t.severity, t.burden) for t in found}) == 1


@pytest.mark.parametrize(
    ("x", "n"),
    [
        ({"felt": [3]}, {"felt": [10]}),
        ({"felt": [0, 0, 0]}, {"felt": [0, 0, 0]}),
        ({"felt": [0, 3, 0, 0, 9]}, {"felt": [0, 10, 0, 0, 40]}),
        ({"felt": [0] * 9}, {"felt": [50] * 9}),
        ({"felt": [50] * 9, "waited": [0] * 9}, {"felt": [50] * 9, "waited": [0] * 9}),
        ({"felt": [1, 0] * 5}, {"felt": [1] * 10}),
    ],
    ids=["one week", "empty weeks only", "gaps", "nobody", "everybody, one family empty", "n = 1"],
)
@pytest.mark.parametrize("weights", [DEFAULT_WEIGHTS, NO_WEIGHTS], ids=["weighted", "all zero"])
def test_weeks_without_evidence_are_the_only_ones_without_a_severity(x, n, weights):
    seen = sum(np.array(column) for column in n.values()) > 0
    found = series.weekly_severity(x, n, weights=weights)
    for figure in found:
        assert np.array_equal(np.isfinite(figure), seen)
    assert np.all(found.low[seen] <= found.high[seen])
    levels = series.change_points(x, n, weights=weights)
    assert levels.starts == () and isfinite(levels.dispersion)
    assert isfinite(levels.severity[0]) == seen.any()


def test_no_weeks_at_all():
    assert len(series.weekly_severity({"felt": []}, {"felt": []}).severity) == 0
    assert series.change_points({"felt": []}, {"felt": []}).starts == ()


@pytest.mark.parametrize(
    ("x", "n", "flags"),
    [
        ([3], [40], [0]),
        ([0, 3], [0, 40], [0, 0]),
        ([0, 1], [1, 1], [0, 0]),
        ([0] * 12, [50] * 12, [0] * 12),
        ([50] * 12, [50] * 12, [0] * 12),
        ([5] * 12, [50] * 12, [0] * 12),
        ([0.2, 0.1], [0.3, 0.4], [0, 0]),
    ],
    ids=["a single unit", "a unit with n = 0", "n = 1", "nobody", "everybody", "ties", "fractions"],
)
def test_units_are_flagged_or_not(x, n, flags):
    found = units.funnel(x, n)
    assert found.flags.tolist() == flags
    some = np.array(n) > 0
    assert np.array_equal(np.isfinite(found.rates), some)
    assert np.array_equal(np.isfinite(found.z), some)
    assert all(np.isfinite(limit).all() for limit in found.limits)
    assert isfinite(found.phi)


def test_segments_without_evidence_turn_nothing_round():
    assert reversals([[0, 0], [0, 0]], [[0, 0], [0, 0]]) == []
    assert reversals([[40, 40], [0, 0]], [[40, 40], [40, 40]]) == []
    assert reversals(np.zeros((0, 2)), np.zeros((0, 2))) == []


@pytest.mark.parametrize("patience_s", [inf, 1e9, 300.0, 1e-3])
@pytest.mark.parametrize("agents", [1, 9, 10, 11, 60])
@pytest.mark.parametrize("promise_s", [0.0, 20.0, 1e6])
def test_a_queue_at_below_and_above_its_load(patience_s, agents, promise_s):
    # 10 erlangs, in floating point a hair less
    found = outlook(Queue(200 / 3600, 180 * (1 - 1e-15), patience_s), agents, promise_s)
    shares = found.delayed_share, found.late_share, found.in_time_share, found.abandoned_share
    assert all(-1e-9 <= share <= 1 + 1e-9 for share in (*shares, found.occupancy))
    assert found.mean_wait_s >= 0
    assert isfinite(found.mean_wait_s) or patience_s == inf


def test_a_queue_all_but_fully_loaded_is_answered_at_once():
    # summed term by term this would take hours
    found = outlook(Queue(1.0, 10 * (1 - 1e-13), inf), 10, 20.0)
    assert found.late_share == pytest.approx(1.0, abs=1e-6)
    assert found.mean_wait_s > 1e10
    # M/M/1 by hand: ρ = 0.9, mean wait ρ/(1 − ρ) services, late ρ·exp(−(1 − ρ)t/s)
    single = outlook(Queue(0.9, 1.0, inf), 1, 5.0)
    assert single.mean_wait_s == pytest.approx(9.0)
    assert single.late_share == pytest.approx(0.9 * np.exp(-0.5))


def test_fewer_agents_than_load_without_abandonment_never_suffice():
    assert erlang_c(10.0, 9) == erlang_c(10.0, 10) == 1.0
    assert agents_needed(Queue(1.0, 10.0, inf), 20.0, late_share=0.9) == 11
    with pytest.raises(ValueError, match="goal"):
        agents_needed(Queue(1.0, 60.0, 1e-3), 0.0, late_share=-1.0)


def test_curves_of_one_wait_of_ties_and_of_none():
    for time_s, event in (([], []), ([5.0], [True]), ([5.0], [False]), ([3.0] * 9, [True] * 9)):
        curve = waits.kaplan_meier(np.array(time_s), np.array(event, dtype=bool))
        assert all(np.isfinite(figure).all() for figure in curve)
    found = waits.hazard([0.0], [5], [5], [0, 60])
    assert all(len(figure) == 0 for figure in found)


def test_means_and_shares_of_one_answer():
    assert rates.wilson(0, 1)[0] == 0.0 and rates.wilson(1, 1)[1] == 1.0
    assert all(isfinite(value) for value in rates.nps(0, 0, 1))
    assert rates.mean_t(3.0, 0.0, 50) == (3.0, 3.0)
    assert rates.kish_n(0.0, 0.0) == 0.0
    assert rates.kish_n(1e-200, 1e-300) >= 0.0
