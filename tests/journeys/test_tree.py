"""Journeys within journeys: never round, and found from above and from below."""

from typing import Any

import pytest

from accounts.models import Workspace
from journeys import actions, editing, tree
from journeys.errors import JourneyError, MapError
from journeys.mapfile import load_map
from journeys.models import Journey
from journeys.operations import Change
from tests.factories import WorkspaceFactory

pytestmark = pytest.mark.django_db


def document(name: str, *opens: str) -> dict[str, Any]:
    return {
        "format": "touchline-map/1",
        "journey": {"slug": name, "name": name.upper()},
        "stages": [{"id": "s"}],
        "steps": [{"id": f"to-{o}", "stage": "s", "opens": o} for o in opens],
    }


@pytest.fixture
def journeys(workspace: Workspace) -> dict[str, Journey]:
    """a → b → c, a → c, and d by itself; b also names one that is not there."""
    maps = {"a": ["b", "c"], "b": ["c", "nowhere"], "c": [], "d": []}
    return {name: load_map(workspace, document(name, *opens), None) for name, opens in maps.items()}


def drawn(nodes: list[tree.Node]) -> list[Any]:
    return [(node.journey.slug, drawn(node.opens)) for node in nodes]


def opening(slug: str) -> Change:
    return Change("steps", "new", None, {"stage": "s", "name": "New", "opens": slug})


def test_children_parents_and_the_way_down(journeys: dict[str, Journey]) -> None:
    a, b, c, d = journeys.values()
    assert tree.children(a) == [b, c] and tree.children(b) == [c] and tree.children(c) == []
    assert tree.parents(c) == [a, b] and tree.parents(b) == [a] and tree.parents(d) == []
    assert tree.trail(c) == [a] and tree.trail(b) == [a] and tree.trail(a) == tree.trail(d) == []


def test_the_tree_has_every_journey(workspace: Workspace, journeys: dict[str, Journey]) -> None:
    assert drawn(tree.tree(workspace)) == [("a", [("b", [("c", [])]), ("c", [])]), ("d", [])]


@pytest.mark.parametrize(("within", "opens"), [("c", "a"), ("c", "b"), ("d", "d")])
def test_no_way_leads_round(journeys: dict[str, Journey], within: str, opens: str) -> None:
    with pytest.raises(JourneyError, match="cannot be within itself"):
        editing.edit(journey=journeys[within], user=None, changes=[opening(opens)])
    assert not journeys[within].steps.filter(key="new").exists()


def test_the_refusal_tells_the_way_round(journeys: dict[str, Journey]) -> None:
    with pytest.raises(JourneyError, match="c → a → c"):
        editing.edit(journey=journeys["c"], user=None, changes=[opening("a")])


def test_a_map_file_that_leads_round_is_refused(
    workspace: Workspace, journeys: dict[str, Journey]
) -> None:
    for name, way in (("c", "c → a → c"), ("nowhere", "nowhere → a → b → nowhere")):
        with pytest.raises(MapError) as refused:
            load_map(workspace, document(name, "d", "a"), None)
        assert (
            f"steps[1].opens: A journey cannot be within itself; this would lead round: {way}"
            in (str(refused.value))
        )


def test_another_workspace_is_another_world(journeys: dict[str, Journey]) -> None:
    elsewhere = WorkspaceFactory()
    c = load_map(elsewhere, document("c", "a"), None)
    assert tree.children(c) == [] and tree.trail(journeys["a"]) == []


def test_what_comes_back_does_not_lead_round(
    workspace: Workspace, journeys: dict[str, Journey]
) -> None:
    """The step comes back; what it opened leads round by now, so it opens nothing."""
    b, c = journeys["b"], journeys["c"]
    deletion = editing.edit(journey=b, user=None, changes=[Change("steps", "to-c", {}, None)])
    editing.edit(journey=c, user=None, changes=[opening("b")])
    editing.take_back(journey=b, operation=deletion, user=None)
    assert b.steps.get(key="to-c").opens == ""


def test_a_circle_that_came_about_otherwise_is_still_drawn(
    workspace: Workspace, journeys: dict[str, Journey]
) -> None:
    actions.delete_journey(journey=journeys["a"])
    editing.edit(journey=journeys["c"], user=None, changes=[opening("a")])
    actions.restore_journey(journey=Journey.with_deleted.get(pk=journeys["a"].pk))
    assert drawn(tree.tree(workspace)) == [
        ("a", [("b", [("c", [])]), ("c", [])]),
        ("d", []),
    ]  # fmt: skip
    assert tree.trail(journeys["c"]) == []
