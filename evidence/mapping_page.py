"""Everything the mapping page shows, gathered from the draft and its preview."""

import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from evidence import drafts
from evidence.actions import read_mapping
from evidence.answer_form import answer_rows
from evidence.errors import EvidenceError
from evidence.field_words import LABELS
from evidence.forms import ENCODINGS, JsonForm, ReadForm
from evidence.known_words import known_words
from evidence.mapping_form import FieldRow, field_rows
from evidence.metrics import scales_of
from evidence.models import Import, Kind
from evidence.sampling import SAMPLE_ROWS, Preview, Sample, try_mapping
from evidence.wording import as_cell, format_name, share_parts

PREVIEW_ROWS = 6
FORMATS = (
    "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M",
    "%Y年%m月%d日 %H:%M", "%Y%m%d%H%M%S", "%y%m%d %H:%M:%S",
)  # fmt: skip


def page_context(found: Import, preview: Preview, *, whole: bool = True) -> dict[str, Any]:
    """`whole` leaves nothing out; the answer to one change needs neither reasons nor questions."""
    document = found.mapping
    words = known_words(found.workspace)
    metrics = list(scales_of(found.workspace))
    wide = "answers" in document
    why = drafts.guess(found, preview, document.get("kind", "")).why if whole else {}
    rows = field_rows(document, preview, words, metrics, why)
    sample, error = _tried(found, preview, document)
    return {
        "found": found,
        "preview": preview,
        "shown_rows": [_padded(row, preview) for row in preview.rows[:PREVIEW_ROWS]],
        "columns": list(enumerate(preview.header)),
        "headings": _headings(preview, rows),
        "format_name": format_name(preview.format),
        "kinds": Kind.choices,
        "kind": document.get("kind", Kind.RESPONSES),
        "wide": wide,
        "fields": rows,
        "main_fields": [row for row in rows if _is_main(row)],
        "further_fields": [row for row in rows if not _is_main(row)],
        "answers": answer_rows(document, preview) if wide and whole else [],
        "metrics": metrics,
        "words": words,
        "read_form": ReadForm(
            initial=document.get("read", {}),
            format=preview.format,
            types=preview.log.get("types"),
        ),
        "is_read_by_hand": bool(document.get("read")),
        "json_form": JsonForm(initial={"document": as_json(document)}),
        "json": as_json(document),
        "saved": drafts.fitting_mappings(found.workspace, preview),
        "encodings": ENCODINGS,
        "formats": FORMATS,
        "zones": sorted(available_timezones()),
        "zone": found.workspace.timezone,
        "error": error,
        "at_fault": _at_fault(error, rows),
        "repeating": _repeating(document, preview),
        **_sample_context(sample, preview),
    }


def as_json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False)


def _at_fault(error: EvidenceError | None, rows: list[FieldRow]) -> FieldRow | None:
    """The field a mapping's error is about, to lead there."""
    where = getattr(error, "where", "").removeprefix("fields.").split(".")[0]
    return next((row for row in rows if row.name == where), None)


def _repeating(document: Mapping[str, Any], preview: Preview) -> dict[str, Any] | None:
    """An id that repeats through the file, so that many rows would count as duplicates."""
    name = document.get("fields", {}).get("event_id", {}).get("column")
    if name is None or name not in preview.distinct or preview.tells_rows_apart(name):
        return None
    return {"column": name, "n": preview.distinct[name], "rows": preview.rows_total}


def _is_main(row: FieldRow) -> bool:
    """What is needed or already filled stands open; the rest folds away."""
    return row.needed or row.is_used or row.name in ("touchpoint", "score", "metric", "customer")


def _headings(preview: Preview, rows: list[FieldRow]) -> list[tuple[str, str]]:
    """The file's columns with the field each is used for."""
    uses: dict[str, list[str]] = {}
    for row in rows:
        for source in row.sources:
            uses.setdefault(source, []).append(row.label)
    return [(name, ", ".join(uses.get(str(i), []))) for i, name in enumerate(preview.header)]


def _padded(row: list[str], preview: Preview) -> list[str]:
    width = len(preview.header)
    return [cell[:200] for cell in (row + [""] * width)[:width]]


def _tried(
    found: Import, preview: Preview, document: dict[str, Any]
) -> tuple[Sample | None, EvidenceError | None]:
    try:
        mapping = read_mapping(workspace=found.workspace, document=document)
        return try_mapping(found, preview, mapping), None
    except EvidenceError as error:
        return None, error


def _sample_context(sample: Sample | None, preview: Preview) -> dict[str, Any]:
    if sample is None:
        return {"sample": None}
    return {
        "sample": sample,
        "sample_rows": min(SAMPLE_ROWS, len(preview.rows)),
        "sample_shares": share_parts(sample.counts, sample.counts.rows),
        "sample_columns": [LABELS.get(name, name) for name in sample.columns],
        "sample_cells": [
            [as_cell(name, value) for name, value in zip(sample.columns, row, strict=True)]
            for row in sample.rows
        ],
    }
