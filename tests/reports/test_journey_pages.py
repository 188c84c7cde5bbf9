"""A journey's pages: figures from runs, filters in the address, states, rights."""

import json
import re
from datetime import date

import pytest
from django.core.cache import cache

from evidence.scope import Scope
from evidence.upkeep import keep_in_order
from jobs.actions import cancel_job
from painpoints.models import ScoringRun
from tests.lake_rows import put, wait
from tests.reports.conftest import scored

BRANCH = Scope(channels=("branch",))


def plots(html: str) -> list[dict]:
    found = re.findall(r'<script type="application/json" data-plot-json>(.*?)</script>', html, re.S)
    return [json.loads(text) for text in found]


def test_the_map_shows_the_run_at_once(run, page) -> None:
    html = page()
    (plot,) = plots(html)
    (bars,) = (t for t in plot["data"] if t["type"] == "bar")
    measured = [t["severity"] for t in run.result["touchpoints"]]
    assert sorted(bars["y"]) == sorted(measured)
    assert f"snapshot {run.snapshot}" in html
    assert "NPS" in html
    assert 'role="progressbar"' not in html


@pytest.mark.parametrize("path", ["", "ranking/", "waiting/"])
def test_filters_stay_in_every_link_of_the_page(run, page, journey, path) -> None:
    scored(journey, BRANCH)
    html = page(f"{path}?channel=branch")
    base = f"/w/{journey.workspace.slug}/journeys/opening/"
    for tab in ("", "ranking/", "waiting/"):
        assert f'href="{base}{tab}?channel=branch"' in html
    downloads = re.findall(rf'href="({base}figures/[^"]+)"', html)
    assert downloads and all("channel=branch" in url for url in downloads)


def test_a_filtered_scope_is_computed_from_the_rows(run, page, journey) -> None:
    filtered = scored(journey, BRANCH)
    (plot,) = plots(page("ranking/?channel=branch"))
    burdens = {t["code"]: t["burden"] for t in filtered.result["touchpoints"]}
    assert sorted(plot["data"][0]["x"]) == sorted(b for b in burdens.values() if b is not None)
    assert filtered.result["touchpoints"] != run.result["touchpoints"]


def test_a_new_scope_asks_for_a_run_and_shows_progress(run, page) -> None:
    html = page("ranking/?channel=branch")
    assert 'role="progressbar"' in html
    assert "computed from the rows" in html
    assert plots(html) == []
    asked = ScoringRun.objects.get(is_whole=False)
    assert asked.scope == BRANCH.to_json()
    page("ranking/?channel=branch")
    assert ScoringRun.objects.count() == 2


def test_old_numbers_stand_until_new_ones_are_here(run, page, workspace) -> None:
    put("waits", workspace, [wait("counter", 500)] * 50, 9)
    workspace.raise_evidence_revision()
    html = page("ranking/")
    assert "new ones are on their way" in html
    assert f"snapshot {run.snapshot}" in html
    assert len(plots(html)) == 1


def test_waits_are_those_of_the_run_also_when_newer_ones_came(run, page, workspace) -> None:
    before = plots(page("waiting/"))
    put("waits", workspace, [wait("counter", 500)] * 50, 9)
    workspace.raise_evidence_revision()
    cache.clear()
    assert plots(page("waiting/")) == before != []


def test_waits_whose_rows_are_gone_are_not_shown(run, page, workspace) -> None:
    put("waits", workspace, [wait("counter", 500)], 9)
    keep_in_order(days=0)
    cache.clear()
    html = page("waiting/")
    assert plots(html) == []
    assert "The rows behind these numbers are gone" in html


def test_a_stopped_scoring_says_so_and_is_not_started_again_by_looking(journey, page) -> None:
    page()
    asked = ScoringRun.objects.get()
    cancel_job(job=asked.job)
    html = page()
    assert "did not finish" in html
    assert 'role="progressbar"' not in html
    asked.refresh_from_db()
    assert asked.job.has_ended


def test_without_evidence_the_page_says_what_to_do(journey, page) -> None:
    scored(journey)
    assert "No evidence speaks of this journey" in page()


def test_an_empty_scope_says_so(run, page, journey) -> None:
    scored(journey, Scope(since=date(2030, 1, 1), until=date(2030, 2, 1)))
    html = page("ranking/?since=2030-01-01&until=2030-02-01")
    assert "No evidence lies in this scope" in html
    assert "no evidence" in html


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("since=nonsense", "must be a day such as"),
        ("since=2025-03-02&until=2025-03-01", "must begin before it ends"),
        ("channel=brnch", "Did you mean “branch”?"),
    ],
)
def test_a_scope_that_cannot_be_meant_shows_no_numbers(run, page, query, said) -> None:
    html = page(f"?{query}", 400)
    assert said in html
    assert plots(html) == []
    assert "Show all evidence" in html


def test_the_waiting_figure_counts_what_the_run_counted(run, page) -> None:
    (plot,) = plots(page("waiting/"))
    bars = [t for t in plot["data"] if t["type"] == "bar"]
    assert sum(sum(t["y"]) for t in bars) == 40
    counter = next(t for t in run.result["touchpoints"] if t["code"] == "counter")
    assert plot["data"][-1]["x"] == [counter["waits"]["p50_s"], counter["waits"]["p90_s"]]


@pytest.mark.parametrize("path", ["", "ranking/", "waiting/"])
def test_names_cannot_write_html(run, page, path) -> None:
    html = page(path)
    assert "The counter <b>" not in html
    assert "<i>long</i>" not in html


def test_a_journey_without_a_map_offers_one(workspace, owner, client_for) -> None:
    from tests.factories import JourneyFactory

    JourneyFactory(workspace=workspace, slug="empty")
    html = client_for(owner).get(f"/w/{workspace.slug}/journeys/empty/").content.decode()
    assert "The map is empty" in html
    assert "Draw the map" in html


@pytest.mark.parametrize("path", ["", "ranking/", "waiting/"])
def test_pages_need_few_queries(
    run, member, client_for, django_assert_max_num_queries, path
) -> None:
    client = client_for(member("viewer"))
    address = f"/w/{run.workspace.slug}/journeys/opening/{path}"
    client.get(address)
    with django_assert_max_num_queries(22):
        client.get(address)


@pytest.mark.parametrize(
    "path", ["", "ranking/", "waiting/", "figures/map.csv", "figures/map.html"]
)
def test_strangers_do_not_learn_that_it_exists(run, stranger, client_for, path) -> None:
    address = f"/w/{run.workspace.slug}/journeys/opening/{path}"
    assert client_for(stranger).get(address).status_code == 404


def test_another_workspaces_journey_is_not_found(run, stranger, client_for) -> None:
    own = stranger.memberships.get().workspace
    assert client_for(stranger).get(f"/w/{own.slug}/journeys/opening/").status_code == 404
