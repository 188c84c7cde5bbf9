"""How much a map may hold: the last that fits is taken, the next one refused with the number."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import Role
from accounts.models import Workspace
from journeys import editing
from journeys.entries import PARTS, dump_parts
from journeys.limits import LIMITS
from journeys.mapfile import load_map
from journeys.models import Journey
from journeys.operations import FOLLOWS, Change
from tests.journeys.documents import example

OF = {
    "stages": {"name": "x"},
    "steps": {"name": "x", "stage": "ask"},
    "lanes": {"name": "x", "kind": "text"},
    "personas": {"name": "x"},
    "cards": {"text": "x", "lane": "do", "step": "call"},
}


@pytest.fixture
def journey(workspace: Workspace) -> Journey:
    return load_map(workspace, example(), None)


@pytest.fixture
def designer(client_for, member) -> Client:
    return client_for(member(Role.DESIGNER))


def _fill(journey: Journey, name: str, left: int) -> None:
    """Up to this many before its limit."""
    rows = PARTS[name]._default_manager
    own = {
        "cards": {"lane": journey.lanes.get(key="do"), "step": journey.steps.get(key="call")},
        "steps": {"stage": journey.stages.get(key="ask")},
        "lanes": {"kind": "text"},
    }.get(name, {})
    here = rows.filter(journey=journey).count()
    rows.bulk_create(
        PARTS[name](journey=journey, key=f"fill-{n}", position=2**40 + n, **own)
        for n in range(LIMITS[name] - left - here)
    )


def _post(client: Client, journey: Journey, *changes: Change):
    address = reverse("journeys:operations", args=[journey.workspace.slug, journey.slug])
    body = json.dumps({"changes": [change.to_json() for change in changes]})
    return client.post(address, body, content_type="application/json")


def test_the_limits_are_those_that_are_promised() -> None:
    assert (LIMITS["steps"], LIMITS["lanes"], LIMITS["cards"]) == (200, 60, 5000)


@pytest.mark.parametrize("name", LIMITS)
def test_one_too_many_is_refused_and_others_go_on(journey, designer, name: str) -> None:
    _fill(journey, name, left=1)
    assert _post(designer, journey, Change(name, "last", None, OF[name])).status_code == 200
    refused = _post(designer, journey, Change(name, "more", None, OF[name]))
    assert refused.status_code == 422
    assert refused.json()["error"] == f"A map has at most {LIMITS[name]} {name}."
    assert PARTS[name]._default_manager.filter(journey=journey).count() == LIMITS[name]
    journey.refresh_from_db()
    assert journey.revision == 1
    change = Change("cards", "c1", {}, {"text": "Somebody else goes on"})
    assert _post(designer, journey, change).status_code == 200


def test_a_block_that_does_not_fit_is_refused_whole(journey: Journey, owner) -> None:
    _fill(journey, "cards", left=3)
    before = dump_parts(journey)
    block = [
        Change("cards", f"b{n}", None, {**OF["cards"], FOLLOWS: f"b{n - 1}" if n else None})
        for n in range(4)
    ]
    with pytest.raises(editing.JourneyError, match="at most 5000 cards"):
        editing.edit(journey=journey, user=owner, changes=block)
    assert dump_parts(journey) == before
    editing.edit(journey=journey, user=owner, changes=block[:3])
    assert [card["id"] for card in dump_parts(journey)["cards"][:3]] == ["b0", "b1", "b2"]


@pytest.mark.parametrize("letter", ["x", "痛", "😀"])
def test_ten_thousand_characters_fit_in_a_card(journey, designer, letter: str) -> None:
    fits = Change("cards", "c1", {}, {"text": letter * 10_000})
    assert _post(designer, journey, fits).status_code == 200
    answer = _post(designer, journey, Change("cards", "c1", {}, {"text": letter * 10_001}))
    assert answer.status_code == 422 and "10000" in answer.json()["error"]
    assert len(journey.cards.get(key="c1").text) == 10_000


def test_a_block_asks_as_many_questions_as_a_card(journey, owner, django_assert_max_num_queries):
    block = [
        Change("cards", f"b{n}", None, {**OF["cards"], FOLLOWS: f"b{n - 1}" if n else "c1"})
        for n in range(40)
    ]
    with django_assert_max_num_queries(17):
        operation = editing.edit(journey=journey, user=owner, changes=block)
    with django_assert_max_num_queries(14):
        editing.take_back(journey=journey, operation=operation, user=owner)
