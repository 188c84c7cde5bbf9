"""Units compared: real differences told from luck by a funnel plot.

Letters and suffixes:
    x, n       arrays (units,), x of n counted at each unit; n is rounded to whole numbers
    target     the rate all units share if only luck differs: Σx / Σn, 0 to 1
    phi        over-dispersion: how much more the units' rates spread than luck allows, >= 1
    _95, _998  limits that a unit without a real difference leaves with chance 5% or 0.2%

Source: Spiegelhalter 2005, "Funnel plots for comparing institutional performance", Statistics in
Medicine 24, 1185–1202: exact binomial limits (appendix A.1.1) and the winsorised multiplicative
over-dispersion factor (section 4, 10% at either end).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analytics.rates import counts

WINSORISED = 0.1
LEAST_UNITS_FOR_PHI = 10


class Limits(NamedTuple):
    """Limits of a rate, arrays (k,)."""

    low_998: np.ndarray
    low_95: np.ndarray
    high_95: np.ndarray
    high_998: np.ndarray


@dataclass(frozen=True)
class Funnel:
    """rates, z, flags: (units,).

    flags: 2 above the 99.8% limit, 1 above the 95% limit, 0 inside, −1 and −2 below likewise.
    The limits are interpolated between the steps of the binomial distribution; a small unit may
    lie beyond one although chance puts it there more often than 2.5% or 0.1%: it is not flagged.
    z: distance from the target in standard deviations, over-dispersion taken off.  A unit without
    evidence has the rate and z nan and the flag 0.
    """

    target: float
    phi: float
    rates: np.ndarray
    z: np.ndarray
    limits: Limits
    flags: np.ndarray


def funnel(x: ArrayLike, n: ArrayLike) -> Funnel:
    """The funnel of some units, with its limits at each unit's n.

    Raises ValueError where x lies outside 0…n or there is no evidence at all.

    >>> found = funnel([10, 12, 9, 30], [100, 110, 95, 105])
    >>> round(found.target, 4), found.flags.tolist()
    (0.1488, [0, 0, 0, 2])
    """
    x, n = counts(x, n)
    if n.sum() <= 0:
        raise ValueError("expected evidence from at least one unit, got none")
    target = float(x.sum() / n.sum())
    phi = over_dispersion(x, n, target)
    limits = limits_at(n, target, phi)
    some = n > 0
    rate = np.where(some, x / np.where(some, n, 1.0), np.nan)
    spread = np.sqrt(phi * target * (1 - target) / np.where(some, n, 1.0))
    z = (rate - target) / spread if spread[some].all() else np.where(some, 0.0, np.nan)
    least, most = _tails(np.where(some, rate, target), n, target)
    flags = (
        ((rate > limits.high_95) & (least <= 0.025)).astype(int)
        + ((rate > limits.high_998) & (least <= 0.001))
        - ((rate < limits.low_95) & (most <= 0.025))
        - ((rate < limits.low_998) & (most <= 0.001))
    )
    return Funnel(target, phi, rate, z, limits, flags)


def limits_at(n: ArrayLike, target: float, phi: float = 1.0) -> Limits:
    """Limits for units of size n (k,), to draw the funnel at any n.

    The exact binomial quantile, interpolated between its steps, and its distance from the target
    stretched by √phi; kept within 0…1.

    >>> limits = limits_at([100], 0.1)
    >>> [round(float(end[0]), 3) for end in limits]
    [0.014, 0.04, 0.158, 0.198]
    """
    size = np.maximum(np.rint(np.asarray(n, dtype=float)), 1.0)
    ends = (_exact_limit(tail, size, target) for tail in (0.001, 0.025, 0.975, 0.999))
    stretched = (np.clip(target + np.sqrt(phi) * (end - target), 0.0, 1.0) for end in ends)
    return Limits(*stretched)


def over_dispersion(x: ArrayLike, n: ArrayLike, target: float) -> float:
    """phi, the mean squared z after the tenth at either end was drawn in to the rest.

    The drawing-in keeps the few truly different units from hiding themselves by widening the
    limits; where all units scatter alike it leaves about two thirds of their mean squared z, so
    that the limits are rather narrow than wide. Not below 1, and 1 below ten units, which tell too
    little of their spread.

    >>> over_dispersion([1, 2], [10, 20], 0.1)
    1.0
    """
    x, n = counts(x, n)
    x, n = x[n > 0], n[n > 0]
    variance = target * (1 - target)
    if len(n) < LEAST_UNITS_FOR_PHI or variance == 0:
        return 1.0
    z = (x / n - target) / np.sqrt(variance / n)
    low, high = np.quantile(z, (WINSORISED, 1 - WINSORISED))
    return max(1.0, float(np.mean(np.clip(z, low, high) ** 2)))


def _tails(rate: np.ndarray, n: np.ndarray, target: float) -> tuple[np.ndarray, np.ndarray]:
    """Chances (units,) of so many or more, and of so few or fewer, where only luck is at work."""
    whole = np.maximum(np.rint(n), 1.0).astype(int)
    x = rate * whole
    above = np.ceil(x - 1e-9)
    least = np.where(above > 0, special.bdtrc(np.maximum(above - 1, 0), whole, target), 1.0)
    return least, special.bdtr(np.floor(x + 1e-9), whole, target)


def _exact_limit(tail: float, size: np.ndarray, target: float) -> np.ndarray:
    """Rate at which the binomial distribution function, made continuous, equals the tail."""
    if target in (0.0, 1.0):
        return np.full(size.shape, target)
    whole = size.astype(int)
    step = np.maximum(np.ceil(special.bdtrik(tail, size, target)), 0.0)
    step = np.where(
        (step > 0) & (special.bdtr(np.maximum(step - 1, 0), whole, target) >= tail), step - 1, step
    )  # the continuous inverse may end one step too high
    above = special.bdtr(step, whole, target)
    below = np.where(step > 0, special.bdtr(np.maximum(step - 1, 0), whole, target), 0.0)
    inside = (above - tail) / np.where(above > below, above - below, 1.0)
    return np.clip((step - inside) / size, 0.0, 1.0)
