"""OCEL 2.0 becomes a table: a row for each event and each of its cases."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Workspace
from evidence.errors import FileError
from evidence.logs import json_stream, ocel, parts, unpacking
from tests.evidence.bringing import account, bring, rows
from tests.evidence.logs import EVENTS, ORDERS, cells, opened, packed
from tests.evidence.logs import ocel as text

pytestmark = pytest.mark.django_db


def changed(**lists: Any) -> dict[str, Any]:
    return {**copy.deepcopy(ORDERS), **lists}


def test_the_type_with_most_events_is_the_case(upload_home: Path) -> None:
    log = opened(upload_home, text())
    assert log.about["case"] == "item" and log.about["types"] == {"item": 2, "order": 2}
    assert log.columns == ["case", "activity", "time", "event", "channel", "price"]
    first = {"activity": "place", "time": "2024-05-01T09:00:00Z", "event": "e1",
             "channel": "app", "price": "9.5"}  # fmt: skip
    assert cells(log) == [
        {"case": "i1", **first},
        {"case": "i2", **first},
        {"case": "i1", "activity": "ship", "time": "2024-05-02T09:00:00+02:00", "event": "e2"},
        {"activity": "盘点", "time": "2024-05-03T09:00:00Z", "event": "e3"},
    ]
    assert {k: log.about[k] for k in ("events", "rows", "cases", "more", "without")} == {
        "events": 3, "rows": 4, "cases": 2, "more": 1, "without": 1,
    }  # fmt: skip


def test_another_type_may_be_chosen(upload_home: Path) -> None:
    found = cells(opened(upload_home, text(), case="order"))
    assert [(row.get("case"), row["event"]) for row in found] == [
        ("o1", "e1"), ("o1", "e2"), ("o2", "e2"), (None, "e3"),
    ]  # fmt: skip
    with pytest.raises(FileError, match=r"type “van”\. Types are: “item”, “order”"):
        opened(upload_home, text(), case="van")


@pytest.mark.parametrize("piece", [1, 7, 1 << 20])
def test_however_the_file_is_cut_into_pieces(
    upload_home: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    expected = cells(opened(upload_home, text()))
    monkeypatch.setattr(unpacking, "PIECE", piece)
    monkeypatch.setattr(ocel, "MOST_PAIRS", 2)
    monkeypatch.setattr(ocel, "BATCH", 1)
    monkeypatch.setattr(parts, "PART_CELLS", 1)
    last_first = dict(reversed(list(ORDERS.items())))
    for content in (
        json.dumps(ORDERS, indent=2),
        "\ufeff" + json.dumps({**last_first, "more": {"a": [1.5, "]"]}}, ensure_ascii=False),
        packed(text()),
    ):
        assert cells(opened(upload_home, content)) == expected


def test_a_relation_told_twice_and_to_nobody(upload_home: Path) -> None:
    document = changed()
    document["events"][0]["relationships"] += [{"objectId": "i1"}, {"objectId": "nobody"}]
    assert len(cells(opened(upload_home, text(document)))) == 4


WRONG: dict[str, tuple[Any, str]] = {
    "event no object": (changed(events=["e1"]), "event 1 is no JSON object"),
    "relations no list": (
        changed(events=[{"relationships": {"objectId": "o1"}}]),
        "“relationships” of event 1 is no list of objects",
    ),
    "relation to nothing": (
        changed(events=[{"relationships": [{"qualifier": "x"}]}]),
        "event 1 names no “objectId”",
    ),
    "object without id": (changed(objects=[{"type": "order"}]), "object 1 has no “id”"),
    "no relations": (changed(objects=[]), "no event is related to an object"),
    "no events": (changed(events=[]), "holds no events"),
    "cut off": (text()[:-40], "no valid JSON, or cut off"),
    "cut off within events": (text()[:400], "no valid JSON, or cut off"),
    "something behind": (text() + "{}", "something stands behind the end"),
    "a missing comma": (text().replace('}, {"id": "e2"', '} {"id": "e2"'), "was expected"),
    "deep": (text().replace('"app"', "[" * 100_000 + "]" * 100_000), "nested too deeply"),
    "a long number": (text().replace("9.5", "9" * 5_000), "no valid JSON"),
    "latin-1": (text().replace("盘点", "é").encode("latin-1"), "not in UTF-8"),
    "OCEL 1": ('{"ocel:global-log": {}, "ocel:events": {}}', "OCEL 1. Export it as OCEL 2.0"),
    "cut off gzip": (packed(text())[:-20], "cut off"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_sentence_says_what_is_wrong(upload_home: Path, name: str) -> None:
    given, sentence = WRONG[name]
    with pytest.raises(FileError, match=sentence):
        opened(upload_home, given if isinstance(given, str | bytes) else text(given))
    assert [p.name for p in upload_home.iterdir()] == ["log"]


def test_an_endless_element(upload_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "MOST_ELEMENT", 1 << 20)
    monkeypatch.setattr(unpacking, "PIECE", 1 << 16)
    with pytest.raises(FileError, match="longer than 1 million letters"):
        opened(upload_home, packed(text().replace('"app"', '"' + "x" * (3 << 20) + '"')))


def test_strange_values(upload_home: Path) -> None:
    document = changed()
    document["events"][0]["attributes"] = [
        {"name": "a", "value": "\ud800"}, {"name": "b", "value": True},
        {"name": "c", "value": {"d": ["甲"]}}, {"name": "event", "value": 1}, {"name": None},
    ]  # fmt: skip
    row = cells(opened(upload_home, json.dumps(document)))[0]
    assert (row["a"], row["b"], row["c"], row["event:event"]) == ("?", "true", '{"d": ["甲"]}', "1")


def test_an_import_accounts_for_every_row(workspace: Workspace, tmp_path: Path) -> None:
    document = {**EVENTS, "read": {"case": "order"}, "ignore": [{"case": [""]}]}
    found = bring(workspace, tmp_path, text(), document)
    assert account(found) == (3, 1, 0, 0, 0)
    assert rows(found, "row_no", "touchpoint", "case_id") == [
        (1, "place", "o1"), (2, "ship", "o1"), (3, "ship", "o2"),
    ]  # fmt: skip
