"""From the portfolio to a view that is sent to others; and new numbers by themselves."""

from playwright.sync_api import expect


def test_a_manager_finds_the_worst_and_shares_the_view(visit, demo):
    visitor = visit(demo)
    page = visitor.page
    visitor.goto("/w/demo/")
    page.keyboard.press("/")
    page.keyboard.type("mortgage")
    page.keyboard.press("Enter")
    expect(page.locator(".portfolio-card")).to_have_count(1)
    page.get_by_role("link", name="Table").click()
    expect(page.locator(".portfolio-table tbody tr")).to_have_count(1)
    assert "q=mortgage" in page.url and "view=table" in page.url
    page.get_by_role("link", name="Burden", exact=True).click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Burden")
    page.locator(".portfolio-table td.number a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pain points")
    page.keyboard.press("v")
    page.get_by_label("Save what is shown as").fill("Mortgages")
    page.get_by_label("Everybody in the workspace sees it").check()
    page.get_by_role("button", name="Save the view").click()
    expect(page.locator("summary", has_text="Mortgages")).to_be_visible()
    view = page.url
    assert "journey=mortgage" in view and "saved=" in view
    page.keyboard.press("v")
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("summary", has_text="Mortgages")).to_be_visible()
    assert page.url == view


def test_a_filter_is_counted_while_one_looks(visit, demo):
    visitor = visit(demo)
    page = visitor.page
    visitor.goto("/w/demo/painpoints/?channel=branch&journey=opening-an-account")
    first = page.locator(".painpoint-table tbody tr").first
    expect(first.locator(".estimate").first).to_be_visible()
    expect(first.locator(".shift, .no-evidence").first).to_be_visible()


def test_the_page_is_new_when_a_scoring_ends(visit, demo, site):
    visitor = visit(demo)
    page = visitor.page
    visitor.goto("/w/demo/")
    page.locator("#portfolio").evaluate("box => { box.dataset.old = 'yes' }")
    page.wait_for_timeout(1000)  # the stream is open
    site.manage("score", "opening-an-account", "--workspace", "demo", "--since", "2026-01-01")
    expect(page.locator("#portfolio[data-old]")).to_have_count(0)
    expect(page.locator("#portfolio .portfolio-card")).to_have_count(3)


def test_a_pain_points_numbers_are_new_when_a_scoring_ends_and_what_one_writes_stays(
    visit, demo, site
):
    visitor = visit(demo)
    page = visitor.page
    visitor.goto("/w/demo/painpoints/")
    page.locator(".painpoint-table tbody th a").first.click()
    page.locator("aside").get_by_label("Note").fill("half a thought")
    page.locator("h1").click()
    for part in ("#standing", "#evidence-part"):
        page.locator(part).evaluate("box => { box.dataset.old = 'yes' }")
    page.wait_for_timeout(1000)  # the stream is open
    site.manage("score", "opening-an-account", "--workspace", "demo", "--since", "2026-02-01")
    for part in ("#standing", "#evidence-part"):
        expect(page.locator(f"{part}[data-old]")).to_have_count(0)
        expect(page.locator(part)).to_have_count(1)
    expect(page.locator("#evidence-part .trend")).to_be_visible()
    expect(page.locator("aside").get_by_label("Note")).to_have_value("half a thought")
