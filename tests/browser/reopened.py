"""A map's files, downloaded through the browser and opened by readers that are not ours."""

import csv
import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pptx
from PIL import Image
from playwright.sync_api import Locator, expect
from python_calamine import CalamineWorkbook

from tests import pdf
from tests.browser.editing import Editing, columns_of, grid_of

FORMATS = {
    "PNG": "png", "SVG": "svg", "PDF, one sheet": "pdf", "PDF, A3 pages": "pdf-a3",
    "PDF, A4 pages": "pdf-a4", "PowerPoint, stage by stage": "pptx",
    "PowerPoint, one large slide": "pptx-sheet", "Excel (XLSX)": "xlsx", "CSV": "csv",
    "Map file (JSON)": "json",
}  # fmt: skip
COUNTS = "Stages: {stages} · steps: {steps} · lanes: {lanes} · cards: {cards}"


def export_each(ann: Editing, place: Path) -> dict[str, Path]:
    """Every format of the page of exports, each saying what the map says."""
    found = ann.map()
    ann.page.locator("details.menu", has_text="More").last.locator("summary").click()
    ann.page.get_by_role("link", name="Export", exact=True).click()
    files = {}
    for label, code in FORMATS.items():
        with ann.page.expect_download() as told:
            _row(ann, label).get_by_role("link").click()
        files[code] = place / f"{code} {told.value.suggested_filename}"
        told.value.save_as(files[code])
        assert told.value.suggested_filename.split(".")[0] in ("Opening an account, 开户", ann.slug)
    expect(ann.page.locator("main a[download]")).to_have_count(len(FORMATS))
    assert json.loads(files["json"].read_text()) == found
    for code in ("svg", "pdf", "pdf-a3", "pdf-a4", "pptx", "pptx-sheet"):
        told = "".join(READERS[code](files[code]).split())
        missing = [text for text in _texts(found) if "".join(text.split()) not in told]
        assert not missing, f"{code} lacks {missing}"
    count = {code: len(pdf.sizes(files[code].read_bytes())) for code in ("pdf", "pdf-a3", "pdf-a4")}
    assert count["pdf"] == 1 and count["pdf-a4"] > count["pdf-a3"]
    assert len(pptx.Presentation(str(files["pptx"])).slides) >= len(found["stages"])
    assert len(pptx.Presentation(str(files["pptx-sheet"])).slides) == 1
    _expect_a_picture(files["png"], files["svg"])
    cells = _cells(found)
    with CalamineWorkbook.from_path(files["xlsx"]) as book:
        assert [[str(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()] == (
            cells
        )
        assert len(book.get_sheet_by_index(1).to_python()) == len(found["cards"]) + 1
    rows = list(csv.reader(io.StringIO(files["csv"].read_text(encoding="utf-8-sig"))))
    # What a spreadsheet would take for a formula has an apostrophe in front.
    assert "'=1+1" in {cell for row in rows for cell in row}
    assert [[cell.removeprefix("'") for cell in row] for row in rows] == cells
    return files


def _row(ann: Editing, label: str) -> Locator:
    name = ann.page.get_by_role("rowheader", name=label, exact=True)
    return ann.page.get_by_role("row").filter(has=name)


def _svg(path: Path) -> str:
    root = ElementTree.parse(path).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    drawn = root.iter("{http://www.w3.org/2000/svg}text")
    return "".join("".join(each.itertext()) for each in drawn)


def _pdf(path: Path) -> str:
    return "".join(pdf.pages(path.read_bytes()))


def _slides(path: Path) -> str:
    def said(shapes: Any) -> str:
        return "".join(
            said(each.shapes) if each.shape_type == 6 else each.text_frame.text
            for each in shapes
            if each.shape_type == 6 or each.has_text_frame
        )

    return "".join(said(slide.shapes) for slide in pptx.Presentation(str(path)).slides)


READERS = {
    "svg": _svg, "pdf": _pdf, "pdf-a3": _pdf, "pdf-a4": _pdf,
    "pptx": _slides, "pptx-sheet": _slides,
}  # fmt: skip


def _texts(found: dict[str, Any]) -> list[str]:
    names = [each["name"] for part in ("stages", "steps", "lanes") for each in found[part]]
    touchpoints = [each["name"] for each in found["touchpoints"]]
    return [*names, *touchpoints, *(each["text"] for each in found["cards"] if each.get("text"))]


def _expect_a_picture(png: Path, svg: Path) -> None:
    """As large as the drawing, at 144 dots for 72 points, and not of one colour."""
    box = ElementTree.parse(svg).getroot().attrib["viewBox"].split()
    with Image.open(png) as picture:
        picture.load()
        assert picture.format == "PNG"
        wide, high = picture.size
        assert abs(wide / high - float(box[2]) / float(box[3])) < 0.01
        assert wide > 2000
        colours = picture.convert("RGB").resize((400, 300)).getcolors(400 * 300)
    assert colours is not None and len(colours) > 50


def _cells(found: dict[str, Any]) -> list[list[str]]:
    """The grid as a spreadsheet should have it, from the map file alone."""
    columns = columns_of(found)
    names = {each["id"]: each["name"] for each in (*found["stages"], *found["steps"])}
    stages = [step["stage"] for step in columns]
    heads = [
        names[stage] if not place or stages[place - 1] != stage else ""
        for place, stage in enumerate(stages)
    ]
    touchpoints = {each["code"]: each["name"] for each in found["touchpoints"]}
    used = [
        "\n".join(touchpoints[code] for code in step.get("touchpoints", [])) for step in columns
    ]
    felt = {(card["lane"], card["step"]): card.get("emotion", "") for card in found["cards"]}
    rows = [
        [lane["name"]]
        + [
            str(felt.get((lane["id"], step["id"]), "")).replace("-", "−")
            if lane["kind"] == "emotion"
            else "\n".join(text.replace("\n", " ↵ ") for text in cell)
            for step, cell in zip(columns, row, strict=True)
        ]
        for lane, row in zip(found["lanes"], grid_of(found), strict=True)
    ]
    return [
        ["Stages", *heads],
        ["Steps", *(step["name"] for step in columns)],
        ["Touchpoints used", *used],
        *rows,
    ]


def import_the_map_file(ann: Editing, path: Path) -> None:
    """In another workspace it is the same map."""
    ann.open()
    found = ann.map()
    ann.page.goto("/w/afternoon/journeys/add/journey/")
    ann.page.get_by_label("Map file (JSON)").set_input_files(path)
    ann.page.get_by_role("button", name="Import the map file").click()
    expect(ann.page.get_by_role("heading", level=1)).to_have_text(found["journey"]["name"])
    own = ann.path.replace("/w/morning/", "/w/afternoon/").replace("/edit/", "/map.json")
    assert ann.page.request.get(own).json() == found


def import_the_spreadsheet(ann: Editing, path: Path) -> None:
    """A new map of it has the same cells; brought back to its own map it changes nothing."""
    ann.open()
    found = ann.map()
    counts = {part: len(found[part]) for part in ("stages", "steps", "lanes", "cards")}
    page = ann.page
    page.goto("/w/afternoon/journeys/add/journey/")
    page.get_by_label("Spreadsheet (XLSX, CSV or TSV)").set_input_files(path)
    page.get_by_role("button", name="Look at it first").click()
    expect(page.locator(".page-head")).to_contain_text(COUNTS.format(**counts))
    page.get_by_label("Name of the journey").fill("From a spreadsheet")
    page.get_by_role("button", name="Make the journey").click()
    page.wait_for_selector("html[data-map=alive]")
    again = Editing(page, page.url.split("?")[0]).map()
    assert _cells(again) == _cells(found)
    page.goto(ann.path.replace("/edit/", "/edit/grid/"))
    page.get_by_label("Spreadsheet (XLSX, CSV or TSV)").set_input_files(path)
    page.get_by_role("button", name="Look at it first").click()
    expect(page.locator(".page-head")).to_contain_text("added: 0, changed or moved: 0, removed: 0")
