import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from analytics.change import benjamini_hochberg, compare
from analytics.ranking import TouchpointCounts, score


def felt(code, x, n, **others):
    return TouchpointCounts(code, {"felt": (x, n)} | others, 1.0, "volume")


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.sampled_from([0.05, 0.1, 0.3]))
@settings(derandomize=True, deadline=None)
def test_benjamini_hochberg_as_in_statsmodels(p_values, rate):
    expected = multipletests(p_values, alpha=rate, method="fdr_bh")[0]
    assert benjamini_hochberg(p_values, rate).tolist() == expected.tolist()


def test_benjamini_hochberg_as_printed():
    # Benjamini & Hochberg 1995, section 3.2: 15 p-values, at 5% the first four are rejected
    printed = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
        0.5719, 0.6528, 0.7590, 1.0000,
    ]  # fmt: skip
    assert benjamini_hochberg(printed, 0.05).sum() == 4
    assert benjamini_hochberg([]).tolist() == []
    with pytest.raises(ValueError, match="p-values"):
        benjamini_hochberg([1.2])


def test_p_worse_is_that_of_two_independent_posteriors():
    # one touchpoint keeps Jeffreys' prior; severity of "felt" alone is its rate
    change = compare([felt("a", 30, 200)], [felt("a", 38, 200)], draws=200_000)[0]
    rates = np.linspace(0, 1, 20_001)
    before, now = stats.beta(30.5, 170.5), stats.beta(38.5, 162.5)
    exact = np.trapezoid(now.pdf(rates) * before.cdf(rates), rates)
    assert change.p_worse == pytest.approx(exact, abs=0.004)
    assert change.difference == pytest.approx(now.mean() - before.mean(), abs=5e-4)
    spread = np.sqrt(now.var() + before.var())
    assert change.difference_high - change.difference_low == pytest.approx(
        2 * 1.645 * spread, rel=0.02
    )


def test_later_period_has_the_draws_of_its_scoring():
    now = [felt("a", 38, 200), felt("b", 10, 300)]
    change = {c.code: c for c in compare([felt("a", 30, 200), felt("b", 11, 300)], now)}
    for scored in score(now).touchpoints:
        assert change[scored.code].severity_now == pytest.approx(scored.severity, abs=0.002)


def test_nothing_changed_is_a_toss():
    counts = [felt("a", 30, 200)]
    assert compare(counts, counts)[0].p_worse == pytest.approx(0.5, abs=0.03)
    assert not compare(counts, counts)[0].alert


def test_only_what_was_measured_in_both_periods_is_compared():
    before = [felt("a", 30, 200), felt("gone", 5, 90), felt("thin", 3, 20)]
    now = [felt("a", 30, 200, waited=(150, 200)), felt("new", 80, 90), felt("thin", 20, 100)]
    changes = compare(before, now)
    assert [c.code for c in changes] == ["a"]
    assert changes[0].families == ("felt",)
    assert changes[0].p_worse == pytest.approx(0.5, abs=0.2)
    assert compare([], now) == []


def test_order_of_input_changes_nothing():
    before = [felt(c, 20 + i, 200) for i, c in enumerate("abcd")]
    now = [felt(c, 30 - i, 200) for i, c in enumerate("abcd")]
    assert compare(before, now) == compare(before[::-1], now[::-1])


def test_false_alerts_are_rare_and_real_ones_found():
    # what is kept at 10% is the mean, over journeys, of the share of false ones among the alerts
    rng = np.random.default_rng(9)
    false_shares, found = [], 0
    for _ in range(60):
        rate = rng.beta(3, 20, 20)
        later = rate + np.repeat([0.12, 0.0], [3, 17])
        before = [felt(f"t{i:02}", int(rng.binomial(400, r)), 400) for i, r in enumerate(rate)]
        now = [felt(f"t{i:02}", int(rng.binomial(400, r)), 400) for i, r in enumerate(later)]
        alerts = [c.code for c in compare(before, now, draws=1000) if c.alert]
        real = [code for code in alerts if code in ("t00", "t01", "t02")]
        found += len(real)
        false_shares.append((len(alerts) - len(real)) / max(1, len(alerts)))
    assert found / 180 > 0.9
    assert np.mean(false_shares) < 0.10
