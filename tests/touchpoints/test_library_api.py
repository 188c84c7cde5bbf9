"""The library through the API keeps the same promises as through its pages."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User, Workspace
from journeys.mapfile import load_map
from journeys.models import Journey
from tests.factories import TouchpointFactory, UnitFactory
from tests.journeys.documents import example
from touchpoints.codes import touchpoint_by_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(member: Callable[[str], User], client_for: Callable[[User], Client]) -> Client:
    return client_for(member("designer"))


def test_a_touchpoint_is_made_changed_and_deleted(workspace: Workspace, api: Client) -> None:
    fields = {
        "code": "counter",
        "name": "Counter",
        "codes": ["C1"],
        "promises": [{"max_wait_s": 5}],
    }
    made = api.post("/api/v1/touchpoints/", fields, content_type="application/json")
    assert made.status_code == 201, made.content
    assert made.json()["codes"] == ["C1"]
    changed = api.patch(
        "/api/v1/touchpoints/counter/", {"code": "desk"}, content_type="application/json"
    )
    assert changed.json()["codes"] == ["C1", "counter"]
    assert touchpoint_by_code(workspace) == {"desk": "desk", "counter": "desk", "C1": "desk"}
    assert api.delete("/api/v1/touchpoints/desk/").status_code == 204
    assert not workspace.touchpoints.exists()


def test_a_code_of_another_touchpoint_is_refused(workspace: Workspace, api: Client) -> None:
    TouchpointFactory(workspace=workspace, code="counter")
    answer = api.post(
        "/api/v1/touchpoints/",
        {"code": "desk", "name": "Desk", "codes": ["counter"]},
        content_type="application/json",
    )
    assert answer.status_code == 400
    assert "belongs to the touchpoint" in answer.content.decode()
    assert workspace.touchpoints.count() == 1


def test_what_is_in_use_stays(workspace: Workspace, api: Client) -> None:
    load_map(workspace, example(), None)
    for address in ("touchpoints/phone-banking", "channels/phone", "segments/priority"):
        answer = api.delete(f"/api/v1/{address}/")
        assert answer.status_code == 400
        assert "is in use by" in answer.content.decode()


def test_a_unit_is_given_an_owner_by_e_mail(
    workspace: Workspace, api: Client, owner: User, stranger: User
) -> None:
    UnitFactory(workspace=workspace, code="harbour")
    for person, status in ((owner, 200), (stranger, 400)):
        answer = api.patch(
            "/api/v1/units/harbour/", {"owner": person.email}, content_type="application/json"
        )
        assert answer.status_code == status, answer.content
    assert api.get("/api/v1/units/harbour/").json()["owner"] == owner.email


def test_a_journey_deleted_through_the_api_can_come_back(workspace: Workspace, api: Client) -> None:
    load_map(workspace, example(), None)
    assert api.delete("/api/v1/journeys/calling-the-bank/").status_code == 204
    assert not workspace.journeys.exists()
    assert Journey.with_deleted.get().deleted_at is not None
