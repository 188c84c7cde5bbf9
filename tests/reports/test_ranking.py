"""The ranking's numbers are the run's; bands, hatching and outlines are drawn as such."""

import json

import pytest

from reports.figures.ranking import ranking
from tests.reports import sample


@pytest.fixture
def figure():
    return ranking(sample.result(), sample.source())


def test_burden_and_interval_are_those_of_the_run(figure) -> None:
    bars = figure.plot["data"][0]
    lines = [t for t in sample.result()["touchpoints"] if t["burden"] is not None]
    assert bars["x"] == [t["burden"] for t in lines]
    for i, t in enumerate(lines):
        assert bars["x"][i] + bars["error_x"]["array"][i] == pytest.approx(t["burden_high"])
        assert bars["x"][i] - bars["error_x"]["arrayminus"][i] == pytest.approx(t["burden_low"])


def test_too_little_evidence_is_hatched_and_stands_below(figure) -> None:
    bars = figure.plot["data"][0]
    assert bars["marker"]["pattern"]["shape"] == ["", "", "/"]
    assert bars["y"] == sorted(bars["y"])


def test_no_evidence_is_an_empty_outline(figure) -> None:
    outlines = [s for s in figure.plot["layout"]["shapes"]
                if s["type"] == "rect" and s.get("xsizemode") == "pixel"]  # fmt: skip
    assert len(outlines) == 1


def test_the_shares_of_each_touchpoint_add_up(figure) -> None:
    sums: dict[float, float] = {}
    for trace in figure.plot["data"][1:]:
        for y, share in zip(trace["y"], trace["x"], strict=True):
            sums[y] = sums.get(y, 0) + share
    assert list(sums.values()) == pytest.approx([1.0] * 3)


def test_signals_differ_by_pattern_too(figure) -> None:
    patterns = [t["marker"]["pattern"]["shape"] for t in figure.plot["data"][1:]]
    assert len(set(patterns)) == len(patterns) > 1


def bracketed(bands: list[int]) -> list[str]:
    result = sample.result()
    lines = [dict(result["touchpoints"][0], rank=i + 1, band=b, code=str(i))
             for i, b in enumerate(bands)]  # fmt: skip
    figure = ranking({**result, "touchpoints": lines}, sample.source())
    return [a["text"] for a in figure.plot["layout"]["annotations"] if "told" in a["text"]]


def test_a_bracket_stands_where_touchpoints_cannot_be_told_apart() -> None:
    assert len(bracketed([1, 1, 2])) == 1
    assert len(bracketed([1, 1, 2, 2])) == 2
    assert bracketed([1, 2, 3]) == []


def test_severity_is_told_in_words_with_interval_and_n(figure) -> None:
    said = json.dumps([a["text"] for a in figure.plot["layout"]["annotations"]])
    assert "of 100 passages hurt" in said
    assert "n 500" in said
    assert "<script" not in said


def test_the_table_says_the_same(figure) -> None:
    rows = {row[0]: row for row in figure.table["rows"]}
    assert rows["The desk"][1]["text"] == "not ranked"
    assert rows["The letter"][2]["text"] == "no evidence"
    assert rows["The counter"][3]["text"].endswith("n 500")
    line = next(t for t in sample.result()["touchpoints"] if t["code"] == "counter")
    assert rows["The counter"][3]["know"] == (line, "severity")


def test_records_have_x_and_n_of_every_signal(figure) -> None:
    counter = next(r for r in figure.records if r["code"] == "counter")
    assert (counter["waited_x"], counter["waited_n"]) == (160, 400)
    assert (counter["repeated_x"], counter["repeated_n"]) == (40, 500)
    assert all(set(r) <= set(figure.fields) for r in figure.records)


def test_without_any_evidence_only_the_table_is_shown() -> None:
    result = sample.result()
    nothing = [t for t in result["touchpoints"] if t["code"] == "letter"]
    figure = ranking({**result, "touchpoints": nothing}, sample.source())
    assert figure.plot is None
    assert "enough evidence" in figure.aria
