"""Every page of the demo: wide and narrow, light and dark, without an error, without sideways
scrolling, and without anything that axe finds."""

import pytest

from tests.browser.visitor import Visitor

CONTRAST = "color-contrast"
JOURNEY = "/w/demo/journeys/opening-an-account/"
PAGES = [
    "/w/demo/",
    "/w/demo/?view=table&against=year",
    "/w/demo/journeys/",
    "/w/demo/journeys/add/journey/",
    JOURNEY,
    f"{JOURNEY}?channel=app&since=2026-01-01",
    f"{JOURNEY}ranking/",
    f"{JOURNEY}waiting/",
    f"{JOURNEY}drivers/",
    f"{JOURNEY}units/",
    f"{JOURNEY}segments/",
    f"{JOURNEY}change/",
    f"{JOURNEY}beside/",
    f"{JOURNEY}edit/",
    f"{JOURNEY}edit/?plain",
    f"{JOURNEY}edit/settings/",
    f"{JOURNEY}edit/share/",
    f"{JOURNEY}edit/grid/",
    f"{JOURNEY}history/",
    f"{JOURNEY}history/0/",
    f"{JOURNEY}compare/?then=0",
    f"{JOURNEY}comments/",
    f"{JOURNEY}export/",
    f"{JOURNEY}personas/",
    f"{JOURNEY}present/",
    f"{JOURNEY}print/",
    "/w/demo/journeys/overview/tree/",
    "/w/demo/touchpoints/",
    "/w/demo/touchpoints/1/",
    "/w/demo/touchpoints/segment/",
    "/w/demo/touchpoints/unmapped/",
    "/w/demo/painpoints/",
    "/w/demo/painpoints/?channel=app&journey=opening-an-account",
    "/w/demo/painpoints/1/",
    "/w/demo/painpoints/matrix/",
    "/w/demo/painpoints/add/",
    "/w/demo/painpoints/runs/",
    "/w/demo/painpoints/runs/1/",
    "/w/demo/painpoints/settings/",
    "/w/demo/evidence/",
    "/w/demo/evidence/new/",
    "/w/demo/evidence/1/",
    "/w/demo/evidence/mappings/",
    "/w/demo/evidence/metrics/",
    "/w/demo/evidence/customers/",
    "/w/demo/evidence/coverage/",
    "/w/demo/evidence/rows/",
    "/w/demo/evidence/keeping/",
    "/w/demo/evidence/arriving/",
    "/w/demo/settings/",
    "/w/",
]
OTHERWISE_ON_A_PHONE = {
    "/w/demo/", JOURNEY, f"{JOURNEY}edit/", f"{JOURNEY}edit/grid/", f"{JOURNEY}ranking/",
    "/w/demo/touchpoints/", "/w/demo/painpoints/", "/w/demo/painpoints/matrix/",
    "/w/demo/evidence/", "/w/demo/evidence/rows/",
}  # fmt: skip


@pytest.mark.parametrize("width", [1440, 390])
def test_pages(visit, demo, width):
    visitor = visit(demo, width=width)
    found = []
    for path in PAGES:
        visitor.choose_scheme("light")
        visitor.goto(path)
        # What differs in the dark is colour alone, and a phone has the colours of a wide window but
        # where it draws something else. Looking at colours is what takes the time.
        if width > 390 or path in OTHERWISE_ON_A_PHONE:
            found += _look(visitor, path)
            visitor.choose_scheme("dark")
            found += _look(visitor, f"{path} in the dark", CONTRAST)
        else:
            found += _look(visitor, path, but=(CONTRAST,))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [1440, 390])
def test_pages_for_newcomers(visit, demo, width):
    visitor = visit(width=width)
    found = []
    for path in ("/", "/accounts/login/", "/accounts/signup/"):
        visitor.choose_scheme("light")
        visitor.goto(path)
        found += _look(visitor, path)
        visitor.choose_scheme("dark")
        found += _look(visitor, f"{path} in the dark", CONTRAST)
    assert not found, "\n".join(found)


@pytest.fixture(scope="module")
def link(chromium, site, demo):
    """Of the demo's first map, with what was measured."""
    visitor = Visitor(chromium, site.address, demo)
    page = visitor.page
    page.goto(f"{JOURNEY}edit/share/")
    page.get_by_label("Show what was measured").check()
    page.get_by_role("button", name="Make the link").click()
    address = page.locator("#new-link").inner_text()
    visitor.leave()
    return address


@pytest.mark.parametrize("width", [1440, 390])
def test_pages_behind_a_link(visit, link, width):
    visitor = visit(width=width)
    found = []
    for path in (link, f"{link}present/", f"{link}print/"):
        visitor.choose_scheme("light")
        visitor.goto(path)
        found += _look(visitor, path)
        visitor.choose_scheme("dark")
        found += _look(visitor, f"{path} in the dark", CONTRAST)
    assert not found, "\n".join(found)


def _look(visitor, path, *rules, but=()):
    overflow, violations = visitor.overflow(), visitor.violations(*rules, but=but)
    return [
        *([f"{path}: {overflow} px wider than the window"] if overflow else []),
        *([f"{path}: {violations}"] if violations else []),
    ]
