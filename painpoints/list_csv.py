"""The list of pain points as a CSV file: every number with its interval and n."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from accounts.csv_cells import BOM, cell
from accounts.models import Workspace
from analytics.severity import FAMILIES
from painpoints.listing import Entry, Listing
from painpoints.readings import volume

STORED = (
    "rank", "rank_low", "rank_high", "band", "severity", "severity_low", "severity_high",
    "burden", "burden_low", "burden_high", "reach", "too_little_evidence",
)  # fmt: skip
FAMILY = ("x", "n", "rate", "low", "high", "share")
CHANGE = ("difference", "low", "high")
FIELDS = (
    "painpoint", "title", "journey", "touchpoint", "name", "type", "cause", "owner", "status",
    "found_at", "origin", "run", "snapshot", "formula", *STORED, "n",
    *(f"{family}_{name}" for family in FAMILIES for name in FAMILY),
    *(f"change_{name}" for name in CHANGE), "change_p_worse", "change_holds", "change_n_then",
    "change_n_now", "change_now", "change_then", "change_why_not",
)  # fmt: skip


def csv_of(workspace: Workspace, listing: Listing, entries: list[Entry]) -> HttpResponse:
    out = io.StringIO()
    writer = csv.writer(out)
    for label, value in _facts(workspace, listing):
        writer.writerow([f"# {label}", cell(value)])
    writer.writerow(FIELDS)
    for entry in entries:
        writer.writerow([cell(value) for value in _values(entry)])
    response = HttpResponse(BOM + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{workspace.slug}-painpoints.csv"'
    return response


def _facts(workspace: Workspace, listing: Listing) -> Iterator[tuple[str, Any]]:
    asked = listing.asked
    yield "workspace", workspace.name
    yield "scope", asked.scope.describe()
    for name in ("journeys", "stages", "types", "causes", "owners", "statuses"):
        if chosen := getattr(asked, name):
            yield name, ", ".join(chosen)
    yield "change against", asked.against
    yield "evidence revision", workspace.evidence_revision
    yield "made at", timezone.now()
    yield "intervals", "90%"


def record_of(entry: Entry) -> dict[str, Any]:
    """The same for programs: the field's name and its exact value."""
    return dict(zip(FIELDS, _values(entry), strict=True))


def _values(entry: Entry) -> Iterator[Any]:
    point, run, line = entry.point, entry.run, entry.line or {}
    yield from (point.pk, str(point), point.journey.slug, point.touchpoint.code)
    yield from (point.touchpoint.name, point.type, point.cause, str(point.owner or ""))
    yield from (point.status, point.created_at, point.origin)
    yield from (run.pk, run.snapshot, run.formula) if run else (None, None, None)
    yield from (line.get(name) for name in STORED)
    yield volume(line) if line else None
    for family in FAMILIES:
        found = line.get("families", {}).get(family, {})
        yield from (found.get(name) for name in FAMILY)
    shift = entry.shift
    # Of runs that read the same rows neither an interval nor a chance can be told.
    told = () if shift.why else ("difference",) if shift.shares_rows else CHANGE
    yield from (getattr(shift, name) if name in told else None for name in CHANGE)
    if shift.why:
        yield from (None, None, None, None, None, None, shift.reason)
    else:
        yield from (shift.chance, shift.holds, shift.n_then, shift.n_now, shift.now, shift.then)
        yield "both runs read the same rows" if shift.shares_rows else None
