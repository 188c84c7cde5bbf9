"""Imports in the browser: a Chinese queue report, and progress that comes by itself."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

# What the page said while it was open, and whether the stream said it; kept over its reload.
WATCH = """
addEventListener("DOMContentLoaded", () => {
  const told = document.querySelector("[data-progress-message]");
  if (!told) return;
  const keep = (name, value) => sessionStorage.setItem(name,
    JSON.stringify([...JSON.parse(sessionStorage.getItem(name) ?? "[]"), value]));
  keep("opened", performance.timeOrigin);
  new MutationObserver(() => keep("told", told.textContent)).observe(told, {childList: true});
});
"""


@pytest.fixture(scope="module")
def analyst(site):
    return site.new_workspace("north", "analyst@north.example")


def _upload(page, path: Path) -> None:
    page.goto("/w/north/evidence/new/")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Upload and look at it").click()
    expect(page.get_by_role("heading", name="Which column is what")).to_be_visible()


def test_a_chinese_queue_report(visit, analyst, tmp_path):
    path = tmp_path / "排队.csv"
    with path.open("w", newline="", encoding="gb18030") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["排队号", "取号时间", "业务类型", "网点", "客户等级", "等待时间(分钟)", "办理结果"]
        )
        for i in range(90):
            outcome = "弃号" if i % 9 == 0 else "已办理"
            writer.writerow(
                [f"A{i:03}", f"2026/3/{1 + i % 28} 10:{i % 60:02}", "个人开户", "城东支行",
                 "贵宾", i % 25, outcome]
            )  # fmt: skip
    page = visit(analyst).page
    _upload(page, path)
    for name, column in (
        ("occurred_at", "取号时间"),
        ("touchpoint", "业务类型"),
        ("wait_s", "等待时间(分钟)"),
        ("outcome", "办理结果"),
    ):
        chosen = page.locator(f"#f-{name}-source option:checked")
        expect(chosen).to_have_text(column)
    expect(page.locator("#field-wait_s").get_by_label("Unit")).to_have_value("min")
    page.get_by_role("button", name="Import 90 rows").click()
    expect(page.get_by_role("heading", name="What became of 90 rows")).to_be_visible()
    expect(page.get_by_role("region", name="Codes it brought")).to_contain_text("个人开户")
    accepted = page.get_by_role("row", name="accepted").first
    expect(accepted.get_by_role("cell").first).to_have_text("90")


def test_progress_comes_by_itself(visit, analyst, tmp_path):
    path = tmp_path / "many.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["ticket", "arrived", "queue", "wait_s"])
        writer.writerows(
            [f"T{i}", f"2026-03-{1 + i % 28:02} 10:{i % 60:02}", f"desk-{i % 5}", i % 400]
            for i in range(150_000)
        )
    visitor = visit(analyst)
    page = visitor.page
    page.add_init_script(WATCH)
    asked = []
    page.on("request", lambda request: asked.append(request))
    _upload(page, path)
    page.get_by_role("button", name="Import 150,000 rows").click()
    expect(page.get_by_role("heading", name="What became of 150,000 rows")).to_be_visible(
        timeout=90_000
    )
    streams = [request for request in asked if request.resource_type == "eventsource"]
    assert streams, "no event stream was opened"
    assert not [
        request.url for request in asked if "/jobs/" in request.url and ".json" in request.url
    ]
    opened = page.evaluate("() => JSON.parse(sessionStorage.getItem('opened'))")
    told = page.evaluate("() => JSON.parse(sessionStorage.getItem('told'))")
    assert len(opened) == 1, "the page was loaded anew while the import ran"
    assert len(told) >= 2, told  # the stream wrote into it, again and again
