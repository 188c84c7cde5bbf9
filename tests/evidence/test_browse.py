"""Rows one by one: filters, pages by key, samples, downloads, a line beside what it became."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from accounts.csv_cells import BOM, cell
from evidence import browse, lake
from evidence.actions import file_of
from evidence.browse import Wanted
from evidence.erasure import hash_of
from tests.evidence.bringing import ANSWERS, WAITS, bring, having
from tests.factories import EvidenceCodeFactory, TouchpointFactory
from tests.lake_rows import NOON, answer, customer, passage, put, wait

pytestmark = pytest.mark.django_db
NASTY = [
    "=1+1",
    "+x",
    "-5",
    "@a",
    "\tb",
    "|c",
    "%d",
    'say "hi"',
    "a,b",
    "line\nbreak",
    "\r\n=2",
    "",
]


@pytest.fixture
def page(workspace):
    return lambda rest="": f"/w/{workspace.slug}/evidence/rows/{rest}"


@pytest.fixture
def analyst(client_for, member):
    return client_for(member("analyst"))


def text_of(answered) -> str:
    return b"".join(answered.streaming_content).decode()


def table(answered) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(answered).removeprefix(BOM), newline="")))


def test_pages_by_key_show_every_row_once_both_ways(workspace):
    # 130 rows, many at the very same moment
    put("waits", workspace, [
        wait("a", n, occurred_at=NOON + timedelta(minutes=n % 7)) for n in range(130)
    ])  # fmt: skip
    wanted, seen, at = Wanted(kind="waits"), [], browse.page(workspace, Wanted(kind="waits"), [])
    pages = [at]
    while at.older:
        at = browse.page(workspace, wanted, [], after=at.older)
        pages.append(at)
    seen = [row["row_no"] for one in pages for row in one.rows]
    assert [len(one.rows) for one in pages] == [50, 50, 30]
    assert sorted(seen) == list(range(1, 131))
    moments = [row["occurred_at"] for one in pages for row in one.rows]
    assert moments == sorted(moments, reverse=True)
    back = browse.page(workspace, wanted, [], before=pages[2].newer)
    assert back.rows == pages[1].rows and back.newer and back.older
    first = browse.page(workspace, wanted, [], before=back.newer)
    assert first.rows == pages[0].rows and not first.newer
    assert pages[0].newer == "" and pages[2].older == ""
    assert browse.page(workspace, wanted, [], after="nonsense").rows == pages[0].rows


@pytest.mark.parametrize(
    ("asked", "lines"),
    [
        ("kind=waits", [1, 2, 3, 4]),
        ("kind=waits&code=desk", [1, 2]),
        ("kind=waits&code=D1", [2]),
        ("kind=waits&code=moon", [3]),
        ("kind=waits&channel=app", [3]),
        ("kind=waits&segment=mass&unit=north", [1]),
        ("kind=waits&outcome=abandoned", [4]),
        ("kind=waits&since=2025-03-04", [4]),
        ("kind=waits&until=2025-03-04", [1, 2, 3]),
        ("kind=waits&import=9", []),
        ("kind=waits&import=1&metric=nps", [1, 2, 3, 4]),  # waits have no metric to ask for
        ("kind=responses&metric=nps", [2]),
        ("kind=responses&metric=none", []),
        ("kind=interactions&outcome=served", []),
        ("kind=nonsense", [1, 2]),
    ],
)
def test_filters_let_through_what_they_say(workspace, analyst, page, asked, lines):
    desk = TouchpointFactory(workspace=workspace, code="desk")
    EvidenceCodeFactory(touchpoint=desk, code="D1")
    put("waits", workspace, [
        wait("desk", 1, segment="mass", unit="north"), wait("D1", 1, segment="mass"),
        wait("moon", 1, channel="app"),
        wait("far", 1, "abandoned", occurred_at=NOON + timedelta(days=1)),
    ])  # fmt: skip
    put("responses", workspace, [answer("desk", "csat", 3), answer("desk", "nps", 3)])
    put("interactions", workspace, [passage("desk", "anna")])
    found = table(analyst.get(page(f"csv/?{asked}")))
    assert sorted(int(row["row_no"]) for row in found) == lines
    assert analyst.get(page(f"?{asked}")).status_code == 200


def test_a_customer_is_found_by_the_raw_id_which_is_nowhere_told(workspace, analyst, page):
    anna = hash_of(workspace, "anna-4711")
    put("waits", workspace, [wait("a", 1, customer=anna), wait("a", 2, customer=customer("b"))])
    answered = analyst.post(
        page("customer/"), {"identifier": " anna-4711 ", "query": "kind=waits&code=a"}
    )
    assert answered["Location"] == page(f"?kind=waits&code=a&customer={anna.hex}")
    shown = analyst.get(answered["Location"]).content.decode()
    assert "anna-4711" not in shown and f"c-{anna.hex[:8]}" in shown and "1 row," in shown
    (row,) = table(analyst.get(page(f"csv/?kind=waits&customer={anna.hex}")))
    assert row["row_no"] == "1" and row["customer"] == f"c-{anna.hex[:16]}"
    empty = analyst.post(page("customer/"), {"identifier": " "}, follow=True)
    assert "as it stands in your files" in empty.content.decode()


def test_the_csv_is_quoted_and_defused_as_everywhere(workspace, analyst, page):
    put("responses", workspace, [answer("a", "csat", 3, comment=text) for text in NASTY])
    found = table(analyst.get(page("csv/?kind=responses")))
    assert [row["comment"] for row in found] == [cell(text) for text in NASTY]
    assert found[0]["occurred_at"] == "2025-03-03T12:00:00Z" and found[0]["channel"] == ""


def test_the_parquet_holds_the_same_rows_and_leaves_no_file(workspace, analyst, page, tmp_path):
    put("responses", workspace, [answer("a", "csat", 3, comment=text) for text in NASTY])
    answered = analyst.get(page("parquet/?kind=responses"))
    path = tmp_path / "got.parquet"
    path.write_bytes(b"".join(answered.streaming_content))
    with duckdb.connect() as own:
        own.execute(f"SELECT comment, score FROM '{path}' ORDER BY row_no")
        assert own.fetchall() == [(text, 3) for text in NASTY]
    assert list(lake.temp_path().glob("rows-*")) == []


def test_a_sample_is_drawn_again_by_its_number(workspace, analyst, page):
    put("waits", workspace, [wait("a", n) for n in range(400)])
    one, same, other = (
        [row["row_no"] for row in table(analyst.get(page(f"csv/?kind=waits&sample=100&seed={s}")))]
        for s in (1, 1, 2)
    )
    assert len(one) == len(set(one)) == 100 and one == same and set(one) != set(other)
    text = analyst.get(page("?kind=waits&sample=1000&seed=1")).content.decode()
    assert "100 shown of 1,000 drawn at random from 400" in text


def test_a_line_stands_beside_what_it_became(workspace, analyst, page, tmp_path: Path):
    TouchpointFactory(workspace=workspace, code="desk", name="The desk")
    mapping = having(
        WAITS,
        touchpoint={"column": "queue", "map": {"PS": "desk", "PQ": "desk"}},
        customer={"column": "who"},
        wait_s={"column": "wait", "unit": "min"},
        channel={"value": "phone"},
    )
    text = "at,queue,wait,who\n2025-03-01,XX,1,berta\n2025-03-01 10:00,PS,2,anna\n"
    found = bring(workspace, tmp_path, text, mapping)
    shown = analyst.get(page(f"{found.pk}/3/")).content.decode()
    for words in (
        "Line 3 of given", "The desk", "“PS”", "<code>queue</code>",
        "<code>wait</code>", "in the unit “min”", "2 min", "the same for every row",
        "replaced by a keyed hash", "The line as it was written", "“2”", "id, not shown",
    ):  # fmt: skip
        assert words in shown, words
    assert "anna" not in shown and "berta" not in shown
    assert "no touchpoint yet" in analyst.get(page(f"{found.pk}/2/")).content.decode()
    file_of(found).unlink()
    without = analyst.get(page(f"{found.pk}/3/")).content.decode()
    assert "written “PQ”, “PS”, or just so" in without and "kept no longer" in without
    assert analyst.get(page(f"{found.pk}/4/")).status_code == 404


def test_a_survey_line_shows_all_the_answers_it_became(workspace, analyst, page, tmp_path: Path):
    mapping = {
        "kind": "responses",
        "fields": {"occurred_at": {"column": "at"}},
        "answers": [
            {"column": "Q1", "touchpoint": "desk", "metric": "csat"},
            {"column": "Q2", "touchpoint": "desk", "metric": "ces"},
        ],
    }
    found = bring(workspace, tmp_path, "at,Q1,Q2\n2025-03-01,4,6\n", mapping)
    shown = analyst.get(page(f"{found.pk}/2/")).content.decode()
    assert "1 of the 2 rows it became" in shown
    assert "<code>Q1</code>" in shown and "<code>Q2</code>" in shown


def test_only_those_who_may_see_rows_see_rows(workspace, client_for, member, stranger, page,
                                              tmp_path: Path):  # fmt: skip
    found = bring(workspace, tmp_path, "at,where,score\n2025-03-01,a,4\n", ANSWERS)
    addresses = ("", "csv/", "parquet/", f"{found.pk}/2/")
    for role, status in (("viewer", 403), ("designer", 403), ("manager", 403), ("analyst", 200)):
        client = client_for(member(role))
        answers = [client.get(page(rest)) for rest in addresses]
        assert [answered.status_code for answered in answers] == [status] * 4
        assert all(b"".join(a.streaming_content) for a in answers if a.streaming)
        tabs = client.get(f"/w/{workspace.slug}/evidence/").content.decode()
        assert ("evidence/rows/" in tabs) == (status == 200)
    outside = client_for(stranger)
    assert [outside.get(page(rest)).status_code for rest in addresses] == [404] * 4
    own = stranger.memberships.get().workspace
    assert outside.get(f"/w/{own.slug}/evidence/rows/{found.pk}/2/").status_code == 404
    assert table(outside.get(f"/w/{own.slug}/evidence/rows/csv/")) == []


def test_a_period_that_cannot_be_is_said(analyst, page):
    answered = analyst.get(page("?kind=waits&since=2025-03-04&until=2025-03-01"))
    assert answered.status_code == 422 and "must begin before it ends" in answered.content.decode()
    assert analyst.get(page("csv/?since=yesterday")).status_code == 422
