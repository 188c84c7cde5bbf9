"""A map for people without a login: a link made, opened with its password, presented, printed."""

from unicodedata import normalize

import pytest
from playwright.sync_api import Page, expect

from tests import pdf
from tests.browser.editing import Editing, make_map

A3_ON_ITS_SIDE = (1191, 842)  # points
PASSWORD = "open sesame"


@pytest.fixture(scope="module")
def team(site):
    return site.new_workspace("sharing", "ann@sharing.example")


@pytest.fixture
def ann(visit, team):
    """At the editor of a new map."""
    visitor = visit(team)
    Editing(visitor.page, make_map(visitor.page, "sharing", "Opening an account"))
    return visitor


def share(page: Page, **fields: str) -> str:
    """The address of a new link."""
    page.goto(page.url.split("/edit/")[0] + "/edit/share/")
    for label, text in fields.items():
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Make the link").click()
    return page.locator("#new-link").inner_text()


def printed(page: Page) -> list[str]:
    """The texts of the pages that come out of the printer, all of them A3 on their side."""
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    sizes = {(round(width), round(height)) for width, height in pdf.sizes(paper)}
    assert sizes == {A3_ON_ITS_SIDE}
    # Normalised: fonts have one sign for two letters, as in “staff”.
    return [" ".join(normalize("NFKC", text).split()) for text in pdf.pages(paper)]


def test_a_link_is_made_opened_with_its_password_and_presented(visit, ann) -> None:
    address = share(ann.page, **{"Who is it for?": "The board", "Password": PASSWORD})
    assert ann.violations() == "" and ann.overflow() == 0
    outsider = visit(None)
    page = outsider.page
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("A map with a password")
    assert outsider.violations() == ""
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Opening an account")
    for scheme in ("light", "dark"):
        outsider.choose_scheme(scheme)
        assert outsider.violations() == "" and outsider.overflow() == 0

    page.get_by_role("link", name="Present").click()
    page.wait_for_selector("html[data-ready]")
    count = page.locator(".slides-count")
    of = page.locator("[data-slide]").count()
    expect(count).to_have_text(f"1 / {of}")
    assert of > 2 and outsider.violations() == "" and outsider.overflow() == 0
    pressed = [("ArrowRight", 2), (" ", 3), ("ArrowLeft", 2), ("End", of), ("ArrowRight", of),
               ("Home", 1), ("ArrowLeft", 1), ("PageDown", 2)]  # fmt: skip
    for key, slide in pressed:
        page.keyboard.press(key)
        expect(count).to_have_text(f"{slide} / {of}")
        expect(page.locator(f"#slide-{slide}")).to_be_in_viewport(ratio=0.9)
        assert page.locator("[data-slide]:not([inert])").count() == 1
    page.reload()
    expect(count).to_have_text(f"2 / {of}")  # the address knows where one was
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Present")).to_be_visible()
    assert page.url == address

    ann.page.reload()
    expect(ann.page.locator("tbody")).to_contain_text("2 times")
    ann.page.get_by_role("button", name="End The board").click()
    expect(ann.page.locator("tbody")).to_contain_text("ended")
    assert page.goto(address).status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("This link opens nothing")
    ann.page.get_by_role("button", name="Undo").click()
    expect(ann.page.locator("tbody")).to_contain_text("with a password")
    assert page.goto(address).status == 200
    outsider.errors.clear()  # the 404


def test_on_a_phone_slides_are_swiped(visit, ann) -> None:
    address = share(ann.page)
    phone = visit(None, width=390, height=844, has_touch=True)
    page = phone.page
    page.goto(address)
    expect(page.locator("details.stage").first).to_be_visible()
    assert phone.overflow() == 0 and phone.violations() == ""
    page.goto(address + "present/")
    page.wait_for_selector("html[data-ready]")
    assert phone.overflow() == 0
    count = page.locator(".slides-count")
    # What a finger does to the strip.
    page.locator("#slides").evaluate("strip => strip.scrollBy({ left: 390, behavior: 'instant' })")
    expect(count).to_contain_text("2 /")
    page.get_by_role("button", name="Next").tap()
    expect(count).to_contain_text("3 /")
    assert phone.violations() == ""


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_a_slides_writing_is_as_large_as_the_window_lets_it_be(visit, ann, motion) -> None:
    page = visit(None).page
    page.emulate_media(reduced_motion=motion)
    page.goto(share(ann.page) + "present/#slide-2")
    page.wait_for_selector("html[data-ready]")
    told = (
        page.locator("[data-slide]")
        .nth(1)
        .evaluate(
            """(slide) => ({room: slide.clientHeight, used: slide.firstElementChild.scrollHeight,
          size: parseFloat(slide.firstElementChild.style.getPropertyValue("--fit"))})"""
        )
    )
    assert told["used"] <= told["room"]
    assert told["used"] > 0.85 * told["room"] or told["size"] >= 1.7


def test_what_is_printed_are_sheets_of_a3(visit, ann) -> None:
    """From the page of sheets, from the shared map, from the map's page and from the editor."""
    path = ann.page.url.split("/edit/")[0]
    stages = ann.page.locator(".ed-stage .ed-name").all_inner_texts()
    lanes = ann.page.locator(".ed-lane .ed-name").all_inner_texts()
    assert stages and lanes
    address = share(ann.page)
    outsider = visit(None, scheme="dark")
    papers = []
    for page, where in (
        (outsider.page, address + "print/"),
        (outsider.page, address),
        (ann.page, path + "/"),
        (ann.page, path + "/edit/"),
    ):
        page.goto(where)
        page.wait_for_load_state("load")
        papers.append(printed(page))
        if where.endswith("/print/"):
            assert page.locator(".paper-sheet").count() == len(papers[0])
    for paper in papers:
        told = " ".join(paper)
        names = (*stages, *lanes, "Opening an account", "As it is")
        assert not [name for name in names if name not in told], told
        assert "““" not in told
        assert all(f"{i} / {len(paper)}" in page for i, page in enumerate(paper, 1))
        assert len(paper) == len(papers[0])
    assert "Revision" in papers[2][0] and "Revision" not in papers[0][0]
    # Whatever was put into the pages to be printed is gone from them afterwards.
    expect(ann.page.locator("#paper")).to_have_count(0)
