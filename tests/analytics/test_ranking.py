import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analytics import rates
from analytics.draws import equal_tailed, standings
from analytics.ranking import TouchpointCounts, draw_posterior, score, seed
from analytics.severity import DEFAULT_WEIGHTS, FAMILIES

fixed = settings(derandomize=True, deadline=None, max_examples=30)
counted = st.tuples(st.integers(0, 3000), st.floats(0, 1)).map(
    lambda t: (float(int(t[0] * t[1])), float(t[0]))
)
evidence = st.dictionaries(st.sampled_from(FAMILIES), counted)


@st.composite
def scopes(draw, min_size=0):
    codes = draw(st.lists(st.text("abcxyz-", min_size=1), unique=True, min_size=min_size))
    return [
        TouchpointCounts(code, draw(evidence), draw(st.floats(0, 1)), "volume") for code in codes
    ]


def journey(k, rng, n_low=50, n_high=5000):
    touchpoints = []
    for i in range(k):
        n = rng.integers(n_low, n_high, len(FAMILIES))
        x = rng.binomial(n, rng.beta(2, 14, len(FAMILIES)))
        families = {f: (float(x[j]), float(n[j])) for j, f in enumerate(FAMILIES)}
        touchpoints.append(TouchpointCounts(f"t{i:02}", families, float(rng.random()), "volume"))
    return touchpoints


def only_felt(code, x, n, reach=1.0):
    return TouchpointCounts(code, {"felt": (x, n)}, reach, "interactions")


@given(scopes(), st.randoms(use_true_random=False))
@fixed
def test_order_of_input_changes_nothing(scope, random):
    mixed = random.sample(scope, len(scope))
    shuffled = [
        TouchpointCounts(t.code, dict(reversed(t.families.items())), t.reach, t.reach_basis)
        for t in mixed
    ]
    assert repr(score(scope, draws=200)) == repr(score(shuffled, draws=200))


@given(scopes())
@fixed
def test_twice_the_same_is_the_same_to_the_last_bit(scope):
    assert repr(score(scope, draws=200)) == repr(score(scope, draws=200))


@given(scopes(min_size=1))
@fixed
def test_a_family_without_evidence_changes_nothing(scope):
    with_empty = [
        TouchpointCounts(
            t.code,
            {f: t.families.get(f, (0.0, 0.0)) for f in FAMILIES},
            t.reach,
            t.reach_basis,
        )
        for t in scope
    ]
    assert repr(score(scope, draws=200)) == repr(score(with_empty, draws=200))


@given(scopes(min_size=1))
@fixed
def test_every_touchpoint_comes_out_once_and_consistent(scope):
    scores = score(scope, draws=200)
    assert sorted(t.code for t in scores.touchpoints) == sorted(t.code for t in scope)
    ranked = [t for t in scores.touchpoints if t.rank is not None]
    assert [t.rank for t in ranked] == list(range(1, len(ranked) + 1))
    assert scores.touchpoints[: len(ranked)] == tuple(ranked)
    assert all(a.burden >= b.burden for a, b in itertools.pairwise(ranked))
    assert all(b.band - a.band in (0, 1) for a, b in itertools.pairwise(ranked))
    if ranked:
        assert ranked[0].band == 1
        assert sum(t.p_top3 for t in ranked) == pytest.approx(min(3, len(ranked)))
    for t in scores.touchpoints:
        assert t.too_little_evidence == all(n < 30 for _, n in _counts(scope, t.code))
        assert (t.rank is None) == t.too_little_evidence
        assert (t.severity is None) == (not t.families)
        if t.families:
            assert 0 <= t.severity_low <= t.severity_high <= 1
            assert t.burden == pytest.approx(1000 * t.reach * t.severity)
            assert sum(f.share for f in t.families.values()) == pytest.approx(1)
        if t.rank:
            assert 1 <= t.rank_low <= t.rank_high <= len(ranked)


def _counts(scope, code):
    return next(t.families.values() for t in scope if t.code == code)


