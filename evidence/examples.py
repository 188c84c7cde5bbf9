"""Templates to start from: a small table of each kind, whose columns are recognised as they are."""
# ruff: noqa: E501

import csv
import io
from datetime import datetime

import xlsxwriter
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evidence.field_words import HELP, LABELS
from evidence.mapping import NEEDED, TIMES
from evidence.models import Kind

EXAMPLES = {
    "responses": {
        "label": _("Survey answers"),
        "text": _("One row per answer: when, which touchpoint, which question, which score."),
        "fields": ("event_id", "occurred_at", "touchpoint", "customer", "channel", "segment", "metric", "score", "comment"),
        "rows": (
            ("answer", "answered_at", "touchpoint", "customer", "channel", "segment", "question", "score", "comment"),
            ("A-1001", "2025-03-03 10:42:00", "open-account-counter", "C-20411", "branch", "mass", "csat", "4", "Friendly"),
            ("A-1002", "2025-03-03 11:05:00", "open-account-app", "C-20417", "app", "affluent", "ces", "2", "Uploaded my ID three times"),
            ("A-1003", "2025-03-04 09:15:00", "open-account-counter", "C-20433", "branch", "mass", "nps", "6", ""),
        ),
    },
    "waits": {
        "label": _("Waiting times"),
        "text": _("One row per ticket or call: when, which queue, how long, how it ended."),
        "fields": ("event_id", "occurred_at", "touchpoint", "customer", "unit", "segment", "wait_s", "service_s", "outcome"),
        "rows": (
            ("ticket", "arrived", "queue", "customer", "branch", "tier", "wait_seconds", "service_seconds", "outcome"),
            ("T-0001", "2025-03-03 09:01:10", "counter-cash", "C-20411", "B01", "mass", "412", "180", "served"),
            ("T-0002", "2025-03-03 09:02:30", "counter-cash", "", "B01", "mass", "905", "", "abandoned"),
            ("T-0003", "2025-03-03 09:04:05", "counter-advice", "C-20417", "B01", "affluent", "60", "1260", "served"),
        ),
    },
    "interactions": {
        "label": _("Passages"),
        "text": _("One row per step a customer passed: when, which touchpoint, which case."),
        "fields": ("event_id", "occurred_at", "ended_at", "touchpoint", "customer", "case_id", "channel", "outcome"),
        "rows": (
            ("event", "started_at", "ended_at", "touchpoint", "customer", "case", "channel", "result"),
            ("E-1", "2025-03-03 09:00:00", "2025-03-03 09:04:00", "mortgage-form", "C-20411", "M-77", "web", "done"),
            ("E-2", "2025-03-05 14:30:00", "2025-03-05 15:10:00", "mortgage-advice", "C-20411", "M-77", "branch", "done"),
            ("E-3", "2025-03-09 08:12:00", "2025-03-09 08:20:00", "mortgage-documents", "C-20411", "M-77", "app", "again"),
        ),
    },
}  # fmt: skip


def example_csv(kind: str) -> str:
    """The example as CSV, with the mark by which spreadsheets know UTF-8."""
    text = io.StringIO()
    csv.writer(text).writerows(EXAMPLES[kind]["rows"])  # type: ignore[arg-type]
    return "\ufeff" + text.getvalue()


def example_xlsx(kind: str) -> bytes:
    """The example as a workbook; its second sheet explains the columns."""
    table: tuple[tuple[str, ...], ...] = EXAMPLES[kind]["rows"]  # type: ignore[assignment]
    fields: tuple[str, ...] = EXAMPLES[kind]["fields"]  # type: ignore[assignment]
    names, rows = table[0], table[1:]
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(kind)
        sheet.write_row(0, 0, names, bold)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(names) - 1, 20)
        for i, row in enumerate(rows, start=1):
            for j, (field, cell) in enumerate(zip(fields, row, strict=True)):
                if field in TIMES:
                    sheet.write_datetime(i, j, datetime.fromisoformat(cell), time)
                elif cell.isdecimal():
                    sheet.write_number(i, j, int(cell))
                elif cell:
                    sheet.write_string(i, j, cell)
        about = book.add_worksheet(gettext("Columns"))
        about.set_column(0, 1, 22)
        about.set_column(2, 2, 12)
        about.set_column(3, 3, 70)
        heads = (gettext("Column"), gettext("Field"), gettext("Needed"), gettext("What it holds"))
        about.write_row(0, 0, heads, bold)
        for i, (name, field) in enumerate(zip(names, fields, strict=True), start=1):
            needed = gettext("yes") if field in NEEDED[Kind(kind)] else ""
            about.write_row(
                i, 0, (name, str(LABELS[field]), needed, str(HELP.get(field, ""))), wrap
            )
    return held.getvalue()
