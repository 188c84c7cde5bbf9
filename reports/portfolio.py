"""The portfolio: every journey's health in a few numbers, from what is kept with its newest run.

A handful of queries however many journeys there are; filtering and sorting is done on what they
brought, so that both reach all journeys and not only those of a page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.cache import cache

from accounts.models import Workspace
from analytics.alerts import BETTER, WORSE
from evidence.models import Import
from jobs.models import ENDED, Job, Status
from journeys.models import Journey
from painpoints import shifts
from painpoints.against import documents_of, shift_between
from painpoints.glance import Glance, glances_of
from painpoints.models import Baseline, PainPoint, ScoringRun
from painpoints.readings import Scored, line_of, newest_runs
from painpoints.shifts import Shift
from reports.figures import words

KEPT_S = 24 * 3600
WORST_SHOWN = 5
OUTCOMES = (("nps", "signed"), ("csat", "percent"), ("ces", "percent"))


@dataclass(frozen=True)
class Row:
    """A journey with how it does; what is None is said on the page in words."""

    journey: Journey
    run: ScoringRun | None
    glance: Glance | None
    shift: Shift
    pain_points: int
    evidence_until: datetime | None
    is_stale: bool
    job: Job | None  # at work on a newer run, or could not make it
    compared: ScoringRun | None = None  # the baseline, where that is what `shift` is against

    @cached_property
    def outcome(self) -> dict[str, Any] | None:
        """Of NPS, CSAT, CES the first that was asked."""
        asked = self.glance.outcome if self.glance else {}
        for metric, fmt in OUTCOMES:
            if found := asked.get(metric):
                return {"name": words.METRICS[metric], "figure": metric, "fmt": fmt, **found}
        return None

    @property
    def worst(self) -> Mapping[str, Any] | None:
        return self.glance.worst if self.glance else None

    @property
    def total(self) -> Mapping[str, Any] | None:
        return self.glance.total if self.glance else None

    @property
    def is_being_scored(self) -> bool:
        return self.job is not None and self.job.status not in ENDED

    @property
    def has_failed(self) -> bool:
        return self.job is not None and self.job.status in (Status.FAILED, Status.CANCELLED)

    @cached_property
    def states(self) -> set[str]:
        """All that the filter on states may find it by."""
        found = {self.shift.holds} & {WORSE, BETTER}
        if not found:
            found = {"untold"} if self.shift.why or self.shift.shares_rows else {"steady"}
        if self.run is None:
            found = {"unscored"}
        elif self.glance and not self.glance.has_evidence:
            found = {"empty"}
        for name, holds in (
            ("stale", self.is_stale),
            ("scoring", self.is_being_scored),
            ("failed", self.has_failed),
        ):
            found |= {name} if holds else set()
        return found


@dataclass(frozen=True)
class Portfolio:
    rows: list[Row]
    worst: list[Scored]  # the pain points that weigh most
    imports: list[Import]
    has_evidence: bool
    being_counted: int  # journeys whose weeks are counted the next time somebody looks


def portfolio_of(workspace: Workspace, against: str = shifts.BEFORE) -> Portfolio:
    runs = newest_runs(workspace, light=True)
    glances = glances_of(runs.values())
    points = list(_points(workspace).values_list("pk", "journey_id", "touchpoint__code", "title"))
    pending, until = _pending(workspace), _evidence_until(workspace)
    moved = _against_baselines(workspace, runs) if against == shifts.BASELINE else {}
    open_points: dict[int, int] = {}
    for _pk, journey_id, _code, _title in points:
        open_points[journey_id] = open_points.get(journey_id, 0) + 1
    rows = []
    for journey in workspace.journeys.select_related("owner"):
        journey.workspace = workspace
        run = runs.get(journey.pk)
        glance = glances.get(run.pk) if run else None
        job = pending.get(journey.pk)
        rows.append(
            Row(
                journey=journey,
                run=run,
                glance=glance,
                shift=_shift(against, glance, moved.get(journey.pk)),
                compared=moved[journey.pk][0] if journey.pk in moved else None,
                pain_points=open_points.get(journey.pk, 0),
                evidence_until=_latest(until, journey, glance),
                is_stale=run is not None and run.evidence_revision != workspace.evidence_revision,
                job=job if job and _is_later(job, run) else None,
            )
        )
    imports = Import.objects.filter(workspace=workspace).standing().select_related("created_by")
    newest = list(imports.defer("codes", "journeys")[:WORST_SHOWN])
    return Portfolio(
        rows=rows,
        worst=_weightiest(workspace, points, runs, glances),
        imports=newest,
        has_evidence=bool(newest),
        being_counted=sum(row.run is not None and row.glance is None for row in rows),
    )


def _points(workspace: Workspace) -> Any:
    return PainPoint.objects.shown(workspace).unsolved().order_by()


def _pending(workspace: Workspace) -> dict[int, Job]:
    """Journey → the newest job that has not brought a run over all evidence."""
    waiting = (
        ScoringRun.objects.shown(workspace)
        .unfiltered()
        .filter(result__isnull=True, job__isnull=False)
        .select_related("job")
        .only("journey_id", "job")
        .order_by("journey_id", "-created_at")
        .distinct("journey_id")
    )
    return {run.journey_id: run.job for run in waiting if run.job is not None}


def _is_later(job: Job, run: ScoringRun | None) -> bool:
    """What was tried before the run that is shown is no news."""
    return run is None or job.status not in ENDED or job.created_at > run.asked_at


def _shift(
    against: str, glance: Glance | None, pair: tuple[ScoringRun, ScoringRun, Any] | None
) -> Shift:
    worst = glance.worst if glance else None
    if glance is None or worst is None:
        return Shift(why=shifts.NEITHER)
    if against != shifts.BASELINE:
        return glance.shift(against)
    if pair is None:
        return Shift(why=shifts.NONE_PINNED)
    then, now, document = pair
    if document is None:
        return Shift(why=shifts.IS_BASELINE)
    return shift_between(then, now, document, worst["code"])


def _against_baselines(
    workspace: Workspace, runs: Mapping[int, ScoringRun]
) -> dict[int, tuple[ScoringRun, ScoringRun, Any]]:
    """Journey → its baseline, its newest run, and how the two differ (None: they are one)."""
    pinned = Baseline.objects.filter(journey__workspace=workspace).select_related("run__workspace")
    pairs = [
        (one.run, runs[one.journey_id])
        for one in pinned.defer("run__result", "run__parameters")
        if one.journey_id in runs
    ]
    found = documents_of([(then, now) for then, now in pairs if then.pk != now.pk])
    return {now.journey_id: (then, now, found.get(now.pk)) for then, now in pairs}


def _evidence_until(workspace: Workspace) -> dict[str, dict[str, datetime]]:
    """The last moment that evidence tells of each journey and each raw code."""

    def read() -> dict[str, dict[str, datetime]]:
        found: dict[str, dict[str, datetime]] = {"journeys": {}, "codes": {}}
        imports = Import.objects.filter(workspace=workspace, last_at__isnull=False).standing()
        rows = imports.order_by("last_at").values_list("journeys", "codes", "last_at")
        for journeys, codes, last in rows.iterator():
            found["journeys"].update(dict.fromkeys(journeys, last))
            found["codes"].update(dict.fromkeys(codes, last))
        return found

    key = f"evidence-until:{workspace.pk}:{workspace.evidence_revision}"
    told: dict[str, dict[str, datetime]] | None = cache.get(key)
    if told is None:
        told = read()
        cache.set(key, told, KEPT_S)
    return told


def _latest(
    until: Mapping[str, Mapping[str, datetime]], journey: Journey, glance: Glance | None
) -> datetime | None:
    told = [until["journeys"].get(journey.slug)]
    told += [until["codes"].get(code) for code in (glance.codes if glance else [])]
    return max((moment for moment in told if moment), default=None)


def _weightiest(
    workspace: Workspace,
    points: list[tuple[int, int, str, str]],
    runs: Mapping[int, ScoringRun],
    glances: Mapping[int, Glance],
) -> list[Scored]:
    """Pain points and lines are read whole only of the few that are shown."""

    def burden(journey_id: int, code: str) -> float:
        run = runs.get(journey_id)
        glance = glances.get(run.pk) if run else None
        return (glance.place(code)[0] if glance else None) or 0.0

    by_weight = sorted(points, key=lambda p: (-burden(p[1], p[2]), p[3], p[0]))[:WORST_SHOWN]
    found = _points(workspace).select_related("journey__workspace", "touchpoint", "owner")
    shown = found.in_bulk([pk for pk, *_rest in by_weight])
    wanted = {runs[p[1]].pk for p in by_weight if p[1] in runs}
    read = ScoringRun.objects.filter(pk__in=wanted).select_related("workspace", "journey")
    whole = {run.journey_id: run for run in read.defer("parameters")}
    return [
        Scored(shown[pk], whole.get(journey_id), line_of(whole.get(journey_id), code))
        for pk, journey_id, code, _title in by_weight
        if pk in shown
    ]
