"""A filter is changed on a page of figures: the numbers are others, the page stays."""

import json

import pytest
from playwright.sync_api import Page, expect

JOURNEY = "/w/demo/journeys/opening-an-account/"
WHERE = "[scrollY, document.querySelector('.map-scroll')?.scrollLeft]"


def numbers(page: Page) -> list[str]:
    """Of the drawing, and where they come from."""
    return [
        json.dumps(json.loads(page.locator("[data-plot-json]").text_content() or "")["data"]),
        page.locator(".figure-source").text_content() or "",
    ]


@pytest.mark.parametrize("path", [JOURNEY, f"{JOURNEY}ranking/"])
def test_a_filter_changes_the_numbers_and_the_address_and_nothing_else(visit, demo, path):
    visitor = visit(demo)
    page = visitor.page
    visitor.goto(path)
    page.evaluate("window.stays = document.querySelector('[data-plot] .main-svg')")
    page.locator(".map-scroll").evaluate_all("boxes => boxes.forEach((b) => b.scrollLeft = 120)")
    before, drawn = numbers(page), page.locator("[data-plot]").inner_html()
    menu = visitor.open_menu("Channel")
    menu.get_by_label("Branch").focus()
    page.evaluate("scrollTo(0, 150)")
    there = page.evaluate(WHERE)
    page.keyboard.press("Space")
    expect(page.locator(".chip-on", has_text="Channel: Branch")).to_have_count(1)
    assert page.url.endswith(f"{path}?channel=branch")
    expect(page.locator("[data-numbers]")).to_contain_text("channel branch")
    expect(menu.get_by_label("Branch")).to_be_focused()
    expect(menu).to_have_attribute("open", "")
    assert page.evaluate(WHERE) == there
    assert there[0] == 150
    assert page.evaluate("document.body.contains(window.stays)")
    branch = numbers(page)
    assert all(now != then for now, then in zip(branch, before, strict=True))
    assert page.locator("[data-plot]").inner_html() != drawn
    for link in page.locator(".tabs a").all():
        assert (link.get_attribute("href") or "").endswith("?channel=branch")
    assert not visitor.violations()

    whole = visit(demo)
    whole.goto(f"{path}?channel=branch")
    assert numbers(whole.page) == branch

    page.go_back()
    expect(page.locator(".chip-remove")).to_have_count(0)
    assert page.url.endswith(path)
    assert numbers(page) == before
    expect(page.get_by_role("checkbox", name="Branch")).not_to_be_checked()
    page.go_forward()
    expect(page.locator(".chip-remove")).to_have_count(1)
    assert numbers(page) == branch

    remove = page.get_by_role("link", name="Remove Channel: Branch")
    remove.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".chip-remove")).to_have_count(0)
    assert numbers(page) == before
    visitor.expect_visible_focus()
    assert page.evaluate("document.body.contains(window.stays)")


def test_on_a_phone_the_numbers_of_each_touchpoint_are_those_of_the_scope(visit, demo):
    visitor = visit(demo, width=390)
    page = visitor.page
    visitor.goto(JOURNEY)
    page.locator(".stage > summary").nth(1).click()
    page.locator("summary", has_text="Filter").click()
    visitor.open_menu("Channel").get_by_label("Branch").check()
    expect(page.locator("#scope-count")).to_have_text("(1)")
    expect(page.locator(".stage").nth(1)).to_have_attribute("open", "")
    shown = page.locator(".stages").text_content()
    whole = visit(demo, width=390)
    whole.goto(f"{JOURNEY}?channel=branch")
    assert whole.page.locator(".stages").text_content() == shown


@pytest.mark.parametrize("path", [JOURNEY, f"{JOURNEY}ranking/"])
def test_what_is_out_of_sight_comes_when_it_is_looked_at(visit, demo, path):
    visitor, whole = visit(demo), visit(demo)
    page, wanted = visitor.page, whole.page
    visitor.goto(path)
    whole.goto(f"{path}?channel=branch")
    with page.expect_response("**/numbers/?*") as told:
        visitor.open_menu("Channel").get_by_label("Branch").check()
    assert told.value.request.headers["x-in-sight"] == ""
    assert "<table" not in told.value.text()
    table, narrow = ".figure-table tbody", "[data-part=narrow]"
    assert page.locator(table).text_content() != wanted.locator(table).text_content()
    page.get_by_role("button", name="Table").click()
    expect(page.locator(table)).to_be_visible()
    assert page.locator(table).text_content() == wanted.locator(table).text_content()
    page.get_by_role("button", name="Table").click()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(narrow)).to_be_visible()
    assert page.locator(narrow).text_content() == wanted.locator(narrow).text_content()
    assert page.url.endswith(f"{path}?channel=branch")


def test_numbers_that_came_since_are_shown_by_themselves(visit, demo, site):
    visitor = visit(demo)
    page = visitor.page
    visitor.goto(JOURNEY)
    page.evaluate("window.stays = document.querySelector('[data-plot] .main-svg')")
    page.evaluate("scrollTo(0, 150)")
    page.wait_for_timeout(1000)  # the stream is open
    with page.expect_response("**/numbers/", timeout=30_000) as told:
        site.manage("score", "opening-an-account", "--workspace", "demo", "--since", "2026-03-01")
    assert told.value.request.headers["x-live"] == "1"
    expect(page.locator("[data-numbers]")).to_contain_text("all evidence")
    assert page.evaluate("document.body.contains(window.stays)")
    assert page.evaluate("scrollY") == 150


def test_pages_that_come_as_a_whole_show_what_came_since_too(visit, demo, site):
    pages = []
    for name in ("units/", "waiting/", "segments/", "change/"):
        visitor = visit(demo)
        visitor.goto(f"{JOURNEY}{name}")
        expect(visitor.page.locator("#figures[data-fresh]")).to_be_visible()
        visitor.page.locator("#figures").evaluate("box => { box.dataset.old = 'yes' }")
        pages.append(visitor.page)
    pages[0].wait_for_timeout(1000)  # the streams are open
    site.manage("score", "opening-an-account", "--workspace", "demo", "--since", "2026-04-01")
    for page in pages:
        expect(page.locator("#figures[data-old]")).to_have_count(0)
        for part in ("#figures", "#state", "#outcome"):
            expect(page.locator(part)).to_have_count(1)
        expect(page.locator("#figures .figure").first).to_be_visible()
