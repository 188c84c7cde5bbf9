"""Whatever a file or a mapping holds: brought in whole, or refused in a sentence. Never half.

FUZZ_EXAMPLES looks further: docs/reliability.md tells how far it was looked.
"""

import io
import json
import os
import random
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User, Workspace
from evidence import lake
from evidence.actions import create_import, folder_of, start_import
from evidence.errors import EvidenceError
from evidence.mapping import FIELDS
from evidence.models import Import, Kind, State
from jobs.actions import run_job
from jobs.models import Status
from tests.evidence.bringing import WAITS, having
from tests.evidence.damage import JUNK, damaged, damaged_inside
from tests.evidence.logs import EVENTS, LOANS, ocel, packed
from tests.evidence.logs import xes as written

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "30"))


def fuzzing(share: float = 1.0) -> Any:
    return settings(
        max_examples=max(1, int(EXAMPLES * share)),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


HEAD = ["at", "queue", "wait", "who", "id", "网点", "score"]
FULL = having(
    WAITS,
    customer={"column": "who"},
    unit={"column": "网点"},
    service_s={"column": "score", "missing": ["", "不适用"]},
)
WITH_IDS = having(FULL, event_id={"column": "id"})


def table(rows: int = 40) -> list[list[str]]:
    chance = random.Random(7)
    cells = ["", "不适用", "3", "4,5", "0.5", "-1", '"', "a,b", "line\nbreak", "=1+1", "é"]
    return [
        [f"2025-03-{1 + i % 28:02} 10:{i % 60:02}", f"desk-{i % 3}", chance.choice(["1", *cells]),
         f"c{i % 9}", f"e{i}", chance.choice(["北京", "上海"]), chance.choice(cells)]
        for i in range(rows)
    ]  # fmt: skip


def text(delimiter: str = ",") -> str:
    def quoted(cell: str) -> str:
        if any(c in cell for c in f'{delimiter}"\n'):
            return '"' + cell.replace('"', '""') + '"'
        return cell

    return "".join(delimiter.join(map(quoted, row)) + "\n" for row in [HEAD, *table()])


def sheet() -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate([HEAD, *table()]):
            page.write_row(number, 0, row)
        page.merge_range(50, 0, 50, 3, "merged")
        book.add_worksheet("hidden").hide()
    return made.getvalue()


def lines() -> bytes:
    rows = [dict(zip(HEAD, row, strict=True)) for row in table()]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


SOURCES: dict[str, tuple[bytes, dict[str, Any]]] = {
    "csv": (text().encode(), FULL),
    "csv with numbers of events": (text().encode(), WITH_IDS),
    "tsv": (text("\t").encode("utf-8-sig"), FULL),
    "csv in GB18030": (text(";").encode("gb18030"), FULL),
    "csv in UTF-16": (text().encode("utf-16"), FULL),
    "xlsx": (sheet(), FULL),
    "json lines": (lines(), FULL),
    "xes": (written(LOANS).encode(), EVENTS),
    "ocel": (ocel().encode(), EVENTS),
    "xes, packed": (packed(written(LOANS)), EVENTS),
}


def attempt(workspace: Workspace, folder: Path, raw: bytes, document: Any) -> None:
    """The whole import; what holds however it ends."""
    path = folder / "given"
    path.write_bytes(raw)
    with transaction.atomic():
        found = create_import(workspace=workspace, user=None, path=path, source="given")
        try:
            job = start_import(found=found, document=document, user=None, send=False)
        except EvidenceError as error:
            assert str(error)
            left = [p.name for p in folder_of(found).iterdir() if p.is_file()]
            assert left == ["file"]
            return
        job = run_job(job_id=str(job.pk))
        found.refresh_from_db()
        assert job.status in (Status.DONE, Status.FAILED)
        assert not job.log, job.log  # a traceback
        assert bool(job.error) == (job.status == Status.FAILED)
        assert found.state == (State.DONE if job.status == Status.DONE else State.FAILED)
        stands(found)


def stands(found: Import) -> None:
    with lake.cursor() as cursor:
        ((n, numbers),) = cursor.execute(
            f"SELECT count(*), count(DISTINCT row_no) FROM {lake.known(found.kind)} "
            "WHERE workspace_id = ? AND import_id = ?",
            [found.workspace_id, found.pk],
        ).fetchall()
    assert n == (found.accepted if found.state == State.DONE else 0)
    if found.unit == "rows":
        assert numbers == n


@fuzzing()
@given(seed=st.integers(0, 2**32), source=st.sampled_from(sorted(SOURCES)))
def test_any_file_comes_in_whole_or_is_refused(
    workspace: Workspace, upload_home: Path, seed: int, source: str
) -> None:
    raw, document = SOURCES[source]
    spoil = damaged_inside if source == "xlsx" and seed % 4 else damaged
    attempt(workspace, upload_home, spoil(raw, seed), document)


junk = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6)
columns = st.sampled_from(HEAD) | st.text(max_size=4)
words = st.text(max_size=4) | st.sampled_from(
    ["", "served", "abandoned", "desk-1", "3", "不适用", "\x00", "'", '"']
)  # fmt: skip
renames = st.dictionaries(words, st.none() | words, max_size=3)
formats = st.sampled_from(
    ["%Y-%m-%d %H:%M", "%", "%Q", "%%", "%s", "%-d", "%y%m%d %H:%M:%S", "%f", "%Z", "%z", "%p", "'"]
)  # fmt: skip
zones = st.sampled_from(["Asia/Shanghai", "UTC", "Mars/Base", "", "../etc", "+08:00"])
field = st.fixed_dictionaries(
    {},
    optional={
        "column": columns, "columns": st.lists(columns, max_size=3), "value": words, "map": renames,
        "otherwise": st.sampled_from(["keep", "ignore", "reject", "x"]),
        "missing": st.lists(words, max_size=3), "unit": st.sampled_from(["s", "h", "ms", "d"]),
        "format": formats | words, "timezone": zones,
    },
)  # fmt: skip
sound = st.fixed_dictionaries({"column": st.sampled_from(HEAD)}, optional={
    "map": renames, "missing": st.lists(words, max_size=3), "format": formats,
})  # fmt: skip
answers = st.lists(
    st.fixed_dictionaries(
        {"column": columns},
        optional={
            "touchpoint": words, "journey": words, "metric": st.sampled_from(["nps", "csat", "x"]),
            "missing": st.lists(words, max_size=2), "map": renames, "comment": columns,
        },
    ),
    max_size=3,
)  # fmt: skip
read = st.fixed_dictionaries({}, optional={
    "delimiter": st.sampled_from([",", ";", "\t", "|", "a", "\n", "\\", "\0", '"', "é", ""]),
    "quote": st.sampled_from(['"', "'", ",", "\n", "\0", "é", ""]), "sheet": words, "case": words,
    "encoding": st.sampled_from(
        ["utf-8", "utf-16", "gb18030", "latin-1", "idna", "punycode", "rot13", "hex", "utf-7", "x"]
    ),
})  # fmt: skip


