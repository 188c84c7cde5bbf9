"""Files of any kind become tables, or a sentence says why not."""

import datetime as dt
import io
import json
import random
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from accounts.models import Workspace
from evidence.errors import EvidenceError, FileError, MappingError
from evidence.mapping import Read
from evidence.models import Import
from evidence.reading import open_table, sniff
from tests.evidence.bringing import HEAD, WAITS, account, bring, having, reasons, rows

CHINESE = "时间,网点,等待\n2025-03-01 10:00:00,柜台,90\n"
CHINESE_WAITS = having(
    WAITS, occurred_at={"column": "时间"}, touchpoint={"column": "网点"}, wait_s={"column": "等待"}
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_encodings_are_found_out(workspace: Workspace, tmp_path: Path, encoding: str) -> None:
    found = bring(workspace, tmp_path, (CHINESE * 1).encode(encoding), CHINESE_WAITS)
    assert found.codes == {"柜台": 1}


def test_a_told_encoding_counts(workspace: Workspace, tmp_path: Path) -> None:
    document = having(WAITS, touchpoint={"column": "queue"})
    document["read"] = {"encoding": "latin-1", "delimiter": ";"}
    text = "at;queue;wait\n2025-03-01;Café;1\n".encode("latin-1")
    assert bring(workspace, tmp_path, text, document).codes == {"Café": 1}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(
    workspace: Workspace, tmp_path: Path, delimiter: str, newline: str
) -> None:
    lines = ["at,queue,wait", "2025-03-01,a,1", '2025-03-02,"b",2']
    text = newline.join(lines).replace(",", delimiter) + newline
    found = bring(workspace, tmp_path, text, WAITS)
    assert account(found) == (2, 0, 0, 0, 0)
    assert found.codes == {"a": 1, "b": 1}


def test_a_last_line_without_end_and_blank_lines(workspace: Workspace, tmp_path: Path) -> None:
    found = bring(workspace, tmp_path, "\n" + HEAD + "2025-03-01,a,1\n\n2025-03-01,b,2", WAITS)
    assert account(found) == (2, 0, 0, 0, 0)


def workbook(path: Path, rows_: list[list[Any]], sheet: str = "Data") -> Path:
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd hh:mm:ss"}) as book:
        page = book.add_worksheet(sheet)
        for i, row in enumerate(rows_):
            page.write_row(i, 0, row)
    return path


def test_a_spreadsheet(workspace: Workspace, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [["at", "queue", "wait"], [dt.datetime(2025, 3, 1, 10, 30), "柜台", 90], [None, "x", 1.5]],
    )
    found = bring(workspace, tmp_path, path, WAITS)
    assert account(found) == (1, 0, 0, 0, 1)
    assert rows(found, "occurred_at", "wait_ms") == [(dt.datetime(2025, 3, 1, 10, 30), 90_000)]
    with pytest.raises(FileError, match=r"no sheet “Other”. Its sheets are: “Data”"):
        bring(workspace, tmp_path, path, {**WAITS, "read": {"sheet": "Other"}})


def test_json_lines(workspace: Workspace, tmp_path: Path) -> None:
    items: list[Any] = [
        {"at": "2025-03-01T10:00:00Z", "queue": "a", "wait": 1.5},
        {"at": "2025-03-01T10:00:00Z", "queue": 'b"c', "wait": "2", "extra": [1, 2]},
        ["not", "an", "object"],
        {"at": None, "queue": "b", "wait": 2},
    ]
    text = "\n".join(json.dumps(item) for item in items) + "\n{broken\n\n"
    found = bring(workspace, tmp_path, text, WAITS)
    assert account(found) == (2, 0, 0, 0, 3)
    assert rows(found, "row_no", "touchpoint", "wait_ms") == [(1, "a", 1500), (2, 'b"c', 2000)]
    assert reasons(found) == {"not a JSON object": 2, "no time": 1}


def test_parquet(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame(
        {"at": [dt.datetime(2025, 3, 1, 10), None], "queue": ["a", "b"], "wait": [1.5, 2.0]}
    ).write_parquet(path)
    found = bring(workspace, tmp_path, path, WAITS)
    assert account(found) == (1, 0, 0, 0, 1)
    assert rows(found, "occurred_at", "wait_ms") == [(dt.datetime(2025, 3, 1, 10), 1500)]
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(FileError, match="damaged or cut off"):
        bring(workspace, tmp_path, path, WAITS)


def bomb() -> bytes:
    """A small archive that unpacks to 700 MB."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(700):
            part.write(bytes(1 << 20))
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf\n\n", "The file is empty"),
        (b"\x00\x01\x02\x03" * 500, "something binary"),
        (b"\x7fELF\x02\x01\x01", "It is a program"),
        (b"%PDF-1.7 ...", "It is a PDF"),
        (b"\x1f\x8b\x08\x00abc", "compressed"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel file"),
        (b"PK\x03\x04 cut off", "damaged or cut off"),
        (b",,\n1,2,3\n", "names no columns"),
        (b'{"a": 1', "None of the first lines is a JSON object"),
        (bomb, "unpacks to more than 600 MB"),
    ],
    ids=lambda given: None if isinstance(given, str) else "file",
)
def test_what_is_no_table_is_refused(
    workspace: Workspace, tmp_path: Path, content: Any, says: str
) -> None:
    with pytest.raises(EvidenceError, match=says):
        bring(workspace, tmp_path, content() if callable(content) else content, WAITS)


def test_a_zip_that_is_no_spreadsheet(workspace: Workspace, tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(FileError, match="not a spreadsheet"):
        bring(workspace, tmp_path, held.getvalue(), WAITS)


def test_missing_and_repeated_columns_are_refused(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="no column “wait”"):
        bring(workspace, tmp_path, "at,queue\n2025-03-01,a\n", WAITS)
    with pytest.raises(MappingError, match="more than once"):
        bring(workspace, tmp_path, "at,queue,wait,wait\n2025-03-01,a,1,2\n", WAITS)
    # a repeated column that the mapping does not need does no harm
    found = bring(workspace, tmp_path, "at,queue,wait,x,x,\n2025-03-01,a,1,2,3,4\n", WAITS)
    assert account(found) == (1, 0, 0, 0, 0)


def test_a_header_alone_is_an_empty_import(workspace: Workspace, tmp_path: Path) -> None:
    found = bring(workspace, tmp_path, HEAD, WAITS)
    assert (found.rows, found.accepted) == (0, 0)


def test_bytes_in_another_encoding_are_rejected_rows(workspace: Workspace, tmp_path: Path) -> None:
    text = (HEAD + "2025-03-01,a,1\n").encode() + b"2025-03-01,\xff\xfe\xff,2\n"
    found = bring(workspace, tmp_path, text, {**WAITS, "read": {"encoding": "utf-8"}})
    assert account(found) == (1, 0, 0, 0, 1)


def test_column_names_cannot_break_out(workspace: Workspace, tmp_path: Path) -> None:
    nasty = "a'\"; DROP TABLE waits; --"
    document = having(WAITS, channel={"column": nasty}, unit={"value": "'; DROP TABLE waits; --"})
    text = '"at","queue","wait","a\'""; DROP TABLE waits; --"\n2025-03-01,a,-1,"x\'; --"\n'
    text += '2025-03-01,a,1,"x\'; --"\n'
    found = bring(workspace, tmp_path, text, document)
    assert rows(found, "channel", "unit") == [("x'; --", "'; DROP TABLE waits; --")]


def test_a_preview(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(CHINESE.encode("gb18030"))
    preview = sniff(path)
    assert (preview.format, preview.encoding, preview.delimiter) == ("csv", "gb18030", ",")
    assert preview.header == ["时间", "网点", "等待"]
    assert preview.rows == [["2025-03-01 10:00:00", "柜台", "90"]]
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]
    assert sniff(path, Read(delimiter=";")).header == ["时间,网点,等待"]


def test_nothing_is_left_of_a_refused_file(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(FileError):
        bring(workspace, tmp_path, b"", WAITS)
    assert not Import.objects.filter(state="importing").exists()


@pytest.mark.parametrize("seed", range(3))
def test_random_bytes_are_no_table(workspace: Workspace, tmp_path: Path, seed: int) -> None:
    path = tmp_path / "given"
    path.write_bytes(random.Random(seed).randbytes(20_000))
    with pytest.raises(FileError, match="not a table"):
        open_table(path, Read(), tmp_path)
