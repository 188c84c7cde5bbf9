"""Service level by its usual names, and which of them is used everywhere else."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from analytics.levels import service_levels
from evidence.hours import HourCounts

USED = "decided"


def levels(line: Mapping[str, Any], counts: HourCounts | None) -> list[dict[str, Any]]:
    """Value, interval and n of each; none without a promise, or where the rows are gone."""
    if counts is None or not line["waits"]["promised"]:
        return []
    found = service_levels(
        served_in_time=counts.total("in_time"),
        served_late=counts.total("served_late"),
        abandoned_in_time=counts.total("gave_up_in_time"),
        abandoned_late=counts.total("gave_up_late"),
    )
    named = {
        "decided": _("of those served, or gone after the promise"),
        "offered": _("of all waits offered"),
        "served": _("of those served"),
        "kind": _("of all, giving up in time counted as kept"),
    }
    return [
        {"label": named[name], "used": name == USED, **level._asdict()}
        for name, level in found.items()
    ]
