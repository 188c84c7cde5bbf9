import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter, PiecewiseExponentialFitter

from analytics.waits import hazard, kaplan_meier, kaplan_meier_counts, median_from

# Freireich et al. 1963, remission of 21 leukaemia patients under 6-MP, in weeks
WEEKS = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
RELAPSE = [True] * 9 + [False] * 12
# Printed by R's survfit(conf.type = "log-log") and in Kalbfleisch & Prentice
PRINTED = {
    6: (0.857, 0.620, 0.952),
    7: (0.807, 0.563, 0.923),
    10: (0.753, 0.503, 0.889),
    13: (0.690, 0.432, 0.849),
    16: (0.627, 0.368, 0.805),
    22: (0.538, 0.268, 0.747),
    23: (0.448, 0.188, 0.680),
}


def test_curve_as_printed_for_freireich():
    curve = kaplan_meier(WEEKS, RELAPSE)
    got = {
        int(t): (s, low, high) for t, s, low, high in zip(*curve, strict=True) if int(t) in PRINTED
    }
    for week, expected in PRINTED.items():
        assert got[week] == pytest.approx(expected, abs=5e-4)
    assert median_from(curve.times, curve.survival) == 23.0


@given(
    st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=80),
    st.sampled_from([0.9, 0.95]),
)
@settings(derandomize=True, deadline=None, max_examples=60)
def test_curve_as_in_lifelines(waits, confidence):
    time_s, event = map(np.array, zip(*waits, strict=True))
    fitted = KaplanMeierFitter(alpha=1 - confidence).fit(time_s, event)
    curve = kaplan_meier(time_s, event, confidence)
    expected = fitted.survival_function_at_times(curve.times).to_numpy()
    assert curve.survival == pytest.approx(expected, abs=1e-12)
    limits = fitted.confidence_interval_.loc[curve.times].to_numpy()
    inside = (curve.survival > 1e-12) & (curve.survival < 1)
    assert curve.low[inside] == pytest.approx(limits[inside, 0], abs=1e-9)
    assert curve.high[inside] == pytest.approx(limits[inside, 1], abs=1e-9)
    assert median_from(curve.times, curve.survival) == fitted.median_survival_time_


def test_counts_give_the_same_curve_as_single_waits():
    rng = np.random.default_rng(2)
    time_s, event = rng.integers(0, 300, 5000), rng.random(5000) < 0.3
    times = np.arange(300)
    events = np.bincount(time_s[event], minlength=300)
    censored = np.bincount(time_s[~event], minlength=300)
    single, summed = kaplan_meier(time_s, event), kaplan_meier_counts(times, events, censored)
    assert np.array_equal(single.times, times)
    for one, other in zip(single, summed, strict=True):
        assert np.array_equal(one, other)


def test_ends_where_the_variance_has_no_value():
    curve = kaplan_meier([1, 2, 3], [False, True, True])
    assert list(curve.survival) == [1.0, 0.5, 0.0]
    assert (curve.low[0], curve.high[0]) == (1.0, 1.0)
    assert (curve.low[2], curve.high[2]) == (0.0, curve.high[1])
    everybody = kaplan_meier([5, 5], [True, True])
    assert (everybody.survival[0], everybody.low[0], everybody.high[0]) == (0.0, 0.0, 1.0)


def test_median_of_a_curve_that_stays_high_is_infinite():
    curve = kaplan_meier([1, 2, 3, 4], [True, False, False, False])
    assert median_from(curve.times, curve.survival) == np.inf
    assert median_from([], []) == np.inf


@pytest.mark.parametrize(
    ("times", "events", "censored"),
    [
        ([1, 1], [1, 1], [0, 0]),
        ([2, 1], [1, 1], [0, 0]),
        ([-1, 1], [1, 1], [0, 0]),
        ([1, 2], [1, -1], [0, 0]),
        ([1, 2], [1], [0, 0]),
    ],
)
def test_impossible_input_is_refused(times, events, censored):
    with pytest.raises(ValueError, match="expected"):
        kaplan_meier_counts(times, events, censored)


