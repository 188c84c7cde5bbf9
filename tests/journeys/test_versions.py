"""Versions: any state of the past is found and named, and restored as one more edit."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.access import Role
from accounts.models import User, Workspace
from journeys import editing, states
from journeys.actions import duplicate_journey
from journeys.entries import dump_parts
from journeys.errors import JourneyError
from journeys.mapfile import dump_map, load_map
from journeys.models import Journey, Operation
from journeys.operations import Change, Lists, apply, inverse
from journeys.versions import name_version, restore_state
from tests.factories import UserFactory
from tests.journeys.documents import example
from touchpoints.models import Touchpoint


@pytest.fixture
def journey(workspace: Workspace) -> Journey:
    return load_map(workspace, example(), None)


@pytest.fixture
def mei(db: None) -> User:
    return UserFactory(name="Mei")


def say(journey: Journey, text: str, user: User | None = None) -> Operation:
    changes = [Change("cards", "c1", {}, {"text": text})]
    return editing.edit(journey=journey, user=user, changes=changes)


def text_at(lists: Lists) -> Any:
    return next(card["text"] for card in lists["cards"] if card["id"] == "c1")


def test_every_state_is_found_from_kept_ones(journey: Journey, monkeypatch) -> None:
    monkeypatch.setattr(editing, "SNAPSHOT_EVERY", 5)
    for number in range(1, 24):
        say(journey, f"text {number}")
    assert [kept.number for kept in journey.snapshots.all()] == [5, 10, 15, 20]
    for number in range(1, 24):
        assert text_at(states.state_at(journey, number)) == f"text {number}"
    assert text_at(states.state_at(journey, 0)) == "Dials the number on the card"


def test_no_state_of_a_long_history_is_far_from_a_kept_one(journey: Journey, monkeypatch) -> None:
    """1,000 operations on a map of 100 cards, kept whole after every hundredth of them."""
    monkeypatch.setattr(states, "SNAPSHOT_EVERY", 100)
    many = [
        Change("cards", f"k{n}", None, {"lane": "do", "step": "call", "text": f"Card {n}"})
        for n in range(100)
    ]
    editing.edit(journey=journey, user=None, changes=many)
    journey.refresh_from_db()
    lists = states.present(journey)[1]
    made, kept = [], []
    for number in range(2, 1001):
        key = f"k{number * 7919 % 100}"
        change = Change("cards", key, {"text": _text(lists, key)}, {"text": f"At {number}"})
        made.append(Operation(journey=journey, number=number, client_id=uuid4(),
                              changes=[change.to_json()]))  # fmt: skip
        lists = apply(lists, [change])
        if number % states.SNAPSHOT_EVERY == 0:
            kept.append(journey.snapshots.model(journey=journey, number=number, lists=lists))
    Operation.objects.bulk_create(made)
    journey.snapshots.model.objects.bulk_create(kept)
    Journey.objects.filter(pk=journey.pk).update(revision=1000)
    for number in (1, 450, 549, 851):
        with CaptureQueriesContext(connection) as asked:
            found = states.state_at(journey, number)
        (read,) = [query["sql"] for query in asked if "journeys_operation" in query["sql"]]
        low, high = re.findall(r'"number" <?>?=? (\d+)', read)
        assert int(high) - int(low) <= (99 if number == 1 else 50), read
        after = apply(found, [c for o in made[number - 1 :] for c in editing.changes_of(o)])
        assert after["cards"] == lists["cards"]
        assert apply(after, inverse([c for o in made[number - 1 :]
                                     for c in editing.changes_of(o)])) == found  # fmt: skip


def _text(lists: Lists, key: str) -> str:
    return next(card["text"] for card in lists["cards"] if card["id"] == key)


def test_a_version_is_a_name_for_a_state(journey: Journey, mei: User) -> None:
    say(journey, "one")
    version = name_version(journey=journey, user=mei, name=" Before the workshop ", note="n = 6")
    say(journey, "two")
    assert (version.number, version.name) == (1, "Before the workshop")
    assert text_at(states.state_at(journey, version.number)) == "one"
    assert journey.snapshots.get().number == 1  # at hand, whatever comes after
    earlier = name_version(journey=journey, user=mei, name="The beginning", number=0)
    assert list(journey.versions.all()) == [version, earlier]
    with pytest.raises(JourneyError, match="already"):
        name_version(journey=journey, user=mei, name="The beginning")
    with pytest.raises(JourneyError, match="no operation 9"):
        name_version(journey=journey, user=mei, name="The future", number=9)


def test_restoring_is_an_edit_like_any_other(journey: Journey, mei: User) -> None:
    start = dump_map(journey)
    say(journey, "one")
    editing.edit(journey=journey, user=mei, changes=[
        Change("stages", "ask", {}, None), Change("journey", "", {}, {"name": "Other"}),
    ])  # fmt: skip
    changed = dump_parts(journey)
    done = restore_state(journey=journey, number=0, user=mei)
    journey.refresh_from_db()
    assert done is not None and (done.kind, done.number) == ("restore", 3)
    assert dump_map(journey) == start
    assert restore_state(journey=journey, number=0, user=mei) is None
    editing.take_back(journey=journey, operation=done, user=mei)
    assert dump_parts(journey) == changed


def test_what_left_the_workspace_stays_away(journey: Journey, mei: User) -> None:
    editing.edit(journey=journey, user=mei, changes=[
        Change("steps", "call", {}, {"touchpoints": None}),
        Change("journey", "", {}, {"name": "Ringing"}),
    ])  # fmt: skip
    Touchpoint.objects.filter(code="phone-banking").delete()
    restore_state(journey=journey, number=0, user=mei)
    journey.refresh_from_db()
    assert journey.name == "Calling the bank"
    assert journey.steps.get().touchpoints.count() == 0


def test_a_copy_knows_where_it_came_from(journey: Journey) -> None:
    copy = duplicate_journey(journey=journey)
    assert copy.copied_from == journey
    assert list(journey.copies.all()) == [copy]


def address(journey: Journey, rest: str) -> str:
    return f"/w/{journey.workspace.slug}/journeys/{journey.slug}/history/{rest}"


@pytest.fixture
def designer(member, client_for) -> Client:
    return client_for(member(Role.DESIGNER))


def test_the_page_names_a_state_and_restores_it(journey: Journey, designer: Client) -> None:
    say(journey, "one")
    posted = {"name": "Before the workshop", "number": "1"}
    designer.post(address(journey, "versions/"), posted)
    version = journey.versions.get()
    assert version.number == 1
    say(journey, "two")
    assert "Before the workshop" in designer.get(address(journey, "")).content.decode()
    seen = designer.get(address(journey, "1/")).content.decode()
    assert ">one<" in seen and ">two<" not in seen
    answer = designer.post(address(journey, "1/restore/"), follow=True)
    assert journey.cards.get(key="c1").text == "one"
    assert "edit/undo/3/" in answer.content.decode()  # a toast takes it back
    again = designer.post(address(journey, "versions/"), posted)
    assert again.status_code == 422 and "already" in again.content.decode()


def test_a_version_removed_comes_back(journey: Journey, designer: Client, mei: User) -> None:
    version = name_version(journey=journey, user=mei, name="Draft", note="why")
    page = designer.post(address(journey, f"versions/{version.pk}/delete/"), follow=True)
    assert not journey.versions.standing().exists()
    again = address(journey, f"versions/{version.pk}/restore/")
    assert again in page.content.decode()  # a toast brings it back
    designer.post(again)
    assert journey.versions.standing().get() == version


def test_viewers_read_and_change_nothing(journey: Journey, member, client_for) -> None:
    say(journey, "one")
    viewer = client_for(member(Role.VIEWER))
    page = viewer.get(address(journey, "")).content.decode()
    assert "restore" not in page and "edit/undo" not in page
    assert viewer.get(address(journey, "0/")).status_code == 200
    assert viewer.post(address(journey, "0/restore/")).status_code == 403
    assert viewer.get(address(journey, "7/")).status_code == 404


def test_history_in_words(journey: Journey, designer: Client, mei: User) -> None:
    say(journey, "Looks for the number", mei)
    editing.edit(journey=journey, user=None, changes=[Change("stages", "ask", {}, None)])
    page = designer.get(address(journey, "")).content.decode()
    assert "Mei" in page and "Looks for the number" in page
    assert "deleted the stage “Ask”" in page
    mine = designer.get(address(journey, f"?person={mei.pk}")).content.decode()
    assert "deleted the stage" not in mine and "Looks for the number" in mine
    assert designer.get(address(journey, "?person=x&page=99")).status_code == 200
