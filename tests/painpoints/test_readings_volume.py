"""The n beside a severity."""

from painpoints.templatetags.scores import volume


def test_it_is_the_largest_n_of_the_families() -> None:
    assert volume({"families": {"felt": {"n": 40}, "waited": {"n": 90}}}) == 90
    assert volume({"families": {}}) == 0


def test_nothing_scored_has_no_n() -> None:
    assert volume("") is None and volume(None) is None
