"""XES becomes a table: every event a row, by either reader, or a sentence says why not."""

import datetime as dt
import gzip
import json
import zlib
from pathlib import Path

import pytest

from accounts.models import Workspace
from evidence.errors import FileError
from evidence.logs import parts, unpacking, xes_body
from tests.evidence.bringing import account, bring, having, reasons, rows
from tests.evidence.logs import EVENTS, LOANS, cells, opened, packed, step, tag, xes

pytestmark = pytest.mark.django_db

# What makes a file too unusual for the quick reader, and changes nothing.
UNUSUAL = {
    "a comment": xes(LOANS).replace("</trace>", "<!-- end --></trace>", 1),
    "single quotes": xes(LOANS).replace('key="AMOUNT" value="5000"', "key='AMOUNT' value='5000'"),
    "other order": xes(LOANS).replace('key="AMOUNT" value="5000"', 'value="5000" key="AMOUNT"'),
    "end tags": xes(LOANS).replace('value="5000"/>', 'value="5000"></string>'),
    "a prefix": xes(LOANS)
    .replace("</", "</x:")
    .replace("<", "<x:")
    .replace("<x:/x:", "</x:")
    .replace("<x:?", "<?")
    .replace("<x:log", '<x:log xmlns:x="http://www.xes-standard.org/"'),
    "a trace without events": xes(LOANS).replace("</log>", "<trace/></log>"),
    "utf-16": xes(LOANS).replace("UTF-8", "UTF-16").encode("utf-16"),
    "gb18030": xes(LOANS).replace("UTF-8", "GB18030").replace("ö", "&#246;").encode("gb18030"),
}
PLAIN = xes(LOANS)


