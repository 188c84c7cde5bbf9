"""The waiting-time figure: exact shares from exact counts, with promise, P50, P90, giving up."""

import pytest

from evidence.wait_ends import End, WaitEnds
from reports.figures.waiting import waiting
from reports.figures.words import promise_text
from reports.promised import lines_of
from tests.factories import PromiseFactory, SegmentFactory
from tests.reports import sample
from tests.reports.conftest import scored


@pytest.fixture
def figure():
    return waiting(sample.line("counter"), sample.bins(), sample.source())


def test_the_areas_add_up_to_all_waits_that_ended(figure) -> None:
    served, gone = figure.plot["data"][:2]
    assert served["y"][12] == pytest.approx(12 * 6 / 400)
    assert gone["y"][-1] == pytest.approx(40 / 400)
    assert served["y"][-1] + gone["y"][-1] == pytest.approx(1)


def test_promise_and_quantiles_are_marked_with_their_values(figure) -> None:
    said = " ".join(a["text"] for a in figure.plot["layout"]["annotations"])
    assert "P50 50 s" in said
    assert "P90 3 min 20 s" in said
    assert "promise 1 min: 61% in time" in said
    (line,) = figure.plot["layout"]["shapes"]
    assert line["x0"] == line["x1"] == 60


def test_giving_up_is_hatched_and_named(figure) -> None:
    gone = figure.plot["data"][1]
    assert gone["fillpattern"]["shape"] == "/"
    assert "gave up" in [a["text"] for a in figure.plot["layout"]["annotations"]]


def test_the_facts_carry_interval_and_n(figure) -> None:
    facts = {f["label"]: f for f in figure.extra["facts"]}
    assert facts["served in time"]["text"] == "60.8%"
    assert facts["served in time"]["note"].endswith("n 395")
    assert facts["gave up"]["text"] == "10.0%"
    assert facts["promise"]["text"] == "within 1 min"


def test_quantiles_and_the_mean_carry_their_intervals() -> None:
    ends = WaitEnds(400, 60.0, {"p50": End(45.0, 53.0, (181, 220)), "mean": End(84.1, 95.9)})
    figure = waiting(sample.line("counter"), sample.bins(), sample.source(), ends)
    facts = {f["label"]: f for f in figure.extra["facts"]}
    assert facts["P50"]["note"] == "(45 s – 53 s)"
    assert facts["mean"] | {"note": facts["mean"]["note"].replace("\xa0", " ")} == {
        "label": "mean", "figure": "wait_mean", "text": "1 min 30 s",
        "note": "(1 min 24 s – 1 min 36 s)",
    }  # fmt: skip
    assert facts["P90"]["note"] == "no interval: too few waits"
    points = next(d for d in figure.plot["data"] if d["type"] == "scatter" and "error_x" in d)
    assert points["error_x"]["arrayminus"] == [5.0, 0]
    assert figure.records[0]["p50_high_s"] == 53.0 and set(figure.records[0]) <= set(figure.fields)


def test_the_records_hold_every_bin(figure) -> None:
    assert sum(r["served"] + r["abandoned"] for r in figure.records) == 400
    assert figure.records[0]["from_s"] == 0
    assert figure.records[0]["to_s"] == 5
    assert figure.records[-1]["to_s"] is None
    assert figure.n == 400


def test_the_table_leaves_empty_bins_out(figure) -> None:
    assert len(figure.table["rows"]) == 60


def test_several_promises_each_have_their_line() -> None:
    line = sample.line("counter")
    line["waits"]["promises"].append(
        {"segment": "gold", "channel": None, "max_wait_s": 30.0, "target_share": None}
    )
    line["waits"]["promise_s"] = 60.0
    figure = waiting(line, sample.bins(), sample.source())
    assert [s["x0"] for s in figure.plot["layout"]["shapes"]] == [30.0, 60.0]
    said = [a["text"] for a in figure.plot["layout"]["annotations"]]
    assert "promise 30 s (gold)" in said


def test_a_promise_for_a_segment_is_told_by_its_name(journey, evidence, workspace) -> None:
    counter = workspace.touchpoints.get(code="counter")
    vip = SegmentFactory(workspace=workspace, code="vip", name="Very important")
    PromiseFactory(touchpoint=counter, segment=vip, max_wait_s=30)
    run = scored(journey)
    line = next(line for line in lines_of(run) if line["code"] == "counter")
    assert promise_text(line["waits"]) == "within 1 min (others), 30 s (Very important)"
    told = str(run.result)
    assert "Very important" not in told and "'vip'" in told  # the run keeps its codes
