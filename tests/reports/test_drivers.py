"""The page of key drivers: what moves the outcome, with intervals, or why it cannot be told."""

import csv
import io
import json
import re

import pytest

from jobs.actions import run_job
from jobs.models import Job
from painpoints.drivers_work import request_drivers
from reports.figures import drivers_records
from reports.figures.drivers import drivers
from tests.lake_rows import put
from tests.painpoints.test_drivers import rows, survey
from tests.reports import sample
from tests.reports.conftest import scored


def driver(code: str, importance: float, performance: float, quadrant: str, **more) -> dict:
    return {
        "code": code, "importance": importance, "importance_low": importance * 0.8,
        "importance_high": importance * 1.3, "performance": performance,
        "performance_low": performance - 0.1, "performance_high": performance + 0.1,
        "correlation": 0.4, "n": 900, "stands_out": True, "quadrant": quadrant, **more,
    }  # fmt: skip


def outcome(*lines: dict, **more) -> dict:
    found = {
        "n": 1000, "r_squared": 0.41, "r_squared_low": 0.35, "r_squared_high": 0.47,
        "together": [410, 980], "touchpoints": list(lines),
    }  # fmt: skip
    return {"metric": "nps", "linked": 1000, "taken": 1000, "left_out": [],
            "methods": {"weights": found}, **more}  # fmt: skip


COUNTER = driver("counter", 0.3, 5.0, "concentrate")
APP = driver("app", 0.08, 8.0, "overkill")
GREY = driver("letter", 0.01, 7.0, "low_priority", stands_out=False)
NAMES = {"counter": "The counter", "app": f"The app {sample.NASTY}", "letter": "The letter"}


def figure(*lines: dict, **more):
    return drivers(outcome(*lines, **more), "weights", NAMES, sample.source())


def test_the_sentence_says_how_much_and_what_first() -> None:
    said = figure(COUNTER, APP, GREY).aria
    assert "41.0% (35.0–47.0%) comes from these touchpoints" in said
    assert "Improve The counter first" in said
    assert "matters most: 30.0% (24.0–39.0%)" in said
    kept = driver("counter", 0.3, 9.0, "keep_up")
    assert "Keep up The counter" in figure(kept, APP).aria
    assert "No touchpoint matters more than chance" in figure(GREY).aria


def test_what_explains_no_more_than_noise_is_grey_hollow_and_said() -> None:
    drawn = figure(COUNTER, APP, GREY)
    (hollow,) = (t for t in drawn.plot["data"] if t["marker"]["symbol"] == "circle-open")
    assert hollow["x"] == [7.0] and hollow["text"] == ["3"]
    assert any("1 touchpoint drawn grey" in note for note in drawn.extra["notes"])
    assert drawn.table["rows"][2][3] == "no more than chance"


def test_points_carry_intervals_on_both_axes() -> None:
    drawn = figure(COUNTER, APP)
    (point,) = (t for t in drawn.plot["data"] if t["marker"]["symbol"] == "diamond")
    assert point["error_x"]["array"] == pytest.approx([0.1])
    assert point["error_y"]["arrayminus"] == pytest.approx([0.06])


def test_names_are_no_markup() -> None:
    assert sample.NASTY not in json.dumps(figure(COUNTER, APP).plot)


def test_a_driver_that_works_the_other_way_round_is_marked() -> None:
    drawn = figure(COUNTER, driver("app", 0.08, 8.0, "overkill", correlation=-0.3))
    assert "⇅" in drawn.table["rows"][1][3]
    assert any("the other way round" in note for note in drawn.extra["notes"])


def test_a_sample_and_pairs_are_said() -> None:
    notes = " ".join(figure(COUNTER, linked=80_000, taken=50_000).extra["notes"])
    assert "80,000 such customers a random sample of 50,000" in notes
    assert "410 to 980 customers" in notes


@pytest.mark.parametrize("reason", ["customers", "constant", "together", "collinear", "predictors"])
@pytest.mark.parametrize("p", [0, 15])
def test_every_refusal_has_a_reason_and_what_to_do(reason, p) -> None:
    found = {"refused": reason, "n": 80, "p": p, "least": 150, "most": 12}
    why, what_to_do = drivers_records.refusal(found)
    assert why and what_to_do and "%" not in why + what_to_do


@pytest.mark.parametrize("reason", ["none", "few", "constant", "together", "same"])
def test_every_left_out_touchpoint_has_a_reason(reason) -> None:
    assert drivers_records.left_out_text(reason)


@pytest.fixture
def asked(workspace, journey):
    put("responses", workspace, rows(*survey()))
    return scored(journey)


def find(run) -> None:
    run_job(job_id=str(request_drivers(run=run).pk))


def test_looking_starts_the_work_once_and_shows_progress(asked, page) -> None:
    for _ in range(2):
        assert 'role="progressbar"' in page("drivers/")
    assert Job.objects.filter(kind="drivers").count() == 1
    page("drivers/figures/drivers.csv", 503)
    find(asked)
    assert 'role="progressbar"' not in page("drivers/")


def test_the_page_shows_the_drivers_of_the_rows(asked, page) -> None:
    find(asked)
    html = page("drivers/")
    (plot,) = (json.loads(t) for t in re.findall(
        r'<script type="application/json" data-plot-json>(.*?)</script>', html, re.S))  # fmt: skip
    assert sum(len(t["x"]) for t in plot["data"]) == 2
    assert "=The counter &lt;b&gt;" in html
    assert "160" in html and "R²" in html
    assert "method=lmg" in html


def test_methods_outcomes_and_downloads_by_the_address(asked, page) -> None:
    find(asked)
    text = page("drivers/figures/drivers.csv?outcome=nps&method=lmg").lstrip("\ufeff")
    table = list(csv.DictReader(x for x in io.StringIO(text) if not x.startswith(("#", '"#'))))
    assert {r["touchpoint"] for r in table} == {"counter", "app"}
    assert {r["method"] for r in table} == {"lmg"}
    total = sum(float(r["importance"]) for r in table)
    assert total == pytest.approx(float(table[0]["r_squared"]))
    assert "data-standalone-figure" in page("drivers/figures/drivers.html")
    for wrong in ("outcome=csat", "method=magic"):
        page(f"drivers/?{wrong}", 404)
    page("drivers/figures/nonsense.csv", 404)


def test_too_few_customers_are_refused_in_a_sentence(workspace, journey, page) -> None:
    put("responses", workspace, rows(*survey(99)))
    run = scored(journey)
    find(run)
    html = page("drivers/")
    assert "No touchpoint was answered by 100 customers" in html
    assert "fewer than 100 such customers answered about it" in html
    page("drivers/figures/drivers.csv", 404)


def test_a_journey_nobody_was_asked_about_says_what_it_takes(workspace, journey, page) -> None:
    rows_ = [r for r in rows(*survey(20)) if r["touchpoint"]]
    put("responses", workspace, rows_)
    scored(journey)
    assert "Nobody was asked about the journey as a whole" in page("drivers/")
    assert not Job.objects.filter(kind="drivers").exists()
