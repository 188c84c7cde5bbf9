"""Orders of a run's touchpoints that turn round within segments or channels (Simpson's paradox)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from django.core.cache import cache

from analytics.severity import FAMILIES
from analytics.simpson import Reversal, Seen, severity_reversals, shown, that_hold
from evidence.breakdown import Breakdown
from painpoints.models import ScoringRun
from painpoints.whom import MOST_VALUES, kept_breakdown

DIMENSIONS = ("segment", "channel")
KEPT_S = 24 * 3600
# Nobody reads more than these; the others are counted.
FOREMOST = 4

Counted = Mapping[str, tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Turned:
    """Overall `worse` hurts more than `better`, but within the values `better` hurts more.

    family: the signal this is about, or None for the severity.  everywhere: in every value that
    both serve, not just on average.  rows: value → what the worse and the better show there;
    together: both over all these values.  why: the value of which the worse serves more and which
    is hurt more at both, where there is one.
    """

    dimension: str
    family: str | None
    worse: str
    better: str
    everywhere: bool
    p_overall: float
    p_within: float
    rows: Mapping[str, tuple[Seen, Seen]]
    together: tuple[Seen, Seen]
    why: str | None

    def share(self, side: int, value: str) -> float:
        """The part of what a touchpoint counts in these values that is one value's."""
        return self.rows[value][side].n / sum(seen[side].n for seen in self.rows.values())


@dataclass(frozen=True)
class Reversals:
    """dimension → the foremost reversals, and how many there are altogether."""

    foremost: Mapping[str, list[Turned]]
    counts: Mapping[str, int]


def reversals_of(run: ScoringRun) -> Reversals | None:
    """None where the run's breakdown has not been counted (yet)."""
    key = f"reversals:{run.pk}"
    found: Reversals | None = cache.get(key)
    if found is None and (breakdown := kept_breakdown(run)) is not None:
        found = turned_round(breakdown, run.parameters["weights"])
        cache.set(key, found, KEPT_S)
    return found


def turned_round(breakdown: Breakdown, weights: Mapping[str, float]) -> Reversals:
    """The severities' first, then those that turn round in every value, then the surest.

    A pair whose severities turn round is not told again signal by signal.
    """
    foremost: dict[str, list[Turned]] = {}
    numbers: dict[str, int] = {}
    for dimension in DIMENSIONS:
        values, codes = breakdown.values[dimension], list(breakdown.counts[dimension])
        if not 2 <= len(values) <= MOST_VALUES or len(codes) < 2:
            continue
        counted = _arrays(breakdown, dimension, codes)
        found: dict[tuple[int, int], tuple[str | None, Reversal]] = {}
        for family in (None, *counted):
            for reversal in that_hold(severity_reversals(*_asked(family, counted, weights))):
                found.setdefault((reversal.worse, reversal.better), (family, reversal))
        ordered = sorted(
            found.values(), key=lambda one: (one[0] is not None, not one[1].everywhere, one[1].p)
        )
        numbers[dimension] = len(ordered)
        foremost[dimension] = [
            _turned(dimension, family, reversal, codes, values,
                    shown(*_asked(family, counted, weights), reversal))
            for family, reversal in ordered[:FOREMOST]
        ]  # fmt: skip
    return Reversals(foremost, numbers)


def _asked(
    family: str | None, counted: Counted, weights: Mapping[str, float]
) -> tuple[Counted, Mapping[str, float]]:
    """The signals and weights of the severity, or of one family's rate alone."""
    return (counted, weights) if family is None else ({family: counted[family]}, {family: 1.0})


def _arrays(breakdown: Breakdown, dimension: str, codes: list[str]) -> Counted:
    """Family → x and n as arrays (touchpoints, values), the families in their own order."""
    size = len(breakdown.values[dimension])
    present = {f for code in codes for f in breakdown.counts[dimension][code]}
    arrays = {}
    for family in FAMILIES:
        if family in present:
            none = ([0.0] * size, [0.0] * size)
            told = [breakdown.counts[dimension][code].get(family, none) for code in codes]
            arrays[family] = (
                np.array([x for x, _n in told], dtype=float),
                np.array([n for _x, n in told], dtype=float),
            )
    return arrays


def _turned(
    dimension: str,
    family: str | None,
    reversal: Reversal,
    codes: list[str],
    values: list[str],
    seen: list[tuple[Seen, Seen]],
) -> Turned:
    rows = {values[k]: pair for k, pair in zip(reversal.segments, seen[:-1], strict=True)}
    turned = Turned(
        dimension=dimension,
        family=family,
        worse=codes[reversal.worse],
        better=codes[reversal.better],
        everywhere=reversal.everywhere,
        p_overall=reversal.p_overall,
        p_within=reversal.p_within,
        rows=rows,
        together=seen[-1],
        why=None,
    )
    return Turned(**{**vars(turned), "why": _why(turned)})


def _why(turned: Turned) -> str | None:
    """The value that weighs more at the worse touchpoint and is hurt more than others at both."""
    gains = {
        value: turned.share(0, value) - turned.share(1, value)
        for value, pair in turned.rows.items()
        if all(seen.value > all_.value for seen, all_ in zip(pair, turned.together, strict=True))
    }
    most = max(gains, key=lambda value: gains[value], default=None)
    return most if most is not None and gains[most] > 0 else None
