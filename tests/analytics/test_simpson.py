import numpy as np
import pytest

from analytics.simpson import reversals, severity_reversals, that_hold

STONES = [[6, 71], [36, 25]], [[87, 263], [270, 80]]


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


def test_severities_of_one_signal_turn_round_as_its_rates_do():
    x, n = np.array(STONES)
    (rate,) = reversals(x, n, sure=0.8)
    (whole,) = severity_reversals({"lost": (x, n)}, {"lost": 1.0}, sure=0.8)
    assert whole == rate
    # A weight scales severities and their spread alike (of one signal), and so changes nothing.
    (half,) = severity_reversals({"lost": (x, n)}, {"lost": 0.5}, sure=0.8)
    assert half.p_within == pytest.approx(rate.p_within)
    assert half.p_overall == pytest.approx(rate.p_overall)


def test_probabilities_are_those_of_a_simulation():
    """Two signals: draws from the posteriors, standardised by what both touchpoints count."""
    felt = np.array(STONES[0]), np.array(STONES[1])
    lost = np.array([[10, 80], [45, 30]]), np.array([[80, 250], [260, 85]])
    (found,) = severity_reversals({"felt": felt, "lost": lost}, sure=0.6)
    rng = np.random.default_rng(6)

    def drawn(x, n):
        return rng.beta(0.5 + x, 0.5 + n - x, (100_000, *np.shape(x)))

    cells = 1 - (1 - drawn(*felt)) * (1 - 0.8 * drawn(*lost))
    both = felt[1].sum(axis=0) / felt[1].sum()
    within = ((cells[:, 0] - cells[:, 1]) * both).sum(axis=1)
    together = [(x.sum(axis=1), n.sum(axis=1)) for x, n in (felt, lost)]
    overall = 1 - (1 - drawn(*together[0])) * (1 - 0.8 * drawn(*together[1]))
    assert (found.worse, found.better) == (0, 1)
    assert found.p_overall == pytest.approx(np.mean(overall[:, 0] > overall[:, 1]), abs=0.01)
    assert found.p_within == pytest.approx(np.mean(within < 0), abs=0.01)


def test_a_signal_counted_in_some_segments_only_cannot_turn_an_order_round():
    x, n = np.array(STONES) * 5
    only_new = (np.array([[0, 0], [250, 0]]), np.array([[0, 0], [260, 0]]))
    alone = severity_reversals({"felt": (x, n)})
    assert severity_reversals({"felt": (x, n), "repeated": only_new}) == alone
    assert len(alone) == 1


def test_the_more_pairs_the_surer_a_reversal_must_be():
    x, n = np.array(STONES) * 2
    assert len(that_hold(reversals(x, n))) == 1
    calm_x, calm_n = np.tile([20, 20], (38, 1)), np.tile([100, 100], (38, 1))
    found = reversals(np.vstack([x, calm_x]), np.vstack([n, calm_n]))
    assert found[0].among == 40 * 39 / 2
    assert (0, 1) in [(r.worse, r.better) for r in found]
    assert that_hold(found) == []
    assert that_hold([]) == []


def test_luck_turns_hardly_any_journey_round():
    """Ten touchpoints that are hurt alike in each of three segments, which they serve unlike."""
    rng = np.random.default_rng(8)
    told = 0
    for _ in range(200):
        n = rng.integers(30, 800, (10, 3))
        x = rng.binomial(n, [0.1, 0.2, 0.4])
        told += bool(that_hold(reversals(x, n)))
    assert told <= 20


def test_a_weight_of_nought_leaves_nothing_to_compare():
    x, n = np.array(STONES) * 5
    assert severity_reversals({"lost": (x, n)}, {"lost": 0.0}) == []


def test_shapes_of_families_must_agree():
    with pytest.raises(ValueError, match="one shape"):
        severity_reversals({"felt": ([[1]], [[2]]), "lost": ([[1, 1]], [[2, 2]])})
