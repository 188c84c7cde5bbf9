"""The map of whom it hurts, and the warning that an order turns round."""

import csv
import io
import json
import re
from dataclasses import replace

import pytest

from analytics.cells import cells
from analytics.ranking import TouchpointCounts
from evidence.scope import Scope
from painpoints.models import RunCounts
from painpoints.whom import Whom
from reports.figures.segments import segments
from tests.factories import SegmentFactory, StepFactory, TouchpointFactory
from tests.kidney_stones import put_stones
from tests.lake_rows import answer, put
from tests.reports import sample
from tests.reports.conftest import scored


def whom(columns: dict[str, dict[str, tuple[int, int]]], dimension: str = "segment") -> Whom:
    """value → touchpoint → painful answers of all."""
    counted = {
        value: [TouchpointCounts(code, {"felt": told}, 1.0, "volume") for code, told in row.items()]
        for value, row in columns.items()
    }
    rows: dict[str, dict] = {}
    for cell in cells(counted):
        rows.setdefault(cell.code, {})[cell.value] = cell
    named = {"counter": (800, 1000), "desk": (12, 12), "app": (500, 500), "letter": (0, 0)}
    return Whom(dimension, tuple(columns), rows, named)


DIFFERENT = {
    "vip": {"counter": (80, 200), "app": (3, 40), "desk": (1, 12)},
    "new": {"counter": (100, 600), "app": (30, 460)},
}


def drawn(found: Whom, **more):
    lines = sample.result()["touchpoints"]
    return segments(lines, found, {"new": "New <i>customers</i>"}, sample.source(), **more)


def cell_of(figure, code: str, value: str) -> dict:
    lines = [line["code"] for line in sample.result()["touchpoints"]]
    row = figure.extra["heat"]["rows"][lines.index(code)]
    return row["cells"][figure.extra["heat"]["columns"].index(value)]


def test_rows_are_in_the_order_of_the_ranking_and_columns_in_that_of_the_library() -> None:
    figure = drawn(whom(DIFFERENT))
    lines = sample.result()["touchpoints"]
    assert [row["name"] for row in figure.extra["heat"]["rows"]] == [t["name"] for t in lines]
    assert figure.extra["heat"]["columns"] == ["New <i>customers</i>", "vip"]


def test_known_too_few_and_none_are_three_things() -> None:
    figure = drawn(whom(DIFFERENT))
    assert cell_of(figure, "counter", "vip")["state"] == "known"
    assert cell_of(figure, "desk", "vip") == {"state": "few", "value": "vip", "n": "n 12"}
    assert cell_of(figure, "desk", "New <i>customers</i>")["state"] == "none"


def test_a_difference_that_holds_is_marked_and_told_with_its_interval() -> None:
    found = whom(DIFFERENT)
    cell = cell_of(drawn(found), "counter", "vip")
    exact = found.cells["counter"]["vip"]
    assert cell["mark"] == f"▲{100 * exact.difference:.0f}"
    low, high = (f"{100 * end:.0f}" for end in (exact.difference_low, exact.difference_high))
    assert f"points more ({low} to {high})" in cell["tip"]
    assert "n 200" in cell["tip"] and "of 100 passages hurt" in cell["tip"]
    assert cell_of(drawn(found), "app", "vip")["mark"] == ""
    assert "no difference from the rest that holds" in cell_of(drawn(found), "app", "vip")["tip"]


def test_a_difference_below_a_point_is_not_marked() -> None:
    found = whom(DIFFERENT)
    slight = replace(found.cells["counter"]["vip"], difference=0.004, difference_low=0.001)
    figure = drawn(replace(found, cells={"counter": {"vip": slight}}))
    assert cell_of(figure, "counter", "vip")["mark"] == ""
    assert "no point more or less" in cell_of(figure, "counter", "vip")["tip"]


def test_the_sentences_say_what_really_differs_and_how_much_is_named() -> None:
    said = drawn(whom(DIFFERENT)).extra["said"]
    assert said[0].startswith("Highest severity: vip at “The counter”, 39 of 100 passages hurt (")
    assert "Really different: vip, with more pain than the rest at 1 of 2 touchpoints" in said[1]
    assert said[2] == "1,312 of 1,512 experiences name a segment (87%)."


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"vip": {"counter": (20, 100)}, "new": {"counter": (21, 100)}}, "No difference between"),
        ({"vip": {"counter": (20, 100)}}, "Nothing can be compared"),
        ({"vip": {"counter": (2, 10)}, "new": {"counter": (3, 10)}}, "No cell has 30"),
    ],
)
def test_where_nothing_holds_it_says_so(columns, words) -> None:
    assert words in " ".join(drawn(whom(columns)).extra["said"])


