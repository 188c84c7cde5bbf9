"""An analyst composes a report, has it sent, takes it along, and checks its numbers."""

import json
import re
from html import unescape
from pathlib import Path

from playwright.sync_api import Page, expect

from reports.files.formats import FORMATS
from reports.files.numbers import shown_as
from tests.reports import reading


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
    page.wait_for_selector("html[data-ready]")
    page.locator("#edit-b3 [data-sortable-handle]").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#report-body > section").nth(1)).to_have_id("b3")  # the preview follows
    assert blocks(page) == ["b1", "b3", "b2", "b4"]

    page.get_by_role("link", name="Done", exact=True).click()
    title = page.locator("h1").inner_text()
    shown = page.locator("#b4 td.number").all_inner_texts()
    sentences = page.locator("#b1 p").all_inner_texts()
    assert shown and sentences
    found.append(visitor.violations())
    page.get_by_role("link", name="Export", exact=True).click()
    found.append(visitor.violations())
    files = taken(page, tmp_path)
    document = json.loads(files["json"])
    assert document["report"] == title
    rows = document["blocks"][3]["figures"][0]["table"]["rows"]
    assert [cell for row in rows for cell in row[1:]] == shown
    for code, text in texts_of(files).items():
        missing = [said for said in (*shown, *sentences) if reading.squeezed(said) not in text]
        assert not missing, (code, missing)
    sections = reading.csv_sections(files["csv"])
    ranked = next(records for facts, records in sections if facts["block"] == "b2")
    worst = document["blocks"][2]["figures"][0]["records"][0]
    assert float(ranked[0]["burden"]) == worst["burden"]
    cells = [cell for rows in reading.xlsx_sheets(files["xlsx"]).values() for row in rows
             for cell in row]  # fmt: skip
    values = [cell for cell in cells if isinstance(cell, float | int)]
    assert any(abs(value - worst["burden"]) < 1e-9 for value in values)
    for said in shown:
        number = shown_as(said)
        there = said in cells if number is None else number.value in map(rounded, values)
        assert there, said
    assert files["png"].startswith(b"\x89PNG")

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


def rounded(value: float) -> float:
    return round(value, 9)


def taken(page: Page, folder: Path) -> dict[str, bytes]:
    """The report in every format there is, once the worker has made them."""
    for code in FORMATS:  # pressed one after the other, without waiting for what is under way
        page.locator(f"button[value={code}]").click()
    ready = page.locator("#files tbody tr").get_by_role("link", name="Download")
    expect(ready).to_have_count(len(FORMATS), timeout=60_000)
    files = {}
    for code, link in zip(reversed(FORMATS), ready.all(), strict=True):  # the newest first
        with page.expect_download() as download:
            link.click()
        assert download.value.suggested_filename.endswith(f".{FORMATS[code].suffix}")
        path = folder / code
        download.value.save_as(path)
        files[code] = path.read_bytes()
    return files


def texts_of(files: dict[str, bytes]) -> dict[str, str]:
    """What readers of their own find in the files that people read, without white space."""
    texts = {
        "pdf": reading.pdf_text(files["pdf"]),
        "pdf-a3": reading.pdf_text(files["pdf-a3"]),
        "pptx": reading.pptx_texts(files["pptx"]),
        "html": unescape(re.sub(r"<[^>]+>", "", files["html"].decode())),
        "svg": unescape(re.sub(r"<[^>]+>", "", files["svg"].decode())),
    }
    return {code: reading.squeezed(text) for code, text in texts.items()}
