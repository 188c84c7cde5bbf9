"""What the editor starts from, and what it asks for beside operations."""

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import Role
from accounts.models import Workspace
from journeys.entries import dump_parts
from journeys.mapfile import load_map
from journeys.models import Journey
from tests.factories import ChannelFactory, TouchpointFactory
from tests.journeys.documents import example

pytestmark = pytest.mark.django_db
SETTINGS = {"collapsed": ["ask"], "lanes": {"feel": False}, "lens": "evidence", "zoom": 0.8}


@pytest.fixture
def journey(workspace: Workspace) -> Journey:
    return load_map(workspace, example(), None)


@pytest.fixture
def designer(client_for, member) -> Client:
    return client_for(member(Role.DESIGNER))


def at(journey: Journey, name: str, *more: object) -> str:
    return reverse(f"journeys:{name}", args=[journey.workspace.slug, journey.slug, *more])


def post(client: Client, address: str, document: Any) -> Any:
    return client.post(address, json.dumps(document), content_type="application/json")


def document_on(page: str) -> dict[str, Any]:
    found = re.search(r'<script id="map-document" type="application/json">(.*?)</script>', page)
    assert found
    return json.loads(found[1])


def test_the_page_carries_the_map_at_its_revision(journey: Journey, designer: Client) -> None:
    change = {"list": "stages", "id": "new", "before": None, "after": {"name": "</script><b>"}}
    post(designer, at(journey, "operations"), {"changes": [change]})
    page = designer.get(at(journey, "edit")).content.decode()
    document = document_on(page)
    assert document["revision"] == 1
    assert document["lists"] == dump_parts(journey)
    assert document["touchpoints"]["phone-banking"]["kind"] == "phone"
    assert "</script><b>" not in page


def test_touchpoints_are_found_by_name_code_or_exactly(
    journey: Journey, designer: Client, workspace: Workspace
) -> None:
    app = ChannelFactory(workspace=workspace, code="the-app", kind="app")
    TouchpointFactory(workspace=workspace, code="selfie", name="Identity check", channel=app)
    TouchpointFactory(code="selfie", name="Identity check of another bank")
    found = at(journey, "find_touchpoints")
    wanted = [{"code": "selfie", "name": "Identity check", "kind": "app"}]
    for query in ({"q": "IDENTITY"}, {"q": "self"}, {"code": "selfie"}):
        assert designer.get(found, query).json() == {"touchpoints": wanted}
    assert designer.get(found, {"code": "self"}).json() == {"touchpoints": []}


def test_a_touchpoint_is_made_by_its_name(journey: Journey, designer: Client) -> None:
    made = post(designer, at(journey, "find_touchpoints"), {"name": " Video desk "}).json()
    assert made == {"code": "video-desk", "name": "Video desk", "kind": ""}
    assert journey.workspace.touchpoints.filter(code="video-desk").exists()
    for bad in ({"name": " "}, {"name": 7}, {"name": "x" * 161}, []):
        answer = post(designer, at(journey, "find_touchpoints"), bad)
        assert (answer.status_code, bool(answer.json()["error"])) == (422, True)


def test_a_view_has_an_address_of_its_own(journey: Journey, designer: Client) -> None:
    made = post(designer, at(journey, "views"), {"name": "Folded", "settings": SETTINGS}).json()
    assert made["settings"] == SETTINGS
    again = {"name": "Folded", "settings": {**SETTINGS, "zoom": 1}, "shared": True}
    assert post(designer, at(journey, "views"), again).json()["id"] == made["id"]
    page = designer.get(at(journey, "edit"), {"view": made["id"]}).content.decode()
    document = document_on(page)
    assert document["view"] == {**SETTINGS, "zoom": 1}
    assert document["page"]["views"][0]["name"] == "Folded"
    assert designer.get(at(journey, "edit"), {"view": "x"}).status_code == 404


@pytest.mark.parametrize(
    "document",
    [
        {"name": "", "settings": {}},
        {"name": "x" * 81, "settings": {}},
        {"name": "x", "settings": []},
        {"name": "x", "settings": {"zoom": True}},
        {"name": "x", "settings": {"zoom": 9}},
        {"name": "x", "settings": {"lens": "rose"}},
        {"name": "x", "settings": {"lanes": {"a": 1}}},
        {"name": "x", "settings": {"collapsed": ["x" * 61]}},
        {"name": "x", "settings": {"else": 1}},
    ],
)
def test_a_view_that_cannot_be_is_refused(
    journey: Journey, designer: Client, document: dict[str, Any]
) -> None:
    answer = post(designer, at(journey, "views"), document)
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert not journey.views.exists()


def test_views_are_one_s_own_unless_shared(
    journey: Journey, designer: Client, client_for, member
) -> None:
    other = client_for(member(Role.DESIGNER))
    own, shared = (
        post(designer, at(journey, "views"), {"name": name, "shared": is_shared, "settings": {}})
        for name, is_shared in (("Mine", False), ("Ours", True))
    )
    page = document_on(other.get(at(journey, "edit")).content.decode())
    assert [(v["name"], v["mine"]) for v in page["page"]["views"]] == [("Ours", False)]
    assert other.get(at(journey, "edit"), {"view": own.json()["id"]}).status_code == 404
    assert other.get(at(journey, "edit"), {"view": shared.json()["id"]}).status_code == 200
    address = at(journey, "view", shared.json()["id"])
    assert post(other, address, {"delete": True}).status_code == 404
    assert post(designer, address, {}).status_code == 422
    assert post(designer, address, {"delete": True}).json() == {"deleted": shared.json()["id"]}
    assert [view.name for view in journey.views.all()] == ["Mine"]


def test_one_operation_is_taken_back_whatever_came_after_it(
    journey: Journey, designer: Client
) -> None:
    for key in ("one", "two"):
        change = {"list": "stages", "id": key, "before": None, "after": {"name": key}}
        post(designer, at(journey, "operations"), {"changes": [change]})
    sent = {"id": str(uuid4()), "undo": 1}
    undone = post(designer, at(journey, "operations"), sent).json()
    assert post(designer, at(journey, "operations"), sent).json() == undone
    assert [stage.key for stage in journey.stages.all()] == ["ask", "two"]
    assert post(designer, at(journey, "operations"), {"undo": 99}).status_code == 422
    assert post(designer, at(journey, "operations"), {"undo": 2**70}).status_code == 422


def test_an_undo_sent_twice_is_done_once(journey: Journey, designer: Client) -> None:
    for key in ("one", "two"):
        change = {"list": "stages", "id": key, "before": None, "after": {"name": key}}
        post(designer, at(journey, "operations"), {"changes": [change]})
    for word, left in (("undo", ["ask", "one"]), ("redo", ["ask", "one", "two"])):
        sent = {"id": str(uuid4()), word: True}
        told = [post(designer, at(journey, "operations"), sent).json() for _time in range(2)]
        assert told[0] == told[1]
        assert [stage.key for stage in journey.stages.all()] == left
