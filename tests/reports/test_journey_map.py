"""The map's numbers are the run's; three ways of not knowing look different."""

import json
from itertools import pairwise

import pytest

from accounts import wording
from reports.board import (
    Board,
    BoardCard,
    BoardLane,
    BoardPersona,
    BoardStage,
    BoardStep,
    board_of,
)
from reports.figures.journey_map import journey_map
from reports.figures.map_layout import columns_of
from tests.factories import CardFactory
from tests.reports import sample


@pytest.fixture
def figure():
    return journey_map(sample.board(), sample.result(), sample.source())


def traces(figure, kind: str) -> list[dict]:
    return [t for t in figure.plot["data"] if t["type"] == kind and t.get("name")]


def texts(figure) -> str:
    return "\n".join(a["text"] for a in figure.plot["layout"]["annotations"])


def test_severity_stands_at_its_touchpoint_with_its_interval(figure) -> None:
    (bars,) = traces(figure, "bar")
    slots = {s.touchpoint.code: s.middle for c in columns_of(sample.board()) for s in c.slots}
    counter = sample.line("counter")
    at = bars["x"].index(slots["counter"])
    assert bars["y"][at] == counter["severity"]
    assert bars["y"][at] + bars["error_y"]["array"][at] == counter["severity_high"]
    assert bars["y"][at] - bars["error_y"]["arrayminus"][at] == counter["severity_low"]
    assert f"<b>{wording.points(counter['severity'])}</b>" in texts(figure)


def test_measured_too_little_and_none_look_different(figure) -> None:
    (bars,) = traces(figure, "bar")
    slots = {s.touchpoint.code: s.middle for c in columns_of(sample.board()) for s in c.slots}
    pattern = dict(zip(bars["x"], bars["marker"]["pattern"]["shape"], strict=True))
    assert pattern[slots["counter"]] == ""
    assert pattern[slots["desk"]] == "/"
    assert slots["letter"] not in pattern
    outlines = [
        s for s in figure.plot["layout"]["shapes"]
        if s["type"] == "rect" and s["x0"] < slots["letter"] < s["x1"]
        and s["x1"] - s["x0"] < 60 and s["fillcolor"] == "rgba(0,0,0,0)"
    ]  # fmt: skip
    assert len(outlines) == 1
    assert "no evidence" in texts(figure)
    assert "too little: n 12" in texts(figure)


def test_feelings_as_believed_and_as_measured(figure) -> None:
    believed, measured = (t for t in traces(figure, "scatter") if t["mode"] == "lines+markers")
    assert believed["line"]["dash"] == "4px,4px"
    assert believed["name"] == "Lin Mei, 24"
    assert [y for y in believed["y"] if y is not None] == pytest.approx([-1], abs=0.1)
    counter = sample.line("counter")["emotion"]
    assert measured["y"][0] == counter["value"]
    assert measured["error_y"]["array"][0] == counter["high"] - counter["value"]


def test_cards_are_ink_or_pencil(figure) -> None:
    dashes = [s["line"].get("dash") for s in figure.plot["layout"]["shapes"]
              if s["type"] == "rect" and s["line"].get("dash")]  # fmt: skip
    assert sorted(dashes) == ["3px,3px", "solid"]


def test_waits_are_shown_against_the_promise(figure) -> None:
    assert "P50 <b>50 s</b><br>P90 <b>3 min 20 s</b>" in texts(figure)
    promise = [s for s in figure.plot["layout"]["shapes"]
               if s["type"] == "line" and s["line"]["color"] == "var(--promise)"]  # fmt: skip
    assert len(promise) == 1
    assert "61% in time · 1 min" in texts(figure)


def test_names_cannot_write_html(figure) -> None:
    assert "<script" not in json.dumps(figure.plot)
    assert "&lt;script&gt;" in json.dumps(figure.plot)


def test_without_a_run_the_map_is_there_and_says_so() -> None:
    figure = journey_map(sample.board(), None, sample.source(snapshot=None))
    assert not traces(figure, "bar")
    assert "Nothing is measured yet" in figure.aria
    assert figure.n is None
    assert figure.table["rows"][0][3] == "not measured yet"


def test_a_journey_without_steps_has_no_drawing() -> None:
    figure = journey_map(sample.Board("Empty"), None, sample.source())
    assert figure.plot is None
    assert figure.table["rows"] == []


def test_the_records_hold_every_touchpoint_and_the_exact_values(figure) -> None:
    records = {r.get("touchpoint"): r for r in figure.records}
    assert list(records) == ["counter", "desk", "app", "letter", None]
    assert records["counter"]["severity"] == sample.line("counter")["severity"]
    assert records["counter"]["csat_n"] == 300
    assert records["counter"]["p90_s"] == 200.0
    assert records["counter"]["emotion_believed"] == "Lin Mei −1"
    assert records["letter"]["severity"] is None
    assert all(set(r) <= set(figure.fields) for r in figure.records)


def test_labels_stand_where_the_rows_are(figure) -> None:
    labels = figure.extra["labels"]
    assert [label["name"] for label in labels][:5] == [
        "Stages", "Steps", "Touchpoints", "Feelings", "Severity",
    ]  # fmt: skip
    for before, after in pairwise(labels):
        assert after["top"] == pytest.approx(before["top"] + before["height"], abs=0.2)
    assert labels[-1]["top"] + labels[-1]["height"] == pytest.approx(figure.height, abs=1)


@pytest.mark.django_db
def test_hidden_lanes_stay_away() -> None:
    shown = CardFactory(text="Shown")
    CardFactory(journey=shown.journey, step=shown.step, lane__hidden=True, emotion=2)
    board = board_of(shown.journey)
    assert [lane.key for lane in board.lanes] == [shown.lane.key]
    assert list(board.steps[0].cards) == [shown.lane.key]
    assert board.emotion_of(board.steps[0], "") is None


def test_feelings_of_five_personas_at_most() -> None:
    people = [BoardPersona(f"p{n}", f"Person {n}") for n in range(7)]
    cells = {"feel": [BoardCard("", persona=person.key, emotion=1) for person in people]}
    steps = (BoardStep("a", "A", (), cells), BoardStep("b", "B", (), cells))
    lanes = (BoardLane("feel", "emotion", "Feelings"),)
    board = Board("J", (BoardStage("s", "S", steps),), lanes, tuple(people))
    figure = journey_map(board, None, sample.source())
    shown = {trace["name"] for trace in traces(figure, "scatter")} & {p.name for p in people}
    assert shown == {f"Person {n}" for n in range(5)}
