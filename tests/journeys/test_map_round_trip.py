"""import(export(journey)) is the same journey; export(import(document)) the same document."""

import json
from typing import Any

import pytest
from django.conf import settings as settings_of_django
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from accounts.models import Workspace
from journeys.mapcheck import problems_in
from journeys.mapfile import dump_map, load_map
from journeys.models import Card, Journey
from tests.factories import WorkspaceFactory
from tests.journeys.documents import documents, example

pytestmark = pytest.mark.django_db


def test_the_example_comes_back_as_it_went_in(workspace: Workspace) -> None:
    assert dump_map(load_map(workspace, example(), None)) == example()


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(document=documents())
def test_any_document_comes_back_as_it_went_in(
    workspace: Workspace, document: dict[str, Any]
) -> None:
    with transaction.atomic():
        journey = load_map(workspace, document, None)
        exported = dump_map(journey)
        assert exported == document
        assert problems_in(exported) == []
        elsewhere = load_map(WorkspaceFactory(), exported, None)
        assert dump_map(elsewhere) == exported
        transaction.set_rollback(True)


def test_importing_again_changes_nothing_and_keeps_the_rows(workspace: Workspace) -> None:
    first = load_map(workspace, example(), None)
    before = list(Card.objects.order_by("pk").values_list("pk", "key"))
    second = load_map(workspace, dump_map(first), None)
    assert second.pk == first.pk
    assert list(Card.objects.order_by("pk").values_list("pk", "key")) == before


def test_order_in_a_list_is_order_on_the_map(workspace: Workspace) -> None:
    document = example()
    document["stages"] += [{"id": "after", "name": "After"}]
    document["steps"] = [
        {"id": "thank", "stage": "after", "name": "Thank"},
        {"id": "wait", "stage": "ask", "name": "Wait"},
        *document["steps"],
    ]
    journey = load_map(workspace, document, None)
    assert [s.key for s in journey.steps.filter(stage__key="ask")] == ["wait", "call"]
    assert dump_map(journey) == document


def test_what_is_absent_gets_its_default(workspace: Workspace) -> None:
    document = {
        "format": "touchline-map/1",
        "journey": {"name": "Opening an account"},
        "stages": [{"id": "need"}],
    }
    journey = load_map(workspace, document, None)
    assert (journey.slug, journey.kind) == ("opening-an-account", "as-is")
    assert [stage.name for stage in journey.stages.all()] == ["need"]


def test_a_chinese_name_gets_the_same_address_every_time(workspace: Workspace) -> None:
    document = {"format": "touchline-map/1", "journey": {"name": "办理业务"}, "stages": []}
    first, second = (load_map(workspace, document, None) for _ in range(2))
    assert first == second
    assert Journey.objects.filter(workspace=workspace).count() == 1


def test_the_example_of_the_documentation_is_a_map_file(workspace: Workspace) -> None:
    page = (settings_of_django.BASE_DIR / "docs" / "map-file.md").read_text(encoding="utf-8")
    document = json.loads(page.split("```json")[1].split("```")[0])
    assert dump_map(load_map(workspace, document, None)) == document
