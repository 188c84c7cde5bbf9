"""What new journeys start with: maps in both languages, and the workspace's own templates."""

import pytest
from django.utils.translation import override

from accounts.access import Role
from accounts.models import User, Workspace
from journeys import actions, editing, template_actions
from journeys.entries import dump_parts
from journeys.mapcheck import problems_in
from journeys.mapfile import dump_map, load_map
from journeys.models import Journey, Template
from journeys.operations import Change
from journeys.starters import CHOICES, STARTERS
from tests.journeys.documents import example
from touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def journey(workspace: Workspace) -> Journey:
    return load_map(workspace, example(), None)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", STARTERS)
def test_a_starter_is_a_map_whose_cards_are_assumptions(
    workspace: Workspace, name: str, language: str
) -> None:
    with override(language):
        journey = actions.create_journey(workspace=workspace, name="New", starter=name)
    document = dump_map(journey)
    assert problems_in(document) == []
    assert {card["basis"] for card in document["cards"]} <= {"assumption"}
    if name != "blank":
        steps = {step["id"] for step in document["steps"]}
        feelings = {card["step"] for card in document["cards"] if "emotion" in card}
        assert len(document["cards"]) >= 25 and feelings == steps
    letters = "".join(card.get("text", "") for card in document["cards"])
    assert any(letter >= "\u4e00" for letter in letters) == (language != "en" and name != "blank")


def test_both_languages_tell_the_same() -> None:
    def shape(name: str, language: str) -> object:
        with override(language):
            made = STARTERS[name]()
        return {key: [{**e, "name": 0, "text": 0} for e in made[key]] for key in made}

    for name in STARTERS:
        assert shape(name, "en") == shape(name, "zh-hans")


def test_every_starter_can_be_chosen() -> None:
    assert [value for value, _label in CHOICES] == list(STARTERS)


def test_a_template_is_the_map_as_it_was(workspace: Workspace, journey: Journey) -> None:
    template = template_actions.make_template(journey=journey)
    before = dump_parts(journey)
    editing.edit(journey=journey, user=None, changes=[Change("stages", "x", None, {"name": "X"})])
    copy = actions.create_journey(
        workspace=workspace, name="Another", starter=f"template-{template.pk}"
    )
    assert dump_parts(copy) == before != dump_parts(journey)


def test_a_template_lives_on_when_the_library_changes(
    workspace: Workspace, journey: Journey
) -> None:
    template = template_actions.make_template(journey=journey)
    actions.purge_journey(journey=journey)
    Touchpoint.objects.get(workspace=workspace).delete()
    copy = actions.create_journey(
        workspace=workspace, name="Another", starter=f"template-{template.pk}"
    )
    assert "touchpoints" not in dump_parts(copy)["steps"][0]


def test_templates_are_no_journeys(workspace: Workspace, journey: Journey) -> None:
    template_actions.make_template(journey=journey)
    assert list(Journey.objects.filter(workspace=workspace)) == [journey]


def test_a_designer_makes_chooses_deletes_and_brings_back_a_template(
    workspace: Workspace, journey: Journey, member, client_for, stranger: User
) -> None:
    base = f"/w/{workspace.slug}/journeys/"
    client = client_for(member(Role.DESIGNER))
    page = client.post(f"{base}{journey.slug}/edit/template/", follow=True).content.decode()
    assert "Templates of this workspace" in page and "is a template now" in page
    template = Template.objects.get()
    answer = {"name": "Like it", "kind": "as-is", "starter": f"template-{template.pk}"}
    assert client.post(f"{base}add/journey/", answer).status_code == 302
    assert Journey.objects.get(name="Like it").cards.count() == 2
    client.post(f"{base}add/template/{template.pk}/delete/")
    assert client.post(f"{base}add/journey/", answer).status_code == 422
    page = client.get(f"{base}add/journey/").content.decode()
    assert "Templates of this workspace" not in page
    again = template_actions.make_template(journey=journey)
    client.post(f"{base}add/template/{template.pk}/restore/")
    names = sorted(t.name for t in template_actions.standing_templates(workspace))
    assert names == [again.name, f"{again.name} 2"]


def test_a_strangers_template_cannot_be_chosen(
    workspace: Workspace, journey: Journey, stranger: User, client_for
) -> None:
    template = template_actions.make_template(journey=journey)
    own = stranger.memberships.get().workspace
    answer = {"name": "Mine", "kind": "as-is", "starter": f"template-{template.pk}"}
    assert (
        client_for(stranger).post(f"/w/{own.slug}/journeys/add/journey/", answer).status_code == 422
    )
