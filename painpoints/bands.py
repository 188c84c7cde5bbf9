"""Which neighbours in a list of pain points can be told apart.

Within one journey a list shows the bands of its ranking. Across journeys there are no common
draws: the chance that one burden is above another is read off their intervals, as if both were
normal and independent, and the same nine in ten separates two bands.
"""

from dataclasses import replace
from statistics import NormalDist

from analytics.draws import INTERVAL, SEPARABLE
from painpoints.listing import Entry
from painpoints.readings import Line

_TAIL = NormalDist().inv_cdf(0.5 + INTERVAL / 2)


def with_bands(entries: list[Entry]) -> list[Entry]:
    """Entries in order of burden, with their places in brackets of two and more."""
    is_one_journey = len({entry.point.journey_id for entry in entries}) == 1
    starts = [
        i == 0 or _is_apart(entries[i - 1], entries[i], is_one_journey) for i in range(len(entries))
    ]
    found = []
    for i, entry in enumerate(entries):
        ends = i + 1 == len(entries) or starts[i + 1]
        band = ("" if ends else "first") if starts[i] else ("last" if ends else "middle")
        found.append(replace(entry, band=band))
    return found


def _is_apart(above: Entry, below: Entry, is_one_journey: bool) -> bool:
    one, other = above.line, below.line
    if above.point.is_closed or below.point.is_closed:
        return True
    if one is None or other is None or one["rank"] is None or other["rank"] is None:
        return True
    if is_one_journey:
        return bool(one["band"] != other["band"])
    return chance_above(one, other) >= SEPARABLE


def chance_above(one: Line, other: Line) -> float:
    """That the first burden is the larger one, 0 to 1."""
    spread = (_sd(one) ** 2 + _sd(other) ** 2) ** 0.5
    difference = one["burden"] - other["burden"]
    if not spread:
        return 1.0 if difference > 0 else 0.5 if difference == 0 else 0.0
    return NormalDist().cdf(difference / spread)


def _sd(line: Line) -> float:
    width: float = line["burden_high"] - line["burden_low"]
    return width / (2 * _TAIL)
