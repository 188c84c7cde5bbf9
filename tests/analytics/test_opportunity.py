"""What to mend first: value, RICE and Ulwick's score against worked examples."""

import pytest

from analytics.opportunity import (
    Estimate,
    confidence,
    customer_value,
    opportunity,
    rice,
    value_for_effort,
    weighted_value,
)

SEVERITY = Estimate(0.5, 0.4, 0.6)


def test_the_heaviest_burden_is_worth_ten() -> None:
    assert customer_value(Estimate(360, 350, 370), 360).value == pytest.approx(10)
    assert customer_value(Estimate(90, 80, 100), 360).low == pytest.approx(80 / 36)
    assert customer_value(Estimate(0, 0, 0), 0) == Estimate(0, 0, 0)


def test_the_business_counts_by_its_weight_and_is_never_guessed() -> None:
    own = Estimate(8, 6, 10)
    assert weighted_value(own, None, 0) == own
    assert weighted_value(own, None, 0.3) is None
    assert weighted_value(own, 0, 1) == Estimate(0, 0, 0)
    with pytest.raises(ValueError, match="weight"):
        weighted_value(own, 1, 1.2)


def test_rice_by_hand() -> None:
    # 1,359 customers, half of the passages hurt, 0.4 of them for sure (0.4 ÷ 0.5), half a month:
    # 1359 · 0.5 · 0.8 ÷ 0.5 = 1087.2
    found = rice(1359, SEVERITY, 10)
    assert found is not None
    assert found.value == pytest.approx(1087.2)
    assert found.low == pytest.approx(1087.2 * 0.8)
    assert rice(None, SEVERITY, 10) is None and rice(1359, SEVERITY, None) is None
    assert confidence(Estimate(0, 0, 0)) == 0


def test_value_for_effort_needs_both() -> None:
    assert value_for_effort(Estimate(6, 5, 7), 4) == Estimate(15, 12.5, 17.5)
    assert value_for_effort(None, 4) is None and value_for_effort(Estimate(6, 5, 7), None) is None


@pytest.mark.parametrize(
    ("importance", "satisfaction", "score"),
    # Ulwick 2005, ch. 3: 9.5 and 3.2 make 15.8; what satisfies more than it matters is its
    # importance alone.
    [(9.5, 3.2, 15.8), (5.0, 8.0, 5.0), (10.0, 0.0, 20.0)],
)
def test_ulwicks_score(importance, satisfaction, score) -> None:
    found = opportunity(
        Estimate(importance, importance, importance),
        Estimate(satisfaction, satisfaction, satisfaction),
    )
    assert found.value == pytest.approx(score)


def test_the_ends_are_the_least_and_the_most_favourable() -> None:
    found = opportunity(Estimate(6, 5, 7), Estimate(5, 4, 6))
    assert (found.low, found.value, found.high) == (5, 7, 10)
