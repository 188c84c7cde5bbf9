"""How sure the mean and the quantiles of waits are: the ends of their 95% intervals.

Counted when first looked at, not with the score: it takes about as long again as all other counts.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from analytics.levels import order_statistics
from analytics.rates import mean_t
from evidence import lake
from evidence.measures import Cursor
from evidence.question import Question, code_parameters, scope_parameters

SHARES = {"p50": 0.5, "p90": 0.9, "p95": 0.95}


@dataclass(frozen=True)
class End:
    """An interval in seconds; `places` are the waits it lies between, by their length, 1 … n."""

    low_s: float
    high_s: float
    places: tuple[int, int] | None = None


@dataclass(frozen=True)
class WaitEnds:
    """The intervals of one touchpoint; a figure without one has too few waits. sd_s: spread."""

    offered: int
    sd_s: float | None
    ends: Mapping[str, End]  # mean, p50, p90, p95

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "WaitEnds":
        ends = {
            name: End(end["low_s"], end["high_s"], tuple(end["places"]) if end["places"] else None)
            for name, end in document["ends"].items()
        }
        return cls(document["offered"], document["sd_s"], ends)


def count_wait_ends(cursor: Cursor, question: Question) -> dict[str, WaitEnds]:
    """By touchpoint; those without waits are left out. Asks the lake through one cursor."""
    parameters = {
        **scope_parameters(question),
        **code_parameters(question),
        "short_abandon_ms": question.short_abandon_ms,
    }
    if not parameters["codes"]:
        return {}
    spread = cursor.execute(lake.query("waits_spread"), parameters).fetchall()
    wanted = {offered: _places(offered) for _place, offered, *_sums in spread}
    shares = sorted(
        {_at(k, n) for n, places in wanted.items() for ends in places.values() for k in ends}
    )
    ranked: dict[int, dict[float, int]] = {}
    if shares:
        rows = cursor.execute(lake.query("waits_ranked"), {**parameters, "shares": shares})
        ranked = {place: dict(zip(shares, ms, strict=True)) for place, ms in rows.fetchall()}
    found = {}
    for place, offered, sum_ms, sum_ms2 in spread:
        sd_s = _spread(offered, sum_ms, sum_ms2)
        ends = {} if sd_s is None else {"mean": _of_mean(offered, sum_ms / offered / 1000, sd_s)}
        for name, (low, high) in wanted[offered].items():
            low_ms, high_ms = (ranked[place][_at(k, offered)] for k in (low, high))
            ends[name] = End(low_ms / 1000, high_ms / 1000, (low, high))
        found[question.places[place].code] = WaitEnds(offered, sd_s, ends)
    return found


def _places(n: int) -> dict[str, tuple[int, int]]:
    found = {name: order_statistics(n, share) for name, share in SHARES.items()}
    return {name: places for name, places in found.items() if places}


def _at(place: int, n: int) -> float:
    """The share that picks the k-th of n, whatever is lost in the last digit."""
    return (place - 0.5) / n


def _spread(n: int, total: int, squares: int) -> float | None:
    """The standard deviation in seconds; whole numbers, so that nothing cancels out."""
    if n < 2:
        return None
    return float(((n * int(squares) - int(total) ** 2) / (n * (n - 1))) ** 0.5) / 1000


def _of_mean(n: int, mean_s: float, sd_s: float) -> End:
    low, high = mean_t(mean_s, sd_s**2, n)
    return End(max(0.0, low), high)
