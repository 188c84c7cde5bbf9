"""Text that must fit, and numbers that never stand alone."""

import pytest

from reports.figures import words
from tests.reports import sample


@pytest.mark.parametrize(
    ("text", "width", "most", "lines"),
    [
        ("short", 20, 3, ["short"]),
        ("two words here", 9, 3, ["two words", "here"]),
        ("one two three four", 7, 2, ["one two", "three…"]),
        ("abcdefghij", 4, 3, ["abcd", "efgh", "ij"]),
        ("说好十分钟结果等了半天。", 12, 3, ["说好十分钟结", "果等了半天。"]),
        ("", 10, 2, []),
    ],
)
def test_text_is_wrapped_to_its_box(text, width, most, lines) -> None:
    assert words.wrapped(text, width, most) == lines


def test_a_closing_mark_never_begins_a_line() -> None:
    assert words.wrapped("一直显示处理中。", 13, 3) == ["一直显示处理中。"]


def test_severity_says_why_where_it_cannot_be_told() -> None:
    assert words.severity_text(sample.line("letter")) == "no evidence"
    assert words.severity_text(sample.line("desk")).startswith("too little evidence: ")
    assert words.severity_text(sample.line("counter")).endswith(", n 500")


def test_nps_is_signed_and_shares_are_percent() -> None:
    nps = {"n": 2746, "value": 39.84, "low": 37.6, "high": -1.5}
    assert words.metric_text("nps", nps) == "+39.8 (+37.6 … −1.5), n 2,746"
    csat = {"n": 10, "value": 0.5, "low": 0.25, "high": 0.75}
    assert words.metric_text("csat", csat) == "50% (25–75%), n 10"
    assert words.metric_text("ces", None) == "no evidence"


def test_shares_are_told_largest_first() -> None:
    said = words.shares_text(sample.line("counter")).split(" · ")
    shares = [int(part.split()[-1].rstrip("%")) for part in said]
    assert shares == sorted(shares, reverse=True)
    assert len(said) == 3
