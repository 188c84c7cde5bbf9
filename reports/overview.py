"""The portfolio: each journey's state in a few values, and the worst pain points of all."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.models import Workspace
from evidence.models import Import
from journeys.models import Journey
from journeys.tree import Node
from painpoints.models import PainPoint, ScoringRun
from painpoints.readings import Scored, beside_scores, newest_runs
from reports.figures import words

WORST_SHOWN = 8
IMPORTS_SHOWN = 5


@dataclass(frozen=True)
class JourneyCard:
    journey: Journey
    run: ScoringRun | None
    outcome: dict[str, Any] | None  # of NPS, CSAT, CES the first that was asked
    worst: dict[str, Any] | None  # the line that ranks first
    worst_n: float
    pain_points: int
    evidence_until: datetime | None
    is_stale: bool


@dataclass(frozen=True)
class WorstPoint:
    scored: Scored
    n: float | None  # the experiences behind its touchpoint's score


@dataclass(frozen=True)
class Branch:
    """A journey with how it does, and those its steps open."""

    card: JourneyCard
    opens: list["Branch"]


@dataclass(frozen=True)
class Overview:
    cards: list[JourneyCard]
    worst: list[WorstPoint]
    imports: list[Import]
    has_evidence: bool


def overview_of(workspace: Workspace) -> Overview:
    """In five queries, however many journeys there are."""
    runs = newest_runs(workspace)
    points = list(_points(workspace))
    imports = list(
        Import.objects.filter(workspace=workspace).standing().select_related("created_by")
    )
    open_points: dict[int, int] = {}
    for point in points:
        open_points[point.journey_id] = open_points.get(point.journey_id, 0) + 1
    journeys = workspace.journeys.annotate(step_count=Count("steps"))
    return Overview(
        cards=[
            _card(j, runs.get(j.pk), open_points.get(j.pk, 0), imports, workspace)
            for j in journeys.select_related("workspace", "owner")
        ],
        worst=[
            WorstPoint(found, words.volume(found.line) if found.line else None)
            for found in beside_scores(points, runs)[:WORST_SHOWN]
        ],
        imports=imports[:IMPORTS_SHOWN],
        has_evidence=bool(imports),
    )


def branches_of(nodes: list[Node], cards: dict[int, JourneyCard]) -> list[Branch]:
    """A journey that was drawn between two reads has no card yet, and waits for the next look."""
    there = [node for node in nodes if node.journey.pk in cards]
    return [Branch(cards[n.journey.pk], branches_of(n.opens, cards)) for n in there]


def _points(workspace: Workspace) -> QuerySet[PainPoint]:
    points = PainPoint.objects.filter(workspace=workspace, journey__deleted_at=None).unsolved()
    return points.filter(~Q(journey=None)).select_related("journey", "touchpoint", "owner")


def _card(
    journey: Journey,
    run: ScoringRun | None,
    pain_points: int,
    imports: list[Import],
    workspace: Workspace,
) -> JourneyCard:
    result = (run and run.result) or {}
    worst = next((t for t in result.get("touchpoints", []) if t["rank"] == 1), None)
    return JourneyCard(
        journey=journey,
        run=run,
        outcome=_outcome(result.get("outcome") or {}),
        worst=worst,
        worst_n=words.volume(worst) if worst else 0,
        pain_points=pain_points,
        evidence_until=_evidence_until(journey, run, imports),
        is_stale=run is not None and run.evidence_revision != workspace.evidence_revision,
    )


def _outcome(found: dict[str, Any]) -> dict[str, Any] | None:
    formats = {"nps": "signed", "csat": "percent", "ces": "percent"}
    for metric, fmt in formats.items():
        if found.get(metric):
            name = words.METRICS[metric]
            return {"name": name, "figure": metric, "fmt": fmt, **found[metric]}
    return None


def _evidence_until(
    journey: Journey, run: ScoringRun | None, imports: list[Import]
) -> datetime | None:
    """The last moment that any import tells of this journey or its touchpoints."""
    if run is None:
        return None
    codes = {code for t in run.parameters["touchpoints"] for code in t["codes"]}
    return max(
        (
            i.last_at
            for i in imports
            if i.last_at and (journey.slug in i.journeys or not codes.isdisjoint(i.codes))
        ),
        default=None,
    )
