"""Two at the same map: what each does, and what both have in the end."""

import time

from playwright.sync_api import expect

from tests.browser.editing import grid_of


def edit_at_once(ann, ben):
    """Each sees where the other is and what the other does."""
    ann.stand_in("action", 1)
    ben.stand_in("thought", 1)
    expect(ben.cell("action", 1).locator(".ed-other")).to_have_text("ann")
    expect(ann.cell("thought", 1).locator(".ed-other")).to_have_text("ben")
    for who, other, text in ((ann, ben, "Rings her sister"), (ben, ann, "Is that not dear?")):
        who.keys.press("n")
        who.keys.type(text)
        began = time.perf_counter()
        who.keys.press("Enter")
        other.page.wait_for_function(
            "(text) => [...document.querySelectorAll('.ed-card')]"
            ".some((card) => card.textContent.includes(text))", arg=text,
        )  # fmt: skip
        print(
            f"“{text}” was on the other's map {(time.perf_counter() - began) * 1000:.0f} ms later"
        )
    assert ann.map()["cards"] == ben.map()["cards"]
    assert ann.drawn() == ben.drawn() == grid_of(ann.map())


def write_the_same_text(ann, ben):
    """Who comes second sees both, and can let the first stand or write one of both."""
    for settled, (first, second) in (
        ("theirs", ("Rings her sister at work", "Rings her brother")),
        ("both", ("Rings her sister tonight", "Rings her mother")),
    ):
        card = ann.card("Rings her sister").get_attribute("data-card")
        one, two = (who.page.locator(f"[data-card={card}]") for who in (ann, ben))
        for each in (one, two):
            each.focus()
            each.press("Enter")
        ann.write(first)
        ann.saved()
        ben.write(second)
        dialog = ben.page.get_by_role("dialog", name="The same text, changed by two")
        expect(dialog.get_by_label("Theirs", exact=True)).to_have_value(first)
        yours = dialog.get_by_label("Yours (can be edited)")
        expect(yours).to_have_value(second)
        if settled == "both":
            yours.fill("Rings her sister and her mother")
            dialog.get_by_role("button", name="Yours stands, as written here").click()
            first = "Rings her sister and her mother"
        else:
            dialog.get_by_role("button", name="Theirs stands").click()
        expect(dialog).to_be_hidden()
        ben.saved()
        for each in (one, two):
            expect(each.locator(".ed-text")).to_have_text(first)
        assert [it["text"] for it in ann.map()["cards"] if it["id"] == card] == [first]


def lose_the_network(ann, ben, bens):
    """Both go on; back in touch, both have all of it."""
    bens.set_offline(True)
    ben.stand_in("opportunity", 0)
    for text in ("Written in the tunnel", "Also in the tunnel"):
        ben.add_card(text)
    ben.head("step", "Compares products").locator(".ed-name").dblclick()
    ben.write("Compares offers")
    expect(ben.page.locator("#map-state")).to_contain_text("Offline: 3 changes waiting")
    ann.stand_in("opportunity", 0)
    ann.add_card("Written at the desk")
    ann.head("step", "Decides for a bank").locator(".ed-name").dblclick()
    ann.write("Decides for us")
    ann.saved()
    expect(ben.card("Written at the desk")).to_have_count(0)
    expect(ann.card("in the tunnel")).to_have_count(0)
    bens.set_offline(False)
    ben.saved()
    for who in (ann, ben):
        for text in ("Written in the tunnel", "Also in the tunnel", "Written at the desk"):
            expect(who.card(text)).to_have_count(1)
        expect(who.head("step", "Compares offers")).to_be_visible()
        expect(who.head("step", "Decides for us")).to_be_visible()
    assert ann.drawn() == ben.drawn() == grid_of(ann.map())


def undo_and_redo(ann, ben):
    """Each takes back what is one's own; what the other did stays."""
    before = ann.map()
    ann.keys.press("Control+z")
    expect(ben.head("step", "Decides for a bank")).to_be_visible()
    ann.keys.press("Control+z")
    expect(ben.card("Written at the desk")).to_have_count(0)
    expect(ann.card("in the tunnel")).to_have_count(2)
    expect(ann.head("step", "Compares offers")).to_be_visible()
    assert ann.map() != before
    for _ in range(2):
        ann.keys.press("Control+Shift+z")
    expect(ben.card("Written at the desk")).to_have_count(1)
    expect(ben.head("step", "Decides for us")).to_be_visible()
    assert ann.map() == before
    ben.keys.press("Control+z")
    expect(ann.head("step", "Compares products")).to_be_visible()
