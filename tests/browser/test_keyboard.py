"""The whole frame by keyboard alone, and one can always see where one is."""

import re

import pytest
from playwright.sync_api import expect


def _tab_to(visitor, target, most=60):
    for _ in range(most):
        visitor.page.keyboard.press("Tab")
        if target.evaluate("(e) => e === document.activeElement"):
            visitor.expect_visible_focus()
            return
    pytest.fail(f"{target} was not reached with {most} tabs")


def test_the_keyboard_alone(visit, demo):
    visitor = visit(demo)
    page = visitor.page
    visitor.goto("/w/demo/")

    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    page.reload()
    _tab_to(
        visitor, page.get_by_role("navigation", name="Main").get_by_role("link", name="Journeys")
    )
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Journeys")).to_be_visible()
    page.wait_for_selector("html[data-ready]")  # who presses a key before loses it

    page.keyboard.press("Control+k")
    palette = page.get_by_role("combobox")
    expect(palette).to_be_focused()
    palette.press_sequentially("opening an acc")
    expect(page.get_by_role("option").first).to_contain_text("Opening an account")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Opening an account")).to_be_visible()
    page.wait_for_selector("html[data-ready]")

    page.keyboard.press("?")
    keys = page.locator("dialog#keys")
    expect(keys).to_be_visible()
    expect(keys).to_contain_text("Ranking")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()

    _tab_to(visitor, page.get_by_role("group", name="Scope").locator("summary", has_text="Channel"))
    page.keyboard.press("Enter")
    _tab_to(visitor, page.get_by_role("checkbox", name="App"), most=8)
    page.keyboard.press("Space")
    page.wait_for_url("**channel=app**")

    toggle = page.locator("#map [data-figure-toggle]")
    expect(toggle).to_be_visible(timeout=60_000)
    _tab_to(visitor, toggle)
    page.keyboard.press("Enter")
    expect(page.locator("#map-table")).to_be_visible()
    expect(toggle).to_have_attribute("aria-pressed", "true")

    page.keyboard.press("e")
    expect(page).to_have_url(re.compile("/edit/"))
    page.wait_for_load_state()
    page.wait_for_selector("html[data-map=alive]")
    _tab_to(visitor, page.locator(".ed-sheet [tabindex='0']").first)
    page.keyboard.press("n")
    page.keyboard.type("Asks a friend which bank is kind")
    page.keyboard.press("Enter")
    card = page.locator(".ed-card", has_text="Asks a friend which bank is kind")
    expect(card).to_be_focused()
    visitor.expect_visible_focus()
    expect(card).to_have_class(re.compile("ed-pencil"))
