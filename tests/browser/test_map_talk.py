"""Talking about a map and going back in its history, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.editing import make_map


@pytest.fixture(scope="module")
def team(site):
    return site.new_workspace("talking", "ann@talking.example")


@pytest.fixture
def path(visit, team):
    return make_map(visit(team).page, "talking", "Opening an account")


def test_comments_versions_and_comparing(visit, team, path):
    """By keyboard where it is quicker: say something, see it elsewhere, name, change, compare."""
    one, other = visit(team), visit(team)
    for visitor in (one, other):
        visitor.page.goto(path)
        visitor.page.wait_for_selector("html[data-map=alive]")
    page = one.page
    stage = page.locator(".ed-stage").first
    was = stage.locator(".ed-name").inner_text()
    stage.click()
    page.keyboard.press("m")
    box = page.get_by_label("New comment")
    box.fill("")
    box.press_sequentially("Is this so, @ann")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Enter")
    assert "@ann@talking.example " in box.input_value()
    box.press("Control+Enter")
    expect(page.locator("#comments .comment-text")).to_contain_text("Is this so, @ann")
    for visitor in (one, other):
        expect(visitor.page.locator(".ed-stage").first).to_have_attribute("data-comments", "1")
    assert one.violations() == ""
    page.locator("#comments").get_by_role("button", name="Resolve").click()
    expect(page.locator("#comments")).to_contain_text("Show 1 resolved")
    expect(other.page.locator(".ed-stage").first).not_to_have_attribute("data-comments", "1")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()

    history = path.replace("/edit/", "/history/")
    page.goto(history)
    page.get_by_role("textbox", name="Name").fill("Before the workshop")
    page.get_by_role("button", name="Name this state").click()
    expect(page.locator(".version-list")).to_contain_text("Before the workshop")
    other.page.locator(".ed-stage").first.dblclick()
    other.page.keyboard.press("Control+a")
    other.page.keyboard.type("Wants an account")
    other.page.keyboard.press("Enter")
    expect(other.page.locator("#map-state")).to_have_attribute("data-is", "saved")

    page.goto(history)
    expect(page.locator(".history-list")).to_contain_text("Wants an account")
    assert one.violations() == ""
    page.get_by_role("link", name="compare with now").click()
    expect(page.locator("h1")).to_contain_text("compared")
    expect(page.locator(".map-stage.diff-is-changed")).to_contain_text("Wants an account")
    assert one.violations() == ""
    page.goto(history)
    page.locator(".version-list a").first.click()
    expect(page.locator(".map-stage").first).to_contain_text(was)
    page.get_by_role("button", name="Bring this state back").click()
    expect(other.page.locator(".ed-stage .ed-name").first).to_have_text(was)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(other.page.locator(".ed-stage .ed-name").first).to_have_text("Wants an account")
