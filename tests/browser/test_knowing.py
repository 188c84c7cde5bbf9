"""A person asks how we know a number: from the drawing, from the keyboard, down to the rows."""

import pytest
from playwright.sync_api import expect

RUN = "/w/demo/painpoints/runs/1/know/"
AT = "?at=account-id-counter"
PAGES = [
    f"{RUN}severity/{AT}",
    f"{RUN}lost/{AT}",
    f"{RUN}nps/",
    f"{RUN}waited/rows/{AT}",
    f"{RUN}waited/sources/{AT}",
    f"{RUN}rank/thresholds/{AT}",
]


@pytest.mark.parametrize("width", [1440, 390])
def test_pages_of_their_own(visit, demo, width):
    visitor = visit(demo, width=width)
    found = []
    for path in PAGES:
        for scheme in ("light", "dark"):
            visitor.choose_scheme(scheme)
            visitor.goto(path)
            visitor.page.wait_for_load_state("networkidle")
            found += [f"{path}: {visitor.overflow()} px too wide"] if visitor.overflow() else []
            found += [f"{path} {scheme}: {wrong}" for wrong in [visitor.violations()] if wrong]
    assert not found, "\n".join(found)


def test_a_bar_of_the_ranking_opens_its_number(visit, demo):
    visitor = visit(demo)
    page = visitor.page
    visitor.goto("/w/demo/journeys/opening-an-account/ranking/")
    # Plotly lays a pane over its marks, which hears the clicks.
    bar = page.locator("#ranking .bars .point path").first.bounding_box()
    page.mouse.click(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    panel = page.get_by_role("complementary", name="Details")
    expect(panel.get_by_role("heading", name="Burden")).to_be_visible()
    expect(panel).to_contain_text("burden = 1000 · reach · severity")
    assert not visitor.violations()


def test_from_a_pain_points_page_to_the_rows_by_keyboard(visit, demo):
    visitor = visit(demo)
    page = visitor.page
    visitor.goto("/w/demo/painpoints/1/")
    number = page.get_by_role("link", name="How do we know: Waited of").first
    number.focus()
    visitor.expect_visible_focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="Details")
    expect(panel).to_contain_text("the same as the run's.")
    panel.get_by_text("Other promises and thresholds").click()
    expect(panel).to_contain_text("Counted again from the rows of the run's snapshot")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(number).to_be_focused()

    page.keyboard.press("Enter")
    panel.get_by_role("link", name="See the rows").click()
    expect(page.get_by_role("heading", name="Waited")).to_be_visible()
    page.get_by_role("link", name="Only the painful ones").click()
    expect(page.get_by_role("row")).to_have_count(26)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert download.value.suggested_filename.endswith("-waited-painful.csv")
