"""A designer's morning: a map from its template to the files a bank sends around, with a
colleague at the same map, an hour without a network, and a reader without a login."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.colleagues import (
    edit_at_once,
    lose_the_network,
    undo_and_redo,
    write_the_same_text,
)
from tests.browser.editing import CLIPBOARD, Editing, grid_of
from tests.browser.reopened import export_each, import_the_map_file, import_the_spreadsheet
from tests.browser.shown import name_and_compare, share
from tests.browser.site import Account

NAME = "Opening an account, 开户"
STAGES = [
    "Wants an account", "Learning about products", "Choosing a bank", "Doing business",
    "Maintenance", "Problem solving", "Grows with the bank",
]  # fmt: skip
STEPS = [
    "Notices a need", "Asks friends", "Reads the fees", "Compares products", "Decides for a bank",
    "Opens or signs", "Uses it day by day", "Asks for help", "Takes the next product",
]  # fmt: skip
# What a workshop wrote into a spreadsheet: five lanes, eight steps.
CELLS = [[f"{lane} in cell {column}" for column in range(1, 9)] for lane in "ABCDE"]
CELLS[0][1] = "Two lines\nin one cell"
CELLS[1][0] = "=1+1"
CELLS[2][3] = "<b>bold?</b> & so on"
CELLS[3][4] = "等待时间过长"
CELLS[4][5] = ""
FIRST_ROW, FIRST_COLUMN = 3, 2  # pain points, the third step
OFFLINE = re.compile(r"ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|Failed to load resource|^409 ")


@pytest.fixture(scope="module")
def ann(site):
    """She owns two workspaces."""
    ann = site.new_workspace("morning", "ann@morning.example")
    site.new_workspace("afternoon", ann.email)
    return ann


@pytest.fixture
def ben(visit, ann):
    """Whom she lets into the first."""
    page = visit(ann).page
    page.goto("/w/morning/settings/")
    page.locator("summary", has_text="Add a person").click()
    page.get_by_label("E-mail").fill("ben@morning.example")
    page.get_by_label("Role").last.select_option(label="Designer")
    page.get_by_role("button", name="Add", exact=True).click()
    email, password = page.locator("p", has_text="@morning.example").locator("code").all()[:2]
    return Account(email.inner_text(), password.inner_text())


def test_a_designers_morning(visit, ann, ben, tmp_path):
    bens = visit(ben)
    ann = _choose_the_template(visit(ann, permissions=CLIPBOARD).page)
    _rename_stages(ann)
    _add_steps_by_keyboard(ann)
    _paste_the_workshop(ann)
    _place_the_curve(ann)
    _attach_touchpoints(ann)
    _comment_with_a_mention(ann, bens.page)
    ben = Editing(bens.page, ann.path)
    edit_at_once(ann, ben)
    write_the_same_text(ann, ben)
    lose_the_network(ann, ben, bens.context)
    undo_and_redo(ann, ben)
    name_and_compare(ann, ben)
    bens.errors[:] = [each for each in bens.errors if not OFFLINE.search(each)]
    share(ann, visit, STAGES)
    ann.open()
    files = export_each(ann, tmp_path)
    import_the_map_file(ann, files["json"])
    import_the_spreadsheet(ann, files["xlsx"])


# ---- drawing ----


def _choose_the_template(page):
    page.goto("/w/morning/journeys/")
    page.get_by_role("link", name="New journey").first.click()
    page.locator("main").get_by_label("Name").first.fill(NAME)
    page.get_by_label(re.compile("the seven stages of a bank's customer")).check()
    page.get_by_role("button", name="Make the journey").click()
    page.wait_for_selector("html[data-map=alive]")
    ann = Editing(page, page.url.split("?")[0])
    assert ann.names("stage") == ["Need", *STAGES[1:6], "Upgrading"]
    assert len(ann.names("step")) == 7 and len(ann.names("lane")) == 7
    return ann


def _rename_stages(ann):
    """The first by keys, the last by mouse."""
    stage = ann.page.locator(".ed-stage")
    stage.first.focus()
    ann.keys.press("F2")
    ann.write(STAGES[0])
    stage.last.locator(".ed-name").dblclick()
    ann.write(STAGES[6])
    assert ann.names("stage") == STAGES
    assert [each["name"] for each in ann.map()["stages"]] == STAGES


def _add_steps_by_keyboard(ann):
    ann.page.locator(".ed-stage").first.focus()
    ann.keys.press("ArrowDown")
    ann.keys.press("+")
    ann.keys.type(STEPS[1])
    ann.keys.press("Control+Enter")
    ann.keys.type(STEPS[2])
    ann.keys.press("Enter")
    assert ann.names("step") == STEPS
    found = ann.map()
    assert [each["stage"] for each in found["steps"] if each["name"] in STEPS[:3]] == ["need"] * 3


def _paste_the_workshop(ann):
    """As text and as a table, by the browser's own clipboard: the same cards, each in its cell."""
    before = ann.drawn()
    ann.stand_in("pain", FIRST_COLUMN)
    ann.paste(text="\n".join("\t".join(map(_quoted, row)) for row in CELLS))
    as_text = _pasted(ann, before)
    ann.keys.press("Control+z")
    expect(ann.page.locator(".ed-row[data-kind=text]")).to_have_count(0)
    ann.saved()
    assert ann.drawn() == before
    ann.stand_in("pain", FIRST_COLUMN)
    rows = "".join(f"<tr>{''.join(map(_table_cell, row))}</tr>" for row in CELLS)
    ann.paste(html=f"<table>{rows}</table>", text="not looked at where there is a table")
    assert _pasted(ann, before) == as_text
    ann.page.locator(".ed-row[data-kind=text] .ed-lane .ed-name").dblclick()
    ann.write("Workshop notes")
    assert ann.map()["lanes"][-1]["name"] == "Workshop notes"


