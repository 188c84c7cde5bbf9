"""How long customers waited, and how many within the promise: figures of counts.

Letters and suffixes:
    x, n         waits that count, out of waits
    _low, _high  ends of an interval, in the unit of the value
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analytics.rates import CONFIDENCE, checked_confidence, wilson
from analytics.waits import counted


class Level(NamedTuple):
    """A share x / n with Wilson's interval; value, low and high are None where n is 0."""

    x: float
    n: float
    value: float | None
    low: float | None
    high: float | None


class Quantile(NamedTuple):
    """A quantile; low and high are None where so few waits hold no interval of that confidence."""

    share: float
    value: float
    low: float | None
    high: float | None


def service_levels(
    *,
    served_in_time: float,
    served_late: float,
    abandoned_in_time: float,
    abandoned_late: float,
    confidence: float = CONFIDENCE,
) -> dict[str, Level]:
    """Service level by its usual names; they differ in what becomes of those who gave up.

    Counts of waits by how they ended, and whether within the promise or later.
    decided     served in time ÷ (served + gave up after the promise): `service_level` everywhere
                else; who gave up before the promise could be broken does not count
    offered     served in time ÷ all offered: whoever gave up was not served
    served      served in time ÷ served: as if those who gave up had never called
    kind        (served in time + gave up in time) ÷ all offered: giving up early counts as kept

    >>> found = service_levels(
    ...     served_in_time=80, served_late=10, abandoned_in_time=4, abandoned_late=6
    ... )
    >>> {name: round(level.value, 3) for name, level in found.items()}
    {'decided': 0.833, 'offered': 0.8, 'served': 0.889, 'kind': 0.84}
    """
    served = served_in_time + served_late
    offered = served + abandoned_in_time + abandoned_late
    parts = {
        "decided": (served_in_time, served + abandoned_late),
        "offered": (served_in_time, offered),
        "served": (served_in_time, served),
        "kind": (served_in_time + abandoned_in_time, offered),
    }
    if min(served_in_time, served_late, abandoned_in_time, abandoned_late) < 0:
        raise ValueError("expected counts >= 0")
    levels = {}
    for name, (x, n) in parts.items():
        low, high = wilson(x, n, confidence)
        levels[name] = (
            Level(x, n, x / n, float(low), float(high)) if n else Level(x, n, None, None, None)
        )
    return levels


def quantiles(
    times: ArrayLike,
    counts: ArrayLike,
    shares: ArrayLike = (0.5, 0.9, 0.95),
    confidence: float = CONFIDENCE,
) -> list[Quantile]:
    """Quantiles of waits that are counted per time, each with an interval free of assumptions.

    times: float (k,), rising.  counts: whole numbers (k,), >= 0, of waits of that time.
    shares: (q,), between 0 and 1.  Values are linear between neighbours (R's type 7). The interval
    lies between two order statistics, chosen by the binomial distribution: as often as confidence
    says or more, it holds the quantile, whatever the distribution. Returns [] without waits.
    Source: David & Nagaraja 2003, Order Statistics, section 7.1.

    >>> [found] = quantiles([1, 2, 3, 9], [10, 50, 30, 10], [0.5])
    >>> found.value, found.low, found.high
    (2.0, 2.0, 3.0)
    """
    times, counts, _none = counted(times, counts, np.zeros(np.shape(counts)))
    shares = np.asarray(shares, dtype=float)
    if np.any(~((shares > 0) & (shares < 1))):
        raise ValueError("expected shares between 0 and 1")
    n = int(counts.sum())
    if n == 0:
        return []
    upto = np.cumsum(counts)

    def nth(place: int) -> float:
        return float(times[np.searchsorted(upto, place)])

    found = []
    for share in shares.tolist():
        position = 1 + share * (n - 1)
        below = min(int(position), n - 1) if n > 1 else 1
        value = nth(below) + (position - below) * (nth(min(below + 1, n)) - nth(below))
        ends = order_statistics(n, share, confidence)
        found.append(Quantile(share, value, *((nth(k) for k in ends) if ends else (None, None))))
    return found


def order_statistics(
    n: int, share: float, confidence: float = CONFIDENCE
) -> tuple[int, int] | None:
    """Which of n waits, in the order of their length (1 … n), hold the quantile between them.

    None where so few waits hold no interval of that confidence.  Source: as of quantiles.

    >>> order_statistics(100, 0.5), order_statistics(100, 0.95), order_statistics(50, 0.95)
    ((40, 61), (90, 100), None)
    """
    tail = (1 - checked_confidence(confidence)) / 2
    middle, reach = n * share, 10 * np.sqrt(n * share * (1 - share)) + 10
    k = np.arange(max(0, int(middle - reach)), min(n, int(middle + reach)) + 1)
    upto = special.bdtr(k, n, share)  # P(at most k of the waits are shorter)
    low = int(k[0]) + int(np.searchsorted(upto, tail, side="right"))
    high = int(k[0]) + int(np.searchsorted(upto, 1 - tail)) + 1
    return (low, high) if 1 <= low <= high <= n else None
