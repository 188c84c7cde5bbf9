from itertools import combinations, pairwise

import numpy as np
import pytest

from analytics import rates
from analytics.series import change_points, weekly_severity


def test_weekly_severity_uses_the_posterior_of_each_week():
    x, n = {"felt": [4, 30, 0, 9]}, {"felt": [50, 60, 0, 80]}
    series = weekly_severity(x, n)
    prior = rates.fit_beta_prior(x["felt"], n["felt"])
    expected = rates.posterior_mean(prior, np.array([4.0, 30, 0, 9]), np.array([50.0, 60, 0, 80]))
    seen = [0, 1, 3]
    assert series.severity[seen] == pytest.approx(expected[seen])
    assert np.isnan([series.severity[2], series.low[2], series.high[2]]).all()
    assert (series.low[seen] < series.severity[seen]).all()
    assert (series.severity[seen] < series.high[seen]).all()
    again = weekly_severity(x, n)
    assert np.array_equal(series.low, again.low, equal_nan=True)


def test_a_week_in_which_a_family_is_silent_is_not_better_for_it():
    x, n = (
        {"felt": [10] * 9 + [0], "lost": [30] * 10},
        {"felt": [100] * 9 + [0], "lost": [100] * 10},
    )
    series = weekly_severity(x, n)
    assert series.severity[9] == pytest.approx(series.severity[0], abs=0.005)
    assert series.high[9] - series.low[9] >= series.high[0] - series.low[0] - 0.005
    # of a family with too few weeks nothing can be said beyond them
    x, n = (
        {"felt": [10] * 10, "lost": [30] + [0] * 9},
        {"felt": [100] * 10, "lost": [100] + [0] * 9},
    )
    series = weekly_severity(x, n)
    assert series.severity[9] == pytest.approx(0.1, abs=0.02)


def test_weekly_intervals_cover():
    rng = np.random.default_rng(3)
    truth = rng.beta(6, 40, 400)
    n = rng.integers(20, 200, 400)
    series = weekly_severity({"felt": rng.binomial(n, truth)}, {"felt": n})
    inside = (series.low <= truth) & (truth <= series.high)
    assert inside.mean() == pytest.approx(0.9, abs=0.05)


def test_intervals_of_a_few_weeks_carry_what_is_not_known_of_their_prior():
    # with the fitted prior taken for certain, 59% of these intervals held the truth
    rng = np.random.default_rng(1)
    inside = []
    for _ in range(80):
        truth = rng.beta(8, 32, 4)
        x, n = rng.binomial(60, truth), np.full(4, 60)
        series = weekly_severity({"felt": x}, {"felt": n})
        inside += ((series.low <= truth) & (truth <= series.high)).tolist()
    assert np.mean(inside) == pytest.approx(0.9, abs=0.04)


def brute_force(x, n, penalty, dispersion, shortest):
    """Starts of the cheapest of all divisions into levels."""

    def deviance(begin, end):
        rate = x[begin:end].sum() / n[begin:end].sum()
        likely = x[begin:end] * np.log(rate) + (n - x)[begin:end] * np.log(1 - rate)
        return -2 * likely.sum() / dispersion

    weeks, costs = len(x), {}
    for k in range(4):
        for starts in combinations(range(1, weeks), k):
            bounds = (0, *starts, weeks)
            spans = list(pairwise(bounds))
            if min(b - a for a, b in spans) >= shortest:
                costs[starts] = k * penalty + sum(deviance(a, b) for a, b in spans)
    return min(costs, key=costs.get)


@pytest.mark.parametrize("seed", range(6))
def test_division_is_the_cheapest_of_all(seed):
    rng = np.random.default_rng(seed)
    n = rng.integers(80, 120, 18)
    level = np.repeat(rng.choice([0.05, 0.1, 0.3], 3), 6)
    x = rng.binomial(n, level) + 1
    found = change_points({"felt": x}, {"felt": n})
    expected = brute_force(x, n, 4 * np.log(18), found.dispersion, 3)
    assert found.starts == expected


def test_two_planted_changes_are_found():
    rng = np.random.default_rng(1)
    level = np.repeat([0.05, 0.15, 0.08], [20, 15, 25])
    n = np.full(60, 300)
    found = change_points({"felt": rng.binomial(n, level)}, {"felt": n})
    assert len(found.starts) == 2
    assert found.starts == pytest.approx((20, 35), abs=2)
    assert found.severity == pytest.approx((0.05, 0.15, 0.08), abs=0.02)


def test_families_change_together():
    rng = np.random.default_rng(2)
    n = {"felt": np.full(40, 100), "waited": np.full(40, 200)}
    level = {"felt": np.repeat([0.1, 0.2], 20), "waited": np.repeat([0.2, 0.35], 20)}
    x = {family: rng.binomial(n[family], level[family]) for family in n}
    found = change_points(x, n)
    assert found.starts == pytest.approx((20,), abs=1)
    assert found.severity[0] == pytest.approx(1 - 0.9 * (1 - 0.6 * 0.2), abs=0.03)


def test_steady_and_restless_series_have_no_changes():
    rng = np.random.default_rng(5)
    steady = restless = 0
    for _ in range(200):
        n = rng.integers(50, 400, 60)
        steady += bool(change_points({"felt": rng.binomial(n, 0.1)}, {"felt": n}).starts)
        unrest = rng.beta(0.1 * 100, 0.9 * 100, 60)  # weeks scatter by 3 points around 10%
        restless += bool(change_points({"felt": rng.binomial(n, unrest)}, {"felt": n}).starts)
    assert steady <= 10
    assert restless <= 20


def test_short_empty_and_uneven_series():
    assert change_points({"felt": [5, 50]}, {"felt": [100, 100]}).starts == ()
    found = change_points({"felt": [0] * 8}, {"felt": [0] * 8})
    assert found.starts == () and np.isnan(found.severity[0])
    gaps = change_points({"felt": [5, 0] * 10 + [40, 0] * 10}, {"felt": [100, 0] * 20})
    assert gaps.starts == pytest.approx((20,), abs=1)
    with pytest.raises(ValueError, match="one length"):
        change_points({"felt": [1], "lost": [1, 2]}, {"felt": [2], "lost": [3, 4]})
