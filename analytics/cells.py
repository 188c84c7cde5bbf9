"""A journey's touchpoints by the values of a dimension: whom does each of them hurt, and how much?

Words and suffixes:
    value        a segment, a channel, or a unit
    cell         a touchpoint for one value
    rest         the same touchpoint for all other values together
    severity     chance that a passage hurts, 0 to 1 (severity.py)
    difference   severity of the cell − severity of its rest, −1 to 1; above 0 the cell hurts more
    _low, _high  ends of a 90% equal-tailed interval, in the unit of the value

A cell's severity is that of its touchpoint scored for this value alone (ranking.py): priors are
fitted over the touchpoints of the value, and a page filtered to the value shows the same number.

The difference has no fitted prior. A prior learned from the other touchpoints of a value would
answer for a cell before its own evidence does, and where the cell is one of many that are tested,
that answer is a false discovery. So cell and rest have Jeffreys' prior each and draws of their own,
and only signals with at least 30 experiences on both sides are compared.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from analytics import rates, severity
from analytics.change import FALSE_DISCOVERIES, benjamini_hochberg
from analytics.ranking import (
    DRAWS,
    FORMULA,
    LITTLE_EVIDENCE_N,
    TouchpointCounts,
    checked,
    draw_posterior,
    equal_tailed,
    score,
)

CELL, REST = FORMULA + "/cell", FORMULA + "/rest"
# code, value and family in one: what a draw is seeded with
Families = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Cell:
    """One touchpoint for one value.

    n: experiences of its largest family.  families: those with evidence, (x, n) each.
    severity and its interval are None where every family has n < 30.
    compared: families that difference and p are about; without any, both are None.
    p: two-sided, probability of so large a difference by chance.  differs: reported, false
    discoveries among all reported cells kept at 10%.
    """

    code: str
    value: str
    n: float
    families: Families
    severity: float | None = None
    severity_low: float | None = None
    severity_high: float | None = None
    compared: tuple[str, ...] = ()
    difference: float | None = None
    difference_low: float | None = None
    difference_high: float | None = None
    p: float | None = None
    differs: bool = False


def cells(
    columns: Mapping[str, Sequence[TouchpointCounts]],
    *,
    weights: Mapping[str, float] = severity.DEFAULT_WEIGHTS,
    draws: int = DRAWS,
) -> list[Cell]:
    """All cells with evidence, by touchpoint's code, then value.

    columns: value → what was counted for it at each touchpoint; reach plays no part.
    Equal input in any order gives bit-identical output. Raises ValueError as score() does.
    Source of the correction: Benjamini & Hochberg 1995.

    >>> counted = {
    ...     "new": [TouchpointCounts("counter", {"felt": (60, 200)}, 1.0, "volume")],
    ...     "known": [TouchpointCounts("counter", {"felt": (100, 800)}, 1.0, "volume")],
    ...     "vip": [TouchpointCounts("counter", {"felt": (2, 12)}, 1.0, "volume")],
    ... }
    >>> for cell in cells(counted):
    ...     print(cell.value, cell.severity and round(cell.severity, 2), cell.differs)
    known 0.13 True
    new 0.3 True
    vip None False
    """
    found = [cell for value in columns for cell in _column(value, columns[value], weights, draws)]
    found.sort(key=lambda cell: (cell.code, cell.value))
    rows: dict[str, list[Cell]] = {}
    for cell in found:
        rows.setdefault(cell.code, []).append(cell)
    told = [cell for row in rows.values() for cell in _compared(row, weights, draws)]
    return _corrected(told, rows, weights, draws)


def _column(
    value: str, column: Sequence[TouchpointCounts], weights: Mapping[str, float], draws: int
) -> Iterable[Cell]:
    """The value's cells with their severities."""
    scores = score([replace(t, reach=1.0) for t in column], weights=weights, draws=draws)
    counted = {t.code: t.families for t in checked(column, weights)}
    for line in scores.touchpoints:
        families = counted[line.code]
        if families:
            cell = Cell(line.code, value, max(n for _, n in families.values()), families)
            few = line.too_little_evidence
            yield (
                cell
                if few
                else replace(
                    cell,
                    severity=line.severity,
                    severity_low=line.severity_low,
                    severity_high=line.severity_high,
                )
            )


