"""Units of a run compared, touchpoint by touchpoint and signal by signal.

From the counts kept with the run; nothing is counted here.
"""

from dataclasses import dataclass

import numpy as np
from django.core.cache import cache

from analytics.outliers import Compared, NotCompared, compare, really_different
from analytics.severity import FAMILIES
from painpoints.counts import breakdown_of
from painpoints.models import ScoringRun

KEPT_S = 24 * 3600


@dataclass(frozen=True)
class Place:
    """One touchpoint's signal. `compared` is None where its units cannot be, `reason` says why.

    units: their codes, those with evidence only; x and n of each.  named: those that really differ.
    """

    code: str
    family: str
    units: tuple[str, ...]
    x: tuple[float, ...]
    n: tuple[float, ...]
    compared: Compared | None
    reason: str
    named: tuple[bool, ...]

    def surest(self) -> tuple[bool, float]:
        """To sort by: whether anybody really differs, and how far out the furthest is."""
        if self.compared is None:
            return False, -1.0
        far = np.abs(self.compared.z)
        return any(self.named), float(max(far[list(self.named)], default=far.max()))


@dataclass(frozen=True)
class UnitsFound:
    """`places` by the run's ranking, then by family; `judged` counts all comparisons made."""

    places: tuple[Place, ...]
    judged: int

    def units(self) -> set[str]:
        return {unit for place in self.places for unit in place.units}


def units_of(run: ScoringRun) -> UnitsFound | None:
    """None where the rows behind the run are gone and were never counted."""
    key = f"units-compared:{run.pk}"
    found: UnitsFound | None = cache.get(key)
    if found is None:
        found = _compared(run)
        if found is not None:
            cache.set(key, found, KEPT_S)
    return found


def _compared(run: ScoringRun) -> UnitsFound | None:
    breakdown = breakdown_of(run)
    if breakdown is None:
        return None
    units, counts = breakdown.values["unit"], breakdown.counts["unit"]
    places = []
    for line in (run.result or {}).get("touchpoints", []):
        families = counts.get(line["code"], {})
        for family in FAMILIES:
            if family in families:
                places.append(_place(line["code"], family, units, *families[family]))
    marks = iter(really_different([p.compared for p in places if p.compared is not None]))
    told = tuple(
        Place(**{**vars(p), "named": tuple(next(marks).tolist())}) if p.compared else p
        for p in places
    )
    judged = sum(int(p.compared.judged.sum()) for p in told if p.compared is not None)
    return UnitsFound(told, judged)


def _place(code: str, family: str, units: list[str], x: list[float], n: list[float]) -> Place:
    some = [(unit, min(a, b), b) for unit, a, b in zip(units, x, n, strict=True) if b > 0]
    names, hurt, counted = zip(*some, strict=True) if some else ((), (), ())
    try:
        compared, reason = compare(hurt, counted), ""
    except NotCompared as refusal:
        compared, reason = None, refusal.reason
    return Place(code, family, names, hurt, counted, compared, reason, (False,) * len(names))