def test_rates_are_posterior_means_under_the_fitted_prior():
    scope = journey(6, np.random.default_rng(3))
    scores = score(scope)
    x, n = zip(*(t.families["waited"] for t in scope), strict=True)
    prior = rates.fit_beta_prior(x, n)
    assert scores.priors["waited"] == prior
    for t in scope:
        x, n = t.families["waited"]
        exact = stats.beta(prior.a + x, prior.b + n - x)
        got = scores.by_code()[t.code].families["waited"]
        assert got.rate == pytest.approx(exact.mean())
        # with this much evidence the prior hardly matters, nor that it is uncertain
        assert (got.low, got.high) == pytest.approx(exact.ppf([0.05, 0.95]), rel=0.03)
        assert (got.x, got.n) == (x, n)
        assert got.weight == DEFAULT_WEIGHTS["waited"]


def test_intervals_under_jeffreys_prior_are_exact_quantiles():
    # fewer than three touchpoints; weight 1 and one family: severity is the rate itself
    scores = score([only_felt("a", 40, 400), only_felt("b", 3, 50)], draws=40_000).by_code()
    for code, x, n in (("a", 40, 400), ("b", 3, 50)):
        low, high = stats.beta(0.5 + x, 0.5 + n - x).ppf([0.05, 0.95])
        t = scores[code]
        assert t.severity == pytest.approx(t.families["felt"].rate)
        assert (t.severity_low, t.severity_high) == pytest.approx((low, high), rel=0.02)
        assert t.families["felt"].low == pytest.approx(t.severity_low)
        assert t.families["felt"].high == pytest.approx(t.severity_high)


def test_intervals_hold_the_uncertainty_of_the_prior():
    # fifteen thin touchpoints alike: the fitted prior is all but a point, the plausible ones not
    rng = np.random.default_rng(2)
    scope = [only_felt(f"t{i:02}", int(rng.binomial(30, 0.2)), 30) for i in range(15)]
    scores = score(scope)
    prior = scores.priors["felt"]
    for t in scores.touchpoints:
        felt = t.families["felt"]
        low, high = stats.beta(prior.a + felt.x, prior.b + 30 - felt.x).ppf([0.05, 0.95])
        raw_low, raw_high = stats.beta(0.5 + felt.x, 0.5 + 30 - felt.x).ppf([0.05, 0.95])
        assert high - low < felt.high - felt.low < raw_high - raw_low


def test_point_estimates_lie_in_their_intervals():
    for t in score(journey(15, np.random.default_rng(8))).touchpoints:
        assert t.severity_low < t.severity < t.severity_high
        assert t.burden_low < t.burden < t.burden_high
        assert t.rank_low <= t.rank <= t.rank_high
        assert all(f.low < f.rate < f.high for f in t.families.values())


def test_another_touchpoint_changes_no_other_ones_draws():
    # one or two touchpoints keep Jeffreys' prior, so nothing at all may change
    one, other = only_felt("queue", 30, 200), only_felt("app", 5, 90)
    alone = score([one]).touchpoints[0]
    joined = score([one, other]).by_code()["queue"]
    assert (alone.severity_low, alone.severity_high) == (joined.severity_low, joined.severity_high)


def test_draws_of_touchpoints_and_families_are_unrelated():
    draws = np.array([draw_posterior(code, family, 5, 20) for code in "ab" for family in FAMILIES])
    correlation = np.corrcoef(draws) - np.eye(len(draws))
    assert np.abs(correlation).max() < 0.06  # 4 standard errors of 1/√4000
    assert seed("pain/1", "a", "bc") != seed("pain/1", "ab", "c")


def test_bands_part_where_the_one_above_is_surely_worse():
    scope = [
        only_felt("clear", 500, 1000),
        only_felt("twin-1", 100, 1000),
        only_felt("twin-2", 99, 1000),
        only_felt("calm", 10, 1000),
    ]
    assert [(t.code, t.band) for t in score(scope).touchpoints] == [
        ("clear", 1),
        ("twin-1", 2),
        ("twin-2", 2),
        ("calm", 3),
    ]


def test_probabilities_of_places_by_hand():
    # columns are draws; the second beats the first in one of four, the third never moves
    burdens = np.array([[9.0, 9.0, 9.0, 1.0], [5.0, 5.0, 5.0, 5.0], [0.0, 0.0, 0.0, 0.0]])
    first, second, third = standings(burdens)
    assert (first.rank_low, first.rank_high, first.band) == (1, 2, 1)
    assert (second.rank_low, second.rank_high, second.band) == (1, 2, 1)  # P = 0.75
    assert (third.rank_low, third.rank_high, third.band) == (3, 3, 2)  # P = 1
    assert [s.p_top3 for s in (first, second, third)] == [1.0, 1.0, 1.0]


