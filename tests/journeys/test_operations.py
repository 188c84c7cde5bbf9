"""Edits as operations: any sequence from several hands can be replayed, read backwards, undone."""

from copy import deepcopy
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings

from accounts.models import User, Workspace
from journeys import editing
from journeys.entries import dump_parts
from journeys.errors import Conflict, JourneyError
from journeys.mapfile import dump_map, load_map
from journeys.models import Journey, Operation
from journeys.operations import FOLLOWS, REFERENCES, Change, apply, difference, inverse
from tests.factories import UserFactory
from tests.journeys.documents import documents, example

LISTS = tuple(REFERENCES)


@pytest.fixture
def journey(workspace: Workspace) -> Journey:
    return load_map(workspace, example(), None)


@pytest.fixture
def mei(db: None) -> User:
    return UserFactory()


@pytest.fixture
def jan(db: None) -> User:
    return UserFactory()


def lists_of(document: dict[str, Any]) -> dict[str, Any]:
    return {name: document.get(name, []) for name in LISTS}


def change(journey: Journey, user: User | None, *changes: Change) -> Operation:
    return editing.edit(journey=journey, user=user, changes=changes)


def text(key: str, before: str | None, after: str) -> Change:
    return Change("cards", key, {} if before is None else {"text": before}, {"text": after})


