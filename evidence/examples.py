"""Small files to start from: what a table of each kind may look like."""
# ruff: noqa: E501

import csv
import io

from django.utils.translation import gettext_lazy as _

EXAMPLES = {
    "responses": {
        "label": _("Survey answers"),
        "text": _("One row per answer: when, which touchpoint, which question, which score."),
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
