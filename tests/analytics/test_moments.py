"""Sums by groups: exact correlations, a bootstrap as wide as that of customers, many at once."""

import numpy as np
import pytest

from analytics import drivers, moments


def survey(n=600, p=4, seed=5, missing=0.0):
    rng = np.random.default_rng(seed)
    answers = rng.normal(size=(n, p)) + 0.6 * rng.normal(size=(n, 1))
    outcome = answers @ np.linspace(1.0, 0.0, p) + 1.5 * rng.normal(size=n)
    answers[rng.random(answers.shape) < missing] = np.nan
    return answers, outcome


@pytest.mark.parametrize("groups", [1, 7, 90])
def test_the_sums_of_all_groups_are_those_of_the_table(groups) -> None:
    answers, _ = survey(90, missing=0.3)
    weight = np.random.default_rng(1).uniform(0.5, 2, 90)
    sums = moments.grouped(answers, weight, np.arange(90) % groups, groups).sum(axis=0)
    for i in range(4):
        for j in range(4):
            both = ~np.isnan(answers[:, i]) & ~np.isnan(answers[:, j])
            w, a, b = weight[both], answers[both, i], answers[both, j]
            expected = [w.sum(), (w * a).sum(), (w * a * a).sum(), (w * a * b).sum()]
            assert sums[:, i, j] == pytest.approx(expected)


def test_resampled_sums_are_of_groups_drawn_with_repetition() -> None:
    answers, _ = survey(200)
    sums = moments.grouped(answers, np.ones(200), np.arange(200) % 50, 50)
    parts = list(moments.resampled(sums, 100, np.random.default_rng(3), 64))
    drawn = np.random.default_rng(3)
    counts = np.concatenate([drawn.multinomial(50, [1 / 50] * 50, size=s) for s in (64, 36)])
    expected = np.tensordot(counts.astype(float), sums, axes=1)
    assert np.concatenate(parts) == pytest.approx(expected)


def test_groups_of_customers_spread_like_the_customers() -> None:
    # the statistic is R², which hangs on all correlations at once
    answers, outcome = survey(3000)
    table = np.column_stack([answers, outcome])
    table -= table.mean(axis=0)
    rng = np.random.default_rng(2)

    def spread(groups: int) -> float:
        sums = moments.grouped(table, np.ones(3000), rng.permutation(3000) % groups, groups)
        found = []
        for part in moments.resampled(sums, 600, rng, 64):
            correlation, told = moments.correlations(part)
            assert told.all()
            found.append(
                moments.relative_weights(correlation[:, :-1, :-1], correlation[:, :-1, -1])
            )
        return float(np.concatenate(found).sum(axis=1).std())

    # 600 resamples know a spread to 3%, 500 groups to 3% more
    assert spread(500) / spread(3000) == pytest.approx(1.0, abs=0.12)


def test_many_at_once_are_what_each_is_alone() -> None:
    matrices = [np.corrcoef(survey(seed=s)[0], rowvar=False) for s in range(70)]
    with_outcome = np.array([[0.5, 0.3, 0.2, 0.1 + s / 1000] for s in range(70)])
    for many, one in ((moments.lmg, drivers.lmg),
                      (moments.relative_weights, drivers.relative_weights)):  # fmt: skip
        found = many(np.array(matrices), with_outcome)
        for i in (0, 33, 69):
            assert found[i] == pytest.approx(one(matrices[i], with_outcome[i]))


def test_only_contradicting_matrices_are_repaired() -> None:
    fine = np.array([[1, 0.5, 0.2], [0.5, 1, 0.1], [0.2, 0.1, 1]])
    impossible = np.array([[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1]])
    found = moments.consistent(np.array([fine, impossible]))
    assert np.array_equal(found[0], fine)
    assert np.linalg.eigvalsh(found[1])[0] > 0
    assert np.diag(found[1]) == pytest.approx([1, 1, 1])


def test_what_says_nothing_does_not_stand_out_and_what_matters_does() -> None:
    flagged = []
    for seed in range(40):
        answers, outcome = survey(300, seed=seed)
        nothing = np.random.default_rng(1000 + seed).normal(size=(300, 2))
        found = drivers.key_drivers(np.hstack([answers, nothing]), outcome, resamples=200)
        flagged.append(found.stands_out)
    share = np.mean(flagged, axis=0)
    assert share[0] == 1.0  # the strongest driver, always
    assert (share[-2:] <= 0.05).all()  # 2.5% is what chance may do


def test_the_interval_of_r_squared_covers_what_is_true() -> None:
    # outcome = Σ b·x + e with known covariance: R² = b'Σb / (b'Σb + 2.25)
    slopes = np.linspace(1.0, 0.0, 4)
    explained = slopes @ (np.eye(4) + 0.36) @ slopes
    truth = explained / (explained + 2.25)
    covered = 0
    for seed in range(60):
        found = drivers.key_drivers(*survey(400, seed=seed, missing=0.1), resamples=200)
        assert found.r_squared_low < found.r_squared < found.r_squared_high
        covered += found.r_squared_low <= truth <= found.r_squared_high
    assert covered >= 52  # 95% of 60 is 57; fewer than 52 in one of 100 tries


def test_performance_has_the_interval_of_a_weighted_mean() -> None:
    answers, outcome = survey(250, missing=0.2)
    found = drivers.key_drivers(answers, outcome, resamples=20)
    column = answers[~np.isnan(answers[:, 1]), 1]
    half = 1.97 * column.std(ddof=1) / np.sqrt(len(column))
    assert found.performance_high[1] - found.performance[1] == pytest.approx(half, rel=0.01)
    assert found.answered[1] == len(column)
    both = ~np.isnan(answers)
    pairs = [(both[:, i] & both[:, j]).sum() for i in range(4) for j in range(i)]
    assert found.together == (min(pairs), max([*pairs, *both.sum(axis=0)]))
