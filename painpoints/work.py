"""The work of a scoring job: read the evidence at one snapshot, score, store, record findings."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evidence.breakdown import Breakdown, break_down, break_down_all, span_of
from evidence.copying import COMMENTS, IN_MEMORY, copy_rows, empty_in
from evidence.heard import themes
from evidence.measures import Measures, measure, measure_all
from evidence.pinning import pinned
from evidence.scope import Scope
from jobs.actions import JobError, Running, register
from painpoints.actions import SCORE
from painpoints.alerts import tell_of
from painpoints.counts import BREAKDOWN, COUNTERS, count, span_for
from painpoints.counts import keep as keep_count
from painpoints.findings import record_findings
from painpoints.glance import is_dated, keep
from painpoints.live import announce_figures
from painpoints.models import ScoringRun
from painpoints.parameters import question_of
from painpoints.scoring import result_of
from painpoints.told import Told
from painpoints.told import keep as keep_told
from painpoints.vocabulary import named_by_evidence
from touchpoints.models import Touchpoint

# Four kinds of evidence, and what figures need besides.
STEPS = 6


@register(SCORE)
def score(running: Running) -> None:
    """Scores the run named by the job, then counts for its figures; never the same thing twice."""
    run = (
        ScoringRun.objects.select_related("workspace", "journey")
        .filter(pk=running.arguments["run"])
        .first()
    )
    if run is None:
        raise JobError(_("The run was deleted before its turn came; score the journey again."))
    if run.result is None:
        score_run(run, running)
    if run.is_whole:
        running.progress(STEPS - 1, STEPS, message=_("Counting by segment, unit and week"))
        count(run, *COUNTERS)
        keep(run)
        tell_of(run)
        named_by_evidence(run.workspace)  # before somebody's first look has to
    running.progress(STEPS, STEPS, message=_("Scored"))
    announce_figures(workspace_id=run.workspace_id)


def score_run(run: ScoringRun, running: Running) -> None:
    question = question_of(run.workspace_id, Scope.from_json(run.scope), run.parameters)

    def progress(done: int, total: int) -> None:
        # Somebody waits for a filter: writing how far it is would take as long as the work.
        if run.is_whole:
            running.progress(done, STEPS, unit=_("steps"), message=_("Counting the evidence"))
        else:
            running.check()

    with pinned(run.workspace_id, running.check) as seen:
        run.snapshot, run.evidence_revision = seen.snapshot, seen.revision
        _claim_revision(run)
        rows = copy_rows(seen, IN_MEMORY, question, COMMENTS) if run.is_whole else None
        measures = measure(seen.cursor, question, progress, empty_in(rows or {}))
        told = themes(seen.cursor, question) if run.is_whole else {}
        weeks = None
        if rows is not None:  # where there are more, it is counted when the scores are stored
            weeks = break_down(seen.cursor, question, span_of(seen.cursor, question))
    result = result_for(run, measures)
    running.check()
    _store(run, result, told, weeks)


# What a run's result is made of, and its weeks; None where lists do not tell of them.
Counted = tuple[Measures, Breakdown | None]


def count_together(runs: Sequence[ScoringRun], running: Running) -> list[Counted]:
    """What filtered runs of a workspace count, at one snapshot, in one pass for each scope."""
    alike: dict[str, list[int]] = {}
    questions = []
    for i, run in enumerate(runs):
        question = question_of(run.workspace_id, Scope.from_json(run.scope), run.parameters)
        questions.append(question)
        # Runs of one scope differ in more only where settings were changed between them.
        alike.setdefault(repr(replace(question, journey="", places=())), []).append(i)
    counted: dict[int, Counted] = {}
    with pinned(runs[0].workspace_id, running.check) as seen:
        for run in runs:
            run.snapshot, run.evidence_revision = seen.snapshot, seen.revision
        for places in alike.values():
            first, asked = runs[places[0]], [questions[i] for i in places]
            found = measure_all(seen.cursor, asked, lambda *_steps: running.check())
            weeks: Sequence[Breakdown | None] = [None] * len(asked)
            if not is_dated(first):
                span = span_for(seen.cursor, asked[0], first)
                weeks = break_down_all(seen.cursor, asked, span)
            counted |= dict(zip(places, zip(found, weeks, strict=True), strict=True))
    return [counted[i] for i in range(len(runs))]


def store_filtered(run: ScoringRun, counted: Counted) -> None:
    """The run with its result, at the snapshot and revision at which it was counted."""
    measures, weeks = counted
    run.result = result_for(run, measures)
    run.finished_at = timezone.now()
    _claim_revision(run, "result", "finished_at")
    if weeks is not None:
        keep_count(run, BREAKDOWN, weeks.to_json())


def result_for(run: ScoringRun, measures: Measures) -> dict[str, Any]:
    """What a run of this scope at this snapshot stores."""
    places = Touchpoint.objects.filter(
        workspace=run.workspace, code__in=[t["code"] for t in run.parameters["touchpoints"]]
    )
    names = dict(places.values_list("code", "name"))
    result = result_of(measures, run.parameters, names)
    return {"scope": run.scope, "snapshot": run.snapshot, **result}


def _claim_revision(run: ScoringRun, *fields: str) -> None:
    """The evidence may be newer than when the run was asked for. `fields` are stored with it."""
    try:
        with transaction.atomic():
            run.save(update_fields=["evidence_revision", "snapshot", *fields])
    except IntegrityError:
        raise JobError(
            _("The evidence changed meanwhile, and a newer run answers the same question.")
        ) from None


@transaction.atomic
def _store(
    run: ScoringRun, result: dict[str, object], told: Told, weeks: Breakdown | None = None
) -> None:
    run.result = result
    run.finished_at = timezone.now()
    run.save(update_fields=["result", "finished_at"])
    if run.is_whole:
        keep_told(run, told)
        if weeks is not None:
            keep_count(run, BREAKDOWN, weeks.to_json())
        if not _is_overtaken(run):
            record_findings(run=run, told=told)


def _is_overtaken(run: ScoringRun) -> bool:
    """A run on later evidence was done first; what this one finds is old news."""
    whole = ScoringRun.objects.filter(journey=run.journey).done().unfiltered()
    return whole.filter(evidence_revision__gt=run.evidence_revision).exists()
