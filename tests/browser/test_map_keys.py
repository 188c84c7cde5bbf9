"""Every line of the editor's sheet of keys does what it says, by keyboard alone."""

import itertools

import pytest
from playwright.sync_api import expect

from tests.browser.editing import CLIPBOARD, Editing, grid_of, make_map

NAMES = (f"Keys {n}" for n in itertools.count(1))
FIRST, SECOND = "A salary, a rent or a purchase makes them look for a bank", "Reads the website"
DO, THINK = 0, 1


@pytest.fixture(scope="module")
def team(site):
    return site.new_workspace("keys", "kim@keys.example")


@pytest.fixture
def kims(visit, team):
    return visit(team, permissions=CLIPBOARD)


@pytest.fixture
def kim(kims):
    """Standing on the first card of a new map."""
    kim = Editing(kims.page, make_map(kims.page, "keys", next(NAMES)))
    kim.card(FIRST).focus()
    return kim


def test_the_sheet_of_keys_names_them_all(kim):
    kim.keys.press("?")
    sheet = kim.page.locator("dialog#keys")
    expect(sheet).to_be_visible()
    told = sheet.locator("dd").all_inner_texts()
    for line in (
        "Go over the map", "Duplicate", "Delete what is selected", "Undo, redo", "Menu",
        "Move a card, step, stage or lane", "Select a block of cells", "Select one more card",
        "Go on and keep what is selected", "Feels better, feels worse", "Copy, cut, paste cells",
        "Larger, smaller", "New step behind this one", "Details", "Comments", "Card",
    ):  # fmt: skip
        assert line in told
    kim.keys.press("Escape")
    expect(sheet).to_be_hidden()
    expect(kim.card(FIRST)).to_be_focused()


def test_going_over_the_map(kim):
    kim.keys.press("ArrowRight")
    expect(kim.card(SECOND)).to_be_focused()
    kim.keys.press("ArrowDown")
    expect(kim.card("What will it cost me")).to_be_focused()
    kim.keys.press("ArrowLeft")
    expect(kim.card("What do I need, really?")).to_be_focused()
    kim.keys.press("ArrowUp")
    expect(kim.card(FIRST)).to_be_focused()
    kim.keys.press("ArrowUp")
    expect(kim.head("step", "Notices a need")).to_be_focused()
    kim.keys.press("End")
    expect(kim.head("step", "Takes the next product")).to_be_focused()
    kim.keys.press("Control+End")
    expect(kim.cell("opportunity", 6).locator(".ed-card")).to_be_focused()
    kim.keys.press("Control+Home")
    expect(kim.page.locator(".ed-stage").first).to_be_focused()


def test_writing_and_leaving(kim):
    for key in ("F2", "Enter"):
        kim.keys.press(key)
        kim.keys.type(" never kept")
        kim.keys.press("Escape")
        expect(kim.card(FIRST).locator(".ed-text")).to_have_text(FIRST)
        expect(kim.card(FIRST)).to_be_focused()
    kim.keys.press("Enter")
    kim.keys.press("Control+a")
    kim.keys.type("One line")
    kim.keys.press("Shift+Enter")
    kim.keys.type("and another")
    kim.keys.press("Tab")
    expect(kim.card(SECOND)).to_be_focused()
    kim.keys.press("ArrowLeft")
    expect(kim.card("One line")).to_be_focused()
    kim.keys.press("F2")
    kim.write("One line again")
    kim.keys.press("n")
    kim.keys.type("A new card")
    kim.keys.press("Enter")
    expect(kim.card("A new card")).to_be_focused()
    assert kim.drawn()[DO][0] == ["One line again", "A new card"]
    assert grid_of(kim.map()) == kim.drawn()


@pytest.mark.parametrize("key", ["+", "Insert", "Control+Enter"])
def test_a_new_step(kim, key):
    kim.keys.press(key)
    kim.keys.type("Thinks again")
    kim.keys.press("Enter")
    assert kim.names("step")[:3] == ["Notices a need", "Thinks again", "Compares products"]


def test_duplicating_deleting_undoing(kim):
    kim.keys.press("Control+d")
    assert kim.drawn()[DO][0] == [FIRST, FIRST]
    kim.keys.press("Delete")
    assert kim.drawn()[DO][0] == [FIRST]
    kim.keys.press("Backspace")
    assert kim.drawn()[DO][0] == []
    for times in (1, 2):
        kim.keys.press("Control+z")
        expect(kim.card(FIRST)).to_have_count(times)
    kim.keys.press("Control+Shift+z")
    expect(kim.card(FIRST)).to_have_count(1)
    kim.keys.press("Control+y")
    expect(kim.card(FIRST)).to_have_count(0)


def test_what_was_undone_last_is_redone_first_without_a_network_too(kims, kim):
    kim.keys.press("Control+d")
    kim.saved()
    kim.page.context.set_offline(True)
    kim.keys.press("Delete")
    for _of in ("the deletion, which was never sent", "the duplicate, by the server"):
        kim.keys.press("Control+z")
    kim.page.context.set_offline(False)
    expect(kim.card(FIRST)).to_have_count(1)
    kim.saved()
    for times in (2, 1):
        kim.keys.press("Control+y")
        expect(kim.card(FIRST)).to_have_count(times)
    assert grid_of(kim.map()) == kim.drawn()
    # The browser tells of each request that went nowhere.
    kims.errors[:] = [error for error in kims.errors if "DISCONNECTED" not in error]


