"""What an import does to the workspace, and what bad files are told."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from jsonschema import Draft202012Validator

from accounts.models import Workspace
from journeys.errors import MapError
from journeys.mapcheck import schema
from journeys.mapfile import load_map
from journeys.mapread import read_document
from journeys.models import Card, Journey
from tests.factories import JourneyFactory, TouchpointFactory
from tests.journeys.documents import example
from touchpoints.models import Channel, EvidenceCode, Promise, Segment, Touchpoint

pytestmark = pytest.mark.django_db


def problems(workspace: Workspace, document: Any) -> list[str]:
    with pytest.raises(MapError) as caught:
        load_map(workspace, document, None)
    assert not Journey.objects.filter(workspace=workspace).exists()
    return caught.value.problems


def test_it_makes_what_the_file_names(workspace: Workspace) -> None:
    journey = load_map(workspace, example(), None)
    assert Channel.objects.get(workspace=workspace).kind == "phone"
    assert Segment.objects.get(workspace=workspace).code == "priority"
    assert journey.touchpoints().get().code == "phone-banking"
    assert list(Promise.objects.values_list("max_wait_s", "segment__code")) == [
        (60, None),
        (30, "priority"),
    ]


def test_listed_attributes_change_the_library_and_absent_ones_do_not(workspace: Workspace) -> None:
    load_map(workspace, example(), None)
    document = example()
    document["touchpoints"] = [{"code": "phone-banking", "name": "Hotline", "codes": ["PS"]}]
    load_map(workspace, document, None)
    touchpoint = Touchpoint.objects.get(workspace=workspace)
    assert touchpoint.name == "Hotline"
    assert touchpoint.channel is not None
    assert touchpoint.promises.count() == 2
    assert EvidenceCode.objects.get(workspace=workspace).touchpoint == touchpoint


def test_a_step_may_use_a_touchpoint_of_the_library(workspace: Workspace) -> None:
    TouchpointFactory(workspace=workspace, code="counter")
    document = example()
    document["steps"][0]["touchpoints"] = ["counter"]
    assert [t.code for t in load_map(workspace, document, None).touchpoints()] == ["counter"]


def test_another_workspace_s_touchpoint_is_unknown(workspace: Workspace) -> None:
    TouchpointFactory(code="counter")
    document = example()
    document["steps"][0]["touchpoints"] = ["counter"]
    assert "steps[0].touchpoints[0]: “counter” is neither" in problems(workspace, document)[0]


def test_it_replaces_the_map_of_the_journey_with_its_slug(workspace: Workspace) -> None:
    old = load_map(workspace, example(), None)
    document = example()
    document["cards"] = [{"id": "c9", "lane": "do", "step": "call", "text": "Waits"}]
    new = load_map(workspace, document, None)
    assert new.pk == old.pk
    assert [card.key for card in Card.objects.filter(journey=new)] == ["c9"]


def test_a_deleted_journey_s_address_is_free(workspace: Workspace) -> None:
    from django.utils import timezone

    JourneyFactory(workspace=workspace, slug="calling-the-bank", deleted_at=timezone.now())
    load_map(workspace, example(), None)
    assert Journey.with_deleted.filter(workspace=workspace).count() == 2


def change(path: str, value: Any) -> dict[str, Any]:
    """The example with one thing changed: change("cards.0.lane", "x")."""
    document = example()
    *parents, last = [int(p) if p.isdigit() else p for p in path.split(".")]
    target: Any = document
    for part in parents:
        target = target[part]
    target[last] = value
    return document


BAD = [
    ("cards.0.lain", "do", "cards[0]: unknown key “lain”; did you mean “lane”?"),
    ("stagse", [], "the document: unknown key “stagse”; did you mean “stages”?"),
    ("journey.titel", "x", "journey: unknown key “titel”"),
    ("touchpoints.0.promises.0.max_wait", 3, "unknown key “max_wait”; did you mean “max_wait_s”?"),
    ("touchpoints.0.promises.0.max_wait_s", -1, "promises[0].max_wait_s: expected a number from 0"),
    ("touchpoints.0.promises.0.max_wait_s", "60", 'max_wait_s: expected a number; got "60"'),
    ("touchpoints.0.promises.0.target_share", 80, "target_share: expected a number from"),
    ("touchpoints.0.promises.0.max_wait_s", float("nan"), "max_wait_s: expected a number"),
    ("touchpoints.0.promises.1", {"max_wait_s": 1}, "promises[1]: a second promise"),
    ("format", "touchline-map/2", 'format: expected “touchline-map/1”; got "touchline-map/2"'),
    ("cards.0.lane", "doo", "cards[0].lane: there is no entry “doo” in lanes; did you mean “do”?"),
    ("cards.1.persona", "may", "cards[1].persona: there is no entry “may” in personas"),
    ("cards.1.emotion", 3, "cards[1].emotion: expected a number from -2 to 2; got 3"),
    ("cards.1.emotion", 0.5, "cards[1].emotion: expected a whole number; got 0.5"),
    ("cards.1.emotion", True, "cards[1].emotion: expected a whole number; got true"),
    ("cards.0.basis", "servey", "basis: expected one of assumption, interview, observation"),
    ("cards.1.id", "c1", "cards[1].id: “c1” is taken already by cards[0]"),
    ("lanes.0.kind", "emotoin", 'got "emotoin"; did you mean “emotion”?'),
    ("journey.kind", "as is", 'journey.kind: expected one of as-is, to-be; got "as is"'),
    ("journey.slug", "Calling the bank", "journey.slug: use small letters"),
    ("journey.slug", "calling\n", "journey.slug: use small letters"),
    ("journey.name", " ", "journey.name: expected more than spaces"),
    ("stages.0.name", 7, "stages[0].name: expected text; got 7"),
    ("stages", {}, "stages: expected a list […]; got {}"),
    ("stages.0", "ask", 'stages[0]: expected an object {…}; got "ask"'),
    ("steps.0.stage", "asc", "steps[0].stage: there is no entry “asc” in stages; did you mean"),
    ("steps.0.touchpoints", ["phone-bankin"], "steps[0].touchpoints[0]: “phone-bankin” is neither"),
    ("journey.goal_touchpoints", ["x"], "journey.goal_touchpoints[0]: “x” is neither"),
    ("cards.0.text", "x" * 10_001, "cards[0].text: at most 10000 characters; this has 10001"),
    ("cards.0.text", "a\0b", "cards[0].text: contains a character that is not text"),
    ("cards.0.text", "\ud800", "cards[0].text: contains a character that is not text"),
    ("steps", [{"id": str(i), "stage": "ask"} for i in range(201)], "steps: at most 200 entries"),
    ("lanes", [{"id": str(i), "kind": "text"} for i in range(61)], "lanes: at most 60 entries"),
]


@pytest.mark.parametrize(
    ("path", "value", "expected"), BAD, ids=[f"{p}={v}"[:40] for p, v, _ in BAD]
)
def test_a_bad_file_is_told_where_and_what(
    workspace: Workspace, path: str, value: Any, expected: str
) -> None:
    assert any(expected in problem for problem in problems(workspace, change(path, value)))


@pytest.mark.parametrize("document", [None, [], "map", 3, {}])
def test_a_document_that_is_no_map_is_refused(workspace: Workspace, document: Any) -> None:
    assert problems(workspace, document)


def test_all_problems_are_told_at_once(workspace: Workspace) -> None:
    document = change("cards.0.lane", "x")
    document["journey"]["kynd"] = "as-is"
    document["steps"][0]["touchpoints"] = ["nobody"]
    assert len(problems(workspace, document)) == 3


def test_at_most_twenty_problems_are_told(workspace: Workspace) -> None:
    cards = [{"id": f"n{i}", "lane": "x", "step": "y"} for i in range(50)]
    found = problems(workspace, change("cards", cards))
    assert len(found) == 21
    assert "more" in found[-1]


def test_an_evidence_code_has_one_touchpoint(workspace: Workspace) -> None:
    other = TouchpointFactory(workspace=workspace, code="counter")
    EvidenceCode.objects.create(workspace=workspace, touchpoint=other, code="PS")
    found = problems(workspace, change("touchpoints.0.codes", ["PS"]))
    assert found == ["touchpoints: the code “PS” belongs to the touchpoint “counter” already"]


def test_two_touchpoints_may_swap_their_codes(workspace: Workspace) -> None:
    document = example()
    document["touchpoints"] = [{"code": "a", "codes": ["x"]}, {"code": "b", "codes": ["y"]}]
    document["steps"] = document["cards"] = []
    load_map(workspace, document, None)
    document["touchpoints"] = [{"code": "a", "codes": ["y"]}, {"code": "b", "codes": ["x"]}]
    load_map(workspace, document, None)
    rows = EvidenceCode.objects.order_by("code").values_list("code", "touchpoint__code")
    assert list(rows) == [("x", "b"), ("y", "a")]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\x89PNG\r\n\xff\x00", "not UTF-8"),
        (b'{"format": ', "line 1, column 12"),
        (b'{"a": 1, "a": 2}', "stands twice"),
        (b'{"a": NaN}', "NaN is not a number"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 5000 + b"}", "Not valid JSON"),
        (b" " * (20 * 2**20 + 1), "at most 20 MB"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_file_that_is_not_json_is_told_why(raw: bytes, expected: str) -> None:
    with pytest.raises(MapError) as caught:
        read_document(raw)
    assert expected in str(caught.value)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_document(b"\xef\xbb\xbf{}") == {}


def test_the_schema_is_valid_and_takes_the_example() -> None:
    Draft202012Validator.check_schema(schema())
    assert Draft202012Validator(schema()).is_valid(example())


def test_the_command_says_what_it_made(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "map.json"
    file.write_text(json.dumps(example()))
    call_command("import_map", str(file), workspace=workspace.slug, json=True)
    assert json.loads(capsys.readouterr().out) == {
        "workspace": workspace.slug,
        "journey": "calling-the-bank",
        "name": "Calling the bank",
        "touchpoints": 1,
        "stages": 1,
        "steps": 1,
        "lanes": 2,
        "personas": 1,
        "cards": 2,
    }
    call_command("export_map", "calling-the-bank", workspace=workspace.slug)
    assert json.loads(capsys.readouterr().out) == example()


def test_the_command_names_what_is_not_there(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "map.json"
    file.write_text("{}")
    for arguments, words in [
        (["import_map", str(file), "--workspace", "nowhere"], "no workspace “nowhere”"),
        (["import_map", str(tmp_path / "no.json"), "--workspace", workspace.slug], "no file"),
        (["import_map", str(tmp_path), "--workspace", workspace.slug], "is a directory"),
        (["import_map", str(file), "--workspace", workspace.slug], "“format” is missing"),
        (["export_map", "x", "--workspace", workspace.slug], "no journey “x”"),
    ]:
        with pytest.raises(CommandError, match=words):
            call_command(*arguments)
