"""Comparing two states of a map: what came, went, changed and moved."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from journeys.comparing import ADDED, CHANGED, MOVED, REMOVED, SAME, compare, word_by_word
from journeys.operations import REFERENCES, difference
from journeys.state_grid import shown
from tests.journeys.documents import documents, example


def lists_of(document: dict[str, Any]) -> dict[str, Any]:
    lists = {name: document.get(name, []) for name in REFERENCES}
    return {**lists, "journey": [{"id": "", **document["journey"]}]}


def statuses(found, name: str) -> dict[str, str]:
    return {each.id: each.status for each in found.lists[name]}


@settings(max_examples=60, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
@given(one=documents(), other=documents())
def test_nothing_is_lost_and_nothing_made_up(one: Any, other: Any) -> None:
    before, after = lists_of(one), lists_of(other)
    found = compare(before, after)
    for name in REFERENCES:
        old, new = ({e["id"]: e for e in lists[name]} for lists in (before, after))
        told = statuses(found, name)
        assert set(told) == {*old, *new} and len(told) == len(found.lists[name])
        assert {k for k, status in told.items() if status == ADDED} == set(new) - set(old)
        assert {k for k, status in told.items() if status == REMOVED} == set(old) - set(new)
        kept = [each.id for each in found.lists[name] if each.status != REMOVED]
        assert kept == [entry["id"] for entry in after[name]]
    assert compare(before, before).is_same
    if not difference(before, after) and before["journey"] == after["journey"]:
        assert found.is_same
    drawn = shown(found)
    in_cells = [card.id for _lane, cells in drawn.rows for cell in cells for card in cell.cards]
    assert sorted(in_cells) == sorted({e["id"] for s in (before, after) for e in s["cards"]})


def test_each_kind_of_difference() -> None:
    before, after = lists_of(example()), lists_of(example())
    after["stages"] = [{"id": "look", "name": "Look"}, *after["stages"]]
    after["lanes"] = list(reversed(after["lanes"]))
    after["personas"] = []
    after["cards"] = [
        {**after["cards"][0], "lane": "feel", "text": "Dials a number on the card"},
        {key: value for key, value in after["cards"][1].items() if key != "persona"},
    ]
    after["journey"] = [{**after["journey"][0], "goal": ""}]
    found = compare(before, after)
    assert statuses(found, "stages") == {"look": ADDED, "ask": SAME}
    assert sorted(statuses(found, "lanes").values()) == [MOVED, SAME]
    assert statuses(found, "personas") == {"mei": REMOVED}
    assert statuses(found, "cards") == {"c1": CHANGED, "c2": CHANGED}
    card = found.lists["cards"][0]
    assert card.is_moved and card.was is not None and card.was["lane"] == "do"
    assert card.fields[0].pieces == [
        ("same", "Dials "), ("removed", "the"), ("added", "a"), ("same", " number on the card"),
    ]  # fmt: skip
    assert [change.field for change in found.journey] == ["goal"]
    assert found.counts == {"added": 1, "removed": 1, "changed": 2, "moved": 1}
    rows = {lane.id: cells for lane, cells in shown(found).rows}
    column = [step.step and step.step.id for step in shown(found).columns].index("call")
    assert [card.id for card in rows["do"][column].left] == ["c1"]


def test_a_card_that_only_moved() -> None:
    before, after = lists_of(example()), lists_of(example())
    after["cards"] = [{**after["cards"][0], "lane": "feel"}, after["cards"][1]]
    assert statuses(compare(before, after), "cards") == {"c1": MOVED, "c2": SAME}


@pytest.mark.parametrize(
    "before, after, pieces",
    [
        (
            "打电话给银行",
            "发信给银行",
            [("removed", "打电话"), ("added", "发信"), ("same", "给银行")],
        ),
        ("", "new", [("added", "new")]),
        ("old", "", [("removed", "old")]),
        ("a, b", "a; b", [("same", "a"), ("removed", ","), ("added", ";"), ("same", " b")]),
        ("same", "same", [("same", "same")]),
        # no islands of spaces, and what has little in common is told as a whole
        (
            "a b c d e long text",
            "x y z d e long text",
            [("removed", "a b c"), ("added", "x y z"), ("same", " d e long text")],
        ),
        (
            "Calls on Monday, after work",
            "Finds nothing to do, ever",
            [("removed", "Calls on Monday, after work"), ("added", "Finds nothing to do, ever")],
        ),
    ],
)
def test_texts_word_by_word(before: str, after: str, pieces: list) -> None:
    assert word_by_word(before, after) == pieces


def test_long_texts_are_told_as_wholes() -> None:
    one, other = "a " * 5000, "b " * 5000
    assert word_by_word(one, other) == [("removed", one), ("added", other)]
