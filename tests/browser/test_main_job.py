"""The main job, as a newcomer does it: from nothing to a scored journey, and back."""

import csv
import io
import re
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import expect

PASSWORD = "pay-at-the-counter-7"
# (minutes waited, channel) per ticket at the counter: 40 of 120 waited longer than promised.
LATE, IN_TIME = 14, 4
APP_ROWS = 30


def _tickets(path: Path) -> Path:
    """120 waits at the counter, 80 on the hotline, and 5 rows nobody can use."""
    start = datetime(2026, 3, 2, 9)
    rows = [
        ["ticket", "arrived", "queue", "channel", "wait", "result"],
        *(
            [
                f"C{i}",
                start + timedelta(hours=i),
                "counter",
                "app" if i < APP_ROWS else "branch",
                LATE if i % 3 == 0 else IN_TIME,
                "served",
            ]
            for i in range(120)
        ),
        *(
            [
                f"H{i}",
                start + timedelta(hours=i, minutes=5),
                "hotline",
                "phone",
                1 + i % 2,
                "served",
            ]
            for i in range(80)
        ),
        *([f"X{i}", "31/02/2026 10:00", "counter", "branch", 3, "served"] for i in range(3)),
        *([f"Y{i}", start, "counter", "branch", -3, "served"] for i in range(2)),
    ]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def test_the_main_job(visit, site, tmp_path):
    visitor = visit()
    page = visitor.page
    _make_an_account(page)
    _open_a_workspace(page)
    for name, code, seconds in (("Counter", "counter", 600), ("Hotline", "hotline", 60)):
        _add_touchpoint(page, name, code, seconds)
    _draw_the_journey(page)
    _import(visitor, _tickets(tmp_path / "tickets.csv"), tmp_path)
    journey = f"{site.address}/w/harbour/journeys/paying-a-bill/"
    _see_the_figures(visitor, journey)
    _filter(visitor, journey)
    _download(visitor, visit, journey, tmp_path)
    _undo(visitor, journey)


