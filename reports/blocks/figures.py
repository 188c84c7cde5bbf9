"""The figures of a block, from the same functions that draw them on a journey's pages."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from evidence.scope import Scope
from journeys.models import Journey
from painpoints.counts import breakdown_of
from painpoints.models import ScoringRun
from painpoints.outliers import units_of
from reports import change as periods
from reports import gallery
from reports.blocks.kinds import FIGURE, MAP, RANKING, Block
from reports.blocks.runs import Runs
from reports.change import Comparison
from reports.figures.change import differences
from reports.figures.drivers import drivers
from reports.figures.drivers_records import refusal
from reports.figures.ranking import ranking
from reports.figures.sheet import Figure
from reports.figures.units_list import units_list
from reports.sources import source_of
from reports.units import all_lines, cast_of

COMING = "coming"
Found = tuple[list[Figure], str]  # the figures, or why there are none


def scope_for(block: Block, scope: Scope) -> Scope:
    """Change reads all weeks: the period only says which of them are compared."""
    if block.kind == FIGURE and block.name == "change":
        return replace(scope, since=None, until=None)
    return scope


def found(
    block: Block, journey: Journey, scope: Scope, run: ScoringRun | None, runs: Runs
) -> Found:
    if block.kind == MAP:
        return [gallery.map_of(journey, scope, run)], ""
    assert run is not None
    if block.kind == RANKING:
        return _told(_ranking(journey, scope, run, block.most))
    own = {"change": _change, "drivers": _drivers, "units": _units}
    if block.name in own:
        return own[block.name](journey, scope, run, runs)
    figures = gallery.FIGURES[block.name](journey, scope, run)
    if figures is None:
        return [], _gone()
    return _told(figures[: block.most] if block.most else figures)


def _told(figures: list[Figure]) -> Found:
    why = _("There is no evidence of this kind in this scope.")
    return (figures, "") if figures else ([], why)


def _gone() -> str:
    return _("The rows behind this run are gone; score the journey again to see it.")


def _ranking(journey: Journey, scope: Scope, run: ScoringRun, most: int) -> list[Figure]:
    lines = (run.result or {}).get("touchpoints", [])
    if not lines:
        return []
    source = source_of(journey, scope, run)
    whole = ranking(run.result or {}, source)
    if not most or most >= len(lines):
        return [whole]
    first = ranking({**(run.result or {}), "touchpoints": lines[:most]}, source)
    told = _("The first %(n)s of %(all)s.") % {"n": most, "all": len(lines)}
    return [replace(first, n=whole.n, aria=whole.aria, definition=f"{told} {whole.definition}")]


def compared(journey: Journey, scope: Scope, run: ScoringRun) -> Comparison | None:
    """The scope's period (else the last four weeks) with the time before it."""
    breakdown = breakdown_of(run)
    if breakdown is None or run.result is None:
        return None
    names = {line["code"]: line["name"] for line in run.result["touchpoints"]}
    length = periods.PERIOD if scope.since or scope.until else "4"
    asked = periods.Asked(length, periods.BEFORE)
    return periods.compared(run, breakdown, asked, scope, names)


def _change(journey: Journey, scope: Scope, run: ScoringRun, runs: Runs) -> Found:
    comparison = compared(journey, scope, run)
    if comparison is None:
        return [], _gone()
    if not comparison.lines:
        return [], comparison.why
    undated = replace(scope, since=None, until=None)
    figure = differences(comparison, source_of(journey, undated, run))
    now, before = comparison.said(comparison.now), comparison.said(comparison.before)
    told = _("%(now)s, compared with %(before)s.") % {"now": now, "before": before}
    return [replace(figure, definition=f"{told} {figure.definition}")], ""


def _drivers(journey: Journey, scope: Scope, run: ScoringRun, runs: Runs) -> Found:
    outcome: dict[str, Any] = dict((run.result or {}).get("outcome") or {})
    if not any(outcome.values()):
        return [], _("Nobody was asked about the journey as a whole, so nothing can drive that.")
    kept = runs.drivers_of(run)
    if kept is None:
        return [], COMING
    method = "weights"
    told = [one for one in kept["outcomes"] if "refused" not in one["methods"][method]]
    if told:
        names = {line["code"]: line["name"] for line in (run.result or {})["touchpoints"]}
        return [drivers(told[0], method, names, source_of(journey, scope, run))], ""
    if kept["outcomes"]:
        return [], " ".join(refusal(kept["outcomes"][0]["methods"][method]))
    return [], _("Nobody was asked about the journey as a whole, so nothing can drive that.")


def _units(journey: Journey, scope: Scope, run: ScoringRun, runs: Runs) -> Found:
    found = units_of(run)
    if found is None:
        return [], _gone()
    if not found.places:
        return [], _("No evidence here names a unit.")
    lines = all_lines(found, cast_of(journey, run))
    return [units_list(lines, found, source_of(journey, scope, run))], ""