def test_records_are_exact_and_complete() -> None:
    found = whom(DIFFERENT)
    figure = drawn(found)
    record = next(r for r in figure.records if (r["code"], r["value"]) == ("counter", "vip"))
    exact = found.cells["counter"]["vip"]
    for name in ("severity", "severity_low", "severity_high", "difference", "p", "differs", "n"):
        assert record[name] == getattr(exact, name)
    assert (record["felt_x"], record["felt_n"], record["compared"]) == (80, 200, "felt")
    assert isinstance(record["felt_n"], int) and isinstance(figure.n, int)
    assert all(set(r) <= set(figure.fields) for r in figure.records)
    assert len(figure.records) == len(figure.table["rows"]) == 5


@pytest.fixture
def stones(journey):
    """Kidney stones at the counter and the phone; “large” has a name in the library."""
    phone = TouchpointFactory(workspace=journey.workspace, code="phone", name="The phone")
    stage = journey.stages.get()
    StepFactory(journey=journey, stage=stage, name="Calls").touchpoints.add(phone)
    SegmentFactory(workspace=journey.workspace, code="large", name="大客户 <b>")
    put_stones(journey.workspace)
    journey.workspace.refresh_from_db()
    return scored(journey)


def test_the_page_shows_the_map_with_cells_that_lead_to_the_filtered_journey(stones, page) -> None:
    html = page("segments/")
    base = f"/w/{stones.workspace.slug}/journeys/opening/"
    assert html.count(f'href="{base}?segment=large"') == 2
    assert html.count(f'href="{base}?segment=small"') == 2
    assert "大客户 &lt;b&gt;" in html and "大客户 <b>" not in html
    assert f"snapshot {stones.snapshot}" in html


def test_links_keep_the_period(journey, stones, page) -> None:
    scope = Scope.from_words({"since": "2025-03-01", "until": "2025-04-01"}, {})
    scored(journey, scope)
    html = page("segments/?since=2025-03-01&until=2025-04-01")
    assert "?since=2025-03-01&amp;until=2025-04-01&amp;segment=large" in html
    assert "?since=2025-03-01&amp;until=2025-04-01&amp;by=channel" in html
    assert "figures/by-segment.csv?since=2025-03-01" in html


@pytest.mark.parametrize("path", ["ranking/", "segments/"])
def test_an_order_that_turns_round_is_warned_of(stones, page, path) -> None:
    html = page(path)
    assert "Overall “=The counter &lt;b&gt;” hurts more than “The phone”" in html
    assert "within every segment “The phone” hurts more" in html
    assert "serves more of “大客户 &lt;b&gt;” (75% of its experiences here against 23%)" in html
    assert re.search(r"27% \(25–29%\), 355 of 1,315", html)
    assert re.search(r"22% \(20–24%\), 385 of 1,750", html)


def test_no_warning_where_no_order_turns(run, page) -> None:
    assert "Simpson" not in page("ranking/") + page("segments/")


def test_the_first_choice_is_what_can_be_compared(run, page) -> None:
    """The evidence of this journey names channels and no segments."""
    assert "Severity by channel" in page("segments/")
    assert "No evidence here names a segment" in page("segments/?by=segment")


def test_another_dimension_is_not_found(run, page) -> None:
    page("segments/?by=week", 404)
    page("segments/?by='", 404)


def test_many_units_are_too_many_for_a_map(workspace, journey, page) -> None:
    rows = [answer("counter", "csat", 1, unit=f"支行{i:03}", channel="branch") for i in range(30)]
    put("responses", workspace, rows)
    workspace.raise_evidence_revision()
    workspace.refresh_from_db()
    scored(journey)
    html = page("segments/?by=unit")
    assert "30 units are too many for a map" in html
    assert "heat-cell" not in html


def test_once_the_rows_are_gone_it_says_so(stones, page) -> None:
    RunCounts.objects.filter(run=stones).delete()
    type(stones).objects.filter(pk=stones.pk).update(snapshot=10**9)
    assert "the rows behind it are gone" in page("segments/")
    assert "Pain ranking" in page("ranking/")


def test_downloads_hold_the_same_numbers(stones, page, workspace) -> None:
    told = page("figures/by-segment.csv")
    rows = list(
        csv.DictReader(line for line in io.StringIO(told) if not line.startswith(("#", "﻿#")))
    )
    kept = RunCounts.objects.get(run=stones, kind="cells/1 segment").document["cells"]
    assert sorted(float(row["severity"]) for row in rows) == sorted(c["severity"] for c in kept)
    html = page("figures/by-segment.html")
    assert html.count("heat-cell pain-") == 4 and "data-tip" not in html
    page("figures/by-channel.csv", 404)


def test_the_page_needs_few_queries(
    stones, member, client_for, django_assert_max_num_queries
) -> None:
    client = client_for(member("viewer"))
    address = f"/w/{stones.workspace.slug}/journeys/opening/segments/"
    client.get(address)
    with django_assert_max_num_queries(20):
        client.get(address)


def test_tips_are_for_people_and_carry_no_markup(stones, page) -> None:
    (tip, *_rest) = re.findall(r'data-tip="([^"]*)"', page("segments/"))
    assert "<" not in tip
    assert json.dumps(tip)
