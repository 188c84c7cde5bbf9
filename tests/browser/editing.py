"""A person at the map editor: what they do there, what they see, and what the server has."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

Grid = list[list[list[str]]]  # lanes, columns, the words of the cards
DRAWN = """() => [...document.querySelectorAll(".ed-body .ed-row")].map((row) =>
  [...row.querySelectorAll(".ed-cell")].map((cell) =>
    [...cell.querySelectorAll(".ed-card .ed-text")].map((text) => text.textContent)))"""
PUT = """async (kinds) => {
  const blobs = Object.entries(kinds).map(([kind, text]) => [kind, new Blob([text], {type: kind})]);
  await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
}"""
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
CLIPBOARD = ["clipboard-read", "clipboard-write"]


def make_map(page: Page, workspace: str, name: str) -> str:
    """The editor's path of a new map with the seven stages of a bank; its form is not drawn."""
    address = f"/w/{workspace}/journeys/add/journey/"
    token = TOKEN.search(page.request.get(address).text())
    assert token
    answers = {"csrfmiddlewaretoken": token[1], "name": name, "kind": "as-is", "starter": "bank"}
    made = page.request.post(address, form=answers, max_redirects=0)
    assert made.status == 302, made.text()
    return made.headers["location"].split("?")[0]


class Editing:
    def __init__(self, page: Page, path: str) -> None:
        self.page, self.path, self.keys = page, path, page.keyboard
        self.open()

    def open(self) -> None:
        self.page.goto(self.path)
        self.page.wait_for_selector("html[data-map=alive]")

    @property
    def panel(self) -> Locator:
        return self.page.locator("#panel")

    def row(self, kind: str) -> Locator:
        return self.page.locator(f".ed-row[data-kind={kind}]")

    def cell(self, kind: str, column: int) -> Locator:
        return self.row(kind).locator(".ed-cell").nth(column)

    def card(self, text: str) -> Locator:
        return self.page.locator(".ed-card", has_text=text)

    def head(self, part: str, name: str) -> Locator:
        return self.page.locator(f".ed-{part}", has=self.page.get_by_text(name, exact=True))

    def stand_in(self, kind: str, column: int) -> None:
        """On the cell itself, beside its cards."""
        cell = self.cell(kind, column)
        cell.evaluate("(e) => e.focus()")
        expect(cell).to_be_focused()

    def names(self, part: str) -> list[str]:
        """Also of those that are not drawn, because they are out of sight."""
        found = self.page.locator(f".ed-{part} .ed-name").all_text_contents()
        return [text.strip() for text in found]

    def write(self, text: str) -> None:
        """In the field that is open, instead of what is there."""
        self.keys.press("Control+a")
        self.keys.type(text)
        self.keys.press("Enter")

    def add_card(self, text: str) -> None:
        self.keys.press("n")
        self.keys.type(text)
        self.keys.press("Enter")

    def put(self, **kinds: str) -> None:
        """On the clipboard, as a spreadsheet does: text and html."""
        told = {f"text/{'plain' if kind == 'text' else kind}": it for kind, it in kinds.items()}
        self.page.evaluate(PUT, told)

    def paste(self, **kinds: str) -> None:
        self.put(**kinds)
        self.keys.press("Control+v")

    @property
    def slug(self) -> str:
        return self.path.split("/journeys/")[1].split("/")[0]

    def saved(self) -> None:
        expect(self.page.locator("#map-state")).to_have_attribute("data-is", "saved")

    def drawn(self) -> Grid:
        return self.page.evaluate(DRAWN)

    def map(self) -> dict[str, Any]:
        """The map file, as the server gives it now."""
        self.saved()
        return self.page.request.get(self.path.replace("/edit/", "/map.json")).json()

    def expect_feeling(self, column: int, value: int) -> None:
        point = self.cell("emotion", column).get_by_role("slider").first
        expect(point).to_have_attribute("aria-valuenow", str(value))


def columns_of(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps of a map file, from left to right."""
    stages = [stage["id"] for stage in found["stages"]]
    return sorted(found["steps"], key=lambda step: stages.index(step["stage"]))


def grid_of(found: dict[str, Any]) -> Grid:
    """What a map file says stands in the cells, in the order of the lanes and columns."""
    columns = [step["id"] for step in columns_of(found)]
    return [
        [
            [
                card["text"]
                for card in found["cards"]
                if card["lane"] == lane["id"] and card["step"] == column and card.get("text")
            ]
            for column in columns
        ]
        for lane in found["lanes"]
    ]
