"""Units that really differ: exact tails, over-dispersion, and false findings kept at one in ten."""

import numpy as np
import pytest
from scipy import stats

from analytics.outliers import NotCompared, compare, over_dispersion, really_different


def test_p_is_twice_the_smaller_mid_p_tail() -> None:
    x, n = np.array([3, 25, 12]), np.array([60, 90, 80])
    found = compare(x, n)
    target = 40 / 230
    assert found.target == pytest.approx(target)
    half = stats.binom.pmf(x, n, target) / 2
    upper, lower = stats.binom.sf(x, n, target) + half, stats.binom.cdf(x, n, target) - half
    assert found.p == pytest.approx(2 * np.minimum(upper, lower))
    assert np.sign(found.z).tolist() == [-1, 1, -1]


def test_units_below_thirty_are_neither_judged_nor_part_of_the_target() -> None:
    found = compare([10, 20, 29], [100, 100, 29])
    assert found.judged.tolist() == [True, True, False]
    assert found.target == pytest.approx(0.15)
    assert found.p[2] == 1 and found.z[2] == 0 and found.outside[2] == 0
    assert found.rate[2] == 1


def test_weighted_answers_lie_between_their_whole_neighbours() -> None:
    n = [100.0, 100.0, 100.0]
    p = [compare([12, 15, x], n).p[2] for x in (27, 27.5, 28)]
    assert p[0] > p[1] > p[2]


@pytest.mark.parametrize(
    ("x", "n", "reason"),
    [([], [], "none"), ([0, 0], [0, 0], "none"), ([5], [100], "single"),
     ([5, 0], [100, 0], "single"), ([5, 3], [100, 29], "few"), ([1, 3], [9, 29], "few")],
)  # fmt: skip
def test_what_cannot_be_compared_says_why(x, n, reason) -> None:
    with pytest.raises(NotCompared) as told:
        compare(x, n)
    assert told.value.reason == reason


@pytest.mark.parametrize(("x", "target"), [([0, 0, 0], 0), ([40, 50, 60], 1), ([4, 5, 6], 0.1)])
def test_units_all_equal_are_all_inside(x, target) -> None:
    found = compare(x, [40, 50, 60])
    assert found.target == pytest.approx(target)
    assert found.outside.tolist() == [0, 0, 0]
    assert np.isfinite(found.p).all() and np.isfinite(found.z).all()
    assert not really_different([found])[0].any()


@pytest.mark.parametrize("sizes", [(500, 501), (40, 2000)])
def test_units_that_differ_for_many_small_reasons_are_not_named_for_it(sizes) -> None:
    rng = np.random.default_rng(4)
    named = 0
    for _ in range(30):
        n = rng.integers(*sizes, 60)
        found = [compare(rng.binomial(n, rng.beta(30, 170, 60)), n) for _ in range(5)]
        named += any(mark.any() for mark in really_different(found))
    assert found[0].phi > 2
    assert named <= 6  # 10% of 30, and its chance


def test_a_unit_beyond_all_chance_is_finite() -> None:
    found = compare([0, 0, 90_000], [90_000, 90_000, 90_000])
    assert np.isfinite(found.z).all() and found.outside.tolist() == [-1, -1, 1]


def test_winsorised_spread_of_units_that_scatter_alike_is_put_right() -> None:
    rng = np.random.default_rng(7)
    n = np.full(4000, 1000)
    x = rng.binomial(n, rng.beta(60, 440, 4000))
    # mean z² of a beta-binomial: 1 + (n − 1) / (a + b + 1)
    assert over_dispersion(x, n, x.sum() / n.sum()) == pytest.approx(1 + 999 / 501, rel=0.07)
    calm = rng.binomial(n, 0.12)
    assert over_dispersion(calm, n, 0.12) == pytest.approx(1.0, abs=0.06)


def test_drawing_in_is_that_of_quantiles() -> None:
    rng = np.random.default_rng(8)
    n = rng.integers(40, 900, 37)
    x = rng.binomial(n, rng.beta(10, 50, 37))
    target = x.sum() / n.sum()
    z = (x / n - target) / np.sqrt(target * (1 - target) / n)
    drawn_in = np.clip(z, *np.quantile(z, (0.1, 0.9)))
    assert over_dispersion(x, n, target) == pytest.approx(np.mean(drawn_in**2) / 0.6787)


def places(rng, *, spread: bool, planted: float = 0.0):
    """20 touchpoints of 25 units each; planted: the share of units that really are worse."""
    found, truly = [], []
    for _ in range(20):
        n = rng.integers(40, 2000, 25)
        rate = rng.beta(30, 170, 25) if spread else np.full(25, 0.15)
        worse = rng.random(25) < planted
        found.append(compare(rng.binomial(n, np.where(worse, rate + 0.2, rate)), n))
        truly.append(worse)
    return found, truly


def test_where_only_luck_is_at_work_hardly_ever_anybody_is_named() -> None:
    rng = np.random.default_rng(1)
    quiet = [
        any(named.any() for named in really_different(places(rng, spread=False)[0]))
        for _ in range(150)
    ]
    assert np.mean(quiet) <= 0.14  # 10%, and the chance of 150 tries


@pytest.mark.parametrize("spread", [False, True])
def test_of_those_named_at_most_one_in_ten_is_there_by_luck(spread) -> None:
    rng = np.random.default_rng(2)
    false_share, missed = [], []
    for _ in range(40):
        found, truly = places(rng, spread=spread, planted=0.04)
        named = np.concatenate(really_different(found))
        real = np.concatenate(truly)
        false_share.append((named & ~real).sum() / max(1, named.sum()))
        missed.append((~named & real).sum() / max(1, real.sum()))
    assert np.mean(false_share) <= 0.11
    assert np.mean(missed) < 0.5
