"""The map editor as designers use it: by keyboard alone, with the mouse, pasting, offline, two at
once, and looked at by axe."""

import itertools
import re

import pytest
from playwright.sync_api import expect

from tests.browser.editing import make_map

NAMES = (f"Editor {n}" for n in itertools.count(1))
EXPECTED = re.compile(r"ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|409|Failed to load resource")


@pytest.fixture(scope="module")
def team(site):
    """A workspace with its owner."""
    return site.new_workspace("drawing", "ann@drawing.example")


@pytest.fixture
def path(visit, team):
    """The editor of a new map with the seven stages of a bank."""
    return make_map(visit(team).page, "drawing", next(NAMES))


@pytest.fixture
def open_map(visit, team, path):
    def opened(**options):
        visitor = visit(team, **options)
        visitor.page.goto(path)
        visitor.page.wait_for_selector("html[data-map=alive]")
        return visitor

    return opened


def _row(page, kind):
    return page.locator(f".ed-row[data-kind={kind}]")


def _cell(page, kind, column):
    return _row(page, kind).locator(".ed-cell").nth(column)


def _saved(page):
    expect(page.locator("#map-state")).to_have_attribute("data-is", "saved")


def _names(page, part):
    return page.locator(f".ed-{part} .ed-name").all_inner_texts()


