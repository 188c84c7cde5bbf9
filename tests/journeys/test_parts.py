"""Parts of a map: added, changed, moved, deleted, and brought back."""

from typing import Any

import pytest

from accounts.models import Workspace
from journeys import editing
from journeys import part_actions as parts
from journeys.entries import dump_parts
from journeys.errors import JourneyError
from journeys.mapfile import load_map
from journeys.models import Card, Journey, Lane, Persona, Stage, Step
from tests.factories import TouchpointFactory
from tests.journeys.documents import example

pytestmark = pytest.mark.django_db


@pytest.fixture
def journey(workspace: Workspace) -> Journey:
    document = example()
    document["stages"] += [{"id": "after", "name": "After"}]
    document["steps"] += [
        {"id": "wait", "stage": "ask", "name": "Wait"},
        {"id": "thank", "stage": "after", "name": "Thank"},
    ]
    document["cards"] += [{"id": "c3", "lane": "do", "step": "call", "text": "Listens to music"}]
    return load_map(workspace, document, None)


def keys(rows: Any) -> list[str]:
    return [row.key for row in rows.all()]


def test_a_new_part_gets_a_key_from_its_name_and_stands_last(journey: Journey) -> None:
    stage = parts.add_part(part=Stage(journey=journey, name="Ask"))
    assert stage.key == "ask-2"
    assert keys(journey.stages) == ["ask", "after", "ask-2"]


def test_a_new_part_can_stand_after_another(journey: Journey) -> None:
    first = journey.lanes.get(key="feel")
    parts.add_part(part=Lane(journey=journey, kind="text", name="想法"), after=first)
    assert keys(journey.lanes) == ["feel", "lane", "do"]


def test_cards_are_numbered_on(journey: Journey) -> None:
    lane, step = journey.lanes.get(key="do"), journey.steps.get(key="wait")
    card = parts.add_part(part=Card(journey=journey, lane=lane, step=step, text="Hums"))
    assert card.key == "c4"


def test_a_map_has_its_limits(journey: Journey) -> None:
    for number in range(58):
        parts.add_part(part=Lane(journey=journey, kind="text", name=f"Lane {number}"))
    with pytest.raises(JourneyError, match="at most 60 lanes"):
        parts.add_part(part=Lane(journey=journey, kind="text", name="One too many"))


def test_moving_swaps_neighbours(journey: Journey) -> None:
    parts.move_part(part=journey.lanes.get(key="do"), by=parts.EARLIER)
    assert keys(journey.lanes) == ["do", "feel"]
    parts.move_part(part=journey.lanes.get(key="do"), by=parts.EARLIER)
    assert keys(journey.lanes) == ["do", "feel"]


def test_cards_move_within_their_cell(journey: Journey) -> None:
    parts.move_part(part=journey.cards.get(key="c3"), by=parts.EARLIER)
    assert keys(journey.cards.filter(lane__key="do")) == ["c3", "c1"]


def test_a_step_at_the_edge_goes_over_to_the_next_stage(journey: Journey) -> None:
    wait = journey.steps.get(key="wait")
    parts.move_part(part=wait, by=parts.LATER)
    assert keys(journey.steps.filter(stage__key="after")) == ["wait", "thank"]
    parts.move_part(part=journey.steps.get(key="wait"), by=parts.EARLIER)
    assert keys(journey.steps.filter(stage__key="ask")) == ["call", "wait"]


def test_a_card_that_changes_its_cell_stands_last_there(journey: Journey) -> None:
    card = journey.cards.get(key="c1")
    card.lane = journey.lanes.get(key="feel")
    parts.change_part(part=card)
    assert keys(journey.cards.filter(lane__key="feel")) == ["c2", "c1"]


def test_a_step_keeps_the_order_of_the_touchpoints_that_stay(journey: Journey) -> None:
    step = journey.steps.get(key="call")
    phone = step.touchpoints.get()
    one, two = TouchpointFactory.create_batch(2, workspace=journey.workspace)
    parts.set_touchpoints(step=step, touchpoints=[one, phone, two])
    codes = [use.touchpoint.code for use in step.steptouchpoint_set.all()]
    assert codes == ["phone-banking", one.code, two.code]
    parts.set_touchpoints(step=step, touchpoints=[two])
    assert [use.touchpoint for use in step.steptouchpoint_set.all()] == [two]


@pytest.mark.parametrize(
    ("model", "key"),
    [(Stage, "ask"), (Step, "call"), (Lane, "do"), (Persona, "mei"), (Card, "c1")],
)
def test_undo_brings_back_everything_a_deletion_took(
    journey: Journey, model: type[Any], key: str
) -> None:
    before = dump_parts(journey)
    undo = parts.delete_part(part=model.objects.get(journey=journey, key=key))
    assert dump_parts(journey) != before
    editing.take_back(journey=journey, operation=undo, user=None)
    assert dump_parts(journey) == before
    with pytest.raises(JourneyError, match="taken back already"):
        editing.take_back(journey=journey, operation=undo, user=None)


def test_undo_leaves_alone_what_changed_meanwhile(journey: Journey) -> None:
    undo = parts.delete_part(part=journey.cards.get(key="c1"))
    lane, step = journey.lanes.get(key="do"), journey.steps.get(key="call")
    parts.add_part(part=Card(journey=journey, lane=lane, step=step, text="New"))
    editing.take_back(journey=journey, operation=undo, user=None)
    assert [card.text for card in journey.cards.filter(lane=lane, step=step)] == [
        "Dials the number on the card",
        "Listens to music",
        "New",
    ]


def test_undo_gives_another_key_when_its_own_was_taken(journey: Journey) -> None:
    undo = parts.delete_part(part=journey.lanes.get(key="do"))
    parts.add_part(part=Lane(journey=journey, kind="text", name="Do"))
    editing.take_back(journey=journey, operation=undo, user=None)
    assert keys(journey.lanes) == ["feel", "do-2", "do"]
    assert keys(journey.cards.filter(lane__key="do-2")) == ["c1", "c3"]


def test_a_card_whose_lane_went_too_comes_back_with_the_lane_only(journey: Journey) -> None:
    card = parts.delete_part(part=journey.cards.get(key="c1"))
    lane = parts.delete_part(part=journey.lanes.get(key="do"))
    with pytest.raises(JourneyError, match="no longer on the map"):
        editing.take_back(journey=journey, operation=card, user=None)
    assert not journey.cards.filter(key="c1").exists()
    editing.take_back(journey=journey, operation=lane, user=None)
    assert keys(journey.cards.filter(lane__key="do")) == ["c3"]


def test_a_touchpoint_deleted_meanwhile_stays_away(journey: Journey) -> None:
    undo = parts.delete_part(part=journey.steps.get(key="call"))
    journey.workspace.touchpoints.all().delete()
    editing.take_back(journey=journey, operation=undo, user=None)
    assert not journey.steps.get(key="call").touchpoints.exists()
