"""Whom a journey's touchpoints hurt: a run's severities by segment, channel or unit.

Computed once from the run's breakdown and kept with the run, like everything counted for it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.core.cache import cache

from analytics.cells import Cell, cells
from analytics.ranking import TouchpointCounts
from evidence.breakdown import Breakdown
from painpoints.counts import BREAKDOWN, breakdown_of, keep, kept
from painpoints.models import ScoringRun

DIMENSIONS = ("segment", "channel", "unit")
# More values than these make no map that anybody could read.
MOST_VALUES = 20
KEPT_S = 24 * 3600
# The kind under which cells are kept; another number once the cells are made otherwise.
KIND = "cells/1 {}"


@dataclass(frozen=True)
class Whom:
    """values: all that the evidence names.  cells: touchpoint's code → value → cell.

    named: touchpoint's code → (experiences that name a value, experiences), all families together.
    """

    dimension: str
    values: tuple[str, ...]
    cells: Mapping[str, Mapping[str, Cell]]
    named: Mapping[str, tuple[float, float]]

    @property
    def is_too_many(self) -> bool:
        return len(self.values) > MOST_VALUES

    @property
    def named_share(self) -> float | None:
        return share_of(
            sum(some for some, _all in self.named.values()),
            sum(every for _some, every in self.named.values()),
        )


def whom(run: ScoringRun, dimension: str) -> Whom | None:
    """None where it was never counted and the rows behind the run are gone."""
    kind = KIND.format(dimension)
    document = kept(run, kind)
    if document is None:
        breakdown = breakdown_of(run)
        if breakdown is None:
            return None
        document = _to_json(_found(run, breakdown, dimension))
        keep(run, kind, document)
    return _from_json(dimension, document)


def kept_breakdown(run: ScoringRun) -> Breakdown | None:
    """The run's breakdown where it has been counted already; nothing is counted now."""
    document = kept(run, BREAKDOWN)
    return Breakdown.from_json(document) if document else None


def sizes_of(run: ScoringRun) -> dict[str, int] | None:
    """Dimension → how many values the evidence names; None where the rows are gone."""
    key = f"dimensions:{run.pk}"
    sizes: dict[str, int] | None = cache.get(key)
    if sizes is None and (breakdown := breakdown_of(run)) is not None:
        sizes = {dimension: len(breakdown.values[dimension]) for dimension in DIMENSIONS}
        cache.set(key, sizes, KEPT_S)
    return sizes


def best_dimension(sizes: Mapping[str, int]) -> str:
    """The first by which anything can be compared and drawn."""
    able = [d for d in DIMENSIONS if 2 <= sizes[d] <= MOST_VALUES]
    return able[0] if able else next((d for d in DIMENSIONS if sizes[d]), DIMENSIONS[0])


def share_of(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _found(run: ScoringRun, breakdown: Breakdown, dimension: str) -> Whom:
    values, counts = breakdown.values[dimension], breakdown.counts[dimension]
    columns = {}
    if len(values) <= MOST_VALUES:
        for i, value in enumerate(values):
            columns[value] = [
                TouchpointCounts(
                    code,
                    {f: (x[i], n[i]) for f, (x, n) in families.items() if n[i]},
                    1.0,
                    "volume",
                )
                for code, families in counts.items()
            ]
    rows: dict[str, dict[str, Cell]] = {}
    for cell in cells(columns, weights=run.parameters["weights"]):
        rows.setdefault(cell.code, {})[cell.value] = cell
    named = {}
    for line in (run.result or {})["touchpoints"]:
        families = counts.get(line["code"], {})
        # Weighted answers may count a little more in parts than as a whole (Kish).
        some = [
            (min(sum(families[f][1]) if f in families else 0, told["n"]), told["n"])
            for f, told in line["families"].items()
        ]
        named[line["code"]] = (sum(part for part, _ in some), sum(whole for _, whole in some))
    return Whom(dimension, tuple(values), rows, named)


def _to_json(found: Whom) -> dict[str, Any]:
    return {
        "values": list(found.values),
        "cells": [asdict(cell) for row in found.cells.values() for cell in row.values()],
        "named": found.named,
    }


def _from_json(dimension: str, document: dict[str, Any]) -> Whom:
    rows: dict[str, dict[str, Cell]] = {}
    for told in document["cells"]:
        families = {family: (x, n) for family, (x, n) in told["families"].items()}
        cell = Cell(**{**told, "families": families, "compared": tuple(told["compared"])})
        rows.setdefault(cell.code, {})[cell.value] = cell
    named = {code: (some, every) for code, (some, every) in document["named"].items()}
    return Whom(dimension, tuple(document["values"]), rows, named)
