"""What spreadsheets do to tables: dates of many kinds, merged names, hidden sheets, blanks."""

import datetime as dt
from decimal import Decimal

import pytest
import xlsxwriter

from evidence.drafts import create_draft, read_again
from evidence.sampling import preview_of
from tests.evidence.bringing import WAITS, account, bring, having, reasons, rows

pytestmark = pytest.mark.django_db

AT = dt.datetime(2025, 3, 1, 10, 30)


@pytest.fixture
def workbook(tmp_path):
    """Writes sheets: {name: rows}; what begins with “.” is hidden, without the point."""

    def write(sheets, merged=()):
        path = tmp_path / "book.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            formats = {
                dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
                dt.date: book.add_format({"num_format": "yyyy-mm-dd"}),
                dt.timedelta: book.add_format({"num_format": "[h]:mm:ss"}),
                dt.time: book.add_format({"num_format": "hh:mm:ss"}),
            }
            for name, lines in sheets.items():
                sheet = book.add_worksheet(name.removeprefix("."))
                for i, line in enumerate(lines):
                    for j, cell in enumerate(line):
                        form = formats.get(type(cell))
                        if isinstance(cell, str):
                            sheet.write_string(i, j, cell)
                        elif cell is not None:
                            sheet.write(i, j, cell, form)
                for place in merged:
                    sheet.merge_range(*place)
                if name.startswith("."):
                    sheet.hide()
                elif any(other.startswith(".") for other in sheets):
                    sheet.activate()
                    sheet.set_first_sheet()
        return path

    return write


@pytest.fixture
def draft(workspace, member):
    workspace.timezone = "Asia/Shanghai"
    workspace.save()
    return lambda path: create_draft(
        workspace=workspace, user=member("analyst"), path=path, name=path.name
    )


def test_dates_come_in_whatever_the_mapping_says_of_text(workspace, workbook, tmp_path):
    path = workbook({"a": [("at", "queue", "wait"), (AT, "a", 1), ("01.03.2025 10:30", "a", 2),
                           ("1 March", "a", 3)]})  # fmt: skip
    found = bring(workspace, tmp_path, path, having(WAITS, occurred_at={
        "column": "at", "format": "%d.%m.%Y %H:%M"}))  # fmt: skip
    assert account(found) == (2, 0, 0, 0, 1)
    assert {at for (at,) in rows(found, "occurred_at")} == {AT}
    assert reasons(found) == {"not a time; expected was %d.%m.%Y %H:%M": 1}


def test_a_date_and_a_clock_in_two_columns(workspace, workbook, tmp_path):
    path = workbook({"a": [("day", "clock", "queue", "wait"),
                           (dt.date(2025, 3, 1), dt.time(10, 30), "a", 1)]})  # fmt: skip
    found = bring(workspace, tmp_path, path, having(WAITS, occurred_at={
        "columns": ["day", "clock"], "format": "%y%m%d %H:%M:%S"}))  # fmt: skip
    assert rows(found, "occurred_at") == [(AT,)]


def test_dates_as_numbers_are_recognised(draft, workbook):
    lines = [(f"T{i}", 45717.4375 + i, "desk", 60 + i) for i in range(12)]
    found = draft(workbook({"a": [("ticket", "arrived", "queue", "wait_s"), *lines]}))
    assert found.mapping["fields"]["occurred_at"] == {
        "column": "arrived", "format": "excel", "timezone": "Asia/Shanghai",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("form", "told"),
    [("excel", "45717.4375"), ("unix", "1740825000"), ("unix_ms", "1740825000000")],
)
def test_dates_as_numbers_come_in(workspace, tmp_path, form, told):
    document = having(WAITS, occurred_at={"column": "at", "format": form, "timezone": "UTC"})
    found = bring(workspace, tmp_path, f"at,queue,wait\n{told},a,1\nsoon,a,1\n", document)
    assert account(found) == (1, 0, 0, 0, 1)
    assert rows(found, "occurred_at") == [(AT,)]


def test_durations_on_the_clock(workspace, workbook, tmp_path):
    path = workbook({"a": [
        ("at", "queue", "wait"), (AT, "a", dt.time(0, 1, 2)), (AT, "a", dt.timedelta(hours=26)),
        (AT, "a", "2:03"), (AT, "a", "1:75"), (AT, "a", 90),
    ]})  # fmt: skip
    found = bring(workspace, tmp_path, path, having(WAITS, wait_s={
        "column": "wait", "unit": "clock"}))  # fmt: skip
    assert [ms for (ms,) in rows(found, "wait_ms")] == [62_000, 26 * 3_600_000, 123_000, 90_000]
    assert reasons(found) == {"not a duration such as 1:02:03": 1}


def test_a_wait_from_one_column_to_the_next(workspace, tmp_path):
    text = (
        "drawn,called,queue\n2025-03-01 10:00,2025-03-01 10:07,a\n2025-03-01 10:00,,a\n"
        "2025-03-01 10:00,2025-03-01 09:00,a\n"
    )
    document = having(
        WAITS,
        occurred_at={"column": "drawn"},
        wait_s={"columns": ["drawn", "called"], "unit": "between"},
    )
    found = bring(workspace, tmp_path, text, document)
    assert account(found) == (1, 0, 0, 0, 2)
    assert rows(found, "wait_ms") == [(420_000,)]
    assert set(reasons(found)) == {
        "one of the two times is missing or cannot be read", "a negative time",
    }  # fmt: skip


