import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter

from analytics.waits import kaplan_meier, kaplan_meier_counts, median_from

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
