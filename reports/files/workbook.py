"""A report as a workbook: a sheet a figure, numbers as numbers, native charts, no formulas."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from math import ceil
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from journeys.paper import typeface
from reports.blocks.content import Content, Filled
from reports.charts import tables
from reports.charts.of import chart_of
from reports.charts.spec import Bars, Curves, Heat
from reports.charts.strips import colour, of_step
from reports.figures.sheet import Figure
from reports.files import facts
from reports.files.numbers import shown_as
from reports.files.workbook_charts import place_bars, place_curves

MOST_LETTERS, NAME_LENGTH = 32_767, 31
LINE, FIRST, WIDEST = 13.5, 26.0, 40.0  # a line of text, in points; columns, in letters
AT_END: dict[str, Any] = {"align": "right"}
# Words stand apart from the numbers before them.
INDENTED: dict[str, Any] = {"align": "left", "indent": 1}
USUAL = 8.4  # a column that nothing is said of
CHART_ENDS = 15  # the column by which charts end
_NOT_IN_NAMES = str.maketrans("[]:*?/\\", "()-  --")
# What exact values are, by the end of a field's name.
SHARES = ("severity", "severity_low", "severity_high", "reach", "rate", "share", "level",
          "importance", "importance_low", "importance_high", "p_top3", "difference",
          "difference_low", "difference_high", "abandoned_share")  # fmt: skip


def xlsx_of(found: Filled) -> bytes:
    out = BytesIO()
    # Texts stay texts: nothing is read as a formula, a number or an address.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False, "nan_inf_to_errors": False}  # fmt: skip
    book = xlsxwriter.Workbook(out, options)
    told = "; ".join(f"{k}: {v}" for k, v in facts.of_report(found))
    book.set_properties({"title": typeface.clean(found.title), "comments": told[:250],
                         "author": "Touchline"})  # fmt: skip
    _Book(book, found).write()
    book.close()
    return out.getvalue()


class _Book:
    def __init__(self, book: Any, found: Filled) -> None:
        self.book, self.found = book, found
        self.names: set[str] = set()
        self.styles: dict[Any, Any] = {}
        self.wide: list[float] = []  # the columns of the sheet that is written, in letters

    def style(self, **more: Any) -> Any:
        key = tuple(sorted(more.items()))
        if key not in self.styles:
            self.styles[key] = self.book.add_format({"font_size": 10, "valign": "top", **more})
        return self.styles[key]

    def write(self) -> None:
        first = self.sheet(_("About"))
        first.set_column(0, 0, 26)
        first.set_column(1, 1, 90)
        self.put(first, 0, 0, self.found.title, bold=True, font_size=16)
        first.set_row(0, 1.7 * LINE)
        self.put(first, 1, 0, self.found.subtitle, font_color=colour("--text-soft"))
        row = 3
        for label, value in facts.of_report(self.found):
            self.put(first, row, 0, label, font_color=colour("--text-soft"))
            self.put(first, row, 1, value)
            row += 1
        row += 1
        for content in self.found.contents:
            row = self.block(first, content, row)

    def block(self, first: Any, content: Content, row: int) -> int:
        """Its words on the first sheet, its figures on sheets of their own."""
        heading = content.title or content.block.label
        self.put(first, row, 0, heading, bold=True, text_wrap=True)
        for said in [*content.paragraphs, *([content.why] if content.why else [])]:
            self.put(first, row, 1, said, text_wrap=True)
            first.set_row(row, LINE * _lines([said], [90.0]))
            row += 1
        for figure in content.figures:
            name = self.figure(content, figure)
            link = self.style(font_color=colour("--action"), underline=1)
            target = "internal:'" + name.replace("'", "''") + "'!A1"
            first.write_url(row, 1, target, link, string=figure.heading[:255])
            row += 1
        return max(row, row if content.figures or content.paragraphs or content.why else row + 1)

    def sheet(self, name: str) -> Any:
        base = typeface.clean(name).translate(_NOT_IN_NAMES).strip(" '")[:NAME_LENGTH] or "–"
        found, n = base, 1
        while found.casefold() in self.names:
            n += 1
            found = base[: NAME_LENGTH - len(str(n)) - 1] + f" {n}"
        self.names.add(found.casefold())
        made = self.book.add_worksheet(found)
        made.set_landscape()
        made.set_paper(9)
        made.fit_to_pages(1, 0)
        made.hide_gridlines(2)
        title = typeface.clean(self.found.title).replace("&", "&&")[:80]
        made.set_footer(f"&L{title}&R&P / &N")
        return made

    def put(self, sheet: Any, row: int, column: int, said: str, **style: Any) -> None:
        text = typeface.clean(said)[:MOST_LETTERS]
        if text:
            sheet.write_string(row, column, text, self.style(**style))

    def across(
        self, sheet: Any, row: int, right: int, wide: float, said: str, **style: Any
    ) -> None:
        """A sentence over all columns that are printed, as high as it needs."""
        sheet.merge_range(row, 0, row, right, "", self.style(text_wrap=True, **style))
        self.put(sheet, row, 0, said, text_wrap=True, **style)
        sheet.set_row(row, LINE * _lines([said], [wide]))

    def figure(self, content: Content, figure: Figure) -> str:
        """Returns the sheet's name."""
        sheet = self.sheet(figure.heading)
        soft = colour("--text-soft")
        self.put(sheet, 0, 0, figure.heading, bold=True, font_size=14)
        sheet.set_row(0, 1.5 * LINE)
        self.wide = self.widths(figure)
        for column, each in enumerate(self.wide):
            sheet.set_column(column, column, each)
        chart = chart_of(content.name, figure)
        right = max(1, len(figure.table["columns"]) - 1)
        if isinstance(chart, Bars | Curves):
            right = max(right, CHART_ENDS)
        elif isinstance(chart, Heat):
            right = max(right, len(chart.columns))
        wide = sum(self.wide[: right + 1])
        wide += USUAL * max(0, right + 1 - len(figure.table["columns"]))
        for row, (said, style) in enumerate(
            (
                (figure.aria, {}),
                (figure.definition, {"font_color": soft}),
                (facts.beneath(figure, self.found.made_at), {"font_color": soft}),
            ),
            1,
        ):
            self.across(sheet, row, right, wide, said, **style)
        row = 5
        match chart:
            case Bars():
                row = place_bars(self, sheet, chart, row) + 1
            case Curves():
                row = place_curves(self, sheet, chart, row) + 1
            case Heat():
                row = self.heat(sheet, chart, row) + 1
        row = self.table(sheet, figure, row)
        sheet.print_area(0, 0, row, right)
        self.exact(sheet, figure, row + 1)
        return str(sheet.get_name())

    def head(
        self, sheet: Any, row: int, names: Sequence[str], numbers: Sequence[bool] = ()
    ) -> None:
        """`numbers`: which columns hold numbers, and so stand at their end."""
        for column, name in enumerate(names):
            is_number = column < len(numbers) and numbers[column]
            at_end = AT_END if is_number else INDENTED if column else {}
            self.put(sheet, row, column, name, bold=True, text_wrap=True,
                     bg_color=colour("--surface-sunken"), bottom=1, **at_end)  # fmt: skip
        room = [each - 1.5 for each in self.wide] + [USUAL] * max(0, len(names) - len(self.wide))
        sheet.set_row(row, LINE * _lines(names, room[: len(names)]))

    def table(self, sheet: Any, figure: Figure, row: int) -> int:
        """As on the page; what is nothing but a number is one, shown with the same digits."""
        heads, rows = tables.heads_of(figure.table), tables.rows_of(figure.table)
        numbers = [bool(column["number"]) for column in figure.table["columns"]]
        self.head(sheet, row, heads, numbers)
        for cells in rows:
            row += 1
            sheet.set_row(row, LINE * _lines(cells, self.wide))
            for column, said in enumerate(cells):
                number = shown_as(said)
                if number is not None:
                    form = self.style(num_format=number.format)
                    sheet.write_number(row, column, number.value, form)
                else:
                    at = AT_END if numbers[column] else INDENTED if column else {}
                    self.put(sheet, row, column, said, text_wrap=True, **at)
        return row + 1

    def widths(self, figure: Figure) -> list[float]:
        """Of the columns, in letters; the first also holds the names beside a chart."""
        heads, rows = tables.heads_of(figure.table), tables.rows_of(figure.table)
        found = []
        for i, head in enumerate(heads):
            longest = max(_wide(word) for word in [*head.split(), ""])
            told = max([_wide(head) / 2, longest * 1.1, *(_wide(row[i]) for row in rows[:200])])
            found.append(min(WIDEST, max(9.0, told + 3)))
        return [max(FIRST, found[0]), *found[1:]]

    def heat(self, sheet: Any, chart: Heat, row: int) -> int:
        self.head(sheet, row, [_("Severity of 100"), *chart.columns])
        for name, cells in chart.rows:
            row += 1
            self.put(sheet, row, 0, name)
            for column, cell in enumerate(cells, 1):
                if cell.value is None:
                    self.put(sheet, row, column, cell.text, font_color=colour("--text-faint"))
                    continue
                fill, ink = of_step(cell.step)
                form = self.style(bg_color=fill, font_color=ink, num_format="0", align="center")
                sheet.write_number(row, column, cell.value * 100, form)
        return row + 2

    def exact(self, sheet: Any, figure: Figure, row: int) -> None:
        """The exact values, all digits, under the names that programs know them by."""
        self.put(sheet, row, 0, _("Exact values"), bold=True)
        row += 1
        self.head(sheet, row, list(figure.fields))
        top = row
        for record in figure.records:
            row += 1
            for column, name in enumerate(figure.fields):
                self.value(sheet, row, column, name, record.get(name))
        if row > top:
            sheet.autofilter(top, 0, row, len(figure.fields) - 1)

    def value(self, sheet: Any, row: int, column: int, name: str, value: Any) -> None:
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, self.style())
        elif isinstance(value, int | float):
            shape = "0.0%" if name.endswith(SHARES) and abs(value) <= 1 else "General"
            sheet.write_number(row, column, value, self.style(num_format=shape))
        elif isinstance(value, datetime):
            self.put(sheet, row, column, value.isoformat(timespec="seconds"))
        elif value is not None:
            self.put(sheet, row, column, str(value))


def _lines(cells: Sequence[str], wide: Sequence[float]) -> int:
    """How many lines the longest cell needs."""
    return max(
        sum(max(1, ceil(_wide(line) / (each + 1))) for line in said.split("\n"))
        for said, each in zip(cells, wide, strict=True)
    )


def _wide(said: str) -> float:
    """In letters; Chinese ones are twice as wide."""
    lines = said.split("\n")
    return max(len(line) + sum(ord(c) > 0x2E80 for c in line) for line in lines)
