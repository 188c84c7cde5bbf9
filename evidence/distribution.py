"""How long customers waited, bin by bin: exact counts for all touchpoints in one pass."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from evidence import lake
from evidence.measures import Cursor
from evidence.question import Question, scope_parameters

LAST_BIN = 60
# Widths that people can read off an axis: seconds, minutes, hours, days.
_SECONDS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30]
_MINUTES = [60 * m for m in (1, 2, 5, 10, 15, 30)]
_HOURS = [3600 * h for h in (1, 2, 3, 6, 12)]
_DAYS = [86400 * d for d in (1, 2, 7, 14, 28)]
WIDTHS_S = [*_SECONDS, *_MINUTES, *_HOURS, *_DAYS]


@dataclass(frozen=True)
class WaitBins:
    """Counts of waits offered. Bin k ends at (k + 1) · width_s, included; the last has no end."""

    width_s: float
    served: tuple[int, ...]
    abandoned: tuple[int, ...]

    @property
    def offered(self) -> int:
        return sum(self.served) + sum(self.abandoned)

    def ends_s(self) -> list[float]:
        """Where the bins end, without the last."""
        return [round((k + 1) * self.width_s, 3) for k in range(len(self.served) - 1)]

    def served_within(self) -> list[float]:
        """Share of all waits offered that were served by the end of each bin (not the last)."""
        return [n / self.offered for n in accumulate(self.served[:-1])]

    def abandoned_within(self) -> list[float]:
        return [n / self.offered for n in accumulate(self.abandoned[:-1])]


def width_for(longest_s: float) -> float:
    """The smallest readable width with which the bins reach so far."""
    return next((w for w in WIDTHS_S if w * LAST_BIN >= longest_s), WIDTHS_S[-1])


def wait_bins(
    cursor: Cursor, question: Question, longest_s: Mapping[str, float]
) -> dict[str, WaitBins]:
    """Touchpoint code → its bins; `longest_s` says how far each touchpoint's bins should reach."""
    places = [p for p in question.places if p.on_map and p.code in longest_s]
    if not places:
        return {}
    widths = [width_for(longest_s[p.code]) for p in places]
    parameters = {
        **scope_parameters(question),
        "short_abandon_ms": question.short_abandon_ms,
        "last_bin": LAST_BIN,
        "codes": [code for p in places for code in p.raw_codes],
        "places": [i for i, p in enumerate(places) for _ in p.raw_codes],
        "width_ms": [round(widths[i] * 1000) for i, p in enumerate(places) for _ in p.raw_codes],
    }
    served = [[0] * (LAST_BIN + 1) for _ in places]
    abandoned = [[0] * (LAST_BIN + 1) for _ in places]
    rows = cursor.execute(lake.query("wait_bins"), parameters).fetchall()
    for place, at, served_n, abandoned_n in rows:
        served[place][at], abandoned[place][at] = served_n, abandoned_n
    return {
        place.code: WaitBins(widths[i], tuple(served[i]), tuple(abandoned[i]))
        for i, place in enumerate(places)
        if sum(served[i]) + sum(abandoned[i])
    }
