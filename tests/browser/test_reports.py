"""An analyst composes a report, has it sent, takes it along, and checks its numbers."""

import json
import re
from pathlib import Path

import pypdf
from playwright.sync_api import Page, expect


def blocks(page: Page) -> list[str]:
    return [item.get_attribute("data-id") or "" for item in page.locator("#blocks > li").all()]


def test_an_analysts_report(visit, demo, tmp_path):
    visitor = visit(demo)
    page = visitor.page
    found = []
    visitor.goto("/w/demo/reports/")
    page.get_by_role("link", name="New report").first.click()
    found.append(visitor.violations())
    page.locator("input[value=one-pager]").check()
    page.locator("select[name=journey]").select_option(label="Opening an account")
    page.get_by_role("button", name="Put it together").click()
    expect(page.locator("#report-body h2").first).to_be_visible()
    found.append(visitor.violations())

    assert blocks(page) == ["b1", "b2", "b3"]
    page.get_by_label("What to add").select_option("table:outcome")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#edit-b4")).to_be_visible()
    page.locator("#edit-b3").get_by_role("button", name="Remove").click()
    expect(page.locator("#edit-b3")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#edit-b3")).to_be_visible()
    page.locator("#edit-b3 [data-sortable-handle]").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#report-body > section").nth(1)).to_have_id("b3")  # the preview follows
    assert blocks(page) == ["b1", "b3", "b2", "b4"]

    page.get_by_role("link", name="Done", exact=True).click()
    title = page.locator("h1").inner_text()
    shown = page.locator("#b4 td.number").all_inner_texts()
    assert shown
    found.append(visitor.violations())
    page.get_by_role("link", name="Export", exact=True).click()
    found.append(visitor.violations())
    files = {code: taken(page, code, tmp_path) for code in ("json", "pdf")}
    document = json.loads(files["json"].read_text())
    assert document["report"] == title
    rows = document["blocks"][3]["figures"][0]["table"]["rows"]
    assert [cell for row in rows for cell in row[1:]] == shown
    text = "".join(one.extract_text() for one in pypdf.PdfReader(files["pdf"]).pages)
    assert all("".join(cell.split()) in "".join(text.split()) for cell in shown)

    page.locator(".breadcrumbs a").last.click()
    page.get_by_role("link", name="Send", exact=True).click()
    page.locator("select[name=every]").select_option("week")
    page.locator("select[name=reader]").select_option(index=1)
    page.get_by_role("button", name="Send it so").click()
    expect(page.get_by_text("every week", exact=False).first).to_be_visible()
    found.append(visitor.violations())
    assert not any(found), found
    for path in ("", "edit/", "files/", "schedules/"):
        page.set_viewport_size({"width": 390, "height": 844})
        visitor.goto(re.sub(r"(/reports/\d+/).*", rf"\1{path}", page.url))
        assert visitor.overflow() <= 0, path


def taken(page: Page, code: str, folder: Path) -> Path:
    """The file in this format, once the worker has made it."""
    page.locator(f"button[value={code}]").click()
    ready = page.locator("#files tbody tr").first.get_by_role("link", name="Download")
    expect(ready).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        ready.click()
    path = folder / f"file.{code}"
    download.value.save_as(path)
    return path
