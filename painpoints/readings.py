"""Reads for pages: pain points beside the newest scores of their touchpoints."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import Workspace
from evidence.scope import Scope
from painpoints.models import PainPoint, ScoringRun
from painpoints.parameters import key_of, parameters_of

Line = dict[str, Any]


@dataclass(frozen=True)
class Scored:
    """A pain point, the newest run over all its journey's evidence, and its touchpoint's line."""

    point: PainPoint
    run: ScoringRun | None
    line: Line | None

    @property
    def is_found_now(self) -> bool:
        return self.run is not None and self.point.last_run_id == self.run.pk


@dataclass(frozen=True)
class Freshness:
    """What happened since a run was made."""

    new_evidence: bool
    new_settings: bool

    @property
    def is_stale(self) -> bool:
        return self.new_evidence or self.new_settings


def newest_runs(workspace: Workspace, *, light: bool = False) -> dict[int, ScoringRun]:
    """Journey → its newest finished run over all evidence.

    `light` leaves out what is large, for lists of many journeys (glance.py).
    """
    runs = (
        ScoringRun.objects.shown(workspace)
        .done()
        .unfiltered()
        .select_related("workspace", "journey")
        .order_by("journey_id", "-evidence_revision", "-asked_at", "-finished_at")
        .distinct("journey_id")
    )
    if not light:
        return {run.journey_id: run for run in runs}
    found = {}
    for run in runs.select_related(None).select_related("journey").defer("result", "parameters"):
        run.workspace = run.journey.workspace = workspace
        found[run.journey_id] = run
    return found


def runs_beside(run: ScoringRun) -> dict[int, ScoringRun]:
    """Journey → its newest run in the scope of this one."""
    if run.is_whole:
        return newest_runs(run.workspace)
    runs = ScoringRun.objects.shown(run.workspace).done().filter(is_whole=False, scope=run.scope)
    newest = runs.order_by("journey_id", "-evidence_revision", "-asked_at").distinct("journey_id")
    return {one.journey_id: one for one in newest}


def newest_run(journey_id: int) -> ScoringRun | None:
    """One journey's newest finished run over all evidence, as `newest_runs` tells it."""
    runs = ScoringRun.objects.filter(journey=journey_id, journey__deleted_at=None)
    ordered = runs.done().unfiltered().order_by("-evidence_revision", "-asked_at", "-finished_at")
    found = ordered.select_related("workspace__scoring_settings", "journey").first()
    if found is not None:
        found.journey.workspace = found.workspace
    return found


def line_of(run: ScoringRun | None, code: str) -> Line | None:
    """The touchpoint's line in the run's result."""
    touchpoints = (run.result or {}).get("touchpoints", []) if run else []
    return next((line for line in touchpoints if line["code"] == code), None)


def beside_scores(points: Iterable[PainPoint], runs: dict[int, ScoringRun]) -> list[Scored]:
    """Worst first: unsolved before closed, then by burden; those without a score last."""
    found = []
    for point in points:
        run = runs.get(point.journey_id)
        found.append(Scored(point, run, line_of(run, point.touchpoint.code)))
    return sorted(found, key=_place)


def freshness(run: ScoringRun) -> Freshness:
    key = key_of(Scope.from_json(run.scope), parameters_of(run.journey))
    return Freshness(
        new_evidence=run.evidence_revision != run.workspace.evidence_revision,
        new_settings=run.key != key,
    )


def _place(scored: Scored) -> tuple[bool, float, str]:
    burden = scored.line["burden"] if scored.line else None
    return scored.point.is_closed, -(burden or 0.0), scored.point.title


def volume(line: Mapping[str, Any]) -> float:
    """The largest n behind a touchpoint's score."""
    return max((family["n"] for family in line["families"].values()), default=0)
