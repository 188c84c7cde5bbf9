from itertools import permutations

import numpy as np
import pytest
import statsmodels.api as sm

from analytics.drivers import (
    NotShown,
    key_drivers,
    lmg,
    pairwise_correlation,
    quadrants,
    relative_weights,
)
from tests.analytics.tables import ATTITUDE, MTCARS, SWISS


def correlations(table):
    full = np.corrcoef(table, rowvar=False)
    return full[1:, 1:], full[1:, 0]


def r_squared(table, columns=None):
    predictors = table[:, 1:] if columns is None else table[:, list(columns)]
    return sm.OLS(table[:, 0], sm.add_constant(predictors)).fit().rsquared


def test_lmg_of_swiss_as_printed():
    # Grömping 2006, J. Stat. Software 17(1): calc.relimp(Fertility ~ ., swiss, type = "lmg")
    parts = lmg(*correlations(SWISS))
    assert parts == pytest.approx([0.0570912, 0.1711730, 0.2601347, 0.1055702, 0.1127659], abs=1e-6)
    assert parts.sum() == pytest.approx(0.706735, abs=1e-6)


def test_relative_weights_of_mtcars_as_published():
    # per cent of R² = 0.7791896, mpg ~ cyl + disp + hp + gear
    parts = relative_weights(*correlations(MTCARS))
    assert parts.sum() == pytest.approx(0.7791896, abs=1e-6)
    percent = 100 * parts / parts.sum()
    assert percent == pytest.approx([29.32274, 28.50999, 29.79691, 12.37037], abs=1e-4)


@pytest.mark.parametrize("table", [SWISS, MTCARS, ATTITUDE], ids=["swiss", "mtcars", "attitude"])
def test_both_methods_add_up_to_the_regressions_r_squared(table):
    expected = r_squared(table)
    assert lmg(*correlations(table)).sum() == pytest.approx(expected)
    assert relative_weights(*correlations(table)).sum() == pytest.approx(expected)


def test_lmg_of_attitude_is_the_mean_over_all_orders():
    known = {(): 0.0}
    totals = np.zeros(6)
    orders = list(permutations(range(1, 7)))
    for order in orders:
        for k, j in enumerate(order):
            before, after = tuple(sorted(order[:k])), tuple(sorted(order[: k + 1]))
            for subset in (before, after):
                if subset not in known:
                    known[subset] = r_squared(ATTITUDE, subset)
            totals[j - 1] += known[after] - known[before]
    assert lmg(*correlations(ATTITUDE)) == pytest.approx(totals / len(orders))


def test_lmg_of_attitude_as_printed():
    # R's dominanceanalysis, README: average contributions (general dominance, which is LMG) of
    # dominanceAnalysis(lm(rating ~ ., attitude))
    printed = [0.371, 0.051, 0.156, 0.120, 0.007, 0.028]
    assert lmg(*correlations(ATTITUDE)) == pytest.approx(printed, abs=5e-4)


def test_relative_weights_are_near_lmg():
    # Johnson & LeBreton 2004: the two nearly always agree; for attitude within 0.01 of R²
    assert relative_weights(*correlations(ATTITUDE)) == pytest.approx(
        lmg(*correlations(ATTITUDE)), abs=0.01
    )


def test_twelve_predictors_are_exact_and_thirteen_refused():
    rng = np.random.default_rng(0)
    table = rng.normal(size=(300, 14)) @ rng.normal(size=(14, 14))
    correlation = np.corrcoef(table[:, :13], rowvar=False)
    parts = lmg(correlation[1:, 1:], correlation[1:, 0])
    assert parts.sum() == pytest.approx(r_squared(table[:, :13]))
    with pytest.raises(NotShown) as told:
        lmg(np.eye(13), np.zeros(13))
    assert told.value.reason == "predictors"


def survey(n=400, seed=3):
    rng = np.random.default_rng(seed)
    answers = rng.normal(size=(n, 3))
    answers[:, 1] += 0.5 * answers[:, 0]
    outcome = answers @ [1.0, 0.6, 0.0] + rng.normal(size=n)
    return answers, outcome


def test_correlations_with_weights_are_those_of_repeated_rows():
    answers, outcome = survey(80)
    times = np.random.default_rng(1).integers(1, 5, 80)
    table = np.column_stack([answers, outcome])
    repeated = np.corrcoef(np.repeat(table, times, axis=0), rowvar=False)
    assert pairwise_correlation(table, times) == pytest.approx(repeated)


def test_missing_answers_are_left_out_pair_by_pair():
    answers, outcome = survey(200)
    answers[::3, 0] = np.nan
    answers[::5, 1] = np.nan
    got = pairwise_correlation(np.column_stack([answers, outcome]))
    both = ~np.isnan(answers[:, 0]) & ~np.isnan(answers[:, 1])
    assert got[0, 1] == pytest.approx(np.corrcoef(answers[both, 0], answers[both, 1])[0, 1])
    one = ~np.isnan(answers[:, 0])
    assert got[0, 3] == pytest.approx(np.corrcoef(answers[one, 0], outcome[one])[0, 1])
    assert got[2, 3] == pytest.approx(np.corrcoef(answers[:, 2], outcome)[0, 1])


