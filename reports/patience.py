"""How long customers are ready to wait, by touchpoint and by segment: curves, medians, who differs.

Service censors: whoever was served might have waited longer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf

import numpy as np

from analytics.change import benjamini_hochberg
from analytics.logrank import log_rank
from analytics.waits import Curve, Hazard, hazard, kaplan_meier_counts, median_from
from evidence.patience import Lengths

# Fewer than so many still waiting: the curve is no longer drawn.
LEAST_AT_RISK = 30
MOST_OTHERS = 6
DISCOVERIES = 0.1


@dataclass(frozen=True)
class Group:
    """Waits of one touchpoint or segment."""

    code: str
    name: str
    lengths: Lengths

    @property
    def n(self) -> int:
        return self.lengths.n

    @property
    def gave_up(self) -> int:
        return sum(self.lengths.gave_up)

    @property
    def counts(self) -> tuple[Sequence[float], Sequence[int], Sequence[int]]:
        return self.lengths.times_s, self.lengths.gave_up, self.lengths.served

    @cached_property
    def patience(self) -> Curve:
        return self._seen(kaplan_meier_counts(*self.counts))

    @cached_property
    def virtual(self) -> Curve:
        """How long one would have to wait: service is the event, giving up censors."""
        times, gave_up, served = self.counts
        return self._seen(kaplan_meier_counts(times, served, gave_up))

    @cached_property
    def seen_until_s(self) -> float:
        """The longest time that enough customers waited; 0 where they never were enough."""
        times = np.asarray(self.lengths.times_s, dtype=float)
        at_risk = self._at_risk()
        enough = np.flatnonzero(at_risk >= LEAST_AT_RISK)
        return float(times[enough[-1]]) if len(enough) else 0.0

    def median(self) -> tuple[float, float, float]:
        """Half would give up within; inf where more than half would wait longer than was seen."""
        curve = self.patience
        return tuple(  # type: ignore[return-value]
            median_from(curve.times, ends) for ends in (curve.survival, curve.low, curve.high)
        )

    def patient_at(self, seconds: float) -> tuple[float, float, float] | None:
        """Share still patient after so long, with its interval; None beyond what was seen."""
        return at(self.patience, seconds) if seconds <= self.seen_until_s else None

    def hazards(self, edges: Sequence[float]) -> Hazard:
        return hazard(*self.counts, edges)

    def _at_risk(self) -> np.ndarray:
        gone = np.asarray(self.lengths.gave_up) + np.asarray(self.lengths.served)
        return np.asarray(np.cumsum(gone[::-1])[::-1])

    def _seen(self, curve: Curve) -> Curve:
        """As long as enough are waiting."""
        keep = int(np.sum(self._at_risk() >= LEAST_AT_RISK))
        return Curve(*(part[:keep] for part in curve))


@dataclass(frozen=True)
class Difference:
    """Whether a group gives up at another pace than the first; p is of the log-rank test."""

    group: Group
    p: float | None
    holds: bool
    sooner: bool


def at(curve: Curve, seconds: float) -> tuple[float, float, float]:
    i = int(np.searchsorted(curve.times, seconds, side="right")) - 1
    if i < 0:
        return 1.0, 1.0, 1.0
    return float(curve.survival[i]), float(curve.low[i]), float(curve.high[i])


def groups_of(places: Mapping[str, Lengths], names: Mapping[str, str], first: str) -> list[Group]:
    """`first` leads; then the busiest others with enough waits."""
    found = [
        Group(code, names.get(code, code), lengths)
        for code, lengths in places.items()
        if code != first and lengths.n >= LEAST_AT_RISK
    ]
    found.sort(key=lambda group: (-group.n, group.code))
    own = places.get(first)
    lead = [Group(first, names.get(first, first), own)] if own is not None else []
    return lead + found[:MOST_OTHERS]


def differences(first: Group, others: Sequence[Group]) -> list[Difference]:
    """Each against the first, corrected for being several (false-discovery rate 10%)."""
    tests = [log_rank([one.counts, first.counts]) for one in others]
    told = [test.p for test in tests if test.p is not None]
    held = iter(benjamini_hochberg(told, DISCOVERIES).tolist() if told else [])
    return [
        Difference(
            one,
            test.p,
            bool(next(held)) if test.p is not None else False,
            bool(test.observed[0] > test.expected[0]),
        )
        for one, test in zip(others, tests, strict=True)
    ]


def is_reached(median_s: float) -> bool:
    return median_s != inf