def _paste(page, text):
    page.evaluate(
        """(text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def test_a_map_is_drawn_by_keyboard_alone(open_map):
    page = open_map().page
    keys = page.keyboard
    page.locator(".ed-scroll [tabindex='0']").first.focus()
    keys.press("Control+Home")
    keys.press("ArrowUp")
    keys.press("Enter")
    keys.press("Control+a")
    keys.type("Wants an account")
    keys.press("Enter")
    assert _names(page, "stage")[0] == "Wants an account"
    keys.press("+")
    keys.type("Asks around")
    keys.press("Control+Enter")
    keys.type("Reads the fees")
    keys.press("Enter")
    assert _names(page, "step")[1:3] == ["Asks around", "Reads the fees"]
    keys.press("ArrowDown")
    keys.press("n")
    keys.type("Looks for the monthly fee")
    keys.press("Shift+Enter")
    keys.type("and finds three")
    keys.press("Enter")
    card = _cell(page, "action", 2).locator(".ed-card")
    expect(card).to_contain_text("Looks for the monthly fee")
    expect(card).to_be_focused()
    expect(card).to_have_class(re.compile("ed-pencil"))
    keys.press("Control+d")
    expect(_cell(page, "action", 2).locator(".ed-card")).to_have_count(2)
    keys.press("Alt+ArrowLeft")
    expect(_cell(page, "action", 1).locator(".ed-card")).to_be_focused()
    keys.press("Delete")
    expect(_cell(page, "action", 1).locator(".ed-card")).to_have_count(0)
    keys.press("Control+z")
    expect(_cell(page, "action", 1).locator(".ed-card")).to_have_count(1)
    keys.press("Control+Shift+z")
    expect(_cell(page, "action", 1).locator(".ed-card")).to_have_count(0)
    _saved(page)
    page.reload()
    expect(_cell(page, "action", 2).locator(".ed-card")).to_contain_text("and finds three")


def test_feelings_and_places_by_keys_and_menus(open_map):
    page = open_map().page
    keys = page.keyboard
    felt = _cell(page, "emotion", 0).locator(".ed-card")
    felt.click()
    keys.press("PageUp")
    keys.press("PageUp")
    keys.press("PageUp")
    expect(felt).to_contain_text("+2")
    expect(page.get_by_role("slider").first).to_have_attribute("aria-valuenow", "2")
    card = _cell(page, "action", 0).locator(".ed-card")
    card.click()
    keys.press("Shift+F10")
    page.get_by_role("menuitem", name="Move to…").click()
    page.get_by_label("Lane", exact=True).select_option(label="Pain points")
    page.locator("#map-move").get_by_label("Step").select_option(index=3)
    page.get_by_role("button", name="Move", exact=True).click()
    expect(_cell(page, "pain", 3)).to_contain_text("A salary, a rent")
    page.locator(".ed-lane").first.click()
    keys.press("Alt+ArrowDown")
    assert _names(page, "lane")[1] == "What customers do"
    page.locator(".ed-stage .ed-name").first.click()
    keys.press("Alt+ArrowRight")
    assert _names(page, "stage")[:2] == ["Learning about products", "Need"]
    _saved(page)


def test_dragging_cards_steps_and_the_curve(open_map):
    page = open_map().page
    card = _cell(page, "action", 0).locator(".ed-card")
    to = _cell(page, "thought", 2).bounding_box()
    _drag(page, card, to["x"] + 60, to["y"] + to["height"] - 6)
    expect(_cell(page, "thought", 2)).to_contain_text("A salary, a rent")
    step = page.locator(".ed-step").first
    to = page.locator(".ed-step").nth(2).bounding_box()
    _drag(page, step, to["x"] + to["width"] - 10, to["y"] + 10)
    assert _names(page, "step")[2] == "Notices a need"
    point = page.get_by_role("slider").first
    box = point.bounding_box()
    _drag(page, point, box["x"] + 12, box["y"] - 200)
    expect(page.get_by_role("slider").first).to_have_attribute("aria-valuenow", "2")
    _saved(page)


def test_a_lanes_lower_edge_sets_its_height(open_map):
    page = open_map().page
    row = _row(page, "action")
    for by, height in ((-200, "small"), (260, "large")):
        edge = row.locator(".ed-edge").bounding_box()
        x, y = edge["x"] + 30, edge["y"] + 4
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x, y + by / 2, steps=3)
        page.mouse.move(x, y + by, steps=3)
        page.mouse.up()
        expect(row).to_have_attribute("data-height", height)
        _saved(page)
    page.keyboard.press("Control+z")
    expect(row).to_have_attribute("data-height", "small")
    _saved(page)
    page.reload()
    expect(row).to_have_attribute("data-height", "small")


def _drag(page, what, x, y):
    box = what.bounding_box()
    page.mouse.move(box["x"] + min(20, box["width"] / 2), box["y"] + min(8, box["height"] / 2))
    page.mouse.down()
    page.mouse.move(box["x"] + 30, box["y"] + 16)
    page.mouse.move(x, y, steps=4)
    page.wait_for_timeout(60)
    page.mouse.up()


def test_cells_in_from_a_spreadsheet_and_out_again(open_map):
    visitor = open_map(permissions=["clipboard-read", "clipboard-write"])
    page = visitor.page
    _cell(page, "opportunity", 3).click(position={"x": 20, "y": 6})
    before = page.locator(".ed-card").count()
    cells = [[f"r{row} c{column}" for column in range(8)] for row in range(5)]
    cells[0][1] = '"two\nlines"'
    cells[1][0] = "=1+1"
    cells[2][2] = "<img src=x onerror=alert(1)>"
    _paste(page, "\n".join("\t".join(row) for row in cells))
    expect(page.locator(".ed-card")).to_have_count(before + 40)
    expect(page.locator(".ed-step .ed-name")).to_have_count(11)
    assert page.locator(".ed-row").count() > 2 + 7
    expect(_cell(page, "opportunity", 4)).to_contain_text("two\nlines")
    expect(page.locator(".ed-card", has_text="<img src=x onerror=alert(1)>")).to_be_visible()
    _saved(page)

    pasted = _cell(page, "opportunity", 3).locator(".ed-card", has_text="r0 c0")
    pasted.click()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator(".ed-cell[data-selected]")).to_have_count(4)
    page.keyboard.press("Control+c")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.split("\n")[-1].split("\t") == ["'=1+1", "r1 c1"]
    page.get_by_role("button", name="Undo").last.click()
    expect(page.locator(".ed-card")).to_have_count(before)

    page.locator(".ed-step").first.click()
    _paste(page, "Phones\tWaits\tAsks again")
    assert _names(page, "step")[1:4] == ["Phones", "Waits", "Asks again"]
    _saved(page)


def test_two_at_once_see_each_other(open_map):
    ann, ben = open_map(), open_map()
    one, two = ann.page, ben.page
    _cell(one, "pain", 0).click(position={"x": 20, "y": 6})
    expect(_cell(two, "pain", 0).locator(".ed-other")).to_have_text("ann")
    one.keyboard.press("n")
    one.keyboard.type("Nobody answers")
    one.keyboard.press("Enter")
    expect(two.locator(".ed-card", has_text="Nobody answers")).to_be_visible()
    # Different fields of one card never conflict.
    card = two.locator(".ed-card", has_text="Nobody answers")
    card.click()
    two.keyboard.press("i")
    two.locator("#panel").get_by_label("Goes badly").check()
    expect(one.locator(".ed-card", has_text="Goes badly")).to_contain_text("Nobody answers")
    # Both windows are one person's: undo goes back over the edits of both.
    for text in ("Goes badly", "Nobody answers"):
        one.keyboard.press("Control+z")
        expect(two.locator(".ed-card", has_text=text)).to_have_count(0)


def test_offline_loses_nothing_and_a_changed_text_is_asked_about(open_map):
    ann, ben = open_map(), open_map()
    one, two = ann.page, ben.page
    ann.context.set_offline(True)
    cell = _cell(one, "pain", 0)
    cell.click(position={"x": 20, "y": 6})
    for text in ("First", "Second"):
        one.keyboard.press("n")
        one.keyboard.type(text)
        one.keyboard.press("Enter")
    expect(one.locator("#map-state")).to_contain_text("Offline: 2 changes waiting")
    mine = _cell(one, "action", 0).locator(".ed-card")
    mine.dblclick()
    one.keyboard.press("Control+a")
    one.keyboard.type("As Ann says")
    one.keyboard.press("Enter")
    theirs = _cell(two, "action", 0).locator(".ed-card")
    theirs.dblclick()
    two.keyboard.press("Control+a")
    two.keyboard.type("As Ben says")
    two.keyboard.press("Enter")
    _saved(two)

    one.close()  # a closed tab loses nothing either
    one = ann.context.new_page()
    ann.context.set_offline(False)
    one.goto(two.url)
    dialog = one.get_by_role("dialog", name="The same text, changed by two")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("Theirs", exact=True)).to_have_value("As Ben says")
    expect(two.locator(".ed-card", has_text="Second")).to_be_visible()
    dialog.get_by_label("Yours (can be edited)").fill("As both say")
    dialog.get_by_role("button", name="Yours stands, as written here").click()
    expect(theirs).to_contain_text("As both say")
    _saved(one)
    for visitor in (ann, ben):
        visitor.errors[:] = [error for error in visitor.errors if not EXPECTED.search(error)]


def test_what_cannot_be_saved_says_why_and_what_to_do(open_map, team):
    visitor = open_map()
    page = visitor.page
    keys, state = page.keyboard, page.locator("#map-state")
    page.locator(".ed-card").first.click()

    def write(text):
        keys.press("n")
        keys.type(text)
        keys.press("Enter")

    def answer(route):
        if route.request.method == "GET":
            return route.continue_()
        return route.fulfill(status=422, json={"error": "A map has at most 5000 cards."})

    page.route("**/operations/", answer)
    write("One too many")
    expect(state).to_contain_text("Could not be saved: A map has at most 5000 cards.")
    expect(page.locator(".ed-card", has_text="One too many")).to_have_count(0)
    page.unroute("**/operations/")

    visitor.context.clear_cookies()
    write("Written after signing out")
    expect(state).to_contain_text("You are signed out: 1 change waiting")
    state.get_by_role("link", name="Sign in").click()
    page.get_by_label("Email").fill(team.email)
    page.get_by_label("Password").fill(team.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".ed-card", has_text="Written after signing out")).to_be_visible()
    _saved(page)
    page.reload()
    expect(page.locator(".ed-card", has_text="Written after signing out")).to_be_visible()
    refused = re.compile("^(422|403) |Failed to load resource")
    visitor.errors[:] = [error for error in visitor.errors if not refused.search(error)]


def test_details_touchpoints_and_views(open_map):
    page = open_map().page
    panel = page.locator("#panel")
    card = _cell(page, "action", 0).locator(".ed-card")
    card.click()
    page.keyboard.press("i")
    panel.get_by_label("How do we know?").select_option("survey")
    panel.get_by_label("How many").fill("120")
    panel.get_by_label("Counts until").fill("2020-01-31")
    panel.get_by_label("Owner").fill("Mei")
    panel.get_by_role("button", name="Add link").click()
    panel.get_by_label("Address of the link").fill("https://example.org/study")
    panel.get_by_label("Words of the link").fill("The study")
    panel.get_by_label("Words of the link").press("Tab")
    expect(card).to_contain_text("expired")
    expect(card).to_contain_text("n 120")
    expect(card).to_contain_text("Mei")
    page.locator(".ed-step .ed-name").nth(1).click()
    find = panel.get_by_role("combobox", name="Touchpoints")
    find.fill("Video desk")
    expect(panel.locator(".ed-combo [role=option]")).to_have_text("Make “Video desk”")
    find.press("Enter")
    expect(page.locator(".ed-step").nth(1)).to_contain_text("Video desk")
    panel.get_by_role("button", name="Close").click()
    expect(page.locator(".ed-step").nth(1)).to_be_focused()

    page.get_by_role("button", name="Fold Need").click()
    page.locator(".ed-lens label", has_text="By evidence").click()
    page.locator("summary", has_text="Views").click()
    page.get_by_role("button", name="Save this view…").click()
    page.get_by_label("Name", exact=True).last.fill("Folded")
    page.locator("#map-save-view").get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile(r"\?view=\d+$"))
    _saved(page)
    page.reload()
    expect(page.get_by_role("button", name="Unfold Need")).to_be_visible()
    expect(page.locator("[data-sheet]")).to_have_attribute("data-lens", "evidence")


def test_finding_and_fitting(open_map):
    page = open_map().page
    page.locator(".ed-card").first.click()
    page.keyboard.press("/")
    page.keyboard.type("desk")
    expect(page.locator("#map-find output")).to_have_text("1 of 1")
    page.keyboard.press("Escape")
    expect(page.locator(".ed-card", has_text="free desk")).to_be_focused()
    page.keyboard.press("0")
    expect(page.locator("[data-zoom]")).not_to_have_text("100%")
    scroller = page.locator(".ed-scroll")
    assert scroller.evaluate("(e) => e.scrollWidth - e.clientWidth") <= 1
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_contain_text("Move a card, step, stage or lane")


@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(open_map, width):
    visitor = open_map(width=width)
    page = visitor.page
    found = []
    for scheme in ("light", "dark"):
        visitor.choose_scheme(scheme)
        found.append(visitor.violations())
        _cell(page, "action", 0).locator(".ed-card").click()
        page.keyboard.press("i")
        expect(page.locator("#panel")).to_be_visible()
        found.append(visitor.violations())
        page.locator("#panel").get_by_role("button", name="Close").click()
        page.locator(".ed-step .ed-name").first.click()
        page.keyboard.press("Shift+F10")
        found.append(visitor.violations())
        page.keyboard.press("Escape")
    assert not any(found), "\n".join(filter(None, found))
    assert visitor.overflow() <= 0


def test_without_scripts_the_forms_do(visit, team, path):
    page = visit(team, java_script_enabled=False).page
    page.goto(path)
    page.wait_for_url("**?plain")
    page.get_by_role("link", name=re.compile("^Add a card to What customers do")).first.click()
    page.get_by_label("Text").fill("Written without scripts")
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".map-card", has_text="Written without scripts")).to_be_visible()
