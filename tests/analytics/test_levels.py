import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analytics import rates
from analytics.levels import quantiles, service_levels

ENDINGS = {"served_in_time": 80, "served_late": 10, "abandoned_in_time": 4, "abandoned_late": 6}


def test_service_levels_by_hand():
    found = service_levels(**ENDINGS)
    assert {name: (level.x, level.n) for name, level in found.items()} == {
        "decided": (80, 96),
        "offered": (80, 100),
        "served": (80, 90),
        "kind": (84, 100),
    }
    for level in found.values():
        assert level.value == level.x / level.n
        assert (level.low, level.high) == rates.wilson(level.x, level.n)


def test_where_nobody_gave_up_all_names_mean_the_same():
    found = service_levels(**(ENDINGS | {"abandoned_in_time": 0, "abandoned_late": 0}))
    assert len(set(found.values())) == 1


def test_a_level_of_nothing_has_no_value():
    none = service_levels(served_in_time=0, served_late=0, abandoned_in_time=3, abandoned_late=0)
    assert none["served"] == none["decided"] == (0, 0, None, None, None)
    assert none["offered"][:3] == (0, 3, 0.0) and none["kind"].value == 1.0
    with pytest.raises(ValueError, match="counts"):
        service_levels(**(ENDINGS | {"served_late": -1}))


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=60),
    st.lists(st.floats(0.01, 0.99), min_size=1, max_size=4),
)
@settings(derandomize=True, deadline=None, max_examples=60)
def test_quantiles_are_numpys_which_are_rs_type_7(waits, shares):
    times, counts = np.unique(waits, return_counts=True)
    found = quantiles(times, counts, shares)
    assert [q.value for q in found] == pytest.approx(np.quantile(waits, shares).tolist())
    for q in found:
        assert (q.low is None) == (q.high is None)
        assert q.low is None or q.low <= q.value <= q.high


def test_interval_of_a_median_lies_between_the_printed_order_statistics():
    # Conover 1999, Practical Nonparametric Statistics, table A3 (binomial): for the median of
    # n = 100 the 95% interval lies between the 40th and the 61st, for n = 10 the 2nd and the 9th
    for n, low, high in ((100, 40, 61), (10, 2, 9)):
        [found] = quantiles(np.arange(1, n + 1), np.ones(n), [0.5])
        assert (found.low, found.high) == (low, high)
    assert quantiles([1, 2, 3], [1, 1, 1], [0.5])[0][2:] == (None, None)


@pytest.mark.parametrize(("n", "share"), [(40, 0.5), (300, 0.9), (5000, 0.95), (2_000_000, 0.9)])
def test_interval_is_the_narrowest_of_its_confidence(n, share):
    [found] = quantiles(np.arange(1, n + 1), np.ones(n), [share])
    binomial = stats.binom(n, share)
    assert binomial.cdf(found.low - 1) <= 0.025 < binomial.cdf(found.low)
    assert binomial.cdf(found.high - 1) >= 0.975 > binomial.cdf(found.high - 2)


def test_intervals_hold_the_true_quantile():
    rng = np.random.default_rng(8)
    truth, inside = -60 * np.log(0.1), 0
    for _ in range(400):
        times, counts = np.unique(rng.exponential(60, 200), return_counts=True)
        [found] = quantiles(times, counts, [0.9])
        inside += found.low <= truth <= found.high
    assert 0.93 <= inside / 400 <= 0.99  # at least 95%, because order statistics are whole


def test_one_wait_no_wait_and_ties():
    assert quantiles([7.0], [1], [0.5, 0.9])[1] == (0.9, 7.0, None, None)
    assert quantiles([7.0], [1000], [0.5]) == [(0.5, 7.0, 7.0, 7.0)]
    assert quantiles([], []) == quantiles([3], [0]) == []
    with pytest.raises(ValueError, match="shares"):
        quantiles([1], [1], [1.0])
