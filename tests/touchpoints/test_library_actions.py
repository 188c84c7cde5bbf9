"""Writes to the library: codes, promises, deletion refused and undone."""

import pytest

from accounts.models import Workspace
from journeys.mapfile import load_map
from tests.factories import (
    ChannelFactory,
    PersonaFactory,
    PromiseFactory,
    SegmentFactory,
    TouchpointFactory,
    UnitFactory,
)
from tests.journeys.documents import example
from touchpoints import actions
from touchpoints.codes import touchpoint_by_code
from touchpoints.entries import entry_of
from touchpoints.errors import InUse, LibraryError
from touchpoints.models import Channel, Segment, Touchpoint
from touchpoints.unmapped import unmapped_codes
from touchpoints.vocabulary import guess_channel_kind

pytestmark = pytest.mark.django_db


def test_unmapped_codes_are_those_no_touchpoint_answers_to(workspace: Workspace) -> None:
    counter = TouchpointFactory(workspace=workspace, code="counter")
    actions.save_touchpoint(touchpoint=counter, codes=["C1"])
    TouchpointFactory(code="elsewhere")
    counts = {"counter": 5, "C1": 4, "x": 1, "elsewhere": 3, "y": 3}
    assert list(unmapped_codes(workspace, counts).items()) == [("elsewhere", 3), ("y", 3), ("x", 1)]


def test_a_changed_code_keeps_its_evidence(workspace: Workspace) -> None:
    counter = TouchpointFactory(workspace=workspace, code="counter")
    counter.code = "desk"
    actions.save_touchpoint(touchpoint=counter, codes=[])
    assert touchpoint_by_code(workspace) == {"desk": "desk", "counter": "desk"}


def test_two_touchpoints_cannot_have_the_same_code(workspace: Workspace) -> None:
    one, two = TouchpointFactory.create_batch(2, workspace=workspace)
    actions.save_touchpoint(touchpoint=one, codes=["PS"])
    for codes in (["PS"], [one.code]):
        with pytest.raises(LibraryError, match="belongs to"):
            actions.save_touchpoint(touchpoint=two, codes=codes)
    new = Touchpoint(workspace=workspace, code="PS", name="New")
    with pytest.raises(LibraryError, match="belongs to"):
        actions.save_touchpoint(touchpoint=new, codes=[])
    actions.save_touchpoint(touchpoint=one, codes=[])
    actions.save_touchpoint(touchpoint=two, codes=["PS"])
    assert touchpoint_by_code(workspace)["PS"] == two.code


def test_a_code_is_mapped_to_a_touchpoint_or_to_a_new_one(workspace: Workspace) -> None:
    counter = TouchpointFactory(workspace=workspace, code="counter")
    actions.map_code(workspace=workspace, code="C1", touchpoint=counter)
    made, _ = actions.map_code(workspace=workspace, code="NE", name="Stocks")
    assert (made.code, made.name) == ("NE", "Stocks")
    assert touchpoint_by_code(workspace) == {"counter": "counter", "C1": "counter", "NE": "NE"}
    with pytest.raises(LibraryError):
        actions.map_code(workspace=workspace, code="C1", touchpoint=made)


def test_a_new_touchpoint_gets_a_free_code_from_its_name(workspace: Workspace) -> None:
    codes = [
        actions.new_touchpoint(workspace=workspace, name=name).code
        for name in ("Ticket machine", "Ticket machine", "叫号机")
    ]
    assert codes == ["ticket-machine", "ticket-machine-2", "叫号机"]


def test_a_touchpoint_on_a_map_is_not_deleted(workspace: Workspace) -> None:
    load_map(workspace, example(), None)
    with pytest.raises(InUse, match="journey “Calling the bank”"):
        actions.delete_touchpoint(touchpoint=workspace.touchpoints.get())


