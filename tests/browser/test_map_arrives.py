"""The map is drawn before the rest of its editor is there, and its far lanes after that."""

import re

from playwright.sync_api import expect

PATH = "/w/demo/journeys/card-dispute/edit/"


def test_keys_move_from_a_card_pressed_before_all_was_here(visit, demo):
    page = visit(demo).page
    held = []
    page.route(re.compile(r"/editor/hands\.[^/]*js$"), lambda route: held.append(route))
    page.goto(PATH)
    cells = page.locator(".ed-row[data-kind=action] .ed-cell")
    card, beside = (cells.nth(i).locator(".ed-card").first for i in (1, 2))
    card.click()
    assert page.locator("html").get_attribute("data-map") is None
    for route in held:
        route.continue_()
    page.wait_for_selector("html[data-map=alive]")
    expect(card).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(beside).to_be_focused()


def test_lanes_out_of_sight_are_ready_before_one_scrolls_to_them(visit, demo):
    page = visit(demo, height=300).page
    page.goto(PATH)
    page.wait_for_selector("html[data-map=alive]")
    expect(page.locator(".me-figure").first).to_be_visible()  # what was measured is there too
    expect(page.locator(".ed-body > .ed-row:not([data-ready])")).to_have_count(0)
    scroller = page.locator(".ed-scroll")
    height = "(e) => e.scrollHeight"
    before = scroller.evaluate(height)
    for _screen in range(8):
        scroller.evaluate("(e) => e.scrollBy(0, 300)")
        page.wait_for_timeout(60)
    assert scroller.evaluate("(e) => e.scrollTop") > 0
    assert scroller.evaluate(height) == before  # no row was higher than it had been taken for
