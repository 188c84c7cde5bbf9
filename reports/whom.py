"""Whom a journey hurts: the map of severities by a dimension, and the orders that turn round."""

from collections.abc import Callable
from typing import Any

from evidence.scope import FILTERS, Scope
from journeys.models import Journey
from painpoints.models import ScoringRun
from painpoints.reversals import reversals_of
from painpoints.stages import staged
from painpoints.vocabulary import names_of
from painpoints.whom import whom
from reports.figures.segments import segments
from reports.figures.sheet import Figure
from reports.figures.turned import turned
from reports.sources import source_of


def segments_of(
    dimension: str, links: Callable[[str, str], str] | None = None
) -> Callable[[Journey, Scope, ScoringRun], list[Figure] | None]:
    """Makes the map of a run by this dimension; None where the rows behind the run are gone."""

    def made(journey: Journey, scope: Scope, run: ScoringRun) -> list[Figure] | None:
        lines = (run.result or {}).get("touchpoints", [])
        found = whom(run, dimension)
        if found is None:
            return None
        if not lines or not found.values or found.is_too_many:
            return []
        names = names_of(journey.workspace)[FILTERS[dimension]]
        return [segments(lines, found, names, source_of(journey, scope, run), links)]

    return made


def stages_of(
    dimension: str, links: Callable[[str, str], str] | None = None
) -> Callable[[Journey, Scope, ScoringRun], list[Figure] | None]:
    """The same with a line for each stage of the map."""

    def made(journey: Journey, scope: Scope, run: ScoringRun) -> list[Figure] | None:
        told = staged(run, dimension)
        if told is None:
            return None
        if not told.lines or not told.found.values or told.found.is_too_many:
            return []
        names = names_of(journey.workspace)[FILTERS[dimension]]
        source = source_of(journey, scope, run)
        return [segments(told.lines, told.found, names, source, links, of_stages=True)]

    return made


def turned_of(run: ScoringRun | None, dimension: str = "") -> dict[str, Any] | None:
    """The warning that orders turn round, within this dimension or any; nothing to warn: None."""
    reversals = reversals_of(run) if run else None
    if run is None or reversals is None:
        return None
    asked = [name for name in reversals.foremost if dimension in ("", name)]
    found = [one for name in asked for one in reversals.foremost[name]]
    if not found:
        return None
    found.sort(key=lambda one: (one.family is not None, not one.everywhere))
    places = {line["code"]: line["name"] for line in (run.result or {})["touchpoints"]}
    known = names_of(run.workspace)
    names = {name: known[field] for name, field in FILTERS.items()}
    return turned(found, sum(reversals.counts[name] for name in asked), places, names)
