"""Pages of the library: who may see and change what, and what the pages do."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User, Workspace
from evidence.models import Import
from journeys.mapfile import load_map
from tests.factories import ChannelFactory, SegmentFactory, TouchpointFactory, UnitFactory
from tests.journeys.documents import example
from touchpoints.models import Channel, Segment, Touchpoint, Unit

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]

NO_PROMISES = {"promises-TOTAL_FORMS": 0, "promises-INITIAL_FORMS": 0}


@pytest.fixture
def designer(member: Callable[[str], User], client_for: ClientFor) -> Client:
    return client_for(member("designer"))


def at(workspace: Workspace, name: str, *more: object) -> str:
    return reverse(f"touchpoints:{name}", args=[workspace.slug, *more])


def reading(workspace: Workspace, touchpoint: Touchpoint) -> list[str]:
    return [
        at(workspace, "list"),
        at(workspace, "edit", touchpoint.pk),
        at(workspace, "unmapped"),
        at(workspace, "words", "channel"),
        at(workspace, "words", "segment"),
        at(workspace, "words", "unit"),
    ]


def writing(workspace: Workspace, touchpoint: Touchpoint, channel: Channel) -> list[str]:
    return [
        at(workspace, "add"),
        at(workspace, "edit", touchpoint.pk),
        at(workspace, "delete", touchpoint.pk),
        at(workspace, "restore", "x"),
        at(workspace, "map_code"),
        at(workspace, "words", "channel"),
        at(workspace, "word_edit", "channel", channel.pk),
        at(workspace, "word_move", "channel", channel.pk),
        at(workspace, "word_delete", "channel", channel.pk),
    ]


@pytest.mark.parametrize("role", ["viewer", "manager"])
def test_who_may_not_edit_may_read(
    workspace: Workspace, role: str, member: Callable[[str], User], client_for: ClientFor
) -> None:
    touchpoint, channel = (
        TouchpointFactory(workspace=workspace),
        ChannelFactory(workspace=workspace),
    )
    client = client_for(member(role))
    for address in reading(workspace, touchpoint):
        assert client.get(address).status_code == 200, address
    for address in writing(workspace, touchpoint, channel):
        assert client.post(address).status_code == 403, address


def test_strangers_learn_nothing(
    workspace: Workspace, stranger: User, client_for: ClientFor
) -> None:
    touchpoint, channel = (
        TouchpointFactory(workspace=workspace),
        ChannelFactory(workspace=workspace),
    )
    client = client_for(stranger)
    for address in reading(workspace, touchpoint):
        assert client.get(address).status_code == 404, address
    for address in writing(workspace, touchpoint, channel):
        assert client.post(address).status_code == 404, address


def test_another_workspace_s_entries_are_not_there(workspace: Workspace, designer: Client) -> None:
    touchpoint, channel = TouchpointFactory(), ChannelFactory()
    assert designer.get(at(workspace, "edit", touchpoint.pk)).status_code == 404
    assert designer.post(at(workspace, "delete", touchpoint.pk)).status_code == 404
    assert designer.post(at(workspace, "word_delete", "channel", channel.pk)).status_code == 404


def test_the_list_says_what_is_promised_and_where_it_is_used(
    workspace: Workspace, designer: Client
) -> None:
    journey = load_map(workspace, example(), None)
    page = designer.get(at(workspace, "list")).content.decode()
    for words in ("Phone: everyday banking", "phone-banking", "80% within 1 min", "priority"):
        assert words in page
    assert f'href="{journey.get_absolute_url()}"' in page
    other = designer.get(at(workspace, "list") + "?channel=web").content.decode()
    assert "Phone: everyday banking" not in other


def test_a_touchpoint_is_added_with_promises_and_codes(
    workspace: Workspace, designer: Client
) -> None:
    channel = ChannelFactory(workspace=workspace)
    segment = SegmentFactory(workspace=workspace)
    answer = designer.post(
        at(workspace, "add"),
        {
            "name": "Counter",
            "code": "counter",
            "channel": channel.pk,
            "codes": "C1\n\n C2 \nC1",
            "forms": "2",
            "signatures": "",
            "promises-TOTAL_FORMS": 3,
            "promises-INITIAL_FORMS": 0,
            "promises-0-max_wait_s": "600",
            "promises-0-target_percent": "80",
            "promises-1-max_wait_s": "300.5",
            "promises-1-segment": segment.pk,
            "promises-2-max_wait_s": "",
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    touchpoint = Touchpoint.objects.get()
    assert [code.code for code in touchpoint.evidence_codes.all()] == ["C1", "C2"]
    assert (touchpoint.forms, touchpoint.signatures, touchpoint.channel) == (2, 0, channel)
    promises = touchpoint.promises.values_list("max_wait_s", "target_share", "segment__code")
    assert [(float(w), s and float(s), c) for w, s, c in promises] == [
        (600.0, 0.8, None),
        (300.5, None, segment.code),
    ]


def edit_fields(touchpoint: Touchpoint, **changes: Any) -> dict[str, Any]:
    return {"name": touchpoint.name, "code": touchpoint.code, **NO_PROMISES, **changes}


BAD = [
    ({"code": ""}, "This field is required"),
    ({"code": "taken"}, "belongs to “Other” already"),
    ({"codes": "taken"}, "belongs to the touchpoint “taken” already"),
    ({"codes": "x" * 101}, "at most 100 characters"),
    ({"forms": "1001"}, "At most 1000"),
    (
        {"promises-TOTAL_FORMS": 2, "promises-0-max_wait_s": "1", "promises-1-max_wait_s": "2"},
        "There is a promise for this segment and channel already",
    ),
    ({"promises-TOTAL_FORMS": 1, "promises-0-max_wait_s": "-1"}, "promise"),
    (
        {
            "promises-TOTAL_FORMS": 1,
            "promises-0-max_wait_s": "1",
            "promises-0-target_percent": "101",
        },
        "less than or equal to 100",
    ),
]


@pytest.mark.parametrize(("changes", "words"), BAD, ids=lambda value: str(value)[:30])
def test_what_cannot_be_is_refused_in_words(
    workspace: Workspace, designer: Client, changes: dict[str, Any], words: str
) -> None:
    TouchpointFactory(workspace=workspace, code="taken", name="Other")
    touchpoint = TouchpointFactory(workspace=workspace, code="counter", name="Counter")
    answer = designer.post(
        at(workspace, "edit", touchpoint.pk), edit_fields(touchpoint, name="Changed", **changes)
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()
    touchpoint.refresh_from_db()
    assert (touchpoint.name, touchpoint.promises.count()) == ("Counter", 0)


def test_deleting_a_touchpoint_can_be_undone(workspace: Workspace, designer: Client) -> None:
    touchpoint = TouchpointFactory(workspace=workspace, code="counter", name="Counter")
    page = designer.post(at(workspace, "delete", touchpoint.pk), follow=True).content.decode()
    assert not workspace.touchpoints.exists()
    token = designer.session["library_bin"][0]["token"]
    assert at(workspace, "restore", token) in page
    designer.post(at(workspace, "restore", token))
    assert workspace.touchpoints.get().name == "Counter"
    assert designer.post(at(workspace, "restore", token)).status_code == 404


def test_a_touchpoint_in_use_stays_and_the_page_says_where(
    workspace: Workspace, designer: Client
) -> None:
    load_map(workspace, example(), None)
    touchpoint = workspace.touchpoints.get()
    page = designer.post(at(workspace, "delete", touchpoint.pk), follow=True).content.decode()
    assert "is in use by journey “Calling the bank”" in page
    assert workspace.touchpoints.exists()


@pytest.mark.parametrize(
    ("kind", "model", "more"),
    [("channel", Channel, {"kind": "branch"}), ("segment", Segment, {}), ("unit", Unit, {})],
)
def test_words_are_added_changed_moved_deleted_and_brought_back(
    workspace: Workspace, designer: Client, kind: str, model: type[Any], more: dict[str, str]
) -> None:
    for code in ("one", "two"):
        designer.post(at(workspace, "words", kind), {"name": code, "code": code, **more})
    two = model.objects.get(workspace=workspace, code="two")
    designer.post(at(workspace, "word_edit", kind, two.pk), {"name": "Zwei", "code": "two", **more})
    designer.post(at(workspace, "word_move", kind, two.pk), {"to": "earlier"})
    names = list(model.objects.values_list("name", flat=True))
    assert names == ["Zwei", "one"]
    designer.post(at(workspace, "word_delete", kind, two.pk))
    assert model.objects.count() == 1
    token = designer.session["library_bin"][0]["token"]
    designer.post(at(workspace, "restore", token))
    assert list(model.objects.values_list("name", flat=True)) == names


def test_a_word_s_code_is_taken_once(workspace: Workspace, designer: Client) -> None:
    SegmentFactory(workspace=workspace, code="vip", name="VIP")
    SegmentFactory(code="mass")
    answer = designer.post(at(workspace, "words", "segment"), {"name": "x", "code": "vip"})
    assert "belongs to “VIP” already" in answer.content.decode()
    designer.post(at(workspace, "words", "segment"), {"name": "Mass", "code": "mass"})
    assert workspace.segments.count() == 2


def test_a_unit_cannot_belong_to_its_own_part(workspace: Workspace, designer: Client) -> None:
    branch = UnitFactory(workspace=workspace)
    desk = UnitFactory(workspace=workspace, parent=branch)
    answer = designer.post(
        at(workspace, "word_edit", "unit", branch.pk),
        {"name": branch.name, "code": branch.code, "parent": desk.pk},
    )
    assert answer.status_code == 422


def test_a_unit_has_an_owner_among_the_members(
    workspace: Workspace, designer: Client, owner, stranger
) -> None:
    unit = UnitFactory(workspace=workspace)
    address = at(workspace, "word_edit", "unit", unit.pk)
    answers = {"name": unit.name, "code": unit.code}
    assert designer.post(address, {**answers, "owner": stranger.pk}).status_code == 422
    assert designer.post(address, {**answers, "owner": owner.pk}).status_code == 302
    unit.refresh_from_db()
    assert unit.owner == owner
    assert str(owner) in designer.get(at(workspace, "words", "unit")).content.decode()


def test_codes_of_the_evidence_without_a_touchpoint_are_listed_and_mapped(
    workspace: Workspace, designer: Client
) -> None:
    counter = TouchpointFactory(workspace=workspace, code="counter")
    for codes in ({"counter": 5, "PS": 3}, {"PS": 4, "NE": 1}):
        Import.objects.create(
            workspace=workspace,
            state="done",
            rows=sum(codes.values()),
            accepted=sum(codes.values()),
            codes=codes,
        )
    page = designer.get(at(workspace, "unmapped")).content.decode()
    assert page.index("<code>PS</code>") < page.index("<code>NE</code>")
    assert (
        "2 codes in the evidence match no touchpoint"
        in designer.get(at(workspace, "list")).content.decode()
    )
    address = at(workspace, "map_code")
    answer = designer.post(
        address, {"code": "PS", "touchpoint": counter.pk, "next": "https://evil.example/"}
    )
    assert answer.headers["Location"] == at(workspace, "unmapped")
    designer.post(address, {"code": "NE", "name": "Stocks"})
    assert counter.evidence_codes.get().code == "PS"
    assert Touchpoint.objects.get(code="NE").name == "Stocks"
    page = designer.get(at(workspace, "unmapped")).content.decode()
    assert "Every code has its touchpoint" in page
