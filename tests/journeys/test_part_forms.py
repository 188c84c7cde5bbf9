"""Forms for what parts of a map can hold, each field an edit of the map."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User, Workspace
from journeys.entries import entry_of
from journeys.mapfile import dump_map, load_map
from journeys.models import Card, Journey, Lane, Persona, Step
from tests.journeys.documents import example
from tests.journeys.pictures import a_picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def journey(workspace: Workspace) -> Journey:
    return load_map(workspace, example(), None)


@pytest.fixture
def client(client_for, owner: User) -> Client:
    return client_for(owner)


def address(journey: Journey, part: Any) -> str:
    kind = type(part).__name__.lower()
    return f"/w/{journey.workspace.slug}/journeys/{journey.slug}/edit/{kind}/{part.pk}/"


def card_answer(card: Card, **more: Any) -> dict[str, Any]:
    return {
        "text": card.text,
        "lane": card.lane_id,
        "step": card.step_id,
        "basis": "survey",
        **more,
    }


def test_a_card_takes_all_it_can_hold(journey: Journey, client: Client) -> None:
    card = journey.cards.get(key="c1")
    answer = card_answer(
        card, colour="risk", n="240", date="2026-01-31", expires="2026-12-31",
        owner="mei@bank.example", links="https://bank.example/a The study\n\nhttp://b.example\n",
        new_picture=SimpleUploadedFile("a.png", a_picture()),
    )  # fmt: skip
    assert client.post(address(journey, card), answer).status_code == 302
    entry = entry_of(Card.objects.get(pk=card.pk))
    picture = journey.workspace.pictures.get()
    assert entry == {
        "id": "c1", "lane": "do", "step": "call", "text": card.text, "colour": "risk",
        "owner": "mei@bank.example", "image": picture.sha256, "basis": "survey", "n": 240,
        "date": "2026-01-31", "expires": "2026-12-31",
        "links": [{"url": "https://bank.example/a", "title": "The study"}, {"url": "http://b.example"}],
    }  # fmt: skip
    page = client.get(address(journey, card)).content.decode()
    for shown in ("https://bank.example/a The study", 'value="2026-12-31"', "Take the picture off"):
        assert shown in page


def test_saving_a_form_as_it_is_changes_nothing(journey: Journey, client: Client) -> None:
    card = journey.cards.get(key="c1")
    answer = card_answer(card, basis="assumption", links="")
    assert client.post(address(journey, card), answer).status_code == 302
    assert not journey.operations.exists()


def test_a_picture_is_taken_off(journey: Journey, client: Client) -> None:
    card = journey.cards.get(key="c1")
    Card.objects.filter(pk=card.pk).update(image="a" * 64)
    client.post(address(journey, card), card_answer(card, without_picture="on"))
    assert Card.objects.get(pk=card.pk).image == ""
    change = journey.operations.get().changes[0]
    assert (change["before"]["image"], change["after"]["image"]) == ("a" * 64, None)


REFUSED = {
    "links": ({"links": "ftp://x.example"}, "begins with https://"),
    "a script": ({"links": "javascript:alert(1)"}, "begins with https://"),
    "eleven links": ({"links": "https://a.b\n" * 11}, "at most 10"),
    "nobody asked": ({"n": "0"}, "greater than or equal to 1"),
    "expired before it was": (
        {"date": "2026-02-01", "expires": "2026-01-01"},
        "Expected a day after the evidence itself",
    ),
    "no picture": ({"new_picture": SimpleUploadedFile("a.png", b"none")}, "is no picture"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_a_card_cannot_hold_is_refused(journey: Journey, client: Client, why: str) -> None:
    before = dump_map(journey)
    answer, reason = REFUSED[why]
    card = journey.cards.get(key="c1")
    page = client.post(address(journey, card), card_answer(card, **answer))
    assert page.status_code == 422 and reason in page.content.decode()
    assert dump_map(journey) == before


def test_a_step_opens_another_journey_but_not_round(journey: Journey, client: Client) -> None:
    document = example()
    document["journey"] = {"slug": "waiting", "name": "Waiting"}
    other = load_map(journey.workspace, document, None)
    there, back = journey.steps.get(), other.steps.get()
    answer = {
        "name": "Call",
        "stage": there.stage_id,
        "description": "By phone",
        "opens": "waiting",
    }
    assert client.post(address(journey, there), answer).status_code == 302
    there = Step.objects.get(pk=there.pk)
    assert (there.opens, there.description) == ("waiting", "By phone")
    answer = {"name": "Wait", "stage": back.stage_id, "opens": journey.slug}
    page = client.post(address(other, back), answer)
    assert page.status_code == 422 and "cannot be within itself" in page.content.decode()
    assert Step.objects.get(pk=back.pk).opens == ""


def test_a_lane_is_hidden_and_made_small(journey: Journey, client: Client) -> None:
    lane = journey.lanes.get(key="do")
    answer = {"name": lane.name, "kind": "channel", "hidden": "on", "height": "small"}
    assert client.post(address(journey, lane), answer).status_code == 302
    lane = Lane.objects.get(pk=lane.pk)
    assert (lane.kind, lane.hidden, lane.height) == ("channel", True, "small")
    client.post(address(journey, lane), {"name": lane.name, "kind": "channel", "height": ""})
    assert entry_of(Lane.objects.get(pk=lane.pk)) == {
        "id": "do", "kind": "channel", "name": "What customers do",
    }  # fmt: skip


def test_a_persona_has_goals_frustrations_colour_and_a_face(
    journey: Journey, client: Client
) -> None:
    persona = journey.personas.get()
    answer = {
        "name": "Mei", "goals": "Be done by noon", "frustrations": "Queues", "colour": "3",
        "new_picture": SimpleUploadedFile("mei.jpg", a_picture("JPEG")),
    }  # fmt: skip
    assert client.post(address(journey, persona), answer).status_code == 302
    persona = Persona.objects.get(pk=persona.pk)
    assert (persona.goals, persona.frustrations, persona.colour) == ("Be done by noon", "Queues", 3)
    assert persona.picture == journey.workspace.pictures.get().sha256
