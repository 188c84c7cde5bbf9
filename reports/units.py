"""Units as the pages of their comparison show them: names, owners, who is named, in what order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import Workspace
from analytics.rates import wilson
from journeys.models import Journey
from painpoints.models import PainPoint, ScoringRun
from painpoints.outliers import Place, UnitsFound
from touchpoints.models import Unit

WORSE, BETTER, OUTSIDE, INSIDE, FEW = "worse", "better", "outside", "inside", "few"
MOST_LISTED = 100


@dataclass(frozen=True)
class UnitLine:
    """One unit at one touchpoint in one signal, beside all units there together."""

    unit: str
    name: str
    owner: str
    pk: int | None  # of its entry in the library
    touchpoint: str
    place: str  # the touchpoint's name
    place_owner: str
    family: str
    x: float
    n: float
    rate: float
    low: float
    high: float
    target: float | None
    z: float | None
    p: float | None
    verdict: str

    @property
    def is_named(self) -> bool:
        return self.verdict in (WORSE, BETTER)


@dataclass(frozen=True)
class Cast:
    """Who is who: units by their code, names of touchpoints, owners of their pain points."""

    units: Mapping[str, Unit]
    places: Mapping[str, str]
    owners: Mapping[str, str]


def cast_of(journey: Journey, run: ScoringRun) -> Cast:
    points = PainPoint.objects.filter(journey=journey, owner__isnull=False).unsolved()
    owners: dict[str, list[str]] = {}
    for point in points.select_related("owner", "touchpoint").order_by("pk"):
        said = owners.setdefault(point.touchpoint.code, [])
        if str(point.owner) not in said:
            said.append(str(point.owner))
    return Cast(
        units=_units(journey.workspace),
        places={line["code"]: line["name"] for line in (run.result or {})["touchpoints"]},
        owners={code: ", ".join(names) for code, names in owners.items()},
    )


def _units(workspace: Workspace) -> dict[str, Unit]:
    return {u.code: u for u in Unit.objects.filter(workspace=workspace).select_related("owner")}


def lines_of(place: Place, cast: Cast) -> list[UnitLine]:
    """All units with evidence there; the furthest out first, those not judged last."""
    compared = place.compared
    lines = []
    for i, unit in enumerate(place.units):
        known = cast.units.get(unit)
        judged = compared is not None and bool(compared.judged[i])
        low, high = _interval(place, i)
        lines.append(
            UnitLine(
                unit=unit,
                name=known.name if known else unit,
                owner=str(known.owner) if known and known.owner else "",
                pk=known.pk if known else None,
                touchpoint=place.code,
                place=cast.places.get(place.code, place.code),
                place_owner=cast.owners.get(place.code, ""),
                family=place.family,
                x=place.x[i],
                n=place.n[i],
                rate=place.x[i] / place.n[i],
                low=low,
                high=high,
                target=compared.target if compared is not None else None,
                z=float(compared.z[i]) if judged and compared is not None else None,
                p=float(compared.p[i]) if judged and compared is not None else None,
                verdict=_verdict(place, i),
            )
        )
    return sorted(lines, key=lambda line: (line.z is None, -abs(line.z or 0), -line.n, line.unit))


def _interval(place: Place, i: int) -> tuple[float, float]:
    low, high = wilson(place.x[i], place.n[i])
    return float(low), float(high)


def _verdict(place: Place, i: int) -> str:
    compared = place.compared
    if compared is None or not compared.judged[i]:
        return FEW
    if place.named[i]:
        return WORSE if compared.z[i] > 0 else BETTER
    return OUTSIDE if compared.outside[i] else INSIDE


def all_lines(found: UnitsFound, cast: Cast) -> list[UnitLine]:
    """Every unit that was judged anywhere, the surest difference first."""
    lines = [line for place in found.places for line in lines_of(place, cast)]
    judged = [line for line in lines if line.z is not None]
    return sorted(judged, key=lambda x: (not x.is_named, -abs(x.z or 0), x.unit, x.touchpoint))


SHOWN = {
    "": lambda line: line.is_named,
    WORSE: lambda line: line.verdict == WORSE,
    BETTER: lambda line: line.verdict == BETTER,
    "all": lambda line: True,
}
ORDERS: dict[str, Any] = {
    "": None,
    "unit": lambda line: (line.name.casefold(), line.unit),
    "touchpoint": lambda line: (line.place.casefold(), line.family),
    "rate": lambda line: -line.rate,
    "owner": lambda line: (not line.owner, line.owner.casefold()),
}


def chosen_lines(lines: Sequence[UnitLine], show: str, sort: str) -> list[UnitLine]:
    """As a reader asked for; of equals the surest first. Unknown words: KeyError."""
    keep, order = SHOWN[show], ORDERS[sort]
    kept = [line for line in lines if keep(line)]
    return sorted(kept, key=order) if order else kept


def surest(places: Sequence[Place]) -> Place | None:
    """Where the surest difference is; without any, where the furthest unit is."""
    return max(places, key=lambda place: place.surest(), default=None)