def test_clocks_without_a_date_pass_midnight(workspace, tmp_path):
    text = "day,drawn,called,queue\n2025-03-01,23:58:00,00:03:30,a\n"
    document = having(
        WAITS,
        occurred_at={"columns": ["day", "drawn"]},
        wait_s={"columns": ["drawn", "called"], "unit": "between", "format": "%H:%M:%S"},
    )
    assert rows(bring(workspace, tmp_path, text, document), "wait_ms") == [(330_000,)]


def test_hidden_sheets_and_covers_are_passed_over(draft, workbook):
    lines = [("ticket", "arrived", "queue", "wait_s"), ("T1", AT, "desk", 60)]
    path = workbook({".old": [*lines, *lines[1:]], "Read me": [("Made by the branch",)],
                     "March": lines, "April": [lines[0], ("T2", AT, "desk", 90)]})  # fmt: skip
    found = draft(path)
    preview = preview_of(found)
    assert (preview.sheet, preview.rows_total) == ("March", 1)
    assert preview.sheets == [["old", True], ["Read me", False], ["March", False], ["April", False]]
    read_again(found=found, user=None, read={"sheet": "April"})
    assert preview_of(found).rows[0][0] == "T2"
    assert found.mapping["read"] == {"sheet": "April"}


def test_a_title_and_merged_names(draft, workbook):
    path = workbook(
        {"a": [
            ("三月排队报表",), (),
            ("网点", "业务类型", "取号时间", "时长（秒）", None),
            (None, None, None, "等待时间", "办理时间"),
            *(("城东支行", "开户", AT, 60 + i, 300) for i in range(5)),
        ]},
        merged=[(0, 0, 0, 4, "三月排队报表"), (2, 3, 2, 4, "时长（秒）")],
    )  # fmt: skip
    found = draft(path)
    preview = preview_of(found)
    assert preview.header == ["网点", "业务类型", "取号时间", "时长（秒） / 等待时间",
                              "时长（秒） / 办理时间"]  # fmt: skip
    assert (preview.lines, preview.rows_total) == ([1, 2], 5)
    fields = found.mapping["fields"]
    assert fields["wait_s"]["column"] == "时长（秒） / 等待时间"
    assert fields["service_s"]["column"] == "时长（秒） / 办理时间"
    assert fields["unit"] == {"column": "网点"}


def test_lines_keep_their_numbers_below_titles(workspace, tmp_path):
    text = "Queue report\n\nat,queue,wait\n2025-03-01,a,1\n2025-03-01,a,x\n2025-03-01,a\n"
    found = bring(workspace, tmp_path, text, WAITS)
    assert account(found) == (1, 0, 0, 0, 2)
    assert rows(found, "row_no") == [(3,)]  # blank lines do not count


def test_a_file_without_names(draft, tmp_path):
    path = tmp_path / "bare.csv"
    path.write_text("".join(f"T{i},2025-03-01 10:{i:02}:00,desk,{i}\n" for i in range(20)))
    preview = preview_of(draft(path))
    assert preview.lines == [0, 0]
    assert preview.header == ["column 1", "column 2", "column 3", "column 4"]
    assert preview.rows_total == 20


def test_blanks_in_words_are_proposed_as_none(draft, tmp_path):
    path = tmp_path / "blanks.csv"
    values = ["30", "N/A", "-", "不适用", "45,5", "60", "75", "90", "12", "8"] * 3
    lines = (f"T{i},2025-03-01 10:{i:02}:00,desk,{'-' if i == 7 else 'B1'},\"{value}\"\n"
             for i, value in enumerate(values))  # fmt: skip
    path.write_text("ticket,arrived,queue,branch,wait_s\n" + "".join(lines))
    fields = draft(path).mapping["fields"]
    assert fields["wait_s"] == {
        "column": "wait_s", "unit": "s", "missing": ["N/A", "-", "不适用"],
    }  # fmt: skip
    assert fields["unit"] == {"column": "branch", "missing": ["-"]}


def test_numbers_with_thousands_and_commas(draft, tmp_path, workspace):
    path = tmp_path / "german.csv"
    values = ["1.234,5", "2.000,25", "12,5", "7"]
    path.write_text(
        "ticket;arrived;queue;wait_s\n"
        + "".join(f"T{i};01.03.2025 10:00;desk;{v}\n" for i, v in enumerate(values))
    )
    document = draft(path).mapping
    assert document["read"] == {"decimal": ","}
    assert document["fields"]["occurred_at"]["format"] == "%d.%m.%Y %H:%M"
    text = "at;queue;wait\n2025-03-01;a;1.234,5\n2025-03-01;a;7\n2025-03-01;a;x\n"
    found = bring(workspace, tmp_path, text, {**WAITS, "read": {"decimal": ","}})
    assert [ms for (ms,) in rows(found, "wait_ms")] == [1_234_500, 7_000]
    found = bring(workspace, tmp_path, text.replace(".", "").replace(",", "."),
                  {**WAITS, "read": {"decimal": "."}})  # fmt: skip
    assert Decimal(rows(found, "wait_ms")[0][0]) == Decimal("1234500")


def test_day_and_month_are_told_by_the_values(draft, tmp_path):
    def of(*days):
        path = tmp_path / "days.csv"
        lines = (f"T{i},{day},desk,{i}\n" for i, day in enumerate(days))
        path.write_text("ticket,arrived,queue,wait_s\n" + "".join(lines))
        return draft(path).mapping["fields"]["occurred_at"]["format"]

    plain = [f"0{i}/03/2025 10:00" for i in range(1, 9)]
    assert of(*plain, "13/03/2025 10:00") == "%d/%m/%Y %H:%M"
    assert of(*plain, "03/13/2025 10:00") == "%m/%d/%Y %H:%M"