def test_moving_cards_steps_stages_and_lanes(kim):
    kim.keys.press("Alt+ArrowDown")
    assert FIRST in kim.drawn()[THINK][0]
    kim.keys.press("Alt+ArrowRight")
    assert FIRST in kim.drawn()[THINK][1]
    kim.keys.press("Alt+ArrowLeft")
    kim.keys.press("Alt+ArrowUp")
    assert kim.drawn()[THINK][0][0] == FIRST  # above the other card of the cell
    kim.keys.press("Alt+ArrowUp")
    assert kim.drawn()[DO][0] == [FIRST]
    expect(kim.card(FIRST)).to_be_focused()
    kim.head("step", "Notices a need").focus()
    kim.keys.press("Alt+ArrowRight")
    kim.keys.press("Alt+ArrowRight")
    assert kim.names("step")[:2] == ["Compares products", "Notices a need"]
    kim.page.locator(".ed-stage").nth(2).focus()
    kim.keys.press("Alt+ArrowLeft")
    assert kim.names("stage")[1:3] == ["Choosing a bank", "Learning about products"]
    kim.page.locator(".ed-lane").first.focus()
    kim.keys.press("Alt+ArrowDown")
    assert kim.names("lane")[:2] == ["What customers think", "What customers do"]


def test_selecting_and_cells_to_and_from_the_clipboard(kim):
    kim.keys.press("Shift+ArrowRight")
    kim.keys.press("Shift+ArrowDown")
    expect(kim.page.locator(".ed-cell[data-selected]")).to_have_count(4)
    kim.keys.press("Control+c")
    text = kim.page.evaluate("navigator.clipboard.readText()")
    assert [len(row.split("\t")) for row in text.split("\n")] == [2, 2]
    kim.keys.press("Escape")
    expect(kim.page.locator(".ed-cell[data-selected]")).to_have_count(0)
    kim.card(FIRST).focus()
    kim.keys.press("Space")
    kim.keys.press("ArrowRight")
    kim.card(FIRST).focus()
    kim.keys.press("Control+x")
    expect(kim.card(FIRST)).to_have_count(0)
    kim.stand_in("pain", 0)
    kim.keys.press("Control+v")
    expect(kim.cell("pain", 0)).to_contain_text(FIRST)


def test_picking_cards_one_by_one(kim):
    kim.keys.press("Space")
    kim.keys.press("Control+d")
    assert kim.drawn()[DO][0] == [FIRST, FIRST]
    kim.keys.press("Space")
    kim.keys.press("ArrowUp")
    expect(kim.card(FIRST).first).to_be_focused()


def test_selected_cards_move_together_by_keys_and_by_drag_and_come_back_together(kim):
    first, second = kim.drawn()[DO][0], kim.drawn()[DO][1]
    kim.keys.press("Space")
    kim.keys.press("Control+ArrowRight")
    kim.keys.press("Space")
    expect(kim.page.locator(".ed-card[data-selected]")).to_have_count(2)
    start = kim.drawn()
    for key in ("Alt+ArrowRight", "Alt+ArrowRight", "Alt+ArrowDown"):
        kim.keys.press(key)
    moved = kim.drawn()
    assert (moved[THINK][2][-1:], moved[THINK][3][-1:]) == (first, second)
    held = kim.card(SECOND).bounding_box()
    to = kim.cell("action", 1).bounding_box()
    kim.page.mouse.move(held["x"] + 20, held["y"] + 8)
    kim.page.mouse.down()
    kim.page.mouse.move(held["x"] + 40, held["y"] + 20, steps=2)
    kim.page.mouse.move(to["x"] + 60, to["y"] + 12, steps=4)
    expect(kim.page.locator(".ed-over")).to_have_count(2)
    kim.page.mouse.up()
    assert kim.drawn() == start
    assert grid_of(kim.map()) == start
    kim.keys.press("Control+z")
    kim.saved()
    assert kim.drawn() == moved
    for _of in ("down", "right", "right"):
        kim.keys.press("Control+z")
    kim.saved()
    assert kim.drawn() == start


def test_feelings_zoom_menu_find_and_panels(kim):
    page = kim.page
    felt = kim.cell("emotion", 0).locator(".ed-card")
    felt.focus()
    kim.keys.press("PageUp")
    kim.expect_feeling(0, 1)
    kim.keys.press("PageDown")
    kim.keys.press("PageDown")
    kim.expect_feeling(0, -1)
    kim.card(FIRST).focus()
    zoom = page.locator("[data-zoom]")
    kim.keys.press("Control++")
    expect(zoom).not_to_have_text("100%")
    kim.keys.press("Control+-")
    expect(zoom).to_have_text("100%")
    kim.keys.press("0")
    expect(zoom).not_to_have_text("100%")
    kim.keys.press("Control+0")
    expect(zoom).to_have_text("100%")
    kim.keys.press("Shift+F10")
    expect(page.locator("#map-menu")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Write")).to_be_focused()
    kim.keys.press("Escape")
    expect(kim.card(FIRST)).to_be_focused()
    for key in ("Control+f", "/"):
        kim.keys.press(key)
        kim.keys.type("forms, signs")
        expect(page.locator("#map-find output")).to_have_text("1 of 1")
        kim.keys.press("Escape")
        expect(kim.card("fills in forms, signs")).to_be_focused()
        kim.card(FIRST).focus()
    for key, heading in (("i", "Card"), ("m", "Comments on")):
        kim.keys.press(key)
        expect(kim.panel.locator("h2")).to_contain_text(heading)
        kim.keys.press("Escape")
        expect(kim.panel).to_be_hidden()
        expect(kim.card(FIRST)).to_be_focused()
    kim.keys.press("v")
    expect(page).to_have_url(kim.path.replace("edit/", ""))