def test_top_three_of_four_equals():
    scope = [only_felt(code, 100, 1000) for code in "abcd"]
    scores = score(scope)
    assert [t.code for t in scores.touchpoints] == ["a", "b", "c", "d"]  # ties go by code
    assert [t.p_top3 for t in scores.touchpoints] == pytest.approx([0.75] * 4, abs=0.03)
    assert {(t.rank_low, t.rank_high, t.band) for t in scores.touchpoints} == {(1, 4, 1)}


def test_too_little_evidence_stands_below_but_shapes_the_prior():
    scope = [only_felt("a", 5, 100), only_felt("b", 9, 100), only_felt("new", 20, 29)]
    scores = score([*scope, TouchpointCounts("unseen", {}, 0.2, "volume")])
    assert [t.code for t in scores.touchpoints] == ["b", "a", "new", "unseen"]
    new, unseen = scores.touchpoints[2:]
    assert new.too_little_evidence and new.rank is None and new.band is None
    assert new.severity > 0.5 and new.burden_high > new.burden > new.burden_low
    assert unseen.too_little_evidence and unseen.severity is None and unseen.burden is None
    assert unseen.reach == 0.2 and unseen.families == {}
    x, n = zip(*(t.families["felt"] for t in scope), strict=True)
    assert scores.priors["felt"] == rates.fit_beta_prior(x, n) != rates.JEFFREYS


def test_thirty_in_one_family_are_enough():
    scope = [TouchpointCounts("a", {"felt": (1, 3), "waited": (4, 30)}, 1.0, "volume")]
    assert score(scope).touchpoints[0].rank == 1


def test_nobody_comes_by_and_nothing_to_score():
    zero = score([only_felt("b", 10, 100, reach=0.0), only_felt("a", 90, 100, reach=0.0)])
    assert [(t.code, t.burden, t.band) for t in zero.touchpoints] == [("a", 0.0, 1), ("b", 0.0, 1)]
    assert score([]).touchpoints == ()


def test_extreme_counts_stay_finite():
    scope = [
        only_felt("all", 10**7, 10**7),
        only_felt("none", 0, 10**7),
        only_felt("tiny", 0.2, 0.2),
    ]
    scores = score([*scope, only_felt("one", 1, 10**6)]).by_code()
    assert scores["all"].severity > 0.999
    assert scores["none"].severity_high < 1e-5
    assert all(np.isfinite(t.severity_low + t.severity_high) for t in scores.values())


@pytest.mark.parametrize(
    ("scope", "weights", "told"),
    [
        ([only_felt("a", 1, 9), only_felt("a", 2, 9)], DEFAULT_WEIGHTS, "once"),
        ([only_felt("a", 10, 9)], DEFAULT_WEIGHTS, "0 <= x <= n"),
        ([only_felt("a", float("nan"), 9)], DEFAULT_WEIGHTS, "0 <= x <= n"),
        ([only_felt("a", 1, 9, reach=1.2)], DEFAULT_WEIGHTS, "reach"),
        ([only_felt("a", 1, 9)], {"waited": 1.0}, "weight"),
        ([TouchpointCounts("a", {"liked": (1, 2)}, 1.0, "volume")], DEFAULT_WEIGHTS, "families"),
    ],
)
def test_impossible_input_is_refused(scope, weights, told):
    with pytest.raises(ValueError, match=told):
        score(scope, weights=weights)


def test_equal_tailed_is_the_middle_ninety_percent():
    draws = np.random.default_rng(0).random((3, 4000))
    assert equal_tailed(draws) == pytest.approx(np.quantile(draws, [0.05, 0.95], axis=1))
    assert equal_tailed(np.array([7.0])).tolist() == [7.0, 7.0]


def test_scoring_takes_little_longer_than_its_draws():
    # Alone on one core: 40 touchpoints with five families in 57 ms, of which the draws take 28.
    # Their ratio holds on a busy machine, too.
    scope = journey(40, np.random.default_rng(1))

    def draws_alone():
        for t in scope:
            for family, (x, n) in t.families.items():
                draw_posterior(t.code, family, x + 2, n - x + 14)

    def best_time(action):
        times = []
        for _ in range(7):
            start = time.process_time()
            action()
            times.append(time.process_time() - start)
        return min(times)

    assert best_time(lambda: score(scope)) < 3 * best_time(draws_alone)