def _quoted(cell):
    return f'"{cell}"' if "\n" in cell else cell


def _table_cell(cell):
    safe = cell.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
    return f"<td>{safe}</td>"


def _pasted(ann, before):
    """The map after pasting, which has every cell of the sheet where it belongs."""
    expect(ann.page.locator(".ed-row[data-kind=text]")).to_have_count(1)
    ann.saved()
    after = ann.drawn()
    expected = [[list(cell) for cell in row] + [[]] for row in before] + [[[] for _ in range(10)]]
    for down, row in enumerate(CELLS):
        for right, text in enumerate(row):
            if text:
                expected[FIRST_ROW + down][FIRST_COLUMN + right].append(text)
    assert after == expected
    assert grid_of(ann.map()) == expected
    return after


def _place_the_curve(ann):
    """One point by mouse, one by keys."""
    point = ann.cell("emotion", 0).get_by_role("slider").first
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    ann.expect_feeling(0, 0)
    ann.page.mouse.move(x, y)
    ann.page.mouse.down()
    ann.page.mouse.move(x, y - 60, steps=5)
    ann.page.mouse.up()
    ann.expect_feeling(0, 2)
    for column, key, times, value in ((1, "ArrowDown", 2, -2), (2, "ArrowUp", 1, 1)):
        ann.cell("emotion", column).get_by_role("slider").first.focus()
        for _ in range(times):
            ann.keys.press(key)
        ann.expect_feeling(column, value)
    found = ann.map()
    steps = {each["id"]: each["name"] for each in found["steps"]}
    felt = {
        steps[each["step"]]: each["emotion"] for each in found["cards"] if each["lane"] == "feel"
    }
    assert [felt[name] for name in STEPS] == [2, -2, 1, -1, 0, -1, 1, -2, 1]


def _attach_touchpoints(ann):
    """Made at one step, found again at another by a few letters."""
    for step, typed, option in (
        ("Opens or signs", "Video desk", "Make “Video desk”"),
        ("Asks for help", "vid", "Video desk"),
    ):
        ann.head("step", step).focus()
        ann.keys.press("i")
        find = ann.panel.get_by_role("combobox", name="Touchpoints")
        find.press_sequentially(typed)
        expect(ann.panel.locator(".ed-combo [role=option]").first).to_contain_text(option)
        find.press("Enter")
        expect(ann.head("step", step).locator(".ed-touchpoint")).to_contain_text("Video desk")
        ann.keys.press("Escape")
    found = ann.map()
    used = {each["name"]: each["touchpoints"] for each in found["steps"] if each.get("touchpoints")}
    assert used == {"Opens or signs": ["video-desk"], "Asks for help": ["video-desk"]}
    assert [(each["code"], each["name"]) for each in found["touchpoints"]] == [
        ("video-desk", "Video desk")
    ]


def _comment_with_a_mention(ann, ben_page):
    ann.card("Waits for a free desk").first.focus()
    ann.keys.press("m")
    box = ann.page.get_by_label("New comment")
    box.press_sequentially("How long is it, @be")
    expect(ann.page.get_by_role("option")).to_have_count(1)
    box.press("Enter")
    box.press("Control+Enter")
    expect(ann.page.locator("#comments .comment-text")).to_have_text(
        "How long is it, @ben@morning.example"
    )
    expect(ann.card("Waits for a free desk").first).to_have_attribute("data-comments", "1")
    ben_page.goto("/w/morning/notifications/")
    notice = ben_page.locator(".notice[data-unread]")
    expect(notice).to_have_count(1)
    expect(notice).to_contain_text("How long is it")
    notice.get_by_role("link").click()
    expect(ben_page.locator(".comment-text")).to_contain_text("How long is it, @ben")
    ann.page.locator("#comments").get_by_role("button", name="Close").click()
