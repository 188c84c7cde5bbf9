"""How severities shifted between two runs of a journey: against its baseline, or of two periods.

The same numbers as the page that compares the two runs, kept with the later run.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.filter_bar import day, period_label
from painpoints.comparing import Row, compared
from painpoints.models import RunCounts, ScoringRun
from painpoints.shifts import FEW, NOT_BEFORE, NOT_NOW, Shift, shift_in

Pair = tuple[ScoringRun, ScoringRun]  # then, now; of one journey


def kind_of(then: ScoringRun) -> str:
    return f"vs/{then.pk}"


def documents_of(pairs: Iterable[Pair]) -> dict[int, Mapping[str, Any]]:
    """The later run → code → shift, in one query where they are kept.

    The runs' results are read only where a pair was never compared.
    """
    pairs = list(pairs)
    wanted = {(now.pk, kind_of(then)) for then, now in pairs}
    kept = RunCounts.objects.filter(
        run__in=[now for _then, now in pairs], kind__in={kind for _pk, kind in wanted}
    )
    found = {
        pk: document
        for pk, kind, document in kept.values_list("run_id", "kind", "document")
        if (pk, kind) in wanted
    }
    for then, now in pairs:
        if now.pk not in found:
            found[now.pk] = _keep(then, now)
    return found


def shift_between(
    then: ScoringRun, now: ScoringRun, document: Mapping[str, Any], code: str
) -> Shift:
    """One touchpoint's, with both periods in words."""
    shift = shift_in({**document, "now": said(now), "then": said(then)}, code)
    if not document["shared"] or not shift.is_told:
        return shift
    return replace(shift, shares_rows=True, p_worse=None, holds="")


def said(run: ScoringRun) -> str:
    """A run's period, or of all evidence the day on which it was scored."""
    days = [date.fromisoformat(run.scope[name]) if run.scope[name] else None
            for name in ("since", "until")]  # fmt: skip
    period = period_label(*days)
    made = (run.finished_at or run.created_at).astimezone(run.workspace.zone).date()
    return period or _("all evidence of %(day)s") % {"day": day(made)}


def _keep(then: ScoringRun, now: ScoringRun) -> dict[str, Any]:
    comparison = compared(then, now)
    document = {
        "shared": comparison.share_rows,
        "lines": {row.code: _line(row) for row in comparison.rows},
    }
    RunCounts.objects.bulk_create(
        [RunCounts(run=now, kind=kind_of(then), document=document)], ignore_conflicts=True
    )
    return document


def _line(row: Row) -> dict[str, Any]:
    if row.change is None:
        seen = [line is not None and bool(line["families"]) for line in (row.then, row.now)]
        return {"why": FEW if all(seen) else NOT_NOW if seen[0] else NOT_BEFORE}
    assert row.then is not None and row.now is not None
    change = row.change
    return {
        "difference": change.difference,
        "low": change.difference_low,
        "high": change.difference_high,
        "p_worse": change.p_worse,
        "holds": row.verdict,
        "n_then": max(row.then["families"][f]["n"] for f in change.families),
        "n_now": max(row.now["families"][f]["n"] for f in change.families),
    }
