"""The benchmark's own arithmetic, and a small run of it that guards what it measures."""

import numpy as np
import pytest

from benchmarks.recovery import measure, ndcg, planted, raw_severity, tell, world


def test_ndcg_by_hand():
    # Järvelin & Kekäläinen 2002: gains 3, 2, 1 in the order 2, 3, 1 of two places:
    # (2 + 3/log2(3)) / (3 + 2/log2(3))
    gains = np.array([3.0, 2.0, 1.0])
    expected = (2 + 3 / np.log2(3)) / (3 + 2 / np.log2(3))
    assert ndcg(gains, np.array([1, 0, 2]), places=2) == pytest.approx(expected)
    assert ndcg(gains, np.array([0, 1, 2]), places=3) == pytest.approx(1.0)


def test_what_customers_tell_comes_from_the_planted_rates():
    rng = np.random.default_rng(1)
    truth = world(rng, planted(rng), 200_000)
    told = tell(rng, truth)
    assert raw_severity(told) == pytest.approx(truth.severity, abs=0.02)
    waited = told.n[:, 1] > 0
    late = np.exp(-truth.promise_s[waited] / told.mean_wait_s[waited])
    assert late == pytest.approx(truth.rates[waited, 1], abs=0.02)
    assert ((told.mean_csat > 1) & (told.mean_csat < 5)).all()


@pytest.mark.parametrize("typical_n", [600.0, 25.0])
def test_truth_is_covered_and_pain_found(typical_n):
    inside, gains = measure(planted, typical_n, journeys=40)
    assert inside["ranked"] == pytest.approx(0.9, abs=0.05)  # 300 touchpoints or more: ±0.017
    assert inside["rates"] == pytest.approx(0.9, abs=0.04)
    assert gains["Touchline"] > 0.93
    assert gains["Touchline"] > gains["mean CSAT"] + 0.2
    assert gains["Touchline"] > gains["mean wait"] + 0.2