@settings(max_examples=80, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
@given(before=documents(), after=documents())
def test_a_difference_leads_there_and_back(before: Any, after: Any) -> None:
    one, other = lists_of(before), lists_of(after)
    changes = difference(one, other)
    there = apply(one, changes)
    assert there == apply(other, [])
    assert apply(there, inverse(changes)) == one


def test_one_entry_moved_is_one_change() -> None:
    stages = [{"id": key, "name": key} for key in "abcdef"]
    moved = [*stages[1:], stages[0]]
    found = difference({"stages": stages}, {"stages": moved})
    assert found == [Change("stages", "a", {FOLLOWS: None}, {FOLLOWS: "f"})]


def test_undo_and_redo_are_ones_own(journey: Journey, mei: User, jan: User) -> None:
    change(journey, mei, text("c1", None, "one"))
    change(journey, jan, Change("cards", "c2", {}, {"emotion": 2}))
    change(journey, mei, text("c1", None, "two"))
    editing.undo(journey=journey, user=mei)
    assert journey.cards.get(key="c1").text == "one"
    editing.undo(journey=journey, user=mei)
    assert journey.cards.get(key="c1").text == "Dials the number on the card"
    with pytest.raises(JourneyError, match="nothing of yours"):
        editing.undo(journey=journey, user=mei)
    assert journey.cards.get(key="c2").emotion == 2
    editing.redo(journey=journey, user=mei)
    editing.redo(journey=journey, user=mei)
    assert journey.cards.get(key="c1").text == "two"
    with pytest.raises(JourneyError, match="nothing to redo"):
        editing.redo(journey=journey, user=mei)
    editing.undo(journey=journey, user=mei)
    assert journey.cards.get(key="c1").text == "one"


def test_after_a_new_edit_nothing_is_redone(journey: Journey, mei: User) -> None:
    change(journey, mei, text("c1", None, "one"))
    editing.undo(journey=journey, user=mei)
    change(journey, mei, text("c1", None, "other"))
    with pytest.raises(JourneyError, match="nothing to redo"):
        editing.redo(journey=journey, user=mei)


def test_sent_twice_it_is_done_once(journey: Journey, mei: User) -> None:
    sent = uuid4()
    changes = [Change("stages", "new", None, {"name": "New"})]
    one, again = (
        editing.edit(journey=journey, user=mei, changes=changes, client_id=sent) for _ in "12"
    )
    assert one.pk == again.pk and journey.stages.count() == 2


def test_a_text_that_changed_underneath_is_not_overwritten(
    journey: Journey, mei: User, jan: User
) -> None:
    old = "Dials the number on the card"
    change(journey, mei, text("c1", old, "Looks for the number"))
    with pytest.raises(Conflict) as refused:
        change(journey, jan, text("c1", old, "Asks a friend"))
    assert refused.value.details == {
        "list": "cards", "id": "c1", "field": "text", "who": str(mei),
        "theirs": "Looks for the number", "yours": "Asks a friend",
    }  # fmt: skip
    change(journey, jan, Change("cards", "c1", {"basis": "assumption"}, {"basis": "survey"}))
    assert journey.cards.get(key="c1").text == "Looks for the number"


def test_undo_does_not_take_back_what_others_wrote_over_it(
    journey: Journey, mei: User, jan: User
) -> None:
    change(journey, mei, text("c1", None, "one"))
    change(journey, jan, text("c1", None, "two"))
    with pytest.raises(Conflict):
        editing.undo(journey=journey, user=mei)
    assert journey.cards.get(key="c1").text == "two"


REFUSED = {
    "no such list": Change("towers", "t", None, {"name": "T"}),
    "an id that is taken": Change("stages", "ask", None, {"name": "Ask"}),
    "a change of nothing": Change("cards", "c9", {}, {"text": "x"}),
    "a deletion of nothing": Change("cards", "c9", {}, None),
    "a card in no lane": Change("cards", "c9", None, {"lane": "?", "step": "call", "text": "x"}),
    "an emotion off the scale": Change("cards", "c2", {}, {"emotion": 3}),
    "an unknown field": Change("cards", "c1", {}, {"font": "red"}),
    "a colour without meaning": Change("cards", "c1", {}, {"colour": "red"}),
    "a link that is a script": Change("cards", "c1", {}, {"links": [{"url": "javascript:x"}]}),
    "too many links": Change("cards", "c1", {}, {"links": [{"url": "https://a.b"}] * 11}),
    "evidence of nobody": Change("cards", "c1", {}, {"n": 0}),
    "a day that never was": Change("cards", "c1", {}, {"date": "2026-02-30"}),
    "a picture by another name": Change("cards", "c1", {}, {"image": "../../secret"}),
    "an owner too long": Change("cards", "c1", {}, {"owner": "x" * 121}),
    "a lane half hidden": Change("lanes", "do", {}, {"hidden": 1}),
    "a lane as high as a house": Change("lanes", "do", {}, {"height": "huge"}),
    "a ninth colour": Change("personas", "mei", {}, {"colour": 9}),
    "a journey within itself": Change("steps", "call", {}, {"opens": "calling-the-bank"}),
    "an address that is none": Change("steps", "call", {}, {"opens": "Calling the bank"}),
    "a text too long": Change("cards", "c1", {}, {"text": "x" * 10_001}),
    "a name of spaces": Change("stages", "ask", {}, {"name": "  "}),
    "no text at all": Change("cards", "c1", {}, {"text": "a\0b"}),
    "a number for a text": Change("stages", "ask", {}, {"name": 7}),
    "an unknown touchpoint": Change("steps", "call", {}, {"touchpoints": ["?"]}),
    "a touchpoint twice": Change("steps", "call", {}, {"touchpoints": ["phone-banking"] * 2}),
    "a deleted journey": Change("journey", "", {}, None),
    "a journey without a name": Change("journey", "", {}, {"name": ""}),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_cannot_be_is_refused_and_changes_nothing(journey: Journey, mei: User, why) -> None:
    before = dump_map(journey)
    fine = Change("stages", "fine", None, {"name": "Fine"})
    with pytest.raises(JourneyError):
        change(journey, mei, fine, REFUSED[why])
    journey.refresh_from_db()
    assert (dump_map(journey), journey.revision) == (before, 0)


def test_the_journeys_own_fields_are_edits_too(journey: Journey, mei: User) -> None:
    before = dump_map(journey)
    wanted = {"name": "给银行打电话", "goal": None, "goal_touchpoints": ["phone-banking"]}
    change(journey, mei, Change("journey", "", {}, wanted))
    journey.refresh_from_db()
    assert (journey.name, journey.goal) == ("给银行打电话", "")
    assert journey.goal_touchpoints.get().code == "phone-banking"
    editing.undo(journey=journey, user=mei)
    journey.refresh_from_db()
    assert dump_map(journey) == before


def test_a_map_file_over_a_map_is_one_operation(journey: Journey, mei: User) -> None:
    before = dump_map(journey)
    document = example()
    document["journey"]["name"] = "Ringing the bank"
    document["stages"].insert(0, {"id": "look", "name": "Look"})
    document["cards"].pop()
    load_map(journey.workspace, deepcopy(document), mei)
    operation = journey.operations.get()
    assert (operation.kind, len(operation.changes)) == ("import", 3)
    editing.take_back(journey=journey, operation=operation, user=mei)
    journey.refresh_from_db()
    assert dump_map(journey) == before
    load_map(journey.workspace, before, mei)
    assert journey.operations.count() == 2  # the same map again is no edit


def test_parts_put_between_two_others_again_and_again(journey: Journey) -> None:
    """Gaps run out after twenty halvings; then the list gets new ones."""
    for number in range(50):
        change(journey, None, Change("lanes", f"l{number}", None,
                                     {"kind": "text", "name": "x", FOLLOWS: "feel"}))  # fmt: skip
    order = [lane["id"] for lane in dump_parts(journey)["lanes"]]
    assert order == ["feel", *(f"l{n}" for n in reversed(range(50))), "do"]


def test_an_edit_asks_as_many_questions_on_a_large_map(
    journey: Journey, mei: User, django_assert_max_num_queries
) -> None:
    for number in range(120):
        place = {"lane": "do", "step": "call", "text": f"Card {number}"}
        change(journey, mei, Change("cards", f"k{number}", None, place))
    with django_assert_max_num_queries(14):
        change(journey, mei, text("k60", None, "Changed"))
    with django_assert_max_num_queries(20):
        change(journey, mei, Change("cards", "k60", {}, {FOLLOWS: "k3"}))
