"""The curves of feelings moved by hand and key, as-is beside to-be, and evidence on the map."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.editing import Editing, make_map

DEMO = "/w/demo/journeys/card-dispute/"


@pytest.fixture(scope="module")
def team(site):
    return site.new_workspace("feeling", "bo@feeling.example")


@pytest.fixture
def new_map(visit, team):
    """The editor of a new map, on which Ann and Ben feel."""

    def made(name, **options):
        page = visit(team, **options).page
        Editing(page, make_map(page, "feeling", name))
        for person in ("Ann", "Ben"):
            page.locator("summary", has_text="Personas").click()
            page.get_by_role("button", name="New persona").click()
            page.locator("#panel").get_by_label("Name").fill(person)
            page.keyboard.press("Tab")
            page.keyboard.press("Escape")
        _saved(page)
        return page

    return made


def _saved(page):
    expect(page.locator("#map-state")).to_have_attribute("data-is", "saved")


def _point(page, name, column=0):
    cell = page.locator(".ed-row[data-kind=emotion] .ed-cell").nth(column)
    return cell.get_by_role("slider", name=re.compile(f"^{name}, "))


def _is(page, name, column, value):
    expect(_point(page, name, column)).to_have_attribute("aria-valuenow", str(value))


def _operations(page):
    return page.evaluate(
        """() => fetch(`${location.pathname}operations/?since=0`)
          .then((answer) => answer.json()).then((told) => told.operations.length)"""
    )


def test_a_feeling_is_set_by_key_and_each_move_is_one_edit(new_map):
    page = new_map("By key")
    keys = page.keyboard
    before = _operations(page)
    _point(page, "Ann").focus()
    expect(_point(page, "Ann")).to_have_attribute("aria-valuetext", "not said yet")
    keys.press("ArrowUp")
    _is(page, "Ann", 0, 1)
    expect(_point(page, "Ann")).to_be_focused()
    keys.press("ArrowRight")
    expect(_point(page, "Ann", 1)).to_be_focused()
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    _is(page, "Ann", 1, -2)
    _saved(page)
    assert _operations(page) == before + 3
    expect(page.locator("path.ed-curve")).not_to_have_count(0)
    expect(page.locator(".ed-curve-name", has_text="Ann")).to_have_count(1)
    keys.press("End")
    _is(page, "Ann", 1, 2)
    keys.press("Control+z")
    _is(page, "Ann", 1, -2)
    keys.press("Delete")
    expect(_point(page, "Ann", 1)).to_have_class(re.compile("em-ghost"))
    keys.press("Escape")
    expect(page.locator(".ed-row[data-kind=emotion] .ed-cell").nth(1)).to_be_focused()
    _saved(page)
    page.reload()
    page.wait_for_selector("html[data-map=alive]")
    _is(page, "Ann", 0, 1)


def test_a_feeling_is_dragged_and_snaps(new_map):
    page = new_map("By hand")
    before = _operations(page)
    cell = page.locator(".ed-row[data-kind=emotion] .ed-cell").nth(2)
    cell.scroll_into_view_if_needed()
    box = _point(page, "Ben", 2).bounding_box()
    x, y = box["x"] + 12, box["y"] + 12
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 34, steps=4)
    page.mouse.move(x + 30, y + 66, steps=4)
    _is(page, "Ben", 2, -2)
    page.mouse.up()
    _is(page, "Ben", 2, -2)
    expect(cell.locator(".ed-card", has_text="Ben")).to_have_count(1)
    _saved(page)
    assert _operations(page) == before + 1
    box = _point(page, "Ben", 2).bounding_box()
    page.mouse.move(box["x"] + 12, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 12, box["y"] - 20, steps=4)
    page.keyboard.press("Escape")
    page.mouse.up()
    _is(page, "Ben", 2, -2)
    assert _operations(page) == before + 1


def test_a_finger_moves_a_point(new_map):
    page = new_map("By finger", width=390, height=844, has_touch=True)
    point = _point(page, "Ann")
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    x, y = box["x"] + 12, box["y"] + 12
    client = page.context.new_cdp_session(page)
    for kind, at in (("touchStart", y), ("touchMove", y - 15), ("touchMove", y - 30)):
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": at}]})
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    _is(page, "Ann", 0, 1)
    _saved(page)


def test_the_as_is_curve_lies_beside_its_copys(new_map):
    page = new_map("As it is")
    for column in (0, 1):
        _point(page, "Ann", column).focus()
        page.keyboard.press("ArrowDown")
    _saved(page)
    page.locator("details.menu", has_text="More").last.locator("summary").click()
    page.get_by_role("button", name="Copy, to draw how it should be").click()
    page.wait_for_selector("html[data-map=alive]")
    expect(page.locator(".em-other")).not_to_have_count(0)
    expect(page.locator(".em-lines .ed-curve-name", has_text="Ann")).to_have_count(1)
    page.locator("#map-evidence summary").click()
    page.get_by_label("Curve of another map beside").select_option("")
    expect(page.locator(".em-other")).to_have_count(0)


def _open_demo(visit, demo, **options):
    visitor = visit(demo, **options)
    visitor.page.goto(f"{DEMO}edit/")
    visitor.page.wait_for_selector("html[data-map=alive]")
    expect(visitor.page.locator(".me-score .pain").first).to_be_visible()
    return visitor


def test_evidence_stands_on_the_map_and_opens(visit, demo):
    page = _open_demo(visit, demo).page
    expect(page.locator(".em-dot").first).to_be_visible()
    expect(page.locator(".em-band").first).to_be_attached()
    chip = page.locator(".ed-touchpoint[data-code]").first
    chip.click()
    panel = page.locator("#panel")
    expect(panel.get_by_text("What the evidence says")).to_be_visible()
    panel.locator("a.know").first.click()
    expect(panel.get_by_text("How do we know?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    page.locator(".ed-step").nth(3).click()
    page.keyboard.press("e")
    expect(panel.locator("h2")).to_have_text("3 touchpoints")


def test_what_was_measured_is_a_row_of_the_map(visit, demo):
    """Severity, answers and waits of every touchpoint, each with interval and n."""
    page = _open_demo(visit, demo).page
    row = page.locator("[data-measured]")
    hotline = row.locator(".me-figure", has_text="Hotline: cards")
    for words in (
        r"Hurt\d+\(\d+–\d+\) n [\d,]+",
        r"CSAT\d+%\(\d+–\d+%\) n",
        r"P90 ",
        r"In time\d+%\(",
    ):
        expect(hotline).to_have_text(re.compile(words))
    hotline.click()
    expect(page.locator("#panel h2")).to_have_text("Hotline: cards")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Fold Report").click()
    expect(hotline).to_have_count(0)
    page.get_by_role("button", name="Unfold Report").click()
    page.locator(".ed-tools summary", has_text="Lanes").click()
    page.get_by_label("What was measured").uncheck()
    expect(row).to_be_hidden()
    page.reload()
    page.wait_for_selector("html[data-map=alive]")
    expect(page.locator(".me-score .pain").first).to_be_visible()
    expect(row).to_be_hidden()


def test_another_scope_is_chosen_on_the_map(visit, demo):
    page = _open_demo(visit, demo).page
    whole = page.locator(".me-score").all_inner_texts()
    page.locator("#map-evidence summary").click()
    page.locator("#map-evidence").get_by_role("checkbox").first.check()
    expect(page).to_have_url(re.compile(r"\?channel="))
    expect(page.locator("#map-evidence [data-scope]")).not_to_have_text("all evidence")
    expect(page.locator("#map-evidence [data-state]")).to_contain_text("snapshot", timeout=30_000)
    assert page.locator(".me-score").all_inner_texts() != whole


@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_on_evidence_feelings_personas_and_the_tree(visit, demo, width):
    visitor = _open_demo(visit, demo, width=width)
    page = visitor.page
    for scheme in ("light", "dark"):
        visitor.choose_scheme(scheme)
        assert visitor.violations() == ""
    page.locator(".ed-touchpoint[data-code]").first.click()
    expect(page.locator("#panel").get_by_text("What the evidence says")).to_be_visible()
    assert visitor.violations() == ""
    for path in (f"{DEMO}personas/", "/w/demo/journeys/overview/tree/", f"{DEMO}measures/?at=x"):
        page.goto(path)
        assert visitor.overflow() == 0, path
        for scheme in ("light", "dark"):
            visitor.choose_scheme(scheme)
            assert visitor.violations() == "", path
