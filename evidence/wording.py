"""Counts, formats and values of evidence in words for people."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

PARTS = ("accepted", "ignored", "missing", "duplicate", "rejected")


def share_parts(counts: Any, total: int) -> list[dict[str, Any]]:
    """The account of every row (or cell) as parts of one bar, those that are empty left out."""
    labels = {
        "accepted": _("accepted"),
        "ignored": _("ignored on purpose"),
        "missing": _("without an answer"),
        "duplicate": _("duplicates"),
        "rejected": _("rejected"),
    }
    return [
        {"part": part, "label": labels[part], "n": n, "share": n / total}
        for part in PARTS
        if (n := getattr(counts, part))
    ]


def format_name(format: str) -> str:
    return {
        "csv": _("CSV"),
        "xlsx": _("Excel workbook"),
        "jsonl": _("JSON Lines"),
        "parquet": _("Parquet"),
        "xes": _("Event log (XES)"),
        "ocel": _("Event log (OCEL 2.0)"),
    }.get(format, format)


def as_cell(name: str, value: object) -> str:
    """A value of evidence as the page shows it."""
    if value is None:
        return ""
    if name.endswith("_ms") and isinstance(value, int):
        return _("%s s") % _plain(Decimal(value) / 1000)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"
    if isinstance(value, Decimal):
        return _plain(value)
    if name == "customer":
        # It will be a hash; the page need not repeat who it is.
        text = str(value)
        return text[:2] + "…" if len(text) > 2 else "…"
    return str(value)[:120]


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def join_parts(parts: Sequence[dict[str, Any]]) -> str:
    return ", ".join(f"{part['n']:,} {part['label']}" for part in parts)
