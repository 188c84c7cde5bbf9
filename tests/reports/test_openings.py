"""Every number of the pages of segments, units, drivers, change and waits opens, and adds up."""

import csv
import io
import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest

from accounts.access import Role
from painpoints.knowing_counts import part_number, part_of
from painpoints.models import RunCounts
from painpoints.opening import OPENERS
from painpoints.series import counts_of_level, trends_of
from tests.lake_rows import put
from tests.reports.conftest import scored
from tests.reports.test_change import moved  # noqa: F401
from tests.reports.test_drivers import asked as surveyed  # noqa: F401
from tests.reports.test_drivers import find
from tests.reports.test_segments import stones  # noqa: F401
from tests.reports.test_units import ANSWERS
from tests.reports.test_units import asked as units  # noqa: F401
from tests.reports.test_waiting_place import PATH, queue, waits  # noqa: F401

SAID = (
    "What it means", "What it was made with", "The rows behind it", "Lake snapshot", "Scope",
    "Evidence revision",
)  # fmt: skip


@pytest.fixture
def analyst(workspace, member, client_for):
    return client_for(member(Role.ANALYST))


def links_of(html: str, run) -> set[str]:
    """All that opens on a page: links, and marks of drawings (static/js/know.js)."""
    base = f"/w/{run.workspace.slug}/painpoints/runs/{run.pk}/"
    links = {unescape(url) for url in re.findall(rf'href="({base}(?:opened|know)/[^"]+)"', html)}
    plots = re.findall(r'<script type="application/json" data-plot-json>(.*?)</script>', html, re.S)
    for mark in (mark for plot in plots for mark in marks_of(json.loads(plot))):
        links.add(urljoin(f"{base}know/", mark))
    return links


def marks_of(plot: dict) -> Iterator[str]:
    for trace in plot["data"]:
        for one in trace.get("customdata", []):
            for mark in one if isinstance(one, list) else [one]:
                if mark.startswith("open:"):
                    yield mark.removeprefix("open:")


def kinds(links: set[str]) -> set[tuple[str, str]]:
    """(kind, figure) of each; kind is rate for x of n in a part of the run."""
    found = set()
    for url in links:
        query, path = parse_qs(urlsplit(url).query), urlsplit(url).path.split("/")
        if path[-3] == "opened":
            found.add((path[-2], query.get("figure", [""])[0]))
        elif {"segment", "channel", "unit", "week", "since", "hour"} & set(query):
            found.add(("rate", path[-2]))
    return found


def check(client, links: set[str]) -> set[str]:
    """Each opens, says what it must, and carries an interval or why there is none; what it was
    counted from. In the panel, which shows the same, one of each kind does."""
    counted, in_panel = set(), set()
    for url in sorted(links):
        answer = client.get(url)
        html = answer.content.decode()
        assert answer.status_code == 200, url
        for words in SAID:
            assert words in html, (url, words)
        assert not re.search(r"\bnan\b", html, re.I), url
        if "The interval holds the true value" in html:
            assert 'class="estimate-interval"' in html, url
        if (kind := urlsplit(url).path.split("/")[-2]) not in in_panel:
            in_panel.add(kind)
            panel = client.get(url, headers={"HX-Request": "true", "HX-Target": "panel"})
            assert "data-panel-close" in panel.content.decode() and b"<html" not in panel.content
        counted |= {unescape(u) for u in re.findall(r'class="know" href="([^"]+)"', html)}
    return counted


