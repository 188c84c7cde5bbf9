"""Pages of journeys: who may see and change what, and what the pages do."""

import json
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User, Workspace
from journeys.jump import jump_entries
from journeys.mapfile import dump_map, load_map
from journeys.models import Journey
from tests.factories import TouchpointFactory
from tests.journeys.documents import example

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


@pytest.fixture
def journey(workspace: Workspace) -> Journey:
    return load_map(workspace, example(), None)


@pytest.fixture
def designer(member: Callable[[str], User], client_for: ClientFor) -> Client:
    return client_for(member("designer"))


def at(journey: Journey, name: str, *more: object) -> str:
    return reverse(f"journeys:{name}", args=[journey.workspace.slug, journey.slug, *more])


def addresses(journey: Journey) -> list[tuple[str, str]]:
    """Every address that needs the right to edit, with its method."""
    stage = journey.stages.get().pk
    return [
        ("get", reverse("journeys:add", args=[journey.workspace.slug])),
        ("post", reverse("journeys:upload", args=[journey.workspace.slug])),
        ("get", at(journey, "edit")),
        ("get", at(journey, "settings")),
        ("post", at(journey, "duplicate")),
        ("post", at(journey, "delete")),
        ("post", at(journey, "undo", 1)),
        ("get", at(journey, "part_add", "stage")),
        ("get", at(journey, "part", "stage", stage)),
        ("post", at(journey, "part_move", "stage", stage)),
        ("post", at(journey, "part_delete", "stage", stage)),
        ("post", reverse("journeys:restore", args=[journey.workspace.slug, journey.pk])),
        ("post", reverse("journeys:purge", args=[journey.workspace.slug, journey.pk])),
    ]


@pytest.mark.parametrize("role", ["viewer", "analyst", "manager"])
def test_who_may_not_edit_is_told_so(
    journey: Journey, role: str, member: Callable[[str], User], client_for: ClientFor
) -> None:
    client = client_for(member(role))
    for method, address in addresses(journey):
        assert getattr(client, method)(address).status_code == 403, address
    assert client.get(reverse("journeys:list", args=[journey.workspace.slug])).status_code == 200
    assert client.get(at(journey, "export")).status_code == 200


def test_strangers_learn_nothing(journey: Journey, stranger: User, client_for: ClientFor) -> None:
    client = client_for(stranger)
    more = [
        ("get", reverse("journeys:list", args=[journey.workspace.slug])),
        ("get", at(journey, "export")),
    ]
    for method, address in addresses(journey) + more:
        assert getattr(client, method)(address).status_code == 404, address
    journey.refresh_from_db()
    assert dump_map(journey) == example()


def test_another_workspace_s_part_is_not_there(journey: Journey, designer: Client) -> None:
    from tests.factories import StageFactory

    other = StageFactory()
    assert designer.get(at(journey, "part", "stage", other.pk)).status_code == 404
    assert designer.post(at(journey, "part_delete", "stage", other.pk)).status_code == 404


def test_the_list_shows_journeys_and_their_size(journey: Journey, designer: Client) -> None:
    page = designer.get(reverse("journeys:list", args=[journey.workspace.slug])).content.decode()
    assert "Calling the bank" in page
    assert "1 touchpoint<" in page


def test_a_new_journey_opens_its_map(workspace: Workspace, designer: Client) -> None:
    answer = designer.post(
        reverse("journeys:add", args=[workspace.slug]),
        {"name": "Mortgage", "kind": "as-is", "starter": "bank", "goal": "A home"},
    )
    journey = Journey.objects.get()
    assert answer.headers["Location"] == at(journey, "edit")
    assert (journey.goal, journey.stages.count()) == ("A home", 7)
    assert "Problem solving" in designer.get(at(journey, "edit")).content.decode()


def test_a_map_file_is_uploaded(workspace: Workspace, designer: Client) -> None:
    file = SimpleUploadedFile("map.json", json.dumps(example()).encode())
    designer.post(reverse("journeys:upload", args=[workspace.slug]), {"file": file})
    assert dump_map(Journey.objects.get()) == example()


def test_a_bad_map_file_is_told_all_its_problems(workspace: Workspace, designer: Client) -> None:
    document = example()
    document["cards"][0]["lain"] = document["cards"][1].pop("lane")
    file = SimpleUploadedFile("map.json", json.dumps(document).encode())
    answer = designer.post(reverse("journeys:upload", args=[workspace.slug]), {"file": file})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "unknown key “lain”; did you mean “lane”?" in page
    assert "cards[1]: “lane” is missing" in page
    assert not Journey.objects.exists()


def test_the_export_is_the_map_file(journey: Journey, designer: Client) -> None:
    answer = designer.get(at(journey, "export"))
    assert answer.json() == example()
    assert "calling-the-bank.map.json" in answer.headers["Content-Disposition"]


def test_the_schema_is_served_to_everyone(db: None) -> None:
    answer = Client().get(reverse("map_schema"))
    assert answer.json()["title"] == "Touchline map file"


def test_settings_are_saved(journey: Journey, designer: Client) -> None:
    touchpoint = journey.touchpoints().get()
    designer.post(
        at(journey, "settings"),
        {"name": "Phoning", "kind": "to-be", "goal": "", "goal_touchpoints": [touchpoint.pk]},
    )
    journey.refresh_from_db()
    assert (journey.name, journey.kind, journey.goal) == ("Phoning", "to-be", "")
    assert list(journey.goal_touchpoints.all()) == [touchpoint]


