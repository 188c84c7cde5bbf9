"""Editing together over HTTP: edits in, refusals with reasons, the stream of what others did."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import Client
from django.urls import reverse

from accounts.access import Role
from accounts.models import User, Workspace
from journeys import editing
from journeys.mapfile import dump_map, load_map
from journeys.models import Journey
from journeys.operation_views import journey_events
from journeys.operations import Change
from tests.journeys.documents import example

NEW = {"list": "stages", "id": "new", "before": None, "after": {"name": "New", "follows": "ask"}}


@pytest.fixture
def journey(workspace: Workspace) -> Journey:
    return load_map(workspace, example(), None)


@pytest.fixture
def designer(client_for, member) -> Client:
    return client_for(member(Role.DESIGNER))


def address(journey: Journey, name: str = "operations") -> str:
    return reverse(f"journeys:{name}", args=[journey.workspace.slug, journey.slug])


def post(client: Client, journey: Journey, document: Any, name: str = "operations") -> Any:
    body = document if isinstance(document, (str, bytes)) else json.dumps(document)
    return client.post(address(journey, name), body, content_type="application/json")


def test_an_edit_is_answered_with_what_was_done(journey: Journey, designer: Client) -> None:
    sent = str(uuid4())
    answer = post(designer, journey, {"id": sent, "changes": [NEW]})
    told = answer.json()
    assert (answer.status_code, told["number"], told["id"]) == (200, 1, sent)
    assert told["changes"] == [NEW]
    assert post(designer, journey, {"id": sent, "changes": [NEW]}).json() == told
    undone = post(designer, journey, {"undo": True}).json()
    assert undone["changes"] == [NEW | {"before": NEW["after"], "after": None}]
    assert post(designer, journey, {"redo": True}).json()["number"] == 3
    assert [stage.key for stage in journey.stages.all()] == ["ask", "new"]


@pytest.mark.parametrize(
    "document",
    [
        "no json", "[]", b"\xff", "[" * 5000, {}, {"changes": []}, {"changes": [1]},
        {"changes": [{"list": "stages", "id": 1, "after": {}}]},
        {"changes": [{"list": "stages", "id": "a", "before": None, "after": None}]},
        {"id": "x", "changes": [NEW]}, {"id": 7, "changes": [NEW]},
        {"changes": [NEW] * 2001}, {"redo": True}, {"undo": True},
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_a_sentence(journey, designer, document) -> None:
    before = dump_map(journey)
    answer = post(designer, journey, document)
    assert answer.status_code == 422 and answer.json()["error"]
    assert dump_map(journey) == before


def test_a_conflict_offers_both_texts(journey: Journey, designer: Client) -> None:
    change = {"list": "cards", "id": "c1", "before": {"text": "old"}, "after": {"text": "mine"}}
    answer = post(designer, journey, {"changes": [change]})
    assert answer.status_code == 409
    assert answer.json()["conflict"]["theirs"] == "Dials the number on the card"
    assert answer.json()["conflict"]["yours"] == "mine"


def test_whoever_was_away_gets_what_happened_since(journey: Journey, designer: Client) -> None:
    for number in range(3):
        post(designer, journey, {"changes": [NEW | {"id": f"n{number}"}]})
    found = designer.get(address(journey), {"since": 1}).json()
    assert [o["number"] for o in found["operations"]] == [2, 3] and found["revision"] == 3
    assert designer.get(address(journey), {"since": "yesterday"}).status_code == 400


def test_a_viewer_sees_and_may_not_edit(journey: Journey, client_for, member) -> None:
    viewer = client_for(member(Role.VIEWER))
    assert viewer.get(address(journey)).status_code == 200
    assert post(viewer, journey, {"changes": [NEW]}).status_code == 403
    assert post(viewer, journey, {"place": "c1"}, "presence").status_code == 403
    assert not journey.operations.exists()


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=1+1", "{{ 7 }}", "‮"])
def test_text_is_only_text(journey: Journey, designer: Client, text: str) -> None:
    change = {"list": "cards", "id": "c1", "before": None, "after": None}
    change |= {"before": {}, "after": {"text": text}}
    assert post(designer, journey, {"changes": [change]}).status_code == 200
    page = designer.get(address(journey, "edit")).content.decode()
    assert "<script>alert(1)" not in page
    assert journey.cards.get(key="c1").text == text


@pytest.mark.django_db(transaction=True)
def test_the_stream_tells_each_edit_once_in_order(workspace: Workspace, owner: User) -> None:
    """Also those made before the listener came, and those that are told of twice."""
    journey = load_map(workspace, example(), None)

    def edit(number: int) -> None:
        change = Change("stages", f"n{number}", None, {"name": "New"})
        editing.edit(journey=journey, user=owner, changes=[change])

    async def heard() -> list[int]:
        edits = sync_to_async(edit)
        await edits(1)
        await edits(2)
        events = journey_events(journey, 1)
        numbers = [(await anext(events))[1]["number"]]
        for number in (3, 4, 5):
            await edits(number)
        while len(numbers) < 4:
            name, told = await asyncio.wait_for(anext(events), 10)
            assert name == "operation"
            numbers.append(told["number"])
        await events.aclose()
        await sync_to_async(connections.close_all)()
        return numbers

    assert asyncio.run(heard()) == [2, 3, 4, 5]
