"""What figures need beside a run's score: counted once at the run's snapshot, and kept with it.

The job counts what most pages need for a run over all evidence; everything else, and all for a
filtered run, is counted when it is first looked at.
"""

from collections.abc import Callable
from typing import Any

from django.core.cache import cache

from evidence import snapshots
from evidence.breakdown import Breakdown, Span, break_down, span_of
from evidence.hours import Hours, count_hours
from evidence.lake import Cursor
from evidence.patience import Patience, count_patience
from evidence.question import Question
from evidence.scope import Scope
from evidence.wait_ends import WaitEnds, count_wait_ends
from painpoints.models import RunCounts, ScoringRun
from painpoints.parameters import question_of

BREAKDOWN = "breakdown"
HOURS = "hours"
PATIENCE = "patience"
WAIT_ENDS = "wait_ends"

SPAN_KEPT_S = 24 * 3600

Counter = Callable[[Cursor, Question, ScoringRun], Any]
# Kind → what counts it: plain JSON.
COUNTERS: dict[str, Counter] = {
    BREAKDOWN: lambda cursor, question, run: break_down(
        cursor, question, span_for(cursor, question, run)
    ).to_json(),
}
# Needed by the pages of waits only, so no scoring waits for them.
WHEN_LOOKED_AT: dict[str, Counter] = {
    HOURS: lambda cursor, question, run: count_hours(cursor, question).to_json(),
    PATIENCE: lambda cursor, question, run: count_patience(cursor, question).to_json(),
    WAIT_ENDS: lambda cursor, question, run: {
        code: found.to_json() for code, found in count_wait_ends(cursor, question).items()
    },
}


def counts_of(run: ScoringRun, kind: str) -> Any:
    """The run's counts of this kind; None where they were never counted and its rows are gone."""
    found = kept(run, kind)
    if found is None:
        count(run, kind)
        if _known(run)[kind] is None:  # unless another has counted it meanwhile
            del _known(run)[kind]
        found = kept(run, kind)
    return found


def kept(run: ScoringRun, *kinds: str) -> Any:
    """The document of the first of these kinds, or None; all that are kept are read at one go."""
    known = _known(run)
    missing = [kind for kind in kinds if kind not in known]
    if missing:
        documents = RunCounts.objects.filter(run=run, kind__in=missing)
        known |= dict.fromkeys(missing) | dict(documents.values_list("kind", "document"))
    return known.get(kinds[0])


def _known(run: ScoringRun) -> dict[str, Any]:
    """Kind → document as it was read, which never changes; None where there was none."""
    known: dict[str, Any] = run.__dict__.setdefault("_counted", {})
    return known


def keep(run: ScoringRun, kind: str, document: Any) -> None:
    """Once and for all: whoever counted the same meanwhile found the same."""
    RunCounts.objects.bulk_create(
        [RunCounts(run=run, kind=kind, document=document)], ignore_conflicts=True
    )
    _known(run)[kind] = document


def count(run: ScoringRun, *kinds: str) -> None:
    """Counts the kinds that are not kept yet, all at one go; nothing where the rows are gone."""
    kept = set(run.counts.values_list("kind", flat=True))
    missing = [kind for kind in kinds if kind not in kept]
    if not missing:
        return
    question = question_of(run.workspace_id, Scope.from_json(run.scope), run.parameters)
    counters = COUNTERS | WHEN_LOOKED_AT
    try:
        with snapshots.at(run.snapshot) as cursor:
            found = [
                RunCounts(run=run, kind=kind, document=counters[kind](cursor, question, run))
                for kind in missing
            ]
    except snapshots.SnapshotGone:
        return
    RunCounts.objects.bulk_create(found, ignore_conflicts=True)
    _known(run).update({one.kind: one.document for one in found})


def span_for(cursor: Cursor, question: Question, run: ScoringRun) -> Span | None:
    """The workspace's span of evidence, found once for all journeys scored at a snapshot."""
    scope = question.scope
    key = f"span:{run.workspace_id}:{run.snapshot}:{scope.since}:{scope.until}"
    found: Span | None = cache.get_or_set(key, lambda: span_of(cursor, question), SPAN_KEPT_S)
    return found


def breakdown_of(run: ScoringRun) -> Breakdown | None:
    """Painful experiences by segment, channel, unit and week; None where the rows are gone."""
    document = counts_of(run, BREAKDOWN)
    return Breakdown.from_json(document) if document is not None else None


def hours_of(run: ScoringRun) -> Hours | None:
    """The waits of each hour of the week; None where the rows are gone."""
    document = counts_of(run, HOURS)
    return Hours.from_json(document) if document is not None else None


def patience_of(run: ScoringRun) -> Patience | None:
    """How waits of each length ended, by segment; None where the rows are gone."""
    document = counts_of(run, PATIENCE)
    return Patience.from_json(document) if document is not None else None


def wait_ends_of(run: ScoringRun) -> dict[str, WaitEnds] | None:
    """Touchpoint's code → intervals of its waits' quantiles and mean; None: the rows are gone."""
    document = counts_of(run, WAIT_ENDS)
    if document is None:
        return None
    return {code: WaitEnds.from_json(found) for code, found in document.items()}