@given(
    st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=5, max_size=80),
    st.lists(st.integers(1, 40), min_size=1, max_size=4, unique=True),
)
@settings(derandomize=True, deadline=None, max_examples=60)
def test_hazard_is_the_best_piecewise_constant_one(waits, breaks):
    # The log likelihood of constant hazards, d·ln(rate) − rate·exposure in each interval, written
    # from single waits, has its top where the slope d/rate − exposure is 0
    edges = np.array([0, *sorted(breaks), 41])
    time_s, event = map(np.array, zip(*waits, strict=True))
    times = np.unique(time_s)
    found = hazard(
        times,
        [np.sum(event & (time_s == t)) for t in times],
        [np.sum(~event & (time_s == t)) for t in times],
        edges,
    )
    spent = {(a, b): sum(min(t, b) - a for t in time_s if t > a) for a, b in pairwise(edges)}
    ended = {(a, b): sum(e for t, e in waits if a < t <= b) for a, b in pairwise(edges)}
    expected = {span: (ended[span], s, ended[span] / s) for span, s in spent.items() if s > 0}
    got = {(a, b): (d, s, rate) for a, b, _, d, s, rate, *_ in zip(*found, strict=True)}
    assert got.keys() == expected.keys()
    for span, values in expected.items():
        assert got[span] == pytest.approx(values)


def test_hazard_as_in_lifelines():
    rng = np.random.default_rng(5)
    patience_s, served_s = 200 * rng.weibull(0.7, 3000), rng.exponential(120, 3000)
    time_s, event = np.minimum(patience_s, served_s), patience_s <= served_s
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = PiecewiseExponentialFitter(breakpoints=[30, 120]).fit(time_s, event)
    order = np.argsort(time_s)
    found = hazard(time_s[order], event[order], ~event[order], [0, 30, 120, 1e6])
    assert 1 / found.rate == pytest.approx(fitted.params_.to_numpy(), rel=1e-3)
    assert found.rate[0] > found.rate[1] > found.rate[2]  # patience grows with the wait


def test_hazard_intervals_are_garwoods():
    # Garwood 1936, table: 95% limits of a Poisson mean for 0, 1, 5 and 10 events
    printed = {0: (0.0, 3.689), 1: (0.025, 5.572), 5: (1.623, 11.668), 10: (4.795, 18.390)}
    for count, (low, high) in printed.items():
        found = hazard([50, 100], [count, 0], [0, 1000 - count], [0, 100])
        exposure = found.exposure_s[0]
        assert exposure == 50 * count + 100 * (1000 - count)
        assert found.low[0] * exposure == pytest.approx(low, abs=1e-3)
        assert found.high[0] * exposure == pytest.approx(high, abs=1e-3)


def test_hazard_covers_and_leaves_out_what_nobody_waited_for():
    rng = np.random.default_rng(6)
    inside = 0
    for _ in range(400):
        time_s = np.sort(np.minimum(rng.exponential(100, 80), 150))
        found = hazard(*_counts(time_s, time_s < 150), [0, 50, 400])
        inside += found.low[1] <= 0.01 <= found.high[1]
    assert 0.93 <= inside / 400 <= 0.99
    assert hazard([0, 20], [3, 1], [0, 1], [0, 10, 20, 30, 40]).ends.tolist() == [10, 20]
    assert len(hazard([0], [3], [0], [0, 10]).rate) == len(hazard([], [], [], [0, 10]).rate) == 0
    with pytest.raises(ValueError, match="edges"):
        hazard([1], [1], [0], [10, 10])


def _counts(time_s, event):
    times, where = np.unique(time_s, return_inverse=True)
    return times, np.bincount(where, event), np.bincount(where, ~event)
