import numpy as np
import pytest

from analytics.simpson import reversals


def test_kidney_stones():
    # Charig et al. 1986, BMJ 292, 879–882: failures by small and large stones. Open surgery fails
    # in 77 of 350 (22%), percutaneous removal in 61 of 350 (17%), yet in 6.9% against 13.3% of
    # small and 27.0% against 31.3% of large stones
    found = reversals([[6, 71], [36, 25]], [[87, 263], [270, 80]], sure=0.8)
    assert [(r.worse, r.better, r.segments, r.everywhere) for r in found] == [(0, 1, (0, 1), True)]
    # by hand with Beta(½ + x, ½ + n − x): means 0.22080, 0.17521, variances 0.000489, 0.000411,
    # z = 0.04558/0.03 = 1.52
    assert found[0].p_overall == pytest.approx(0.9357, abs=2e-3)
    assert reversals([[6, 71], [36, 25]], [[87, 263], [270, 80]], sure=0.97) == []


def test_berkeley_admissions():
    # Bickel, Hammel & O'Connell 1975, Science 187; R's UCBAdmissions: rejected women and men
    rejected_men, men = [313, 207, 205, 279, 138, 351], [825, 560, 325, 417, 191, 373]
    rejected_women, women = [19, 8, 391, 244, 299, 317], [108, 25, 593, 375, 393, 341]
    found = reversals([rejected_women, rejected_men], [women, men])
    assert [(r.worse, r.better, r.everywhere) for r in found] == [(0, 1, False)]
    assert found[0].segments == (0, 2, 3, 4, 5)  # only 25 women applied to the second department
    assert found[0].p_overall > 0.999


def test_same_order_everywhere_is_no_reversal():
    assert reversals([[50, 60], [20, 25]], [[100, 120], [100, 120]]) == []


def test_thin_segments_and_single_segments_are_not_compared():
    assert reversals([[6, 71], [3, 25]], [[87, 263], [29, 80]], sure=0.5) == []
    assert reversals([[6], [36]], [[87], [270]], sure=0.5) == []


def test_luck_seldom_turns_an_order_round():
    rng = np.random.default_rng(4)
    n = rng.integers(100, 500, (200, 2, 3))
    x = rng.binomial(n, 0.2)
    assert sum(bool(reversals(x[i], n[i])) for i in range(200)) <= 4


def test_shape_is_checked():
    with pytest.raises(ValueError, match="touchpoints, segments"):
        reversals([1, 2], [3, 4])
