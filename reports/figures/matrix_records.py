"""The opportunity matrix in words: its table, its records, and the sentence it says."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import wording
from analytics.opportunity import Estimate
from painpoints.readings import volume
from reports.figures import words
from reports.matrix import Row

ESTIMATES = ("burden", "severity", "value", "first", "rice", "importance", "satisfaction",
             "opportunity")  # fmt: skip
FIELDS = (
    "number", "painpoint", "title", "journey", "touchpoint", "status", "type", "cause", "owner",
    "n", "customers", "effort_days", "business_value",
    *(f"{name}{end}" for name in ESTIMATES for end in ("", "_low", "_high")),
    "linked_n", "satisfaction_n", "why_not",
)  # fmt: skip
DIGITS = {"burden": 0, "value": 1, "first": 1, "rice": 0, "opportunity": 1}


def aria(rows: Sequence[Row]) -> str:
    """What to mend first, in a sentence or two."""
    known = [row for row in rows if row.burden]
    if not known:
        return _("No pain point of these has been scored yet.")
    worst = max(known, key=lambda row: row.burden.value if row.burden else 0)
    said = [
        _("Heaviest: %(name)s, %(burden)s painful passages per 1,000 customers.")
        % {"name": worst.point, "burden": words.burden_text(worst.line or {})}
    ]
    ready = [row for row in known if row.first]
    if ready:
        first = max(ready, key=lambda row: row.first.value if row.first else 0)
        days = first.point.effort_days or 0
        said.append(
            ngettext(
                "Most value for its effort: %(name)s, for %(days)s person-day.",
                "Most value for its effort: %(name)s, for %(days)s person-days.",
                days,
            )
            % {"name": first.point, "days": wording.number(days)}
        )
    without = sum(row.point.effort_days is None for row in known)
    if without:
        said.append(
            ngettext(
                "For %(n)s pain point nobody has estimated the effort yet.",
                "For %(n)s pain points nobody has estimated the effort yet.",
                without,
            )
            % {"n": wording.number(without)}
        )
    return " ".join(said)


def estimate_text(estimate: Estimate | None, digits: int = 0) -> str:
    """6.4 (5.1–7.7)."""
    if estimate is None:
        return wording.NO_VALUE
    value, low, high = (
        wording.number(end, digits) for end in (estimate.value, estimate.low, estimate.high)
    )
    return f"{value} ({low}–{high})"


def records_of(rows: Sequence[Row]) -> list[dict[str, Any]]:
    records = []
    for number, row in enumerate(rows, 1):
        point = row.point
        record: dict[str, Any] = {
            "number": number,
            "painpoint": point.pk,
            "title": str(point),
            "journey": point.journey.slug,
            "touchpoint": point.touchpoint.code,
            "status": point.status,
            "type": point.type,
            "cause": point.cause,
            "owner": str(point.owner or ""),
            "n": volume(row.line) if row.line else None,
            "customers": row.customers,
            "effort_days": point.effort_days,
            "business_value": point.business_value,
            "linked_n": row.linked_n,
            "satisfaction_n": row.satisfaction_n,
            "why_not": "; ".join(f"{name}: {why}" for name, why in row.why.items()),
        }
        for name in ESTIMATES:
            found: Estimate | None = getattr(row, name)
            if found is not None:
                record |= {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
        records.append(record)
    return records
