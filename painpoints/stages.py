"""Whom a journey's stages hurt: the counts of each stage's touchpoints put together.

A stage is counted from what is kept with the run: nothing is read again. Its rates are those of all
experiences at its touchpoints; a touchpoint of two stages counts in both. Stages are those of the
map as it is now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from django.core.cache import cache

from analytics.cells import Cell, cells
from analytics.ranking import TouchpointCounts, score
from journeys.models import Stage
from painpoints.counts import breakdown_of
from painpoints.models import ScoringRun
from painpoints.whom import MOST_VALUES, Whom

KEPT_S = 24 * 3600
Families = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Staged:
    """lines: a stage each, in the map's order, as a run's lines are.  places: stage → codes."""

    lines: list[dict[str, Any]]
    found: Whom
    places: Mapping[str, list[str]]


def staged(run: ScoringRun, dimension: str) -> Staged | None:
    """None where the run's breakdown was never counted and its rows are gone."""
    names, places = _places(run)
    mark = sha256(repr((names, places)).encode()).hexdigest()[:16]
    key = f"stages/1:{run.pk}:{dimension}:{mark}"
    kept: Staged | None = cache.get(key)
    if kept is None and (breakdown := breakdown_of(run)) is not None:
        values, counts = breakdown.values[dimension], breakdown.counts[dimension]
        columns = {
            value: [
                _counted(stage, [_at(counts.get(code, {}), i) for code in codes])
                for stage, codes in places.items()
            ]
            for i, value in enumerate(values if len(values) <= MOST_VALUES else [])
        }
        rows: dict[str, dict[str, Cell]] = {}
        for cell in cells(columns, weights=run.parameters["weights"]):
            rows.setdefault(cell.code, {})[cell.value] = cell
        kept = Staged(_lines(run, names, places), Whom(dimension, tuple(values), rows, {}), places)
        cache.set(key, kept, KEPT_S)
    return kept


def _places(run: ScoringRun) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Stage's key → its name, and → the run's touchpoints in it; stages without any left out."""
    scored = {line["code"] for line in (run.result or {}).get("touchpoints", [])}
    told = (
        Stage.objects.filter(journey=run.journey)
        .order_by("position", "pk", "steps__touchpoints__code")
        .values_list("key", "name", "steps__touchpoints__code")
    )
    names: dict[str, str] = {}
    places: dict[str, list[str]] = {}
    for key, name, code in told:
        if code in scored and code not in places.get(key, []):
            names[key] = name
            places.setdefault(key, []).append(code)
    return names, places


def _at(families: Mapping[str, Any], i: int) -> Families:
    """One value's counts of a touchpoint in the breakdown."""
    return {family: (x[i], n[i]) for family, (x, n) in families.items() if n[i]}


def _counted(stage: str, told: Iterable[Families]) -> TouchpointCounts:
    sums: dict[str, tuple[float, float]] = {}
    for families in told:
        for family, (x, n) in families.items():
            before = sums.get(family, (0.0, 0.0))
            sums[family] = (before[0] + x, before[1] + n)
    return TouchpointCounts(stage, sums, 1.0, "volume")


def _lines(
    run: ScoringRun, names: Mapping[str, str], places: Mapping[str, list[str]]
) -> list[dict[str, Any]]:
    """The stages over all groups, from the run's own x and n."""
    own = {
        line["code"]: {f: (found["x"], found["n"]) for f, found in line["families"].items()}
        for line in (run.result or {})["touchpoints"]
    }
    counted = [_counted(stage, [own[code] for code in codes]) for stage, codes in places.items()]
    scored = score(counted, weights=run.parameters["weights"]).by_code()
    lines = []
    for one in counted:
        line = scored[one.code]
        lines.append(
            {
                "code": one.code,
                "name": names[one.code],
                "rank": None,
                "severity": line.severity if one.families else None,
                "severity_low": line.severity_low,
                "severity_high": line.severity_high,
                "too_little_evidence": line.too_little_evidence,
                "families": {f: asdict(found) for f, found in line.families.items()},
            }
        )
    return lines
