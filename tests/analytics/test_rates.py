import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from analytics import rates
from analytics.rates import JEFFREYS, Prior

# Newcombe 1998, Statistics in Medicine 17, 857–872, Table I, method 3 (score, 95%)
NEWCOMBE = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
]


@pytest.mark.parametrize(("x", "n", "low", "high"), NEWCOMBE)
def test_wilson_as_printed_by_newcombe(x, n, low, high):
    assert rates.wilson(x, n) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10**6), st.floats(0, 1), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
@settings(derandomize=True)
def test_wilson_as_in_statsmodels(n, part, confidence):
    x = round(n * part)
    expected = proportion_confint(x, n, alpha=1 - confidence, method="wilson")
    low, high = rates.wilson(x, n, confidence)
    assert (low, high) == pytest.approx(expected, abs=1e-12)
    assert 0 <= low <= x / n <= high <= 1


@given(st.floats(0, 1e7), st.sampled_from([0.0, 0.2, 0.5, 1.0]) | st.floats(0, 1))
@settings(derandomize=True)
def test_wilson_of_one_share_is_that_of_many_to_the_last_bit(n, part):
    low, high = rates.wilson([n * part], [n])
    assert rates.wilson(n * part, n) == (low[0], high[0])


def test_wilson_takes_arrays_and_knows_nothing_from_nothing():
    low, high = rates.wilson([0, 5, 10], [0, 10, 10])
    assert (low[0], high[0]) == (0.0, 1.0)
    assert high[2] == 1.0
    assert low[1] == pytest.approx(1 - high[1])


@pytest.mark.parametrize(("x", "n"), [(-1, 5), (6, 5), (math.nan, 5), (1, math.inf)])
def test_impossible_counts_are_refused(x, n):
    with pytest.raises(ValueError, match="expected"):
        rates.wilson(x, n)


def test_nps_adjusted_wald_by_hand():
    # Rocks 2016 with 1,436 promoters, 342 detractors of 2,746 (the airport survey of 2017):
    # p = 1436.75/2749 = 0.5226446, d = 342.75/2749 = 0.1246817, p − d = 0.3979629
    # (p + d − (p − d)²)/2749 = (0.6473263 − 0.1583745)/2749 = 0.000177865, root 0.0133366
    # 39.79629 ± 1.959964 · 1.33366 = 37.1824 … 42.4102; the value itself (1436 − 342)/2746
    value, low, high = rates.nps(1436, 342, 2746)
    assert value == pytest.approx(39.83976, abs=1e-5)
    assert (low, high) == pytest.approx((37.1824, 42.4102), abs=2e-4)


def test_nps_of_ten_answers_by_hand():
    # p = 4.75/13, d = 2.75/13, p − d = 2/13 = 0.153846; variance (7.5/13 − 4/169)/13 = 0.0425580
    # root 0.206296; 15.3846 ± 1.644854 · 20.6296 = −18.5482 … 49.3174
    value, low, high = rates.nps(4, 2, 10, confidence=0.90)
    assert value == 20.0
    assert (low, high) == pytest.approx((-18.5482, 49.3174), abs=2e-3)


def test_nps_stays_on_its_scale_and_is_nan_without_answers():
    assert rates.nps(3, 0, 3)[2] == 100.0
    assert rates.nps(0, 3, 3)[1] == -100.0
    assert all(math.isnan(v) for v in rates.nps(0, 0, 0))
    with pytest.raises(ValueError, match="promoters"):
        rates.nps(3, 3, 5)


def test_kish_of_equal_weights_is_their_number():
    assert rates.kish_n(5 * 0.3, 5 * 0.09) == pytest.approx(5)
    assert rates.kish_n(0, 0) == 0
    assert list(rates.kish_n([2, 3], [2, 9])) == [2, 1]


def test_mean_t_as_in_statsmodels():
    wait_s = np.array([12.0, 40.0, 7.5, 66.0, 31.0])
    expected = DescrStatsW(wait_s).tconfint_mean(alpha=0.1)
    got = rates.mean_t(wait_s.mean(), wait_s.var(ddof=1), len(wait_s), confidence=0.9)
    assert got == pytest.approx(expected, rel=1e-12)
    assert all(math.isnan(v) for v in rates.mean_t(4.0, 0.0, 1))


def test_log_marginal_as_in_scipy():
    x, n = np.array([0, 3, 17]), np.array([4, 10, 30])
    coefficients = np.log([math.comb(int(m), int(k)) for k, m in zip(x, n, strict=True)]).sum()
    expected = stats.betabinom.logpmf(x, n, 1.7, 6.2).sum() - coefficients
    assert rates.log_marginal(Prior(1.7, 6.2), x, n) == pytest.approx(expected, rel=1e-12)