def recount(client, run, urls: set[str]) -> int:
    """x and n of each, against its rows as a download has them, and what the rows page says."""
    done = 0
    for url in sorted(urls):
        query = {k: v[0] for k, v in parse_qs(urlsplit(url).query).items()}
        figure = urlsplit(url).path.split("/")[-2]
        part = part_of(query)
        if not part:
            continue
        number = part_number(run, figure, query["at"], part)
        if number.wanted is None:
            assert figure == "complained" or not number.found
            continue
        text = client.get(number.address("know_rows_csv")).getvalue().decode().lstrip("\ufeff")
        lines = [line for line in csv.reader(io.StringIO(text)) if not line[0].startswith("#")]
        rows = [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
        x = sum(row["counts"] == "true" for row in rows)
        assert (x, len(rows)) == (number.found["x"], number.found["n"]), url
        html = client.get(number.address("know_rows")).content.decode()
        assert f"1–{min(25, len(rows))} of {len(rows):,}" in html, url
        again = client.get(number.address("know_sources")).content.decode()
        assert "the same as the run's" in unescape(again), url
        done += 1
    return done


def test_segments(stones, page, analyst) -> None:  # noqa: F811
    links = links_of(page("segments/"), stones)
    assert ("cell", "") in kinds(links)
    assert len([url for url in links if "/opened/cell/" in url]) == 4
    counted = check(analyst, {url for url in links if "/opened/" in url})
    assert recount(analyst, stones, counted) == 4
    html = analyst.get(next(u for u in sorted(links) if "/opened/cell/" in u)).content.decode()
    assert "Against the rest" in html and "Benjamini" in html
    assert "journeys/opening/?segment=" in html


def test_units(units, page, analyst) -> None:  # noqa: F811
    links = links_of(page("units/"), units)
    rates = {url for url in links if "unit=" in url}
    assert len(rates) == len(ANSWERS) and kinds(rates) == {("rate", "felt")}
    check(analyst, rates)
    assert recount(analyst, units, rates) == len(ANSWERS)
    html = analyst.get(next(u for u in rates if "unit=harbour" in u)).content.decode()
    for words in ("All units together", "φ, how much more", "really worse", "90 of 200"):
        assert words in html


def test_drivers(surveyed, page, analyst) -> None:  # noqa: F811
    find(surveyed)
    for method in ("weights", "lmg"):
        links = {u for u in links_of(page(f"drivers/?method={method}"), surveyed)}
        told = {figure for kind, figure in kinds(links) if kind == "driver"}
        assert told == {"importance", "performance", "correlation", "r_squared"}
        check(analyst, links)


def test_change(moved, page, analyst) -> None:  # noqa: F811
    html = page("change/?touchpoint=app")
    links = {url for url in links_of(html, moved) if "/opened/" in url}
    assert kinds(links) >= {
        ("week", ""), ("steady", ""), ("change", "difference"), ("change", "p_worse"),
        ("change", "before"), ("change", "now"),
    }  # fmt: skip
    assert len([url for url in links if "/opened/week/" in url]) == 16
    counted = check(analyst, links)
    assert recount(analyst, moved, counted) >= 16 + 2


def test_the_period_of_the_scope_stays_with_what_opens(moved, page, analyst) -> None:  # noqa: F811
    links = links_of(page("change/?since=2025-03-03&until=2025-03-31"), moved)
    told = {url for url in links if "/opened/change/" in url}
    assert told and all("length=period" in url and "since=2025-03-03" in url for url in told)
    assert "3 Mar 2025 – 30 Mar 2025" in analyst.get(sorted(told)[0]).content.decode()


def test_a_level_is_what_its_weeks_add_up_to(moved) -> None:  # noqa: F811
    trends = trends_of(moved)
    (first, last) = trends.by_code["app"].levels
    assert counts_of_level(moved, trends, "app", first) == {"felt": (60, 720)}
    assert counts_of_level(moved, trends, "app", last) == {"felt": (120, 240)}
    weight = moved.parameters["weights"]["felt"]
    assert first.severity == pytest.approx(weight * 60 / 720)
    opened = OPENERS["steady"](moved, {"at": "app", "week": "2025-01-13"})
    assert opened.shown.value == first.severity and opened.shown.n == 720


def test_waits(queue, page, analyst) -> None:  # noqa: F811
    links = {url for url in links_of(page(PATH + "&day=0&hour=10"), queue) if "/opened/" in url}
    told = kinds(links)
    assert {kind for kind, _ in told} == {"level", "hour", "patience", "hazard", "whatif"}
    assert {figure for kind, figure in told if kind == "hour"} == {
        "late", "abandoned", "wait", "offered"
    }  # fmt: skip
    assert {figure for kind, figure in told if kind == "whatif"} == {
        "late", "abandoned", "mean_s", "occupancy", "arrivals", "service", "patience", "agents",
        "needed",
    }  # fmt: skip
    counted = check(analyst, links)
    assert recount(analyst, queue, counted) >= 6


def test_hours_are_those_of_the_workspaces_clock(workspace, journey, page, analyst) -> None:
    workspace.timezone = "Asia/Shanghai"
    workspace.save()
    put("waits", workspace, waits(10, 60))
    workspace.raise_evidence_revision()
    journey.workspace.refresh_from_db()
    run = scored(journey)
    links = {url for url in links_of(page(PATH), run) if "/opened/hour/" in url}
    assert {parse_qs(urlsplit(url).query)["hour"][0] for url in links} >= {"18"}
    assert recount(analyst, run, check(analyst, links)) >= 2


WRONG = [
    ("nonsense", ""),
    ("cell", ""), ("cell", "at=nowhere&segment=large"), ("cell", "at=counter&segment=none"),
    ("cell", "at=counter&week=2025-01-06"), ("cell", "at=counter&segment=large&channel=phone"),
    ("week", "at=counter"), ("week", "at=counter&week=monday"),
    ("week", "at=counter&week=2020-01-06"),
    ("steady", "at=counter&week=2020-01-06"), ("steady", "at=counter&hour=3"),
    ("change", "at=counter&figure=difference"),
    ("change", "at=counter&figure=magic&length=4&against=before"),
    ("change", "at=counter&figure=now&length=period&against=before&since=yesterday"),
    ("driver", "figure=importance&method=weights&outcome=nps"),
    ("driver", "figure=importance&method=magic&outcome=nps"),
    ("level", "at=counter&figure=magic"), ("level", "at=app&figure=decided"),
    ("hour", "at=counter&hour=168&figure=late"), ("hour", "at=counter&hour=10&figure=magic"),
    ("patience", "at=counter&who=nobody"), ("patience", "at=counter&who=counter&after=long"),
    ("patience", "at=counter&who=counter&after=nan"), ("patience", "at=counter&who=&of=segments"),
    ("hazard", "at=counter&from=1e99"),
    ("whatif", "at=counter&figure=magic"), ("whatif", "at=counter&figure=late&hour=25&day=0"),
    ("whatif", "at=counter&figure=occupancy&as=seen"),
]  # fmt: skip


def test_what_cannot_be_meant_is_refused_in_words(queue, analyst) -> None:  # noqa: F811
    base = f"/w/{queue.workspace.slug}/painpoints/runs/{queue.pk}/"
    for kind, query in WRONG:
        answer = analyst.get(f"{base}opened/{kind}/?{query}")
        assert answer.status_code == 404, (kind, query)
        assert "This run has no such number." in answer.content.decode(), (kind, query)
    for figure, query in (
        ("waited", "hour=168"), ("waited", "hour=-1"), ("waited", "hour=10&segment=a"),
        ("felt", "hour=10"), ("abandonment", "unit=a"), ("abandonment", "segment=nobody"),
        ("waited", "hour=5"), ("nps", "hour=10"),
    ):  # fmt: skip
        answer = analyst.get(f"{base}know/{figure}/?at=counter&{query}")
        assert answer.status_code == 404, (figure, query)


def test_once_the_rows_are_gone_what_was_kept_still_opens(queue, page, analyst) -> None:  # noqa: F811
    links = {url for url in links_of(page(PATH + "&day=0&hour=10"), queue) if "/opened/" in url}
    type(queue).objects.filter(pk=queue.pk).update(snapshot=10**9)
    queue.refresh_from_db()
    for url in sorted(links)[::10]:
        html = analyst.get(url).content.decode()
        assert "kept no longer" in html
    hour = analyst.get(
        f"/w/{queue.workspace.slug}/painpoints/runs/{queue.pk}/know/waited/?at=counter&hour=10"
    )
    assert "its rows are gone" in hour.content.decode()
    RunCounts.objects.filter(run=queue).delete()
    never = f"/w/{queue.workspace.slug}/painpoints/runs/{queue.pk}/know/waited/?at=counter&unit=a"
    assert "this part was never counted" in analyst.get(never).content.decode()
    assert analyst.get(sorted(links)[0]).status_code == 404


def test_viewers_see_what_it_is_but_no_rows(stones, page, member, client_for, stranger) -> None:  # noqa: F811
    link = next(u for u in sorted(links_of(page("segments/"), stones)) if "/opened/cell/" in u)
    viewer = client_for(member(Role.VIEWER))
    html = viewer.get(link).content.decode()
    rate = unescape(re.findall(r'class="know" href="([^"]+)"', html)[0])
    assert viewer.get(rate).status_code == 200
    rows = rate.replace("/?", "/rows/?")
    assert viewer.get(rows).status_code == 403
    assert client_for(stranger).get(link).status_code == 404


def test_programs_learn_the_same_of_an_hour(queue, analyst) -> None:  # noqa: F811
    base = f"/api/v1/scoring-runs/{queue.pk}/know/abandonment/"
    asked = {"at": "counter", "hour": "10", "workspace": queue.workspace.slug}
    told = analyst.get(base, asked).json()
    assert (told["x"], told["n"], told["part"]) == (45, 180, {"hour": "10"})
    rows = analyst.get(f"{base}rows/", asked).json()
    assert (rows["count"], rows["agrees_with_the_run"]) == (180, True)


def test_links_within_parts_that_load_themselves_take_nothing_over_from_them(queue, page) -> None:  # noqa: F811
    """Else a click would put the panel's text where the part stands."""
    for tag in re.findall(r"<section[^>]*hx-select=[^>]*>", page(PATH)):
        assert 'hx-disinherit="*"' in tag, tag
