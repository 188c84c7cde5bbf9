import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import rates
from analytics.rates import Prior
from analytics.severity import DEFAULT_WEIGHTS, FAMILIES, severity, shares

fixed = settings(derandomize=True, deadline=None)
priors = st.builds(Prior, st.floats(0.5, 50), st.floats(0.5, 50))
counted = st.tuples(st.integers(1, 10_000), st.floats(0, 1)).map(
    lambda t: (float(int(t[0] * t[1])), float(t[0]))
)
evidence = st.dictionaries(st.sampled_from(FAMILIES), counted, min_size=1)


def severity_of(counts, prior):
    means = {f: rates.posterior_mean(prior, x, n) for f, (x, n) in counts.items()}
    return severity(means)


def test_severity_by_hand():
    # (1 − 0.1)(1 − 0.6·0.25)(1 − 0.5·0.04)(1 − 0.8·0.05)(1 − 0.02) = 0.9·0.85·0.98·0.96·0.98
    # 0.9·0.85 = 0.765; ·0.98 = 0.7497; ·0.96 = 0.719712; ·0.98 = 0.70531776
    parts = {"felt": 0.10, "waited": 0.25, "repeated": 0.04, "lost": 0.05, "complained": 0.02}
    assert severity(parts) == pytest.approx(1 - 0.70531776, abs=1e-12)


# The monotonies hold for a given prior: a count also moves the prior that is fitted to it.
@given(evidence, priors, st.data())
@fixed
def test_severity_grows_with_every_painful_experience(counts, prior, data):
    family = data.draw(st.sampled_from(sorted(counts)))
    x, n = counts[family]
    counts |= {family: (min(x, n - 1), n)}
    more = counts | {family: (min(x, n - 1) + 1, n)}
    assert severity_of(more, prior) > severity_of(counts, prior)


@given(evidence, priors, st.data())
@fixed
def test_severity_falls_with_every_painless_experience(counts, prior, data):
    family = data.draw(st.sampled_from(sorted(counts)))
    x, n = counts[family]
    assert severity_of(counts | {family: (x, n + 1)}, prior) < severity_of(counts, prior)


@given(st.dictionaries(st.sampled_from(FAMILIES), st.floats(0, 1), min_size=1))
@fixed
def test_shares_add_up_and_multiply_back(parts):
    explained = shares(parts)
    hurt = float(severity(parts))
    assert list(explained) == [f for f in FAMILIES if f in parts]
    if any(DEFAULT_WEIGHTS[f] * r > 0 for f, r in parts.items()):
        assert sum(explained.values()) == pytest.approx(1)
    if hurt < 1:
        for family, rate in parts.items():
            # share · ln(1 − severity) is the family's own ln(1 − w·r)
            expected = np.log1p(-DEFAULT_WEIGHTS[family] * rate)
            assert explained[family] * np.log1p(-hurt) == pytest.approx(expected, abs=1e-9)


def test_shares_without_pain_and_with_certain_pain():
    assert shares({"felt": 0.0, "waited": 0.0}) == {"felt": 0.0, "waited": 0.0}
    assert shares({"felt": 1.0, "waited": 0.5}) == {"felt": 1.0, "waited": 0.0}
    assert shares({"felt": 1.0, "complained": 1.0, "lost": 1.0}) == {
        "felt": 0.5,
        "lost": 0.0,
        "complained": 0.5,
    }


def test_arrays_are_scored_element_by_element():
    parts = {"felt": np.array([0.0, 0.2, 1.0]), "waited": np.array([0.0, 0.5, 0.5])}
    assert severity(parts) == pytest.approx([0.0, 0.44, 1.0])
    explained = shares(parts)
    assert explained["felt"] + explained["waited"] == pytest.approx([0.0, 1.0, 1.0])


@pytest.mark.parametrize(
    ("parts", "weights"),
    [
        ({}, DEFAULT_WEIGHTS),
        ({"liked": 0.5}, DEFAULT_WEIGHTS),
        ({"felt": 1.5}, DEFAULT_WEIGHTS),
        ({"felt": float("nan")}, DEFAULT_WEIGHTS),
        ({"felt": 0.5}, {"felt": 1.1}),
    ],
)
def test_impossible_input_is_refused(parts, weights):
    with pytest.raises(ValueError, match="expected"):
        severity(parts, weights)
