"""The benchmark's own arithmetic, and a small run of it that guards what it measures."""

import numpy as np
import pytest

from analytics import severity
from analytics.alerts import WINDOW
from benchmarks import years
from benchmarks.recovery import measure, ndcg
from benchmarks.simulated import FELT, UNITS, calm, planted, raw_severity, tell, world


def test_ndcg_by_hand():
    # Järvelin & Kekäläinen 2002: gains 3, 2, 1 in the order 2, 3, 1 of two places:
    # (2 + 3/log2(3)) / (3 + 2/log2(3))
    gains = np.array([3.0, 2.0, 1.0])
    expected = (2 + 3 / np.log2(3)) / (3 + 2 / np.log2(3))
    assert ndcg(gains, np.array([1, 0, 2]), places=2) == pytest.approx(expected)
    assert ndcg(gains, np.array([0, 1, 2]), places=3) == pytest.approx(1.0)


@pytest.mark.parametrize("bias", [1.0, 2.0, 0.5])
def test_what_customers_tell_comes_from_the_planted_rates(bias):
    rng = np.random.default_rng(1)
    truth = world(rng, planted, 200_000, bias)
    told = tell(rng, truth)
    answered = truth.severity_of(truth.rates_of_those_who_answer)
    if bias == 1.0:
        assert answered == pytest.approx(truth.severity)
    else:
        assert (np.sign(answered - truth.severity) == np.sign(bias - 1)).all()
    # exact but for the felt rates, whose mean over cells is not that of their means
    assert raw_severity(told) == pytest.approx(answered, abs=0.03)
    waited = told.n[:, 1] > 0
    late = np.exp(-truth.promise_s[waited] / told.mean_wait_s[waited])
    assert late == pytest.approx(truth.rates[waited, 1], abs=0.02)
    assert ((told.mean_csat > 1) & (told.mean_csat < 5)).all()


def test_units_add_up_and_the_bad_ones_are_worse():
    rng = np.random.default_rng(2)
    truth = world(rng, calm, 50_000)
    told = tell(rng, truth)
    assert np.array_equal(told.unit_x.sum(axis=2), told.x)
    assert np.array_equal(told.unit_n.sum(axis=2), told.n)
    assert truth.bad.sum(axis=1).tolist() == [1] * 15 and truth.bad.shape == (15, UNITS)
    felt = told.unit_x[:, FELT] / told.unit_n[:, FELT]
    assert felt[truth.bad].mean() > 1.8 * felt[~truth.bad].mean()


@pytest.mark.parametrize("evidence", [600.0, 25.0])
def test_truth_is_covered_and_pain_found(evidence):
    inside, gains = measure("planted", evidence, journeys=40)
    assert inside["ranked"] == pytest.approx(0.9, abs=0.05)  # 300 touchpoints or more: ±0.017
    assert inside["worst in band"] > 0.85
    assert inside["band"] < 5
    ours = gains["Touchline"].mean()
    assert ours > 0.93
    for other in ("mean CSAT", "mean wait", "complaints", "raw severity"):
        assert ours > gains[other].mean() + 0.15


def test_biased_answers_mislead_about_all_but_not_about_those_who_answer():
    inside, _ = measure("unhappy more", 600.0, journeys=20)
    assert inside["told"] > 0.84 > inside["ranked"] + 0.3


def test_rises_of_a_year_are_those_of_its_true_rates():
    rng = np.random.default_rng(3)
    year = years.worse(rng, 50.0)
    assert len(year.worse) == 3
    for t, week in year.worse.items():
        rose = year.rates[t, FELT, week] - year.rates[t, FELT, week - 1]
        assert 0.10 <= rose <= 0.25
        last = week + WINDOW - 1  # the newest window is all after it, the one before all ahead
        assert year.rise(t, ("felt",), last, WINDOW) == pytest.approx(rose)
        assert year.rise(t, ("felt",), last, WINDOW) >= year.rise(t, ("felt",), last - 1, WINDOW)
        waited = year.rise(t, ("waited",), last, WINDOW)
        assert waited == pytest.approx(0.0, abs=1e-12)
    weekly = year.weekly(10)["t00"]
    assert set(weekly) <= set(severity.FAMILIES) and len(weekly["felt"][0]) == 10


def test_quiet_years_are_quiet_and_steps_are_found():
    quiet = years.watch("quiet", 60.0, 2, window=WINDOW, draws=500)
    assert (quiet.years, quiet.looks, quiet.true) == (2, 90, 0)
    assert quiet.false <= 1 and quiet.alarms <= 8
    worse = years.watch("worse", 150.0, 2, window=WINDOW, draws=500)
    assert worse.steps == 6 and worse.found >= 3
    assert worse.true >= worse.found and worse.false <= 1
