"""Whom one touchpoint hurts: its row of the map of severities, for the page of a pain point."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from evidence.scope import FILTERS
from painpoints.models import PainPoint, ScoringRun
from painpoints.opening import address_of
from painpoints.whom import whom
from painpoints.whom_words import drawn, tell

# Units are many, and have a page of their own.
LABELS = {"segment": gettext_lazy("Segment"), "channel": gettext_lazy("Channel")}


def row_of(
    run: ScoringRun | None, point: PainPoint, names: Mapping[str, Mapping[str, str]]
) -> list[dict[str, Any]]:
    """The dimensions in which several groups pass the touchpoint, each with its cells."""
    code, place = point.touchpoint.code, point.touchpoint.name
    found = [whom(run, dimension) for dimension in LABELS] if run else []
    told = [(one, one.cells[code]) for one in found if one and len(one.cells.get(code, {})) > 1]
    if not told:
        return []
    rows = []
    for one, cells in told:
        known = names[FILTERS[one.dimension]]
        values = [v for v in known if v in cells] + [v for v in cells if v not in known]
        rows.append(
            {
                "label": LABELS[one.dimension],
                "cells": [
                    drawn(
                        cells[v],
                        tell(cells[v]),
                        place,
                        known.get(v, v),
                        address_of(run, "cell", {"at": code, one.dimension: v}) if run else None,
                    )
                    for v in values
                ],
            }
        )
    return rows