def _make_an_account(page):
    page.goto("/")
    page.get_by_role("link", name="Start with your own data").click()
    page.get_by_label("Email").fill("mei@harbour.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("heading", name="New workspace")).to_be_visible()


def _open_a_workspace(page):
    page.locator("main").get_by_label("Name").fill("Harbour")
    page.locator("main").get_by_label("Address").fill("harbour")
    page.get_by_role("button", name="Open the workspace").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Harbour")


def _add_touchpoint(page, name, code, seconds):
    page.goto("/w/harbour/touchpoints/add/")
    page.locator("main").get_by_label("Name").fill(name)
    page.locator("main").get_by_label("Code", exact=True).fill(code)
    page.locator("main").get_by_label("Served within (seconds)").first.fill(str(seconds))
    page.get_by_role("button", name="Add touchpoint").click()
    expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()


def _draw_the_journey(page):
    page.get_by_role("link", name="Journeys", exact=True).click()
    page.get_by_role("link", name="New journey").first.click()
    page.locator("main").get_by_label("Name").fill("Paying a bill")
    page.locator("main").get_by_label("the seven stages").check()
    page.get_by_role("button", name="Make the journey").click()
    expect(page.locator(".ed-stage")).to_have_count(7)
    page.wait_for_selector("html[data-map=alive]")
    for step, touchpoint in (("Opens or signs", "Counter"), ("Asks for help", "Hotline")):
        page.locator(".ed-step .ed-name", has_text=step).click()
        page.keyboard.press("i")
        find = page.locator("#panel").get_by_role("combobox", name="Touchpoints")
        find.fill(touchpoint.lower())
        expect(page.locator("#panel .ed-combo [role=option]").first).to_contain_text(touchpoint)
        find.press("Enter")
        expect(page.locator(".ed-step", has_text=step)).to_contain_text(touchpoint)
    expect(page.locator("#map-state")).to_have_attribute("data-is", "saved")


def _import(visitor, path, tmp_path):
    page = visitor.page
    page.goto("/w/harbour/evidence/")
    page.get_by_role("link", name="Bring in evidence").first.click()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Upload and look at it").click()
    expect(page.get_by_role("button", name="Waits")).to_have_attribute("aria-pressed", "true")
    # The file does not say that its waits are minutes; a person does.
    unit = page.locator("#field-wait_s").get_by_label("Unit")
    expect(unit).to_have_value("s")
    with page.expect_response(lambda response: response.request.method == "POST"):
        unit.select_option("min")
    expect(page.locator("#becomes")).to_contain_text("840 s")
    page.get_by_role("button", name="Import 205 rows").click()
    account = page.get_by_role("region", name="Account")
    expect(account).to_be_visible()
    told = {
        row.locator("th").inner_text(): int(row.locator("td").first.inner_text())
        for row in account.locator("tbody tr, tfoot tr").all()
    }
    assert told == {"accepted": 200, "rejected": 5, "together": 205}
    with page.expect_download() as downloading:
        page.get_by_role("link", name="5 rejected, as CSV").click()
    downloading.value.save_as(tmp_path / "rejected.csv")
    text = (tmp_path / "rejected.csv").read_text(encoding="utf-8-sig")
    rejected = list(csv.DictReader(io.StringIO(text)))
    assert [row["ticket"] for row in rejected] == ["X0", "X1", "X2", "Y0", "Y1"]
    page.get_by_role("link", name="See what was scored again").click()
    # The newest is above: of the map without evidence there may be a run, too.
    page.locator("main").get_by_role("row", name="Paying a bill").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Touchpoints, worst first")).to_be_visible()


def _see_the_figures(visitor, journey):
    visitor.goto(journey)
    page = visitor.page
    expect(page.locator("#map .figure-source")).to_contain_text("n 200", timeout=60_000)
    expect(page.locator("#map .map-drawing, #map .main-svg").first).to_be_visible()
    visitor.goto(f"{journey}ranking/")
    page.locator("[data-figure-toggle]").first.click()
    row = page.locator("#ranking-table tbody tr", has_text="Counter")
    expect(row).to_contain_text(re.compile(r"\d+–\d+"))
    expect(page.locator("#ranking-table tbody tr", has_text="Hotline")).to_have_count(1)
    visitor.goto(f"{journey}waiting/")
    expect(page.get_by_role("region", name="Counter")).to_contain_text("66.7%")


def _filter(visitor, journey):
    """Only those who came by the app: 30 of them, 10 late."""
    page = visitor.page
    visitor.goto(journey)
    page.get_by_role("group", name="Scope").locator("summary", has_text="Channel").click()
    page.get_by_role("checkbox", name="app").check()
    page.wait_for_url("**channel=app**")
    expect(page.locator("#map .figure-source")).to_contain_text("n 30", timeout=60_000)
    page.goto(f"{page.url}&since=2026-03-01&until=2026-04-01")
    expect(page.locator("#map .figure-source")).to_contain_text("n 30", timeout=60_000)
    for tab in ("Ranking", "Waiting", "Map"):
        page.get_by_role("navigation", name="Figures").get_by_role("link", name=tab).click()
        expect(page).to_have_url(re.compile(r"channel=app.*since=2026-03-01|since=.*channel=app"))
        expect(page.locator(".figure-source").first).to_contain_text("n 30")


def _download(visitor, visit, journey, tmp_path):
    page = visitor.page
    visitor.goto(f"{journey}ranking/?channel=app")
    page.locator("#ranking summary", has_text="Download").click()
    for kind in ("CSV", "HTML"):
        with page.expect_download() as downloading:
            page.locator("#ranking").get_by_role("link", name=kind).click()
        downloading.value.save_as(tmp_path / f"ranking.{kind.lower()}")
    text = (tmp_path / "ranking.csv").read_text(encoding="utf-8-sig")
    for told in ("app", "pain/1", "snapshot", "30"):
        assert told in text, told
    counter = next(line for line in csv.reader(io.StringIO(text)) if "Counter" in line)
    assert {"10", "30"} <= set(counter)
    offline = visit(offline=True)
    offline.page.goto((tmp_path / "ranking.html").as_uri())
    expect(offline.page.locator(".main-svg").first).to_be_visible()
    expect(offline.page.locator("body")).to_contain_text("Counter")


def _undo(visitor, journey):
    page = visitor.page
    page.goto("/w/harbour/evidence/")
    page.get_by_role("link", name="tickets.csv").click()
    page.locator("summary", has_text="Undo this import").click()
    page.get_by_role("button", name="Take 200 rows out").click()
    expect(page.locator("#toasts")).to_contain_text("undone")
    page.goto(journey)
    expect(page.get_by_text("No evidence speaks of this journey")).to_be_visible(timeout=60_000)
