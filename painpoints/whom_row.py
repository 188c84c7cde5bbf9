"""Whom one touchpoint hurts: its row of the map of severities, for the page of a pain point."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy

from evidence.scope import FILTERS
from painpoints.explanation import label_of
from painpoints.models import PainPoint, ScoringRun
from painpoints.opening import address_of
from painpoints.outliers import units_of
from painpoints.whom import whom
from painpoints.whom_words import drawn, tell

LABELS = {
    "segment": gettext_lazy("Segment"),
    "channel": gettext_lazy("Channel"),
    "unit": gettext_lazy("Unit"),
}
# Units are many and have a page of their own: the worst of them stand here.
MOST_UNITS = 8
UNIT = "unit"


def row_of(
    run: ScoringRun | None, point: PainPoint, names: Mapping[str, Mapping[str, str]]
) -> list[dict[str, Any]]:
    """The dimensions in which several groups pass the touchpoint, each with its cells.

    all: how many there are, where only the worst are told.  named: where they are too many.
    """
    if run is None:
        return []
    code, place = point.touchpoint.code, point.touchpoint.name
    found = [whom(run, dimension) for dimension in LABELS]
    rows = []
    for one in found:
        cells = one.cells.get(code, {}) if one else {}
        if one is None or len(cells) < 2:
            continue
        known = names[FILTERS[one.dimension]]
        values = [v for v in known if v in cells] + [v for v in cells if v not in known]
        is_cut = one.dimension == UNIT and len(values) > MOST_UNITS
        if is_cut:
            values = sorted(values, key=lambda v: -(cells[v].severity or 0.0))[:MOST_UNITS]
        rows.append(
            {
                "label": LABELS[one.dimension],
                "cells": [
                    drawn(
                        cells[v],
                        tell(cells[v]),
                        place,
                        known.get(v, v),
                        address_of(run, "cell", {"at": code, one.dimension: v}),
                    )
                    for v in values
                ],
                "all": len(cells) if is_cut else 0,
            }
        )
    units = found[-1]
    if units is not None and units.is_too_many:
        rows.append({"label": LABELS[UNIT], "cells": [], "named": _named(run, code, names)})
    return rows


def _named(
    run: ScoringRun, code: str, names: Mapping[str, Mapping[str, str]]
) -> list[dict[str, Any]]:
    """Of very many units those that are really worse than the others, the surest first."""
    compared = units_of(run)
    worse = [
        (float(place.compared.z[i]), place, i)
        for place in (compared.places if compared else ())
        if place.code == code and place.compared is not None
        for i in range(len(place.units))
        if place.named[i] and place.compared.z[i] > 0
    ]
    worse.sort(key=lambda told: (-told[0], told[1].units[told[2]]))
    return [
        {
            "unit": names[FILTERS[UNIT]].get(place.units[i], place.units[i]),
            "family": label_of(place.family),
            "x": place.x[i],
            "n": place.n[i],
            "query": urlencode({"touchpoint": code, "family": place.family}),
        }
        for _z, place, i in worse[:MOST_UNITS]
    ]
