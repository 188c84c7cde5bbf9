"""The figures of a journey by their names: for pages and for downloads."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from accounts.models import User
from evidence.scope import Scope
from journeys.models import Journey
from painpoints.counts import wait_ends_of
from painpoints.models import ScoringRun
from painpoints.whom import DIMENSIONS
from reports.board import kept_board
from reports.figures.journey_map import journey_map
from reports.figures.ranking import ranking
from reports.figures.sheet import PARTS, Figure
from reports.figures.waiting import waiting
from reports.promised import lines_of
from reports.reading import Reading
from reports.sources import source_of
from reports.waits import bins_of
from reports.whom import segments_of, stages_of


def figures_of(name: str, journey: Journey, reading: Reading, persona: str = "") -> list[Figure]:
    """The drawings of one page, see FIGURES; none before there is a run.

    With the key of a persona, the map holds only what concerns them.
    """
    if name == "map":
        return [map_of(journey, reading.scope, reading.run, persona)]
    if reading.run is None:
        return []
    return FIGURES[name](journey, reading.scope, reading.run) or []


def map_of(
    journey: Journey,
    scope: Scope,
    run: ScoringRun | None,
    persona: str = "",
    parts: Collection[str] = PARTS,
) -> Figure:
    result = {**run.result, "touchpoints": lines_of(run)} if run and run.result else None
    board = kept_board(journey)
    if any(each.key == persona for each in board.personas):
        board = board.seen_by(persona)
    return journey_map(board, result, source_of(journey, scope, run), parts)


def ranking_of(
    journey: Journey, scope: Scope, run: ScoringRun, parts: Collection[str] = PARTS
) -> list[Figure]:
    if not run.result or not run.result["touchpoints"]:
        return []
    return [ranking(run.result, source_of(journey, scope, run), parts)]


def waiting_of(journey: Journey, scope: Scope, run: ScoringRun) -> list[Figure] | None:
    """Worst kept promises first; None where the rows are no longer those of the run."""
    bins = bins_of(run)
    if bins is None or run.result is None:
        return None
    source = source_of(journey, scope, run)
    lines = [line for line in lines_of(run) if line["code"] in bins]
    lines.sort(key=_promise_kept)
    ends = wait_ends_of(run) or {}
    return [waiting(line, bins[line["code"]], source, ends.get(line["code"])) for line in lines]


def _promise_kept(line: Mapping[str, Any]) -> tuple[bool, float, str]:
    level = line["waits"].get("service_level")
    return level is None, level or 0.0, line["code"]


def user_of(user: object) -> User:
    assert isinstance(user, User)
    return user


# The name of a page → its figures, from the journey, the scope and the run.
FIGURES: dict[str, Callable[[Journey, Scope, Any], list[Figure] | None]] = {
    "map": lambda journey, scope, run: [map_of(journey, scope, run)],
    "ranking": ranking_of,
    "waiting": waiting_of,
    **{f"by-{dimension}": segments_of(dimension) for dimension in DIMENSIONS},
    **{f"stages-{dimension}": stages_of(dimension) for dimension in DIMENSIONS},
}