@pytest.mark.parametrize("method", ["weights", "lmg"])
def test_drivers_of_a_survey(method):
    answers, outcome = survey()
    found = key_drivers(answers, outcome, method=method, resamples=300)
    table = np.column_stack([outcome, answers])
    assert found.n == 400
    assert found.r_squared == pytest.approx(r_squared(table))
    assert (found.importance_low < found.importance).all()
    assert (found.importance < found.importance_high).all()
    assert found.importance[0] > found.importance[1] > found.importance[2]
    assert found.performance == pytest.approx(answers.mean(axis=0))
    again = key_drivers(answers, outcome, method=method, resamples=300)
    assert np.array_equal(found.importance_low, again.importance_low)


def test_bootstrap_interval_is_as_wide_as_the_importances_really_spread():
    # 200 surveys of the same world: the 95% intervals of one are about ±2 standard deviations
    importances = [key_drivers(*survey(seed=s), resamples=1).importance for s in range(200)]
    spread = np.std(importances, axis=0)
    found = key_drivers(*survey(), resamples=500)
    width = (found.importance_high - found.importance_low)[:2]
    assert width / (2 * 1.96 * spread[:2]) == pytest.approx([1, 1], abs=0.25)


def test_customers_without_link_and_missing_answers_do_not_stop_it():
    answers, outcome = survey(500)
    outcome[:50] = np.nan
    answers[50:80] = np.nan
    answers[80:280, 2] = np.nan
    found = key_drivers(answers, outcome, resamples=100)
    assert found.n == 420
    assert np.isfinite(found.importance_low).all()
    assert found.importance.sum() == pytest.approx(found.r_squared)


def test_contradicting_pairs_are_reconciled():
    # each pair of questions is answered by other customers, and no world fits all three
    rng = np.random.default_rng(2)
    z = rng.normal(size=300)
    answers, outcome = np.full((300, 2), np.nan), np.full(300, np.nan)
    answers[:100, 0] = answers[:100, 1] = z[:100]
    answers[100:200, 0], outcome[100:200] = z[100:200], z[100:200]
    answers[200:, 1], outcome[200:] = z[200:], -z[200:]
    answers += rng.normal(size=answers.shape) * 0.1
    outcome[:100] = np.nan
    with pytest.raises(NotShown) as told:  # no customer has both questions and the outcome
        key_drivers(answers, outcome, resamples=10)
    assert told.value.reason == "together"
    outcome[:40] = rng.normal(size=40)
    found = key_drivers(answers, outcome, resamples=10)
    assert 0 <= found.r_squared <= 1


def refused(answers, outcome, **options):
    with pytest.raises(NotShown) as told:
        key_drivers(answers, outcome, resamples=5, **options)
    return told.value.reason


def test_what_would_mislead_is_not_shown():
    answers, outcome = survey(400)
    assert refused(answers[:99], outcome[:99]) == "customers"
    key_drivers(answers[:100], outcome[:100], resamples=5)
    many = np.random.default_rng(0).normal(size=(119, 12))
    assert refused(many, many.sum(axis=1)) == "customers"
    assert refused(np.column_stack([answers, answers[:, 0]]), outcome) == "collinear"
    assert refused(np.column_stack([answers, np.full(400, 4.0)]), outcome) == "constant"
    assert refused(answers, np.full(400, 9.0)) == "constant"
    rare = answers.copy()
    rare[29:, 2] = np.nan
    assert refused(rare, outcome) == "together"
    assert refused(np.empty((400, 0)), outcome) == "predictors"


def test_an_outcome_that_hangs_on_one_customer_is_not_shown():
    answers, _ = survey(200)
    assert refused(answers, np.eye(1, 200)[0]) == "constant"


def test_customers_of_weight_0_count_as_absent():
    answers, outcome = survey(400)
    assert refused(answers, outcome, weights=np.zeros(400)) == "customers"
    some = np.repeat([1.0, 0.0], [250, 150])
    whole = key_drivers(answers, outcome, weights=some, resamples=50)
    part = key_drivers(answers[:250], outcome[:250], resamples=50)
    assert whole.n == 250
    assert np.array_equal(whole.importance, part.importance)
    assert np.array_equal(whole.importance_low, part.importance_low)


def test_nearly_collinear_answers_share_what_they_explain():
    answers, outcome = survey(400)
    twin = answers[:, 0] + 1e-3 * np.random.default_rng(1).normal(size=400)
    for method in ("weights", "lmg"):
        found = key_drivers(np.column_stack([answers, twin]), outcome, method=method, resamples=20)
        assert found.importance[0] == pytest.approx(found.importance[3], rel=0.05)
        assert found.importance.sum() == pytest.approx(found.r_squared)


def test_quadrants_split_at_the_means():
    assert quadrants([0.5, 0.1], [3.0, 4.0]) == ["concentrate", "overkill"]
