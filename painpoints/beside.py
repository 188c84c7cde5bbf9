"""Two segments, channels or units of a run side by side: each alone, and what differs for certain.

From the run's own breakdown. With two values each is the other's rest, so that the differences,
their chances and their correction are those of the map of severities (analytics/cells.py).
"""

from hashlib import sha256

from django.core.cache import cache

from analytics.cells import Cell, cells
from analytics.ranking import TouchpointCounts
from evidence.breakdown import Breakdown
from painpoints.counts import breakdown_of
from painpoints.models import ScoringRun
from painpoints.whom import DIMENSIONS, Whom

KEPT_S = 24 * 3600


def beside(run: ScoringRun, dimension: str, one: str, other: str) -> Whom | None:
    """None where it cannot be told: the rows are gone, or the run knows no such two."""
    key = "beside/1:" + sha256(repr((run.pk, dimension, one, other)).encode()).hexdigest()
    kept: Whom | None = cache.get(key)
    if kept is not None:
        return kept
    breakdown = breakdown_of(run)
    if breakdown is None or dimension not in DIMENSIONS or one == other:
        return None
    if not {one, other} <= set(breakdown.values[dimension]):
        return None
    found = _found(run, breakdown, dimension, one, other)
    cache.set(key, found, KEPT_S)
    return found


def foremost(run: ScoringRun, dimension: str) -> list[str]:
    """The values by how much is known of them, most first."""
    breakdown = breakdown_of(run)
    if breakdown is None:
        return []
    values = breakdown.values[dimension]
    totals = [0.0] * len(values)
    for families in breakdown.counts[dimension].values():
        for _x, n in families.values():
            totals = [total + more for total, more in zip(totals, n, strict=True)]
    return [values[i] for i in sorted(range(len(values)), key=lambda i: (-totals[i], values[i]))]


def _found(run: ScoringRun, breakdown: Breakdown, dimension: str, one: str, other: str) -> Whom:
    counts = breakdown.counts[dimension]
    columns = {}
    for value in (one, other):
        i = breakdown.values[dimension].index(value)
        columns[value] = [
            TouchpointCounts(
                code, {f: (x[i], n[i]) for f, (x, n) in families.items() if n[i]}, 1.0, "volume"
            )
            for code, families in counts.items()
        ]
    rows: dict[str, dict[str, Cell]] = {}
    for cell in cells(columns, weights=run.parameters["weights"]):
        rows.setdefault(cell.code, {})[cell.value] = cell
    return Whom(dimension, (one, other), rows, {})
