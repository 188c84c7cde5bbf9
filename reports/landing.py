"""What the landing page shows of the demo bank."""

from typing import Any

from django.core.cache import cache

from accounts.models import Workspace
from painpoints.models import ScoringRun
from painpoints.readings import newest_runs
from reports.board import Board, BoardStep, board_of
from reports.figures import words

KEPT_S = 600


def demo_figures(slug: str) -> list[dict[str, Any]]:
    """The demo's journeys, worst first, with the steps of the first; empty before it is filled."""
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
    """The steps with a touchpoint; of several, the one with most answers speaks for the step."""
    felt = {line["code"]: line["emotion"] for line in lines if line["emotion"]}
    steps = []
    for step in board.steps:
        asked = [felt[place.code] for place in step.touchpoints if place.code in felt]
        if step.touchpoints:
            told = max(asked, key=lambda found: found["n"], default=None)
            steps.append({"name": step.name, "designed": _believed(board, step), **_told(told)})
    return steps


def _told(found: dict[str, Any] | None) -> dict[str, Any]:
    told = found or {}
    return {"measured": told.get("value"), **{k: told.get(k) for k in ("low", "high", "n")}}


def _believed(board: Board, step: BoardStep) -> float | None:
    """The mean over personas: the miniature has room for one curve."""
    cards = [board.emotion_of(step, persona.key) for persona in board.personas]
    felt = [card.emotion for card in cards if card and card.emotion is not None]
    return sum(felt) / len(felt) if felt else None