def brute_force(x, n):
    """Highest log likelihood on a grid of mean and size that is refined around its best point."""
    mean_low, mean_high, size_low, size_high = -25.0, 25.0, math.log(2), math.log(1000)
    best = -math.inf
    for _ in range(6):
        means, sizes = np.linspace(mean_low, mean_high, 81), np.linspace(size_low, size_high, 31)
        mean, size = np.meshgrid(means, sizes, indexing="ij")
        a = np.exp(size) / (1 + np.exp(-mean))
        b = np.exp(size) / (1 + np.exp(mean))
        value = sum(
            special.betaln(a + k, b + m - k) - special.betaln(a, b)
            for k, m in zip(x, n, strict=True)
        )
        i, j = np.unravel_index(np.argmax(value), value.shape)
        best = max(best, float(value[i, j]))
        mean_step, size_step = 2 * (means[1] - means[0]), 2 * (sizes[1] - sizes[0])
        mean_low, mean_high = max(means[i] - mean_step, -25), min(means[i] + mean_step, 25)
        size_low = max(sizes[j] - size_step, math.log(2))
        size_high = min(sizes[j] + size_step, math.log(1000))
    return best


PRIOR_CASES = {
    "ordinary": ([2, 8, 30, 11, 50], [100, 100, 100, 100, 100]),
    "equal rates, size at its upper bound": ([10, 20, 40, 5], [100, 200, 400, 50]),
    "two camps, size at its lower bound": ([0, 0, 100, 100, 0], [100, 100, 100, 100, 100]),
    "one rare event": ([0, 0, 0, 0, 1], [5000, 200, 90, 4, 100000]),
    "all but one": ([99, 40, 1000, 7], [100, 40, 1000, 7]),
    "unequal volumes": ([1, 300, 90000, 4], [3, 9000, 1_000_000, 12]),
    "fractions": ([0.25, 3.7, 0.01, 12.5], [3.5, 11.1, 0.6, 90.3]),
    "single experiences": ([0, 1, 0, 0, 1, 0], [1, 1, 1, 1, 1, 1]),
}


@pytest.mark.parametrize("case", PRIOR_CASES)
def test_prior_is_as_likely_as_brute_force(case):
    x, n = PRIOR_CASES[case]
    prior = rates.fit_beta_prior(x, n)
    assert rates.log_marginal(prior, x, n) >= brute_force(x, n) - 1e-4
    assert 2 - 1e-9 <= prior.a + prior.b <= 1000 + 1e-6


def test_prior_is_on_the_higher_of_two_hills():
    # a small hill with a spread of 24 and a higher one, a sharp ridge at the bound of 1,000
    x, n = [5.0, 10.0, 3992.0], [5.22252492, 12.9886972, 7136.73464]
    other = rates.log_marginal(Prior(560.0, 440.0), x, n)
    prior = rates.fit_beta_prior(x, n)
    assert rates.log_marginal(prior, x, n) >= other
    assert prior.a + prior.b == pytest.approx(1000)


def counted_lists(min_size=3, max_n=5000):
    pair = st.tuples(st.floats(0.5, max_n), st.floats(0, 1)).map(lambda t: (t[0] * t[1], t[0]))
    return st.lists(pair, min_size=min_size, max_size=12)


@given(counted_lists())
@settings(derandomize=True, max_examples=40, deadline=None)
def test_prior_is_as_likely_as_brute_force_anywhere(pairs):
    x, n = map(np.array, zip(*pairs, strict=True))
    prior = rates.fit_beta_prior(x, n)
    if prior != JEFFREYS:
        assert rates.log_marginal(prior, x, n) >= brute_force(x, n) - 1e-4


@given(counted_lists(), st.randoms(use_true_random=False))
@settings(derandomize=True, max_examples=40, deadline=None)
def test_prior_does_not_depend_on_order(pairs, random):
    mixed = random.sample(pairs, len(pairs))
    fit = [rates.fit_beta_prior(*map(np.array, zip(*p, strict=True))) for p in (pairs, mixed)]
    assert fit[0] == fit[1]


@pytest.mark.parametrize(
    ("x", "n"),
    [
        ([], []),
        ([3, 4], [10, 10]),
        ([3, 4, 0, 0], [10, 10, 0, 0]),
        ([0, 0, 0, 0], [10, 20, 500, 3]),
        ([10, 20, 500], [10, 20, 500]),
    ],
)
def test_jeffreys_where_no_prior_can_be_learnt(x, n):
    assert rates.fit_beta_prior(x, n) == JEFFREYS


def test_prior_recovers_what_the_rates_were_drawn_from():
    rng = np.random.default_rng(5)
    n = np.full(2000, 400)
    x = rng.binomial(n, rng.beta(3.0, 12.0, 2000))
    prior = rates.fit_beta_prior(x, n)
    assert (prior.a, prior.b) == pytest.approx((3.0, 12.0), rel=0.08)


def test_posterior_shrinks_towards_the_prior():
    prior = Prior(2.0, 8.0)
    assert rates.posterior(prior, 5, 10) == (7.0, 13.0)
    assert rates.posterior_mean(prior, 5, 10) == pytest.approx(0.35)
    means = rates.posterior_mean(prior, np.array([0.0, 500.0]), np.array([0.0, 1000.0]))
    assert means == pytest.approx([0.2, 502 / 1010])
