import numpy as np
import pytest
from scipy import stats

from analytics.alerts import (
    BETTER,
    WORSE,
    evaluate,
    is_news,
    p_value,
    rate_of_a_look,
    summed,
    whole_weeks,
    with_unrest,
)
from analytics.change import Change, compare
from analytics.ranking import TouchpointCounts


def steady(weeks, rate=0.1, n=300, family="felt"):
    return {family: ([round(rate * n)] * weeks, [n] * weeks)}


def stepped(weeks, at, low=0.1, high=0.2, n=300):
    x = [round((high if week >= at else low) * n) for week in range(weeks)]
    return {"felt": (x, [n] * weeks)}


def test_a_step_is_found_with_its_size_certainty_and_n():
    (found,) = evaluate({"queue": stepped(12, 8), "app": steady(12)})
    assert (found.code, found.direction, found.last_week) == ("queue", WORSE, 11)
    assert found.difference == pytest.approx(0.1, abs=0.01)
    assert found.difference_low > 0
    assert found.certainty > 0.999
    assert (found.n_before, found.n_now) == (1200, 1200)


def test_an_improvement_is_told_only_where_it_is_asked_for():
    weekly = {"queue": stepped(12, 8, low=0.2, high=0.1), "app": steady(12)}
    assert evaluate(weekly) == []
    (found,) = evaluate(weekly, better=True)
    assert (found.code, found.direction) == ("queue", BETTER)
    assert found.difference < 0 < found.certainty


def test_a_move_smaller_than_the_least_worth_telling_is_not_told():
    weekly = {"queue": stepped(12, 8)}
    assert evaluate(weekly, least=0.05)
    assert evaluate(weekly, least=0.2) == []


def test_too_few_weeks_or_too_little_evidence_tell_nothing():
    assert evaluate({"queue": stepped(7, 4)}) == []
    assert evaluate({"queue": stepped(12, 8, n=6)}) == []
    assert evaluate({}) == []
    assert evaluate({"queue": {}}) == []
    with pytest.raises(ValueError, match="at least one week"):
        evaluate({"queue": stepped(12, 8)}, window=0)


def test_weights_of_nothing_find_nothing():
    none = dict.fromkeys(("felt", "waited", "repeated", "lost", "complained"), 0.0)
    assert evaluate({"queue": stepped(12, 8)}, weights=none, better=True) == []


def test_a_newest_week_that_is_not_whole_is_left_out():
    weekly = {"queue": {"felt": ([30] * 12 + [100], [300] * 12 + [100])}}
    assert whole_weeks(weekly) == 12
    assert evaluate(weekly) == []


def test_five_days_of_seven_are_a_whole_week():
    assert whole_weeks({"app": {"felt": ([0] * 9, [700] * 8 + [500])}}) == 9
    assert whole_weeks({"app": {"felt": ([0] * 9, [700] * 8 + [300])}}) == 8
    assert whole_weeks({}) == 0


def test_lists_of_different_length_are_refused():
    with pytest.raises(ValueError, match="one length"):
        whole_weeks({"a": steady(5), "b": steady(6)})


def test_one_step_is_news_once_however_long_it_is_looked_at():
    rng = np.random.default_rng(11)
    for window in (1, 2, 4):
        n = 2000
        x = [int(rng.binomial(n, 0.1 if week < 20 else 0.2)) for week in range(45)]
        told: list[int] = []
        seen = 0
        for weeks in range(2 * window, 46):
            weekly = {"queue": {"felt": (x[:weeks], [n] * weeks)}}
            # a move worth telling is at least four points: the unrest of a single week is not
            for found in evaluate(weekly, window=window, least=0.04):
                seen += 1
                if is_news(week=found.last_week, told=told[-1] if told else None, window=window):
                    told.append(found.last_week)
        assert len(told) == 1 and 20 <= told[0] < 20 + window
        assert seen >= window


def test_a_further_step_later_on_is_news():
    rates = [0.1] * 20 + [0.2] * 12 + [0.3] * 12
    x = [round(1000 * rate) for rate in rates]
    told: list[int] = []
    for weeks in range(8, len(rates) + 1):
        for found in evaluate({"queue": {"felt": (x[:weeks], [1000] * weeks)}}):
            if is_news(week=found.last_week, told=told[-1] if told else None):
                told.append(found.last_week)
    assert told == [20, 32]


def test_quiet_touchpoints_raise_an_alarm_in_at_most_one_of_ten_looks():
    rng = np.random.default_rng(5)
    alarms = 0
    for _ in range(200):
        weekly = {
            f"t{i}": {"felt": (rng.binomial(150, 0.15, 8).tolist(), [150] * 8)} for i in range(8)
        }
        alarms += bool(evaluate(weekly, rate=0.1, draws=1000))
    assert alarms <= 30  # 20 expected; more than 30 has a chance of 1%


