"""What the landing page shows of the demo bank."""

from typing import Any

from django.core.cache import cache

from accounts.models import Workspace
from painpoints.models import ScoringRun
from painpoints.readings import newest_runs
from reports.board import Board, BoardStage, board_of
from reports.figures import words

KEPT_S = 600


def demo_figures(slug: str) -> list[dict[str, Any]]:
    """The demo's journeys, worst first, with the stages of the first; empty before it is filled."""
    workspace = Workspace.objects.filter(slug=slug).first()
    if workspace is None:
        return []
    key = f"demo-figures:{workspace.pk}:{workspace.evidence_revision}"
    found: list[dict[str, Any]] | None = cache.get(key)
    if not found:
        found = _figures(workspace)
        cache.set(key, found, KEPT_S)
    return found


def _figures(workspace: Workspace) -> list[dict[str, Any]]:
    figures = []
    runs = newest_runs(workspace)
    for journey in workspace.journeys.select_related("workspace"):
        run = runs.get(journey.pk)
        first = next((t for t in _lines(run) if t["rank"] == 1), None)
        if first is not None:
            figures.append(
                {
                    "name": journey.name,
                    "journey": journey,
                    "worst": first["name"],
                    "n": words.volume(first),
                    **{k: first[k] for k in ("severity", "severity_low", "severity_high")},
                }
            )
    figures.sort(key=lambda f: -f["severity"])
    for i, figure in enumerate(figures):
        journey = figure.pop("journey")
        figure["steps"] = _steps(board_of(journey), _lines(runs[journey.pk])) if i == 0 else []
    return figures


def _lines(run: ScoringRun | None) -> list[dict[str, Any]]:
    return ((run and run.result) or {}).get("touchpoints", [])


def _steps(board: Board, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The stages, for want of room; the touchpoint with most answers speaks for each."""
    felt = {line["code"]: line["emotion"] for line in lines if line["emotion"]}
    points = []
    for stage in board.stages:
        codes = {place.code for step in stage.steps for place in step.touchpoints}
        asked = [felt[code] for code in sorted(codes) if code in felt]
        told: dict[str, Any] = max(asked, key=lambda found: found["n"], default={})
        points.append(
            {
                "name": stage.name,
                "designed": _believed(board, stage),
                "measured": told.get("value"),
                **{key: told.get(key) for key in ("low", "high", "n")},
            }
        )
    return points


def _believed(board: Board, stage: BoardStage) -> float | None:
    """The mean over steps and personas: the miniature has room for one curve."""
    cards = [board.emotion_of(step, p.key) for step in stage.steps for p in board.personas]
    felt = [card.emotion for card in cards if card and card.emotion is not None]
    return sum(felt) / len(felt) if felt else None
