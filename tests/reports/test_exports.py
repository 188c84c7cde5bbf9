"""Figures to take away: provenance on top, exact values, no formulas, no network."""

import csv
import io
import re

import pytest
from django.core.cache import cache

from evidence.scope import Scope
from evidence.upkeep import keep_in_order
from reports import exports
from reports.figures import bundle
from reports.figures.ranking import ranking
from reports.figures.waiting import waiting
from tests.lake_rows import put, wait
from tests.reports import sample
from tests.reports.conftest import scored


def parsed(text: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """The facts on top, and the records beneath."""
    assert text.startswith("﻿")
    rows = list(csv.reader(io.StringIO(text.removeprefix("﻿"))))
    facts = {row[0].removeprefix("# "): row[1] for row in rows if row[0].startswith("# ")}
    names, *records = rows[len(facts) :]
    return facts, [dict(zip(names, record, strict=True)) for record in records]


def test_the_header_says_where_the_numbers_come_from() -> None:
    source = sample.source(filters={"channel": "branch, phone"}, period="1 Jan – 31 Mar 2026")
    facts, _records = parsed(exports.csv_text([ranking(sample.result(), source)]))
    assert facts["filters"] == "channel = branch, phone"
    assert facts["period"] == "1 Jan – 31 Mar 2026"
    assert facts["snapshot"] == "12"
    assert facts["evidence revision"] == "4"
    assert facts["formula"] == "pain/1"
    assert facts["n"] == "1012"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", facts["made at"])


def test_the_values_are_exact() -> None:
    _facts, records = parsed(exports.csv_text([ranking(sample.result(), sample.source())]))
    counter = next(r for r in records if r["code"] == "counter")
    assert float(counter["severity"]) == sample.line("counter")["severity"]
    assert float(counter["burden_low"]) == sample.line("counter")["burden_low"]
    letter = next(r for r in records if r["code"] == "letter")
    assert letter["severity"] == letter["rank"] == ""


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=cmd()", "'=cmd()"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("plain", "plain"),
        (-1.5, "-1.5"),
        (True, "true"),
        (None, ""),
    ],
)
def test_text_is_never_a_formula(value, written) -> None:
    assert exports.cell(value) == written


def test_all_touchpoints_waits_go_into_one_file() -> None:
    figures = [waiting(sample.line("counter"), sample.bins(), sample.source())] * 2
    facts, records = parsed(exports.csv_text(figures))
    assert facts["n"] == "800"
    assert len(records) == 2 * 61


def test_the_page_needs_no_network() -> None:
    html = exports.html_text([ranking(sample.result(), sample.source())])
    script = bundle.script()
    assert script in html
    without = html.replace(script, "")
    assert not re.search(r"""(?:src|href|url)\s*[=(]\s*["']?\s*(?:https?:)?//""", without)
    assert not re.search(r"<(?:link|img|iframe|script[^>]+src)", without)
    assert "default-src 'none'" in without
    assert "var(--pain" not in re.sub(r"<style>.*?</style>", "", without, flags=re.S)


def test_the_page_carries_title_table_and_source() -> None:
    html = exports.html_text([ranking(sample.result(), sample.source())])
    assert "<title>Pain ranking · Opening an account · North Bank</title>" in html
    assert "<caption>" in html
    assert "snapshot 12" in html
    assert sample.NASTY not in html


@pytest.mark.parametrize("figure", ["map", "ranking", "waiting"])
@pytest.mark.parametrize("form", ["html", "csv"])
def test_a_viewer_downloads(run, member, client_for, figure, form) -> None:
    address = f"/w/{run.workspace.slug}/journeys/opening/figures/{figure}.{form}"
    answer = client_for(member("viewer")).get(address)
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="opening-{figure}.{form}"'
    if form == "csv":
        facts, records = parsed(answer.content.decode())
        assert facts["snapshot"] == str(run.snapshot)
        assert records[0]["name"].startswith("'=The ")


def test_filters_reach_the_download(run, journey, member, client_for) -> None:
    filtered = scored(journey, Scope(channels=("branch",)))
    address = f"/w/{run.workspace.slug}/journeys/opening/figures/ranking.csv?channel=branch"
    facts, records = parsed(client_for(member("viewer")).get(address).content.decode())
    assert facts["filters"] == "channel = branch"
    expected = {t["code"]: str(t["severity"]) for t in filtered.result["touchpoints"]}
    assert {r["code"]: r["severity"] for r in records} == expected


def test_a_scope_still_being_scored_says_try_again(run, member, client_for) -> None:
    address = f"/w/{run.workspace.slug}/journeys/opening/figures/ranking.csv?channel=branch"
    answer = client_for(member("viewer")).get(address)
    assert answer.status_code == 503
    assert answer["Retry-After"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nothing.csv", 404),
        ("waiting.csv?touchpoint=app", 404),
        ("map.csv?since=x", 400),
    ],
)
def test_what_is_not_there_is_said(run, member, client_for, path, status) -> None:
    address = f"/w/{run.workspace.slug}/journeys/opening/figures/{path}"
    assert client_for(member("viewer")).get(address).status_code == status


def test_waits_are_exported_from_the_runs_own_rows(run, member, client_for, workspace) -> None:
    address = f"/w/{run.workspace.slug}/journeys/opening/figures/waiting.csv"
    before = client_for(member("viewer")).get(address).content.decode().splitlines()
    put("waits", workspace, [wait("counter", 500)], 9)
    workspace.raise_evidence_revision()
    cache.clear()
    after = client_for(member("viewer")).get(address).content.decode().splitlines()
    assert [r for r in after if not r.startswith(("\ufeff#", "#"))] == [
        r for r in before if not r.startswith(("\ufeff#", "#"))
    ]


def test_waits_whose_rows_are_gone_are_not_exported(run, member, client_for, workspace) -> None:
    put("waits", workspace, [wait("counter", 500)], 9)
    keep_in_order(days=0)
    cache.clear()
    address = f"/w/{run.workspace.slug}/journeys/opening/figures/waiting.csv"
    assert client_for(member("viewer")).get(address).status_code == 404
