"""The comparison of two runs as a CSV file, with where its numbers come from on top."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from accounts.csv_cells import BOM, cell
from evidence.scope import Scope
from painpoints.comparing import Comparison, Row
from painpoints.models import ScoringRun
from painpoints.readings import volume

STORED = (
    "rank", "rank_low", "rank_high", "severity", "severity_low", "severity_high",
    "burden", "burden_low", "burden_high", "too_little_evidence",
)  # fmt: skip
CHANGE = ("difference", "difference_low", "difference_high", "p_worse")
FIELDS = (
    "touchpoint", "name",
    *(f"{name}_{when}" for when in ("then", "now") for name in (*STORED, "n")),
    "compared_families", *CHANGE, "verdict", "difference_same_settings",
)  # fmt: skip


def csv_of(found: Comparison) -> HttpResponse:
    out = io.StringIO()
    writer = csv.writer(out)
    for label, value in _facts(found):
        writer.writerow([f"# {label}", cell(value)])
    writer.writerow(FIELDS)
    for row in found.rows:
        writer.writerow([cell(value) for value in _values(row, found)])
    response = HttpResponse(BOM + out.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"{found.now.journey.slug}-runs-{found.then.pk}-{found.now.pk}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _facts(found: Comparison) -> Iterator[tuple[str, Any]]:
    yield "workspace", found.now.workspace.name
    yield "journey", found.now.journey.name
    for when, run in (("then", found.then), ("now", found.now)):
        yield from ((f"{when}: {label}", value) for label, value in _run_facts(run))
    yield "same rows in both", found.share_rows
    yield "made at", timezone.now()
    for difference in (*found.asked, *found.settings):
        yield f"differs: {difference.what}", f"{difference.then} → {difference.now}"


def _run_facts(run: ScoringRun) -> Iterator[tuple[str, Any]]:
    yield "run", run.pk
    yield "scope", Scope.from_json(run.scope).describe()
    yield "formula", run.formula
    yield "evidence revision", run.evidence_revision
    yield "snapshot", run.snapshot
    yield "scored at", run.finished_at


def _values(row: Row, found: Comparison) -> Iterator[Any]:
    yield from (row.code, row.name)
    for line in (row.then, row.now):
        yield from ((line or {}).get(name) for name in STORED)
        yield volume(line) if line else None
    change = row.change
    yield "+".join(change.families) if change else None
    # Of runs that read the same rows neither an interval nor a chance can be told.
    told = ("difference",) if found.share_rows else CHANGE
    yield from (getattr(change, name) if change and name in told else None for name in CHANGE)
    yield None if found.share_rows else row.verdict
    yield row.same.difference if row.same else None
