"""A manager weighs pain against effort by hand and by keys, and reads a drawing by keys."""

import pytest
from playwright.sync_api import expect

MATRIX = "/w/demo/painpoints/matrix/?journey=card-dispute"


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_are_clean_and_fit(visit, demo, width):
    visitor = visit(demo, width=width)
    found = []
    journey = "/w/demo/journeys/opening-an-account/"
    for path in (MATRIX, f"{journey}beside/", f"{journey}segments/?rows=stages"):
        for scheme in ("light", "dark"):
            visitor.choose_scheme(scheme)
            visitor.goto(path)
            visitor.page.wait_for_load_state("networkidle")
            found += [f"{path}: {visitor.overflow()} px too wide"] if visitor.overflow() else []
            found += [f"{path} {scheme}: {wrong}" for wrong in [visitor.violations()] if wrong]
    assert not found, "\n".join(found)


def test_effort_by_drag_by_keys_and_back(visit, demo):
    visitor = visit(demo)
    page = visitor.page
    visitor.goto(MATRIX)
    bubble = page.get_by_role("slider").last
    name = bubble.get_attribute("aria-label").split(" ", 1)[1]
    same = page.get_by_role("slider", name=name)
    expect(same).to_have_attribute("aria-valuetext", "effort not estimated yet")

    box = same.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 250, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    expect(page.get_by_role("status").get_by_text(name)).to_be_visible()
    expect(same).not_to_have_attribute("aria-valuetext", "effort not estimated yet")

    page.get_by_role("button", name="Undo").click()
    expect(same).to_have_attribute("aria-valuetext", "effort not estimated yet")

    same.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_label(f"Effort of {name}, person-days")).to_have_value("3")
    expect(same).to_have_attribute("aria-valuetext", "effort: 3 person-days")
    expect(same).to_be_focused()
    page.keyboard.press("Home")
    expect(page.get_by_label(f"Effort of {name}, person-days")).to_have_value("")


def test_the_points_of_a_drawing_are_read_by_keys(visit, demo):
    visitor = visit(demo)
    page = visitor.page
    visitor.goto("/w/demo/journeys/opening-an-account/ranking/")
    drawing = page.locator("#ranking [data-plot]")
    expect(drawing).to_have_attribute("tabindex", "0")
    drawing.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#ranking > [role=status]")).to_contain_text("painful passages")
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="Details")
    expect(panel.get_by_role("heading", name="Burden")).to_be_visible()
