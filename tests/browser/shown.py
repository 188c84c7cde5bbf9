"""A map as it is shown to others: beside an earlier version, and to people without a login."""

from playwright.sync_api import expect


def name_and_compare(ann, ben):
    """What was taken away, written anew, moved and added since the named state is marked so."""
    history = ann.path.replace("/edit/", "/history/")
    ann.page.goto(history)
    ann.page.get_by_role("textbox", name="Name").fill("Before the workshop")
    ann.page.get_by_role("button", name="Name this state").click()
    expect(ann.page.locator(".version-list .version")).to_have_count(1)
    ben.card("Also in the tunnel").focus()
    ben.keys.press("Delete")
    ben.card("Written in the tunnel").focus()
    ben.keys.press("F2")
    ben.write("Written in daylight")
    ben.card("Is that not dear?").focus()
    ben.keys.press("Alt+ArrowRight")
    ben.stand_in("opportunity", 8)
    ben.add_card("New since the workshop")
    ben.saved()
    ann.page.goto(history)
    ann.page.get_by_role("link", name="compare with now").click()
    for status, text in (
        ("removed", "Also in the tunnel"),
        ("changed", "daylight"),
        ("moved", "Is that not dear?"),
        ("added", "New since the workshop"),
    ):
        marked = ann.page.locator(f".map-card.diff-is-{status}")
        expect(marked).to_have_count(1)
        expect(marked).to_contain_text(text)


def share(ann, visit, stages):
    """Without a login one sees the lanes that were chosen, and nothing else of the bank."""
    ann.open()
    name = ann.map()["journey"]["name"]
    ann.page.goto(ann.path.replace("/edit/", "/edit/share/"))
    ann.page.get_by_label("Who is it for?").fill("The board")
    ann.page.get_by_label("What customers do", exact=True).check()
    ann.page.get_by_label("Workshop notes", exact=True).check()
    ann.page.get_by_role("button", name="Make the link").click()
    address = ann.page.locator("#new-link").inner_text()
    board = visit()
    board.page.goto(address)
    expect(board.page.get_by_role("heading", level=1)).to_have_text(name)
    sheet = board.page.locator(".only-wide-screen")
    for shown in (*stages, "Asks friends", "Rings her sister and her mother", "E in cell 1"):
        expect(sheet.get_by_text(shown, exact=True)).to_be_visible()
    source = board.page.content()
    for kept in ("Waits for a free desk", "New since the workshop", "How long is it", "ann@"):
        assert kept not in source
    board.page.goto(ann.path)
    expect(board.page.get_by_label("Password")).to_be_visible()
    ann.page.reload()
    ann.page.get_by_role("button", name="End The board").click()
    assert board.page.goto(address).status == 404
    board.errors.clear()
