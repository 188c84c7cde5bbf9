"""A manager: opens, finds the worst, sees why and who owns it, compares with last quarter, and
shares what is seen with somebody else."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.site import Account

COLLEAGUE = Account("viewer@harbour.example", "five-minutes-2026")
MAKE_COLLEAGUE = f"""
from accounts.models import Membership, User, Workspace
user = User.objects.create_user({COLLEAGUE.email!r}, password={COLLEAGUE.password!r}, name="Vera")
Membership.objects.create(user=user, workspace=Workspace.objects.get(slug="demo"), role="viewer")
"""


@pytest.fixture
def colleague(site, demo) -> Account:
    site.manage("shell", "-c", MAKE_COLLEAGUE)
    return COLLEAGUE


def test_a_managers_five_minutes(visit, demo, colleague):
    visitor = visit(demo)
    page = visitor.page
    drawing_code = []
    page.on("response", lambda r: drawing_code.append(r) if "plotly.min" in r.url else None)
    visitor.goto("/w/demo/")
    first = page.get_by_role("table").get_by_role("row").nth(1)
    name = first.get_by_role("link").first.inner_text()
    owner = first.get_by_role("cell").nth(3).inner_text().splitlines()[-1]
    first.get_by_role("link").first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator(".standing")).to_contain_text(re.compile(r"first: \d+ of 100 passages"))
    page.wait_for_selector("html[data-ready]")
    severity = page.locator(".estimate a").first
    said = severity.inner_text().splitlines()[0]
    severity.click()
    panel = page.get_by_role("complementary", name="Details")
    expect(panel.get_by_role("heading", name="Severity")).to_be_visible()
    expect(panel).to_contain_text(f"{said} of 100 passages")
    page.keyboard.press("Escape")
    chosen = page.locator("aside select[name=owner] option:checked")
    expect(chosen).to_have_text(owner)

    page.get_by_role("link", name="How it changed").click()
    page.get_by_role("link", name="Last 13 weeks").click()
    expect(page.locator(".change-verdict")).not_to_be_empty()
    expect(page.get_by_text(re.compile("compared with .* 2026"))).to_be_visible()
    expect(page.locator("#weeks .main-svg").first).to_be_visible()
    code = drawing_code[0]
    assert {one.url for one in drawing_code} == {code.url}
    assert re.search(r"plotly\.min\.[0-9a-f]{12}\.js$", code.url)
    assert "immutable" in code.headers["cache-control"]
    assert code.headers["content-encoding"] in ("br", "gzip")

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Pain points").click()
    page.locator("summary", has_text="Period").click()
    page.get_by_role("link", name="90 days").click()
    row = page.locator(".painpoint-table tbody tr", has_text=name)
    expect(row.locator(".shift, .no-evidence").first).to_be_visible()
    expect(page.locator("[data-progress]")).to_have_count(0)
    shown = json.dumps(page.locator(".painpoint-table .estimate").all_inner_texts())
    page.keyboard.press("v")
    page.get_by_label("Save what is shown as").fill("Since last quarter")
    page.get_by_label("Everybody in the workspace sees it").check()
    page.get_by_role("button", name="Save the view").click()
    link = page.locator(".saved-view-list a", has_text="Since last quarter")
    address = link.get_attribute("href")

    other = visit(colleague)
    other.goto(address)
    expect(other.page.locator("summary", has_text="Since last quarter")).to_be_visible()
    assert json.dumps(other.page.locator(".painpoint-table .estimate").all_inner_texts()) == shown
    assert "since=" in other.page.url and other.violations() == ""
