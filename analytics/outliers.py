"""Units that really differ from the others of their touchpoint, and are not out by luck.

Letters and suffixes, as in units.py:
    x, n        arrays (units,), x painful of n at each unit
    judged      bool (units,): n of at least 30; smaller units are shown but not judged
    target      the rate of all judged units together, 0 to 1
    phi         over-dispersion: how much more the judged units spread than luck allows, >= 1
    tau         the same said otherwise: the spread (standard deviation) of the units' true rates
    z           distance from the target in standard deviations, over-dispersion taken off
    p           chance of a unit so far out, on either side, where nothing but luck and the common
                over-dispersion is at work

One funnel's limits are right for one unit looked at for its own sake. Who looks at two hundred
units of forty touchpoints finds dozens outside by luck alone: `really_different` keeps the false
ones among all that are named at one in ten.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # its optimize comes with the first use: half a second of every start
from numpy.typing import ArrayLike
from scipy import special

from analytics.change import FALSE_DISCOVERIES, benjamini_hochberg
from analytics.rates import counts, wilson
from analytics.units import LEAST_UNITS_FOR_PHI, WINSORISED

LEAST_N = 30
OUTSIDE = 0.05
# Mean square of a standard normal value drawn in to its tenths: ∫z²φ between ±1.2816 is 0.3502,
# and 2 · 0.1 · 1.2816² is 0.3285.
_LEFT_BY_WINSORISING = 0.6787
_LEAST_TAIL = 1e-300
# phi and tau are estimated from the units themselves, with a fifth of them drawn in: they are worth
# about 0.6 degrees of freedom a unit.
_DEGREES_A_UNIT = 0.6


class NotCompared(ValueError):
    """Units that cannot be compared; `reason` is a stable code, the message is for developers.

    Codes: none (no unit with evidence), single (one unit only), few (fewer than two with n >= 30).
    """

    def __init__(self, reason: str, message: str):
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Compared:
    """The units of one touchpoint and family; arrays (units,).

    low, high: Wilson's 95% interval of each rate.  Where a unit has no evidence, rate is nan; where
    it is not judged, z is 0 and p is 1.
    """

    target: float
    phi: float
    x: np.ndarray
    n: np.ndarray
    judged: np.ndarray
    rate: np.ndarray
    low: np.ndarray
    high: np.ndarray
    z: np.ndarray
    p: np.ndarray

    @property
    def outside(self) -> np.ndarray:
        """Beyond the 95% limits, 1 above and −1 below, else 0 (units,)."""
        return np.where(self.p < OUTSIDE, np.sign(self.z), 0.0).astype(int)


def compare(x: ArrayLike, n: ArrayLike) -> Compared:
    """Each unit of a touchpoint against all judged ones together.

    Luck is judged by the smaller mid-p tail of the binomial distribution. Over-dispersion may widen
    it in proportion (by √phi, as the funnel is drawn) or by a fixed spread of the true rates (tau);
    which of them is right cannot be told from the units, and large units look too different under
    the one, small ones under the other. So p is the larger of the two, by Student's t where there
    is over-dispersion, which is itself only estimated.
    Raises NotCompared where fewer than two units can be judged; ValueError where x is not in 0…n.
    Source: Spiegelhalter 2005, Statistics in Medicine 24, 1185–1202 (multiplicative, section 4.1;
    additive, 4.2); mid-p: Lancaster 1961, JASA 56, 223–234.

    >>> found = compare([10, 12, 9, 30, 1], [100, 110, 95, 105, 8])
    >>> found.judged.tolist(), found.outside.tolist(), round(found.target, 4)
    ([True, True, True, True, False], [0, 0, 0, 1, 0], 0.1488)
    """
    x, n = counts(x, n)
    some, judged = n > 0, n >= LEAST_N
    if judged.sum() < 2:
        reason = "few" if some.sum() > 1 else "single" if some.any() else "none"
        raise NotCompared(reason, f"expected two units with n >= {LEAST_N}, got {judged.sum()}")
    target = float(x[judged].sum() / n[judged].sum())
    phi = over_dispersion(x[judged], n[judged], target)
    z, p = np.zeros(len(n)), np.ones(len(n))
    z[judged], p[judged] = _chances(x[judged], n[judged], target, phi)
    rate = np.where(some, x / np.where(some, n, 1.0), np.nan)
    low, high = wilson(x, n)
    return Compared(target, phi, x, n, judged, rate, low, high, z, p)


def really_different(compared: Sequence[Compared]) -> list[np.ndarray]:
    """Which units to name, over all comparisons at once: for each, bool (units,).

    Named are those outside the 95% limits whose p passes Benjamini and Hochberg's procedure at 10%
    among all judged units of all comparisons: of the units named, at most one in ten is expected to
    be there by luck.

    >>> [named.tolist() for named in really_different([compare([10, 12, 40], [100, 110, 105])])]
    [[True, True, True]]
    """
    p = np.concatenate([c.p[c.judged] for c in compared]) if compared else np.empty(0)
    passed = benjamini_hochberg(p, FALSE_DISCOVERIES)
    named, at = [], 0
    for one in compared:
        mark = np.zeros(len(one.p), dtype=bool)
        size = int(one.judged.sum())
        mark[one.judged] = passed[at : at + size] & (one.p[one.judged] < OUTSIDE)
        named.append(mark)
        at += size
    return named


def over_dispersion(x: ArrayLike, n: ArrayLike, target: float) -> float:
    """phi: the mean squared z, a tenth at either end drawn in to the rest, over what that leaves.

    Drawing in keeps the few truly different units from hiding themselves. Of units that scatter
    alike it leaves 0.679 of their mean squared z, which is put right here: else chance would be
    judged too narrowly wherever units differ a little for many reasons.
    Not below 1, and 1 below ten units, which tell too little of their spread.

    >>> over_dispersion([1, 2], [10, 20], 0.1)
    1.0
    """
    x, n = counts(x, n)
    return max(1.0, _spread(x, n, target, 0.0))


def _chances(
    x: np.ndarray, n: np.ndarray, target: float, phi: float
) -> tuple[np.ndarray, np.ndarray]:
    """z and p of judged units."""
    luck = _distances(x, n, target)
    z = luck / np.sqrt(phi)
    if phi == 1.0:
        return z, 2 * special.ndtr(-np.abs(z))
    variance = target * (1 - target) / n
    other = luck * np.sqrt(variance / (variance + _tau(x, n, target) ** 2))
    z = np.where(np.abs(other) < np.abs(z), other, z)
    return z, 2 * special.stdtr(_DEGREES_A_UNIT * len(n), -np.abs(z))


def _tau(x: np.ndarray, n: np.ndarray, target: float) -> float:
    """The spread of the true rates at which the units scatter no more than luck and it allow."""
    if _spread(x, n, target, 1.0) >= 1:
        return 1.0
    return float(
        scipy.optimize.brentq(lambda tau: _spread(x, n, target, tau) - 1.0, 0.0, 1.0, xtol=1e-5)
    )


def _spread(x: np.ndarray, n: np.ndarray, target: float, tau: float) -> float:
    """Winsorised mean squared distance from the target; 1 where luck and tau explain it."""
    variance = target * (1 - target)
    if len(n) < LEAST_UNITS_FOR_PHI or variance == 0:
        return 1.0
    z = (x / n - target) / np.sqrt(variance / n + tau**2)
    z.sort()
    at = WINSORISED * (len(z) - 1)  # quantiles by hand: this is asked some thousand times a page
    below, part = int(at), at - int(at)
    low = z[below] + part * (z[below + 1] - z[below])
    high = z[-1 - below] - part * (z[-1 - below] - z[-2 - below])
    return float(np.mean(np.clip(z, low, high) ** 2)) / _LEFT_BY_WINSORISING


def _distances(x: np.ndarray, n: np.ndarray, target: float) -> np.ndarray:
    """Normal quantiles of the mid-p tails: how far out each unit is where only luck is at work."""
    if target in (0.0, 1.0):
        return np.zeros(len(n))
    whole = np.maximum(np.rint(n), 1.0).astype(int)
    at = np.clip(x / n * whole, 0.0, whole)
    below, part = np.floor(at + 1e-9), at - np.floor(at + 1e-9)
    above = np.minimum(below + 1, whole)
    upper, lower = (
        (1 - part) * tail(below, whole, target) + part * tail(above, whole, target)
        for tail in (_or_more, _or_fewer)
    )
    upper, lower = (np.clip(tail, _LEAST_TAIL, 1.0) for tail in (upper, lower))
    return np.where(upper < lower, -special.ndtri(upper), special.ndtri(lower))


def _or_more(k: np.ndarray, n: np.ndarray, target: float) -> np.ndarray:
    """P(X > k) + ½ P(X = k)."""
    return (special.bdtrc(k, n, target) + _at_least(k, n, target)) / 2


def _or_fewer(k: np.ndarray, n: np.ndarray, target: float) -> np.ndarray:
    """P(X < k) + ½ P(X = k)."""
    less = np.where(k > 0, special.bdtr(np.maximum(k - 1, 0), n, target), 0.0)
    return (special.bdtr(k, n, target) + less) / 2


def _at_least(k: np.ndarray, n: np.ndarray, target: float) -> np.ndarray:
    return np.where(k > 0, special.bdtrc(np.maximum(k - 1, 0), n, target), 1.0)
