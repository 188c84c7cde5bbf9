"""A map as a workbook: the grid as it is drawn, and every card with all it says."""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from accounts.csv_cells import BOM, cell
from journeys.cells import Table, lane_said, table_of
from journeys.models import Card
from journeys.operations import Entry
from journeys.paper import colours
from journeys.paper.cards import basis_said
from journeys.paper.drawing import Drawing, called
from journeys.paper.typeface import clean

MOST_LETTERS = 32_767  # in a cell
WIDE, LABELS = 30, 24  # columns, in letters
LINE = 15.0  # a line of text, in points
HIGHEST = 400.0


def csv_of(drawing: Drawing) -> bytes:
    out = StringIO()
    csv.writer(out).writerows([cell(each) for each in row] for row in table_of(drawing).rows)
    return (BOM + out.getvalue()).encode()


def xlsx_of(drawing: Drawing) -> bytes:
    out = BytesIO()
    # Texts stay texts: nothing is read as a formula, a number or an address.
    book = xlsxwriter.Workbook(
        out,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    book.set_properties({"title": clean(drawing.name), "comments": drawing.source})
    _write_map(book, table_of(drawing), drawing)
    _write_cards(book, drawing)
    book.close()
    return out.getvalue()


def _format(book: Any, **more: Any) -> Any:
    return book.add_format({"text_wrap": True, "valign": "top", "font_size": 10, **more})


def _write_map(book: Any, table: Table, drawing: Drawing) -> None:
    sheet = book.add_worksheet(_("Map")[:31])
    edge = {"border": 1, "border_color": colours.colour("hair")}
    accent = {"bold": True, "font_color": colours.colour("accent"), **edge}
    stage = _format(book, bg_color=colours.colour("band"), **accent)
    step, label = _format(book, bold=True, **edge), _format(book, bold=True)
    plain = _format(book, **edge)
    sheet.set_column(0, 0, LABELS)
    sheet.set_column(1, max(1, len(table.rows[0]) - 1), WIDE)
    for place, row in enumerate(table.rows):
        for column, text in enumerate(row):
            style = label if not column else stage if not place else step if place == 1 else plain
            _put(sheet, place, column, text, style)
        options = {"hidden": True} if place in table.hidden else {}
        sheet.set_row(place, _height(row), None, options)
    for first, last in table.spans:
        if last > first:
            sheet.merge_range(0, first, 0, last, "", stage)
            _put(sheet, 0, first, table.rows[0][first], stage)
    sheet.freeze_panes(2, 1)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.repeat_rows(0, 1)
    sheet.repeat_columns(0)
    sheet.set_footer(f"&L{_footer(drawing.source)}&R&P / &N")


def _footer(text: str) -> str:
    return clean(text).replace("&", "&&")[:200]


def _put(sheet: Any, row: int, column: int, text: str, style: Any) -> None:
    if text:
        sheet.write_string(row, column, text[:MOST_LETTERS], style)
    else:
        sheet.write_blank(row, column, None, style)


def _height(row: Sequence[str]) -> float:
    """Room for the longest cell; Chinese letters are twice as wide."""
    lines = 1
    for column, text in enumerate(row):
        wide = WIDE if column else LABELS
        count = 0
        for line in text.split("\n"):
            letters = len(line) + sum(ord(letter) > 0x2E80 for letter in line)
            count += 1 + int(letters / (wide * 1.05))
        lines = max(lines, count)
    return min(HIGHEST, lines * LINE)


def _write_cards(book: Any, drawing: Drawing) -> None:
    sheet = book.add_worksheet(_("Cards")[:31])
    heads = [
        (_("Stage"), 18), (_("Step"), 24), (_("Lane"), 20), (_("Persona"), 14), (_("Feeling"), 9),
        (_("Text"), 50), (_("Meaning"), 14), (_("Basis"), 14), ("n", 8), (_("Date"), 11),
        (_("Expires"), 11), (_("How it is known"), 28), (_("Owner"), 20), (_("Links"), 40),
        (_("Id"), 14),
    ]  # fmt: skip
    head = _format(book, bold=True, bg_color=colours.colour("band"))
    plain = _format(book)
    for column, (name, wide) in enumerate(heads):
        sheet.write_string(0, column, name, head)
        sheet.set_column(column, column, wide)
    row = 0
    for lane in drawing.lists["lanes"]:
        for each in drawing.columns:
            for card in drawing.cards_at(lane, each):
                row += 1
                told = [called(each.stage), called(each.step or {"id": ""}), lane_said(lane)]
                for place, value in enumerate([*told, *_card(drawing, card)]):
                    if isinstance(value, int | float):
                        sheet.write_number(row, place, value, plain)
                    else:
                        _put(sheet, row, place, clean(value), plain)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, row), len(heads) - 1)


def _card(drawing: Drawing, card: Entry) -> list[str | int | float]:
    links = [f"{link.get('title', '')} {link['url']}".strip() for link in card.get("links", [])]
    feeling, n = card.get("emotion"), card.get("n")
    return [
        drawing.name_of_persona(card["persona"]) if card.get("persona") else "",
        feeling if feeling is not None else "",
        str(card.get("text", "")),
        str(Card.Colour(card["colour"]).label) if card.get("colour") else "",
        str(Card.Basis(card["basis"]).label) if card.get("basis") else "",
        n if n is not None else "",
        str(card.get("date", "")),
        str(card.get("expires", "")),
        basis_said(drawing, card) if card.get("basis") else "",
        str(card.get("owner", "")),
        "\n".join(links),
        str(card["id"]),
    ]
