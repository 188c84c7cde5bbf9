"""One touchpoint's waits: by hour, patience, what-if; pages, downloads, refusals."""

import json
import re
from datetime import timedelta

import pytest

from evidence.upkeep import keep_in_order
from painpoints.counts import hours_of
from tests.lake_rows import NOON, put, wait
from tests.reports.conftest import scored

PATH = "waiting/touchpoint/?touchpoint=counter"
FIGURES = ("distribution", "hours", "weekday", "patience", "patience-segments", "virtual",
           "hazard", "whatif", "staffing", "fit")  # fmt: skip


def waits(hour: int, n: int, *, weeks: int = 3, served=(10, 90), gone=30, each=4) -> list[dict]:
    """Mondays at this hour: n waits a week, one in `each` given up."""
    rows = []
    for week in range(weeks):
        for i in range(n):
            at = NOON.replace(hour=hour) + timedelta(weeks=week, seconds=3600 * i / n)
            segment = "vip" if i % 2 else "new"
            if i % each == 0:
                rows.append(wait("counter", gone + 20 * (i % 2) + i % 13, "abandoned",
                                 occurred_at=at, segment=segment))  # fmt: skip
            else:
                rows.append(wait("counter", served[i % 2], occurred_at=at, segment=segment,
                                 service_ms=200_000))  # fmt: skip
    return rows


@pytest.fixture
def queue(workspace, journey):
    """Busy at ten, quieter at eleven, hardly anybody at three."""
    put("waits", workspace, waits(10, 60))
    put("waits", workspace, waits(11, 30, each=15), 2)
    put("waits", workspace, waits(15, 3), 3)
    workspace.raise_evidence_revision()
    workspace.refresh_from_db()
    journey.refresh_from_db()
    return scored(journey)


def plots(html: str) -> list[dict]:
    found = re.findall(r'<script type="application/json" data-plot-json>(.*?)</script>', html, re.S)
    return [json.loads(text) for text in found]


def test_the_overview_leads_to_each_touchpoint(queue, page) -> None:
    assert "waiting/touchpoint/?touchpoint=counter" in page("waiting/")


def test_the_page_shows_all_parts(queue, page) -> None:
    html = page(PATH)
    assert len(plots(html)) == len(FIGURES)
    for part in ("distribution", "by-hour", "patience", "what-if"):
        assert f'id="{part}"' in html
    assert "used everywhere here" in html
    assert not re.search(r"\bnan\b", html, re.I)


def test_small_hours_are_hidden_and_said_so(queue, page) -> None:
    heat = next(p for p in plots(page(PATH)) if p["data"][0]["type"] == "heatmap")
    told = dict(zip(heat["data"][0]["y"], heat["data"][0]["z"], strict=True))
    monday = {hour: row[0] for hour, row in told.items()}
    assert monday["15:00"] is None
    assert monday["10:00"] == pytest.approx(1 - (180 - 45) / 180 + 90 / 180, abs=0.01)
    assert "too little evidence" in heat["data"][1]["hovertext"][0]


def test_the_measure_and_the_weekday_can_be_chosen(queue, page) -> None:
    html = page(PATH + "&show=offered&weekday=0")
    assert "Monday: came per hour" in html
    assert "Sunday: too little evidence" in page(PATH + "&weekday=6")


def test_more_agents_make_fewer_wait_too_long(queue, page) -> None:
    def late(change: int) -> float:
        plot = next(p for p in plots(page(PATH + f"&day=0&hour=10&change={change}"))
                    if "goal" in str(p["layout"].get("annotations")))  # fmt: skip
        said = [t for t in plot["data"][0]["hovertext"]]
        label = f"+{change} agents" if change else "±0 agents"
        return plot["data"][0]["y"][next(i for i, t in enumerate(said) if t.startswith(label))]

    assert late(0) > late(2) > late(4)


def test_the_model_is_fitted_to_what_was_counted(queue, page, client_for, member) -> None:
    client = client_for(member("viewer"))
    address = f"/w/{queue.workspace.slug}/journeys/opening/waiting/touchpoint/figures/"
    text = client.get(address + "staffing.csv?touchpoint=counter").content.decode()
    lines = [
        line.split(",")
        for line in text.splitlines()
        if not line.lstrip("\ufeff").startswith(("#", '"#'))
    ]
    rows = {row[1]: dict(zip(lines[0], row, strict=True)) for row in lines[1:]}
    ten = rows["10"]
    assert float(ten["arrivals_per_hour"]) == pytest.approx(60)
    assert float(ten["service_s"]) == 200
    counts = hours_of(queue).places["counter"]
    i = counts.hours.index(10)
    patience = counts.counts["wait_ms"][i] / 1000 / counts.counts["abandoned"][i]
    assert float(ten["patience_s"]) == pytest.approx(patience)
    assert int(ten["agents_needed"]) > float(ten["agents_implied"])
    assert rows["15"]["reason"] == "few" and rows["15"]["agents_needed"] == ""


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("form", ["csv", "html"])
def test_each_figure_can_be_taken_away(queue, page, figure, form) -> None:
    text = page(f"waiting/touchpoint/figures/{figure}.{form}?touchpoint=counter")
    assert "opening" in text.lower()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("promise=0.5", "must be one of those in the list"),
        ("change=two", "expected a number from −99 to 99"),
        ("change=1.5", "expected a number from −99 to 99"),
        ("change=1e9", "expected a number"),
        ("target=nan", "The share to be served in time: expected"),
        ("target=100", "expected a number from 1 to 99.9"),
        ("day=9&hour=10", "is no day of the week"),
        ("day=1&hour=25", "is no hour of the day"),
    ],
)
def test_what_cannot_be_meant_is_said_and_the_usual_shown(queue, page, query, said) -> None:
    html = page(f"{PATH}&{query}")
    assert said in html
    assert len(plots(html)) == len(FIGURES)


