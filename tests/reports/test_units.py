"""Units compared: the funnel, who is really different, whom to ask; from the lake to the page."""

import csv
import io
import json
import re

import pytest

from painpoints.models import PainPoint
from painpoints.outliers import units_of
from reports.units import BETTER, FEW, WORSE, all_lines, cast_of, lines_of
from tests.factories import UnitFactory
from tests.lake_rows import answer, put
from tests.reports.conftest import scored

# Unit → painful of all answers about the app.
ANSWERS = {"harbour": (90, 200), "old-town": (20, 200), "station": (22, 210), "market": (2, 190),
           "kiosk": (3, 12)}  # fmt: skip


def told(ws, counts=None) -> None:
    rows = []
    for unit, (x, n) in (counts or ANSWERS).items():
        rows += [answer("app", "csat", 1, unit=unit)] * x
        rows += [answer("app", "csat", 5, unit=unit)] * (n - x)
    put("responses", ws, rows)


@pytest.fixture
def asked(workspace, journey):
    told(workspace)
    return scored(journey)


def plots(html: str) -> list[dict]:
    found = re.findall(r'<script type="application/json" data-plot-json>(.*?)</script>', html, re.S)
    return [json.loads(text) for text in found]


def test_each_unit_is_counted_from_its_rows_and_judged(asked, journey) -> None:
    found = units_of(asked)
    assert found is not None
    (place,) = found.places
    lines = {line.unit: line for line in lines_of(place, cast_of(journey, asked))}
    assert {unit: (line.x, line.n) for unit, line in lines.items()} == ANSWERS
    verdicts = {unit: line.verdict for unit, line in lines.items()}
    assert (verdicts["harbour"], verdicts["market"], verdicts["kiosk"]) == (WORSE, BETTER, FEW)
    assert lines["harbour"].target == pytest.approx(134 / 800)  # without the kiosk
    assert found.judged == 4
    assert lines["kiosk"].z is None


def test_the_page_draws_the_funnel_and_names_who_differs(asked, page) -> None:
    html = page("units/")
    (plot,) = plots(html)
    signs = {t["marker"]["symbol"]: t for t in plot["data"] if t["mode"] == "markers"}
    assert signs["triangle-up"]["x"] == [200] and signs["triangle-up"]["y"] == [0.45]
    assert signs["circle-open"]["x"] == [12]
    assert any("harbour" in a["text"] for a in plot["layout"]["annotations"])
    lines = [t for t in plot["data"] if t["mode"] == "lines"]
    assert len(lines) == 5
    assert "of 5 units really differ" not in html  # the kiosk is not judged
    assert re.search(r"[234] of 4 units really differ", html)
    assert "really worse" in html and "not judged" in html


def test_units_have_their_names_and_owners_from_the_library(
    asked, page, workspace, journey, owner, member
) -> None:
    manager = member("manager")
    UnitFactory(workspace=workspace, code="harbour", name="海港支行 <b>", owner=owner)
    PainPoint.objects.create(
        workspace=workspace, journey=journey, origin="person", title="t", owner=manager,
        touchpoint=workspace.touchpoints.get(code="app"),
    )  # fmt: skip
    found = units_of(asked)
    assert found is not None
    first = all_lines(found, cast_of(journey, asked))[0]
    assert (first.name, first.owner, first.place_owner) == (
        "海港支行 <b>", str(owner), str(manager)
    )  # fmt: skip
    html = page("units/")
    assert "海港支行 &lt;b&gt;" in html and "海港支行 <b>" not in html
    assert str(owner) in html and str(manager) in html


@pytest.mark.parametrize(
    ("query", "units"),
    [
        ("", ["harbour", "market"]),
        ("show=worse", ["harbour"]),
        ("show=better", ["market"]),
        ("show=all&sort=unit", ["harbour", "market", "old-town", "station"]),
        ("show=all&sort=rate", ["harbour", "station", "old-town", "market"]),
    ],
)
def test_the_list_is_filtered_and_sorted(asked, page, query, units) -> None:
    body = page(f"units/?{query}").split('id="units"')[1]
    shown = re.findall(r'<th scope="row"><span[^>]*>.</span> ([\w-]+)<span', body)
    assert [u for u in shown if u in units] == units
    assert set(shown) <= set(units) | {"old-town", "station"}


@pytest.mark.parametrize("query", ["touchpoint=nowhere", "family=nonsense", "show=x", "sort=x"])
def test_what_the_address_cannot_mean_is_not_found(asked, page, query) -> None:
    page(f"units/?{query}", 404)


def test_a_touchpoint_whose_evidence_names_no_unit_says_so(asked, page) -> None:
    html = page("units/?touchpoint=counter")
    assert "No evidence here names a unit" in html
    assert plots(html) == []


def test_downloads_hold_every_comparison(asked, page) -> None:
    text = page("units/figures/list.csv").lstrip("\ufeff")
    rows = list(csv.DictReader(line for line in io.StringIO(text) if not line.startswith('"#')
                               and not line.startswith("#")))  # fmt: skip
    assert {r["unit"] for r in rows} == {"harbour", "market", "old-town", "station"}
    harbour = next(r for r in rows if r["unit"] == "harbour")
    assert (harbour["x"], harbour["n"], harbour["verdict"]) == ("90", "200", "worse")
    funnel = page("units/figures/funnel.csv?touchpoint=app&family=felt")
    assert "kiosk" in funnel
    assert "data-standalone-figure" in page("units/figures/funnel.html")
    page("units/figures/nonsense.csv", 404)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"one": (10, 100)}, "All evidence here names one unit"),
        ({"one": (10, 100), "two": (3, 29)}, "fewer than two of them have 30"),
        ({"one": (0, 100), "two": (0, 90)}, "All units are alike"),
        ({"one": (10, 100), "two": (10, 100)}, "0 of 2 units really differ"),
        ({"one": (100, 100), "two": (50, 50)}, "All units are alike"),
    ],
)
def test_what_cannot_be_told_is_said(workspace, journey, page, counts, said) -> None:
    told(workspace, counts)
    scored(journey)
    html = page("units/")
    assert said in html
    assert not re.search(r"\bnan\b", html.split('id="funnel"')[1], re.I)


def test_evidence_without_units_and_gone_rows_are_said(run, page, workspace, journey) -> None:
    assert "No units to compare yet" in page("units/")


def test_many_units_with_long_names_do_not_cover_the_plot(workspace, journey, page) -> None:
    counts = {f"unit-{i:03d}": ((i * 7) % 60, 100 + i) for i in range(120)}
    for code in list(counts)[:5]:
        UnitFactory(workspace=workspace, code=code, name="A very long name of a branch " * 4)
    told(workspace, counts)
    scored(journey)
    (plot,) = plots(page("units/"))
    assert len(plot["layout"]["annotations"]) <= 14 + 5
    assert max(len(a["text"]) for a in plot["layout"]["annotations"]) < 50