def _compared(row: Sequence[Cell], weights: Mapping[str, float], draws: int) -> list[Cell]:
    """A touchpoint's cells, those with enough evidence compared with their rests."""
    told = []
    for cell in row:
        rest = _rest(row, cell.value)
        both = tuple(f for f in cell.families if _enough(cell.families, f) and _enough(rest, f))
        if both:
            cell = replace(cell, compared=both)
            gaps = _gaps(cell, row, weights, draws)
            low, high = equal_tailed(gaps)
            cell = replace(
                cell,
                difference=float(gaps.mean()),
                difference_low=float(low),
                difference_high=float(high),
                p=_two_sided(gaps),
            )
        told.append(cell)
    return told


def _corrected(
    told: list[Cell], rows: Mapping[str, Sequence[Cell]], weights: Mapping[str, float], draws: int
) -> list[Cell]:
    """Which differences hold, over all cells compared.

    A p from draws cannot be smaller than 2 / (draws + 1). Where so many cells are tested that even
    this would not do, the few that reached it are drawn again, often enough.
    """
    p = np.array([cell.p for cell in told if cell.p is not None])
    differs = benjamini_hochberg(p)
    least = 2 / (draws + 1)
    unsure = (p <= least) & ~differs
    if unsure.any():
        enough = ceil(2 * len(p) / FALSE_DISCOVERIES)
        tested = [cell for cell in told if cell.p is not None]
        for i in np.flatnonzero(unsure):
            p[i] = _two_sided(_gaps(tested[i], rows[tested[i].code], weights, enough))
        differs = benjamini_hochberg(p)
    answers = iter(zip(p, differs, strict=True))
    corrected = []
    for cell in told:
        if cell.p is not None:
            chance, holds = next(answers)
            cell = replace(cell, p=float(chance), differs=bool(holds))
        corrected.append(cell)
    return corrected


def _enough(families: Families, family: str) -> bool:
    return family in families and families[family][1] >= LITTLE_EVIDENCE_N


def _rest(row: Sequence[Cell], value: str) -> dict[str, tuple[float, float]]:
    """The counts of all other values together."""
    sums: dict[str, tuple[float, float]] = {}
    for cell in row:
        if cell.value != value:
            for family, (x, n) in cell.families.items():
                before = sums.get(family, (0.0, 0.0))
                sums[family] = (before[0] + x, before[1] + n)
    return sums


def _gaps(cell: Cell, row: Sequence[Cell], weights: Mapping[str, float], draws: int) -> np.ndarray:
    """Draws of the difference, over the compared families.

    Of two values each is the other's rest, and has the same draws as such: what is worse by so
    much here is better by so much there.
    """
    others = [other for other in row if other.value != cell.value]
    own = _severity_draws(cell.families, cell.compared, CELL, _name(cell), weights, draws)
    if len(others) == 1:
        (other,) = others
        rest = _severity_draws(other.families, cell.compared, CELL, _name(other), weights, draws)
    else:
        together = _rest(row, cell.value)
        rest = _severity_draws(together, cell.compared, REST, _name(cell), weights, draws)
    gaps: np.ndarray = own - rest
    return gaps


def _severity_draws(
    families: Families,
    compared: Sequence[str],
    formula: str,
    name: str,
    weights: Mapping[str, float],
    draws: int,
) -> np.ndarray:
    drawn = {}
    for family in compared:
        a, b = rates.posterior(rates.JEFFREYS, *families[family])
        drawn[family] = draw_posterior(name, family, a, b, draws, formula)
    result: np.ndarray = severity.severity(drawn, weights)
    return result


def _two_sided(gaps: np.ndarray) -> float:
    """Twice the smaller tail; draws without a difference (a weight of 0) stand on both sides."""
    ties = np.count_nonzero(gaps == 0) / 2
    tail = min(np.count_nonzero(gaps > 0), np.count_nonzero(gaps < 0)) + ties
    return float(min(1.0, 2 * (tail + 1) / (len(gaps) + 1)))


def _name(cell: Cell) -> str:
    return f"{cell.code}\0{cell.value}"