def test_an_hour_with_too_few_waits_cannot_be_told(queue, page) -> None:
    html = page(PATH + "&day=0&hour=15")
    assert "Cannot be told for the chosen hours: fewer than 30 waits (1)." in html
    assert "nobody came" in page(PATH + "&day=3&hour=4")


def test_without_service_times_it_says_so(workspace, journey, page) -> None:
    rows = [wait("counter", 20 + i % 70, occurred_at=NOON) for i in range(40)]
    put("waits", workspace, [*rows, *[wait("counter", 20, "abandoned")] * 25])
    workspace.raise_evidence_revision()
    journey.refresh_from_db()
    scored(journey)
    assert "the evidence has no service times" in page(PATH)


def test_without_abandonment_too_few_agents_mean_an_endless_queue(workspace, journey, page) -> None:
    rows = [wait("counter", i % 90, occurred_at=NOON + timedelta(seconds=20 * i),
                 service_ms=150_000) for i in range(170)]  # fmt: skip
    put("waits", workspace, rows)
    workspace.raise_evidence_revision()
    journey.refresh_from_db()
    scored(journey)
    html = page(PATH + "&day=0&hour=12&change=-3")
    assert "the queue would grow without end" in html
    assert "nobody gave up" in html


def test_a_promise_of_nothing_is_a_promise(workspace, journey, page) -> None:
    workspace.touchpoints.get(code="counter").promises.update(max_wait_s=0)
    put("waits", workspace, waits(10, 60))
    workspace.raise_evidence_revision()
    journey.refresh_from_db()
    scored(journey)
    html = page(PATH)
    assert len(plots(html)) == len(FIGURES)


def test_without_a_promise_the_model_still_answers(workspace, journey, page) -> None:
    workspace.touchpoints.get(code="counter").promises.all().delete()
    put("waits", workspace, waits(10, 60))
    workspace.raise_evidence_revision()
    journey.refresh_from_db()
    scored(journey)
    html = page(PATH + "&show=late")
    assert "Monday: gave up" in html
    assert '<option value="late"' not in html


@pytest.mark.parametrize("query", ["", "?touchpoint="])
def test_without_a_touchpoint_the_overview_is_shown(queue, page, query) -> None:
    page(f"waiting/touchpoint/{query}", 302)


def test_unknown_touchpoints_and_figures_are_not_found(queue, page) -> None:
    page("waiting/touchpoint/?touchpoint=none", 404)
    page("waiting/touchpoint/figures/none.csv?touchpoint=counter", 404)
    page("waiting/touchpoint/figures/hours.csv?touchpoint=none", 404)
    page("waiting/touchpoint/figures/hours.csv?touchpoint=app", 404)


def test_a_touchpoint_without_waits_says_so(queue, page) -> None:
    assert "has no waits at this touchpoint" in page("waiting/touchpoint/?touchpoint=app")


def test_htmx_gets_the_part_it_asks_for(queue, member, client_for) -> None:
    client = client_for(member("viewer"))
    address = f"/w/{queue.workspace.slug}/journeys/opening/{PATH}"
    html = client.get(address, headers={"HX-Request": "true", "HX-Target": "what-if"})
    assert len(plots(html.content.decode())) == 3


def test_once_the_rows_are_gone_it_says_so(queue, page, workspace) -> None:
    put("waits", workspace, waits(10, 4), 9)
    keep_in_order(days=0)
    html = page(PATH)
    assert "The rows behind this run are gone" in html


def test_the_page_needs_few_queries(
    queue, member, client_for, django_assert_max_num_queries
) -> None:
    client = client_for(member("viewer"))
    address = f"/w/{queue.workspace.slug}/journeys/opening/{PATH}"
    client.get(address)
    with django_assert_max_num_queries(20):
        client.get(address)


def test_what_was_seen_lies_inside_the_drawing(queue, page) -> None:
    html = page(PATH + "&day=0&hour=11&change=9")
    plot = next(p for p in plots(html) if "goal" in str(p["layout"].get("annotations")))
    seen = plot["data"][2]
    tops = [y + up for y, up in zip(seen["y"], seen["error_y"]["array"], strict=True)]
    assert max(tops) <= plot["layout"]["yaxis"]["range"][1]
    assert all(tick == int(tick) for tick in plot["layout"]["xaxis"]["tickvals"])
