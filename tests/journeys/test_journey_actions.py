"""Journeys as wholes: made, copied, deleted and brought back."""

import pytest
from django.utils.translation import override

from accounts.models import User, Workspace
from journeys import actions
from journeys.mapfile import dump_map, dump_parts, load_map
from journeys.models import Journey
from tests.factories import JourneyFactory
from tests.journeys.documents import example

pytestmark = pytest.mark.django_db


def test_the_bank_starter_has_the_seven_stages(workspace: Workspace, owner: User) -> None:
    journey = actions.create_journey(
        workspace=workspace, name="Mortgage", starter="bank", user=owner
    )
    assert [stage.name for stage in journey.stages.all()] == [
        "Need",
        "Learning about products",
        "Choosing a bank",
        "Doing business",
        "Maintenance",
        "Problem solving",
        "Upgrading",
    ]
    assert journey.owner == owner
    assert "emotion" in {lane.kind for lane in journey.lanes.all()}


def test_the_bank_starter_speaks_chinese_to_chinese_people(workspace: Workspace) -> None:
    with override("zh-hans"):
        journey = actions.create_journey(workspace=workspace, name="按揭", starter="bank")
    assert [stage.name for stage in journey.stages.all()] == [
        "产生需求",
        "了解产品",
        "选择银行",
        "办理业务",
        "后续维护",
        "问题解决",
        "产品升级",
    ]


def test_a_taken_address_gets_a_number(workspace: Workspace) -> None:
    slugs = [
        actions.create_journey(workspace=workspace, name="Opening an account").slug
        for _ in range(3)
    ]
    assert slugs == ["opening-an-account", "opening-an-account-2", "opening-an-account-3"]


def test_a_copy_has_the_same_map_and_another_kind(workspace: Workspace) -> None:
    journey = load_map(workspace, example(), None)
    copy = actions.duplicate_journey(journey=journey)
    assert copy.kind == "to-be"
    assert dump_parts(copy) == dump_parts(journey)
    assert dump_map(journey) == example()


def test_a_deleted_journey_is_gone_and_can_come_back(workspace: Workspace) -> None:
    journey = load_map(workspace, example(), None)
    actions.delete_journey(journey=journey)
    assert not workspace.journeys.exists()
    actions.restore_journey(journey=Journey.with_deleted.get(pk=journey.pk))
    assert dump_map(workspace.journeys.get()) == example()


def test_it_comes_back_elsewhere_when_its_address_was_taken(workspace: Workspace) -> None:
    journey = JourneyFactory(workspace=workspace, slug="loan")
    actions.delete_journey(journey=journey)
    JourneyFactory(workspace=workspace, slug="loan")
    actions.restore_journey(journey=journey)
    assert journey.slug == "loan-2"


def test_purging_removes_it_for_good(workspace: Workspace) -> None:
    journey = load_map(workspace, example(), None)
    actions.delete_journey(journey=journey)
    assert actions.purge_journey(journey=journey) == example()
    assert not Journey.with_deleted.exists()