def test_deleting_can_be_undone(journey: Journey, designer: Client) -> None:
    page = designer.post(at(journey, "delete"), follow=True).content.decode()
    undo = reverse("journeys:restore", args=[journey.workspace.slug, journey.pk])
    assert undo in page
    assert designer.get(at(journey, "edit")).status_code == 404
    designer.post(undo)
    assert dump_map(Journey.objects.get()) == example()


PARTS = [
    ("stage", {"name": "After"}, "stages"),
    ("lane", {"name": "Thoughts", "kind": "thought"}, "lanes"),
    ("persona", {"name": "Otto", "description": "Retired"}, "personas"),
]


@pytest.mark.parametrize(("kind", "fields", "related"), PARTS)
def test_parts_are_added_changed_moved_deleted_and_brought_back(
    journey: Journey, designer: Client, kind: str, fields: dict[str, str], related: str
) -> None:
    rows = getattr(journey, related)
    designer.post(at(journey, "part_add", kind), fields)
    part = rows.get(name=fields["name"])
    assert part == rows.last()
    designer.post(at(journey, "part", kind, part.pk), {**fields, "name": "Changed"})
    part.refresh_from_db()
    assert part.name == "Changed"
    designer.post(at(journey, "part_move", kind, part.pk), {"to": "earlier"})
    assert part != rows.last()
    designer.post(at(journey, "part_delete", kind, part.pk))
    assert not rows.filter(name="Changed").exists()
    designer.post(at(journey, "undo", journey.operations.last().number))
    assert rows.filter(name="Changed").exists()


def test_a_step_is_added_with_touchpoints_chosen_and_new(
    journey: Journey, designer: Client
) -> None:
    counter = TouchpointFactory(workspace=journey.workspace, code="counter")
    stage = journey.stages.get()
    assert "counter" not in dump_map(journey)["steps"]
    designer.post(
        at(journey, "part_add", "step"),
        {
            "name": "Visit",
            "stage": stage.pk,
            "touchpoints": [counter.pk],
            "new_touchpoint": "Ticket machine",
        },
    )
    assert dump_map(journey)["steps"][-1] == {
        "id": "visit",
        "stage": "ask",
        "name": "Visit",
        "touchpoints": ["counter", "ticket-machine"],
    }


def test_a_card_is_added_where_its_cell_is(journey: Journey, designer: Client) -> None:
    lane, step = journey.lanes.get(key="feel"), journey.steps.get()
    address = at(journey, "part_add", "card") + f"?lane={lane.pk}&step={step.pk}"
    page = designer.get(address).content.decode()
    assert f'<option value="{lane.pk}" selected>' in page
    designer.post(address, {"lane": lane.pk, "step": step.pk, "emotion": "-2", "basis": "survey"})
    card = journey.cards.get(key="c3")
    assert (card.emotion, card.basis, card.lane, card.step) == (-2, "survey", lane, step)


def test_an_empty_card_is_refused(journey: Journey, designer: Client) -> None:
    fields = {"lane": journey.lanes.first().pk, "step": journey.steps.get().pk, "text": " "}
    answer = designer.post(at(journey, "part_add", "card"), fields)
    assert answer.status_code == 422
    assert "Write something" in answer.content.decode()
    assert journey.cards.count() == 2


def test_another_journey_s_lane_cannot_be_chosen(journey: Journey, designer: Client) -> None:
    from tests.factories import LaneFactory

    fields = {"lane": LaneFactory().pk, "step": journey.steps.get().pk, "text": "x"}
    assert designer.post(at(journey, "part_add", "card"), fields).status_code == 422


def test_htmx_gets_the_form_for_the_side_panel_alone(journey: Journey, designer: Client) -> None:
    address = at(journey, "part_add", "stage")
    panel = designer.get(address, headers={"HX-Request": "true"}).content.decode()
    assert 'id="part"' in panel
    assert "<html" not in panel
    refused = designer.post(address, {"name": ""}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert refused.headers["HX-Retarget"] == "#panel"


def test_the_editing_page_takes_the_same_queries_for_a_map_of_any_size(
    journey: Journey, designer: Client, django_assert_max_num_queries
) -> None:
    document = example()
    document["cards"] = [
        {"id": f"c{n}", "lane": "do", "step": "call", "persona": "mei", "text": f"Card {n}"}
        for n in range(300)
    ]
    load_map(journey.workspace, document, None)
    for address, most in ((at(journey, "edit"), 24), (f"{at(journey, 'edit')}?plain", 16)):
        with django_assert_max_num_queries(most):
            page = designer.get(address).content.decode()
        assert "Card 299" in page


def test_text_is_shown_as_text(journey: Journey, designer: Client) -> None:
    document = example()
    document["cards"][0]["text"] = "<script>alert(1)</script>"
    document["stages"][0]["name"] = "<b>Ask</b>"
    load_map(journey.workspace, document, None)
    page = designer.get(at(journey, "edit")).content.decode()
    assert "<script>alert(1)" not in page
    assert "<b>Ask</b>" not in page


def test_the_palette_knows_journeys_and_touchpoints(journey: Journey) -> None:
    entries = jump_entries(journey.workspace)
    assert [(e["label"], e["kind"]) for e in entries] == [
        ("Calling the bank", "Journey"),
        ("Phone: everyday banking", "Touchpoint"),
    ]
    assert entries[0]["url"] == journey.get_absolute_url()
