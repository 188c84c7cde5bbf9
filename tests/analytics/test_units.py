import numpy as np
import pytest
from scipy import stats

from analytics.units import funnel, limits_at, over_dispersion


def test_exact_limits_by_the_printed_rule():
    # Spiegelhalter 2005, A.1.1: r the smallest count with F(r) >= p, then (r − α)/n with
    # α = (F(r) − p)/(F(r) − F(r−1)). For n = 100 and a target of 10%: F(15) = 0.96011,
    # F(16) = 0.97940, so 16 − (0.97940 − 0.975)/0.01929 = 15.772
    assert limits_at([100], 0.1).high_95[0] == pytest.approx(0.15772, abs=1e-5)
    n = 250
    for tail, limit in zip((0.001, 0.025, 0.975, 0.999), limits_at([n], 0.3), strict=True):
        r = next(k for k in range(n + 1) if stats.binom.cdf(k, n, 0.3) >= tail)
        below, above = stats.binom.cdf([r - 1, r], n, 0.3)
        assert limit[0] == pytest.approx((r - (above - tail) / (above - below)) / n)


@pytest.mark.parametrize("target", [0.0003, 0.02, 0.5, 0.97])
def test_exact_limits_are_those_of_the_binomial_distribution(target):
    n = np.arange(1, 400)
    limits = limits_at(n, target)
    for tail, limit in zip((0.001, 0.025, 0.975, 0.999), limits, strict=True):
        r = stats.binom.ppf(tail, n, target)
        below, above = stats.binom.cdf(r - 1, n, target), stats.binom.cdf(r, n, target)
        expected = (r - (above - tail) / (above - below)) / n
        assert limit == pytest.approx(np.clip(expected, 0, 1), abs=1e-9)


def test_limits_of_large_units_are_normal():
    limits = limits_at([200_000], 0.2)
    half = 1.959964 * np.sqrt(0.2 * 0.8 / 200_000)
    assert limits.high_95[0] - 0.2 == pytest.approx(half, rel=0.01)
    assert 0.2 - limits.low_95[0] == pytest.approx(half, rel=0.01)


def test_limits_are_nested_narrow_with_n_and_stay_shares():
    limits = limits_at(np.array([1, 5, 20, 100, 1000]), 0.15, phi=3.0)
    low_998, low_95, high_95, high_998 = limits
    assert (low_998 <= low_95).all() and (high_95 <= high_998).all()
    assert (low_998 >= 0).all() and (high_998 <= 1).all()
    assert (np.diff(high_998) <= 0).all() and (np.diff(low_95) >= 0).all()


def test_phi_widens_limits_by_its_root():
    calm, wide = limits_at([500], 0.3), limits_at([500], 0.3, phi=4.0)
    assert wide.high_95[0] - 0.3 == pytest.approx(2 * (calm.high_95[0] - 0.3))


def test_winsorised_dispersion_by_hand():
    # n = 100, target 0.5, so z = (x − 50)/5 = −4, −3.2, −2.4, … 3.2, and 10 for the last; of 11
    # values the 10% and 90% quantiles are the second and the tenth, −3.2 and 3.2
    x = np.array([30, 34, 38, 42, 46, 50, 54, 58, 62, 66, 100])
    # 2·(3.2² + 3.2² + 2.4² + 1.6² + 0.8²) / 11
    assert over_dispersion(x, np.full(11, 100), 0.5) == pytest.approx(58.88 / 11)


def test_only_luck_is_seldom_flagged():
    rng = np.random.default_rng(6)
    n = rng.integers(50, 3000, 4000)
    found = funnel(rng.binomial(n, 0.12), n)
    assert found.phi == pytest.approx(1.0, abs=0.05)
    assert np.mean(np.abs(found.flags) >= 1) == pytest.approx(0.05, abs=0.012)
    assert np.mean(np.abs(found.flags) == 2) == pytest.approx(0.002, abs=0.0025)


def test_unrest_of_all_units_widens_the_funnel_and_one_bad_unit_stays_out():
    rng = np.random.default_rng(7)
    n = np.full(400, 1000)
    x = rng.binomial(n, rng.beta(60, 440, 400))  # spread of the rates about 1.5 points
    x[0] = 300
    found = funnel(x, n)
    # mean z² is 1 + (1000 − 1)/501 = 2.994; drawing in a tenth at either end of a normal
    # distribution leaves 0.679 of it: ∫z²φ between ±1.2816 is 0.350, and 0.2·1.2816² = 0.328
    assert found.phi == pytest.approx(2.994 * 0.679, rel=0.1)
    assert found.flags[0] == 2
    # limits at 1.96·√0.679 = 1.615 and 2.55 standard deviations: 10.6% and 1.1% fall outside
    assert np.mean(found.flags[1:] != 0) == pytest.approx(0.106, abs=0.04)
    assert np.mean(np.abs(found.flags[1:]) == 2) == pytest.approx(0.011, abs=0.011)


def test_directions_and_units_without_evidence():
    found = funnel([100, 300, 0, 200], [1000, 1000, 0, 1000])
    assert found.flags.tolist() == [-2, 2, 0, 0]
    assert np.isnan(found.rates[2]) and np.isnan(found.z[2])
    assert found.z[1] == pytest.approx(0.1 / np.sqrt(0.2 * 0.8 / 1000))


def test_small_units_are_not_flagged_for_what_luck_does_often():
    # one customer, hurt, where half of all are: above the interpolated limit of 0.95, by a chance
    # of one half; two of two where 8% are hurt: 0.6%, so beyond 97.5% but not beyond 99.9%
    assert funnel([0, 1], [1, 1]).flags.tolist() == [0, 0]
    assert funnel([2, 79], [2, 998]).flags.tolist() == [1, 0]
    rng = np.random.default_rng(12)
    n = rng.integers(1, 40, 20_000)
    found = funnel(rng.binomial(n, 0.05), n)
    expected = stats.binom.sf(stats.binom.ppf(0.975, n, 0.05), n, 0.05).mean()
    assert found.phi == pytest.approx(1.0, abs=0.02)
    assert np.mean(found.flags > 0) == pytest.approx(expected, abs=0.003)
    assert expected < 0.025


def test_nobody_and_everybody_hurt():
    assert funnel([0, 0], [50, 60]).flags.tolist() == [0, 0]
    assert funnel([50, 60], [50, 60]).flags.tolist() == [0, 0]
    with pytest.raises(ValueError, match="evidence"):
        funnel([0], [0])