def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the real parser have nothing to do."""
    monkeypatch.setattr("evidence.logs.xes._Reader.feed", lambda *_: pytest.fail("read slowly"))


def test_the_rows_of_a_log(upload_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quickly(monkeypatch)
    log = opened(upload_home, PLAIN)
    assert log.columns == [
        "case", "activity", "lifecycle", "time", "resource", "case:AMOUNT", "case:channel",
    ]  # fmt: skip
    found = cells(log)
    assert [row["activity"] for row in found] == ["apply", "apply", "签约", "apply", "decline"]
    assert [row["case"] for row in found] == ["A1"] * 3 + ["A2"] * 2
    assert found[3] == {
        "case": "A2", "activity": "apply", "time": "2024-05-03T10:00:00",
        "resource": "O'Neil & <Söhne>", "case:AMOUNT": "70", "case:channel": "branch",
    }  # fmt: skip
    assert (log.about["cases"], log.about["rows"]) == (2, 5)


@pytest.mark.parametrize("gap", ["", "\n", "\r\n\t", "   "])
@pytest.mark.parametrize("unit", [1, 37, 1 << 19])
def test_however_the_file_is_cut_into_pieces(
    upload_home: Path, monkeypatch: pytest.MonkeyPatch, gap: str, unit: int
) -> None:
    expected = cells(opened(upload_home, PLAIN))
    monkeypatch.setattr(xes_body, "UNIT", unit)
    monkeypatch.setattr(unpacking, "PIECE", max(200, unit * 3))
    monkeypatch.setattr(parts, "PART_CELLS", 6)
    quickly(monkeypatch)
    assert cells(opened(upload_home, xes(LOANS, gap=gap))) == expected
    assert cells(opened(upload_home, packed(xes(LOANS, gap=gap)))) == expected


@pytest.mark.parametrize("name", UNUSUAL)
def test_unusual_files_are_read_by_a_real_parser(
    upload_home: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    expected = cells(opened(upload_home, PLAIN))
    assert cells(opened(upload_home, UNUSUAL[name])) == expected
    quickly(monkeypatch)
    with pytest.raises(pytest.fail.Exception, match="read slowly"):
        opened(upload_home, UNUSUAL[name])


def test_what_stands_before_the_traces_is_no_event(upload_home: Path) -> None:
    head = (
        '<extension name="Concept" prefix="concept" uri="http://x"/>'
        f"<global scope='event'>{tag('concept:name', 'none')}</global>"
        "<int key='traces' value='2'><int key='&lt;trace>' value='2'/></int>"
    )
    assert cells(opened(upload_home, xes(LOANS, head))) == cells(opened(upload_home, PLAIN))
    in_comment = xes(LOANS, f"<!-- {xes(LOANS)[43:]} -->".replace("--\n", ""))
    assert len(cells(opened(upload_home, in_comment))) == 5


def test_nested_attributes_and_lists(upload_home: Path) -> None:
    nested = (
        "<string key='a' value='1'><string key='b' value='2'/></string>"
        "<list key='l'><values><string key='x' value='甲'/><string key='y' value='乙'/>"
        "</values></list>"
        "<container key='c'><int key='n' value='7'/></container><strange key='z' value='?'/>"
    )
    text = xes(LOANS[:1]).replace("<event>", f"<event>{nested}", 1)
    first, *others = cells(opened(upload_home, text))
    assert {k: v for k, v in first.items() if k[:1] in "alc" and k not in ("activity", "case")} == {
        "a": "1", "a/b": "2", "l": "甲; 乙", "c/n": "7",
        "lifecycle": "start", "case:AMOUNT": "5000", "case:channel": "app",
    }  # fmt: skip
    assert all("a" not in row for row in others)


def test_events_outside_of_cases_are_rows(upload_home: Path) -> None:
    event = f"<event>{tag('concept:name', 'alone')}</event>"
    found = cells(opened(upload_home, PLAIN.replace("</log>", f"{event}</log>")))
    assert found[5] == {"activity": "alone"} and len(found) == 6
    found = cells(opened(upload_home, xes(LOANS, event)))
    assert found[0] == {"activity": "alone"} and len(found) == 6


def test_names_that_are_taken_and_columns_without_number(
    upload_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "MOST_COLUMNS", 9)
    more = {"case": "mine", "case:AMOUNT": "9", "X": "1", "x": "2", "Y": "3"}
    log = opened(upload_home, xes([(LOANS[0][0], [step("a", "2024-05-01T09:00:00Z", **more)])]))
    (row,) = cells(log)
    assert (row["case"], row["event:case"], row["case:AMOUNT"]) == ("A1", "mine", "5000")
    assert row["event:case:AMOUNT"] == "9"
    assert log.about["left_out"] == ["X", "x", "Y"] and log.about["left_out_count"] == 3


def test_columns_that_come_late_and_none_at_all(
    upload_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PART_CELLS", 1)
    monkeypatch.setattr(xes_body, "UNIT", 300)
    late = [({"concept:name": str(i)}, [step("a", "2024-05-01", **({"z": "1"} if i == 8 else {}))])
            for i in range(9)]  # fmt: skip
    found = cells(opened(upload_home, xes(late)))
    assert [row["case"] for row in found] == list("012345678")
    assert [row.get("z") for row in found] == [None] * 8 + ["1"]
    log = opened(upload_home, xes([({}, [{"org:resource": "a"}])]))
    assert log.columns == ["case", "activity", "time", "resource"]
    assert cells(log) == [{"resource": "a"}]


def damaged() -> dict[str, tuple[str | bytes, str]]:
    deep = "<string key='a' value='b'>" * 100 + "</string>" * 100
    bomb = '<!DOCTYPE log [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    return {
        "a DTD": (PLAIN.replace("<log>", f"{bomb}<log>"), "document type"),
        "a foreign entity": (
            PLAIN.replace("<log>", '<!DOCTYPE log SYSTEM "file:///etc/passwd"><log>'),
            "document type",
        ),
        "an unknown entity": (PLAIN.replace("5000", "&b;"), "no valid XML"),
        "a number no letter has": (PLAIN.replace("5000", "&#0;"), "no valid XML"),
        "a control character": (PLAIN.replace("5000", "50\x0100"), "no valid XML"),
        "a bracket in a value": (PLAIN.replace("5000", "50<00"), "no valid XML"),
        "tags that do not match": (PLAIN.replace("</trace>", "</event>", 1), "no valid XML"),
        "a cut off file": (PLAIN[:-200], "no valid XML, or cut off"),
        "something behind the end": (PLAIN + "<log/>", "no valid XML"),
        "letters that are none": (PLAIN.encode().replace(b"5000", b"\xff\xfe"), "no valid XML"),
        "a cut off gzip": (packed(PLAIN * 3)[:-30], "cut off"),
        "a damaged gzip": (packed(PLAIN)[:-8] + b"x" * 8, "damaged"),
        "deep nesting": (PLAIN.replace("<event>", f"<event>{deep}", 1), "nested deeper than 64"),
        "another XML": ("<?xml version='1.0'?><html><trace/></html>", "begins with <html>"),
        "no events": (xes([({"concept:name": "A1"}, [])]), "holds no events"),
        "an unknown encoding": (PLAIN.replace("UTF-8", "klingon"), "unknown encoding"),
        "a case told too late": (
            PLAIN.replace("</trace>", tag("late", "1") + "</trace>", 1),
            "behind its events",
        ),
    }


@pytest.mark.parametrize("name", damaged())
def test_a_sentence_says_what_is_wrong(upload_home: Path, name: str) -> None:
    content, sentence = damaged()[name]
    with pytest.raises(FileError, match=sentence):
        opened(upload_home, content)
    assert [p.name for p in upload_home.iterdir()] == ["log"]  # nothing is left behind


@pytest.mark.parametrize("where", ["5000", "<event>", "<log>"])
def test_endless_values_and_comments(
    upload_home: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr(xes_body, "MOST_CARRIED", 1 << 20)
    long = "x" * (12 << 20)
    given = long if where == "5000" else f"{where}<!--{long}-->"
    with pytest.raises(FileError, match="more than 8 MB"):
        opened(upload_home, packed(PLAIN.replace(where, given, 1)))


def test_a_gzip_bomb(upload_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_UNPACKED", 30 << 20)
    packer = zlib.compressobj(wbits=31)
    bomb = packer.compress(PLAIN.replace("</log>", "").encode())
    bomb += b"".join(packer.compress(b" " * (1 << 20)) for _ in range(40)) + packer.flush()
    with pytest.raises(FileError, match="unpacks to more than"):
        opened(upload_home, bomb)


def test_gzip_of_several_members(upload_home: Path) -> None:
    raw = PLAIN.encode()
    content = gzip.compress(raw[:700]) + gzip.compress(b"") + gzip.compress(raw[700:]) + b"\0" * 99
    assert cells(opened(upload_home, content)) == cells(opened(upload_home, PLAIN))


def test_an_import_accounts_for_every_event(workspace: Workspace, tmp_path: Path) -> None:
    broken = [({}, [step("apply", "2024-05-05T09:00:00Z"), step("", "soon")])]
    document = having(
        EVENTS,
        outcome={
            "column": "lifecycle",
            "map": {"complete": "complete", "": ""},
            "otherwise": "ignore",
        },
    )
    example = Path("examples/event-log.mapping.json").read_text()
    assert account(bring(workspace, tmp_path, xes(LOANS), json.loads(example)))[:2] == (4, 1)
    found = bring(workspace, tmp_path, packed(xes(LOANS + broken)), document)
    assert account(found) == (4, 1, 0, 0, 2)
    assert rows(found, "row_no", "touchpoint", "case_id", "occurred_at", "outcome") == [
        (2, "apply", "A1", dt.datetime(2024, 5, 1, 7, 5), "complete"),
        (3, "签约", "A1", dt.datetime(2024, 5, 2, 8), "complete"),
        (4, "apply", "A2", dt.datetime(2024, 5, 3, 10), None),
        (5, "decline", "A2", dt.datetime(2024, 5, 4, 15, 0, 0, 500_000), "complete"),
    ]
    assert sum(reasons(found).values()) == 2
    from evidence.actions import folder_of, rejected_file

    assert rejected_file(found).read_text().splitlines()[1].startswith("6,")
    assert sorted(p.name for p in folder_of(found).iterdir()) == ["file", "rejected.csv"]
