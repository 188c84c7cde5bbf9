"""Everything the mapping page shows, gathered from the draft and its preview."""

import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evidence import drafts, presets, trial
from evidence.actions import earlier_import, fingerprint_of, read_mapping
from evidence.answer_form import answer_rows
from evidence.errors import EvidenceError
from evidence.field_words import LABELS
from evidence.forms import ENCODINGS, JsonForm, ReadForm
from evidence.known_words import known_words
from evidence.mapping_form import FieldRow, field_rows
from evidence.metrics import scales_of
from evidence.models import Import, Kind
from evidence.sampling import SAMPLE_ROWS, Preview, Sample, examples
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
    why = drafts.reasons(found, preview, document.get("kind", "")) if whole else {}
    rows = field_rows(document, preview, words, metrics, why)
    sample, error = _tried(found, preview, document)
    if sample is not None:
        _add_samples(rows, found, preview)
    return {
        "found": found,
        "preview": preview,
        "shown_rows": [_padded(row, preview) for row in preview.rows[:PREVIEW_ROWS]],
        "columns": list(enumerate(preview.header)),
        "headings": _headings(preview, rows),
        "lines_told": _lines_told(preview),
        "format_name": format_name(preview.format),
        "kinds": Kind.choices,
        "kind": document.get("kind", Kind.RESPONSES),
        "wide": wide,
        "is_cells": wide,
        "fields": rows,
        "main_fields": [row for row in rows if _is_main(row)],
        "further_fields": [row for row in rows if not _is_main(row)],
        "answers": answer_rows(document, preview) if wide and whole else [],
        "metrics": metrics,
        "words": words,
        "read_form": ReadForm(
            initial=document.get("read", {}),
            preview=preview,
        ),
        "is_read_by_hand": bool(document.get("read")),
        "json_form": JsonForm(initial={"document": as_json(document)}),
        "json": as_json(document),
        "saved": drafts.fitting_mappings(found.workspace, preview),
        "presets": [presets.shown(preset) for preset in drafts.presets_for(preview)],
        "origin": _origin(found, preview),
        "encodings": ENCODINGS,
        "formats": FORMATS,
        "zones": sorted(available_timezones()),
        "zone": found.workspace.timezone,
        "error": error,
        "at_fault": _at_fault(error, rows),
        "repeating": _repeating(document, preview),
        **_trial_context(found, sample),
        "before": _before(found, document),
        **_sample_context(sample, preview),
    }


def _origin(found: Import, preview: Preview) -> dict[str, Any]:
    """Where the mapping as it stands comes from: one that was saved, or a preset."""
    for saved in drafts.fitting_mappings(found.workspace, preview):
        if found.mapping == saved.document:
            return {"saved": saved}
    for preset in drafts.presets_for(preview):
        if found.mapping == drafts.proposed(found, preview, preset).document:
            return {"preset": preset.label}
    return {}


def as_json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False)


def _add_samples(rows: list[FieldRow], found: Import, preview: Preview) -> None:
    """Beside each field that is no list of values: some of it, and what it becomes."""
    mapping = read_mapping(workspace=found.workspace, document=found.mapping)
    told = examples(found, preview, mapping)
    for row in rows:
        if not row.values:
            lake_name = row.name.removesuffix("_s") + "_ms" if row.is_duration else row.name
            row.samples = [
                (raw, "" if value is None else as_cell(lake_name, value))
                for raw, value in told.get(row.name, [])
            ]


def _trial_context(found: Import, sample: Sample | None) -> dict[str, Any]:
    """Whether the whole file was tried, is being tried, or can be."""
    job, slug = trial.under_way(found), found.workspace.slug
    if job is None:
        return {"may_try": sample is not None and not sample.whole, "untried": trial.failed(found)}
    return {
        "trial": job,
        "sse_url": reverse("job_live", args=[slug, job.pk]),
        "poll_url": reverse("job_progress", args=[slug, job.pk]),
        "cancel_url": reverse("job_cancel", args=[slug, job.pk]),
    }


def _before(found: Import, document: Mapping[str, Any]) -> Import | None:
    """The import of the same file by the same mapping, for which this one would be refused."""
    if "event_id" in document.get("fields", {}):
        return None
    return earlier_import(found, fingerprint_of(found, dict(document)))


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


def _headings(preview: Preview, rows: list[FieldRow]) -> list[tuple[str, str, str]]:
    """The file's columns with their question in full and the field each is used for."""
    uses: dict[str, list[str]] = {}
    for row in rows:
        for source in row.sources:
            uses.setdefault(source, []).append(row.label)
    return [
        (name, preview.labels.get(name, ""), ", ".join(uses.get(str(i), [])))
        for i, name in enumerate(preview.header)
    ]


def _lines_told(preview: Preview) -> str:
    """Where the names of the columns stand, where that is not the first line."""
    above, lines = preview.lines
    parts = []
    if above:
        parts.append(ngettext("%d line above the names", "%d lines above the names", above) % above)
    if lines == 0:
        parts.append(_("no line names the columns"))
    elif lines > 1:
        parts.append(_("%d lines name the columns") % lines)
    return ", ".join(parts)


def _padded(row: list[str], preview: Preview) -> list[str]:
    width = len(preview.header)
    return [cell[:200] for cell in (row + [""] * width)[:width]]


def _tried(
    found: Import, preview: Preview, document: dict[str, Any]
) -> tuple[Sample | None, EvidenceError | None]:
    try:
        return trial.tried(found, preview, document), None
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