def test_a_touchpoint_that_is_a_goal_is_not_deleted(workspace: Workspace) -> None:
    document = example()
    document["steps"] = document["cards"] = []
    document["journey"]["goal_touchpoints"] = ["phone-banking"]
    load_map(workspace, document, None)
    with pytest.raises(InUse):
        actions.delete_touchpoint(touchpoint=workspace.touchpoints.get())


def test_a_deleted_touchpoint_comes_back_with_all_it_had(workspace: Workspace) -> None:
    touchpoint = TouchpointFactory(workspace=workspace, code="counter", forms=2)
    actions.save_touchpoint(touchpoint=touchpoint, codes=["C1", "C2"])
    PromiseFactory(touchpoint=touchpoint, segment=SegmentFactory(workspace=workspace))
    before = entry_of(touchpoint)
    entry = actions.delete_touchpoint(touchpoint=touchpoint)
    assert not workspace.touchpoints.exists()
    actions.restore_touchpoint(workspace=workspace, entry=entry)
    assert entry_of(workspace.touchpoints.get()) == before
    with pytest.raises(LibraryError):
        actions.restore_touchpoint(workspace=workspace, entry=entry)


def test_words_in_use_are_not_deleted(workspace: Workspace) -> None:
    channel, segment, spoken = (
        ChannelFactory(workspace=workspace),
        SegmentFactory(workspace=workspace),
        SegmentFactory(workspace=workspace),
    )
    touchpoint = TouchpointFactory(workspace=workspace, channel=channel, name="Counter")
    PromiseFactory(touchpoint=touchpoint, segment=segment)
    PersonaFactory(journey__workspace=workspace, segment=spoken, name="Mei")
    parent = UnitFactory(workspace=workspace)
    UnitFactory(workspace=workspace, parent=parent, name="Desk 1")
    for word, user in [
        (channel, "touchpoint “Counter”"),
        (segment, "touchpoint “Counter”"),
        (spoken, "persona “Mei”"),
        (parent, "unit “Desk 1”"),
    ]:
        with pytest.raises(InUse, match=user):
            actions.delete_word(word=word)
    assert Channel.objects.count() == 1


def test_a_deleted_word_comes_back(workspace: Workspace) -> None:
    channel = ChannelFactory(workspace=workspace, code="app", kind="app", position=3)
    fields = actions.delete_word(word=channel)
    assert not Channel.objects.exists()
    back = actions.restore_word(workspace=workspace, kind="channel", fields=fields)
    assert (back.code, back.position) == ("app", 3)
    assert Channel.objects.get().kind == "app"


def test_a_unit_comes_back_with_its_owner_as_long_as_that_is_a_member(
    workspace: Workspace, owner, stranger
) -> None:
    for person, kept in ((owner, owner), (stranger, None)):
        fields = actions.delete_word(word=UnitFactory(workspace=workspace, owner=person))
        back = actions.restore_word(workspace=workspace, kind="unit", fields=fields)
        assert back.owner == kept


def test_words_move_up_and_down(workspace: Workspace) -> None:
    for code in "abc":
        actions.add_word(word=Segment(workspace=workspace, code=code, name=code))
    actions.move_word(word=Segment.objects.get(code="c"), by=-1)
    actions.move_word(word=Segment.objects.get(code="a"), by=-1)
    assert [segment.code for segment in workspace.segments.all()] == ["a", "c", "b"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("phone", "phone"),
        ("branch-counter", "branch"),
        ("wechat-mini-app", "wechat"),
        ("Mobile", "app"),
        ("网点", "branch"),
        ("drone", "other"),
    ],
)
def test_a_channel_s_kind_is_guessed_from_its_code(code: str, kind: str) -> None:
    assert guess_channel_kind(code) == kind


def test_a_code_with_spaces_at_its_ends_is_mapped_as_it_stands(workspace: Workspace) -> None:
    made, _ = actions.map_code(workspace=workspace, code=" NE ")
    assert made.code == "NE"
    assert unmapped_codes(workspace, {" NE ": 3, "NE": 2}) == {}
