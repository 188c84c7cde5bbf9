"""The log-rank test against lifelines, and what it says where nothing can be told."""

import lifelines.statistics
import numpy as np
import pytest

from analytics.logrank import log_rank


def _counts(time: np.ndarray, event: np.ndarray) -> tuple:
    times, where = np.unique(time, return_inverse=True)
    return times, np.bincount(where, event), np.bincount(where, ~event)


@pytest.mark.parametrize("groups", [2, 3, 5])
def test_it_agrees_with_lifelines(groups: int) -> None:
    rng = np.random.default_rng(groups)
    which = rng.integers(0, groups, 900)
    # Whole seconds, so that many end at the same time.
    time = np.ceil(rng.exponential(60 + 8 * which))
    event = rng.random(900) < 0.4
    ours = log_rank([_counts(time[which == g], event[which == g]) for g in range(groups)])
    theirs = lifelines.statistics.multivariate_logrank_test(time, which, event)
    assert ours.chi2 == pytest.approx(theirs.test_statistic, rel=1e-9)
    assert ours.p == pytest.approx(theirs.p_value, rel=1e-7)
    assert ours.observed.sum() == pytest.approx(ours.expected.sum())


def test_the_group_that_gives_up_sooner_has_more_events_than_expected() -> None:
    found = log_rank([([10, 20], [30, 30], [0, 40]), ([10, 20], [5, 5], [0, 90])])
    assert found.observed[0] > found.expected[0]
    assert found.p < 0.001


def test_equal_groups_do_not_differ() -> None:
    one = ([10, 20, 30], [5, 5, 5], [1, 1, 10])
    assert log_rank([one, one]).p == pytest.approx(1.0)


@pytest.mark.parametrize(
    "groups",
    [
        [([5, 9], [0, 0], [3, 3]), ([5], [0], [4])],  # nobody gave up
        [([5], [3], [0]), ([2], [0], [4])],  # the others were gone before
        [([5], [1], [0]), ([], [], [])],  # nobody in the second
    ],
)
def test_where_nothing_can_be_compared_there_is_no_p(groups) -> None:
    assert log_rank(groups).p is None


def test_one_group_is_no_comparison() -> None:
    with pytest.raises(ValueError, match="two groups"):
        log_rank([([1], [1], [0])])