@st.composite
def documents(draw: Any) -> Any:
    """Mostly what could be a mapping; the less likely, the more of it is wrong."""
    kind = draw(st.sampled_from(list(Kind.values)))
    names = st.sampled_from(FIELDS[kind])
    fields = draw(st.dictionaries(names, sound | sound | field | junk, max_size=5))
    if draw(st.booleans()):
        fields |= having(WAITS)["fields"] if kind == Kind.WAITS else {}
        fields.setdefault("occurred_at", {"column": "at"})
        fields.setdefault("touchpoint", {"column": "queue"})
    document: dict[str, Any] = {"kind": kind, "fields": fields}
    if draw(st.booleans()):
        document["read"] = draw(read | junk)
    if kind == Kind.RESPONSES and draw(st.booleans()):
        document["answers"] = draw(answers | junk)
    if draw(st.booleans()):
        ignored = st.dictionaries(columns, st.lists(words, max_size=2), max_size=2)
        document["ignore"] = draw(st.lists(ignored, max_size=2) | junk)
    return document


@fuzzing(2)
@given(document=documents() | junk, source=st.sampled_from(["csv", "json lines", "xlsx"]))
def test_any_mapping_works_or_is_refused(
    workspace: Workspace, upload_home: Path, document: Any, source: str
) -> None:
    attempt(workspace, upload_home, SOURCES[source][0], document)


@fuzzing(0.5)
@given(seed=st.integers(0, 2**32), source=st.sampled_from(sorted(SOURCES)))
def test_any_upload_is_looked_at_or_refused(
    workspace: Workspace, owner: User, client_for: Any, seed: int, source: str
) -> None:
    """In the browser: a page with the proposed mapping, or one that says what is wrong."""
    client: Client = client_for(owner)
    raw = damaged(SOURCES[source][0], seed)
    upload = io.BytesIO(raw)
    upload.name = random.Random(seed).choice(["a.csv", "b.xlsx", "网点.xes.gz", "c"])
    with transaction.atomic():
        answer = client.post(f"/w/{workspace.slug}/evidence/new/", {"file": upload})
        assert answer.status_code in (302, 422)
        if answer.status_code == 302:
            assert client.get(answer.headers["Location"]).status_code == 200


def test_the_undamaged_files_come_in(workspace: Workspace, upload_home: Path) -> None:
    """Else the others would show little."""
    for raw, document in SOURCES.values():
        attempt(workspace, upload_home, raw, document)
    ended = Import.objects.values_list("state", "accepted", "error")
    assert all(state == State.DONE and accepted for state, accepted, _error in ended), ended
    assert all(JUNK)
