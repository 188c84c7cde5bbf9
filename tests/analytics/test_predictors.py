"""Touchpoints that cannot be key drivers are left out, each with its reason."""

import numpy as np

from analytics.drivers import key_drivers
from analytics.predictors import usable


def survey(n=400, p=5, seed=1):
    rng = np.random.default_rng(seed)
    answers = rng.integers(1, 6, size=(n, p)).astype(float)
    return answers, answers.sum(axis=1) + rng.normal(size=n)


def test_a_complete_survey_is_used_whole() -> None:
    assert usable(*survey()) == ([0, 1, 2, 3, 4], {})


def test_answers_without_the_outcome_do_not_count() -> None:
    answers, outcome = survey()
    outcome[:310] = np.nan
    assert usable(answers, outcome)[1] == dict.fromkeys(range(5), "few")


def test_of_two_questions_hardly_answered_together_the_rarer_is_left_out() -> None:
    answers, outcome = survey()
    answers[:200, 1] = np.nan  # the second half answered this one
    answers[220:, 3] = np.nan  # the first half and twenty more that one
    answers[:5, 3] = np.nan
    assert usable(answers, outcome) == ([0, 2, 3, 4], {1: "together"})


def test_a_pair_that_never_varies_together_is_not_compared() -> None:
    answers, outcome = survey()
    answers[:, 1] = np.nan
    answers[:120, 1] = np.arange(120) % 5
    answers[:120, 3] = 4.0  # whoever answered 1 gave 4 here
    kept, left_out = usable(answers, outcome)
    assert left_out == {1: "together"}
    assert kept == [0, 2, 3, 4]


def test_all_but_four_alike_is_constant_and_a_twin_is_the_same() -> None:
    answers, outcome = survey()
    answers[4:, 0] = 3.0
    answers[:, 4] = 11 - 2 * answers[:, 2]
    kept, left_out = usable(answers, outcome)
    assert left_out == {0: "constant", 4: "same"}
    assert key_drivers(answers[:, kept], outcome, resamples=50).n == 400


def test_nothing_at_all() -> None:
    assert usable(np.full((50, 2), np.nan), np.ones(50)) == ([], {0: "none", 1: "none"})
    assert usable(np.empty((0, 2)), np.empty(0)) == ([], {0: "none", 1: "none"})