def test_sums_leave_out_families_without_evidence_in_the_period():
    weekly = {"queue": {"felt": ([1, 2, 3], [9, 9, 9]), "lost": ([1, 0, 0], [5, 0, 0])}}
    (counted,) = summed(weekly, 1, 3)
    assert counted.families == {"felt": (5.0, 18.0)}


def test_instances_that_are_still_under_way_raise_no_alarm():
    weekly = {"app": steady(12) | {"lost": ([30] * 8 + [200] * 4, [300] * 12)}}
    assert evaluate(weekly) == []


def test_a_year_of_looks_shares_one_rate():
    # 52 looks, of which with windows of four weeks every second is news to the others: 10% / 26
    assert rate_of_a_look(4) == pytest.approx(0.1 / 26)
    assert rate_of_a_look(1) == pytest.approx(0.1 / 52)
    assert rate_of_a_look(8) == pytest.approx(0.1 / 13)
    assert rate_of_a_look(4, rate=0.2) == pytest.approx(0.2 / 26)


def moved(before: int, now: int, n: int) -> Change:
    counts = [TouchpointCounts("a", {"felt": (float(x), n)}, 1.0, "volume") for x in (before, now)]
    return compare([counts[0]], [counts[1]])[0]


def test_chances_too_small_to_be_counted_are_those_of_the_posteriors():
    for before, now in ((100, 120), (100, 150), (100, 170)):
        change = moved(before, now, 1000)
        rates = np.linspace(0, 1, 200_001)
        earlier, later = (
            stats.beta(before + 0.5, 1000.5 - before),
            stats.beta(now + 0.5, 1000.5 - now),
        )
        exact = np.trapezoid(later.pdf(rates) * earlier.sf(rates), rates)
        assert p_value(change, WORSE) == pytest.approx(exact, rel=0.6)
        assert p_value(change, BETTER) == pytest.approx(1 - exact, abs=0.01)
    assert p_value(moved(170, 100, 1000), BETTER) < 1e-4


def test_chances_are_right_where_nothing_changed():
    rng = np.random.default_rng(31)
    p = np.array([p_value(moved(*rng.binomial(300, 0.1, 2), 300), WORSE) for _ in range(2000)])
    for level in (0.5, 0.1, 0.01):
        assert np.mean(p < level) == pytest.approx(level, abs=3.3 * np.sqrt(level / 2000))


def test_nothing_that_can_move_is_a_toss():
    none = Change("a", ("felt",), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, False)
    assert p_value(none, WORSE) == pytest.approx(0.5, abs=1e-3)


def restless(rng, weeks, n, unrest, rate=0.1):
    rates = rate * np.exp(rng.normal(0.0, unrest, weeks))
    return {"felt": (rng.binomial(n, rates).tolist(), [n] * weeks)}


def test_restless_weeks_of_large_services_are_no_findings():
    rng = np.random.default_rng(17)
    told = {unrest: 0 for unrest in (0.0, 0.1)}
    for unrest in told:
        for _ in range(60):
            weekly = {f"t{i}": restless(rng, 30, 2000, unrest) for i in range(10)}
            told[unrest] += len(evaluate(weekly, rate=0.1, draws=500))
    # 60 looks at 10% each: six are expected to have a false finding, if luck is judged rightly
    assert told[0.0] <= 14 and told[0.1] <= 18


def test_unrest_widens_what_a_step_is_sure_of_and_leaves_its_size():
    rng = np.random.default_rng(18)
    weekly = {"a": restless(rng, 40, 2000, 0.15), "b": restless(rng, 40, 2000, 0.0)}
    for families in weekly.values():
        x, n = families["felt"]
        families["felt"] = ([*x[:36], *(k + 60 for k in x[36:])], n)
    luck = {c.code: c for c in compare(summed(weekly, 32, 36), summed(weekly, 36, 40))}
    told = {c.code: c for c in with_unrest(list(luck.values()), weekly)}
    assert told["a"].difference == luck["a"].difference
    wide = [c["a"].difference_high - c["a"].difference_low for c in (luck, told)]
    # φ = 1 + the variance of a rate between weeks ÷ that of luck: (0.1 · 0.15)² / (0.09 / 2000)
    assert wide[1] / wide[0] == pytest.approx(np.sqrt(1 + 0.015**2 / 4.5e-5), rel=0.3)
    assert told["a"].p_worse < luck["a"].p_worse or luck["a"].p_worse == 1.0
    assert told["b"].difference_low == pytest.approx(luck["b"].difference_low, rel=0.2)
