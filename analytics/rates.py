"""Rates that small samples cannot fool.

Suffixes and letters, the same throughout:
    x            painful (or otherwise counted) experiences, >= 0, fractional for weighted answers
    n            experiences altogether, >= x; fractional likewise (Kish's effective number)
    _low, _high  ends of an interval, in the unit of the value
    confidence   share of the equal-tailed interval, 0 < confidence < 1

Shares are 0 to 1, NPS is −100 to 100. Where a value is shown on its own (NPS, shares, means) the
default confidence is 95%; severities, burdens and the rates behind them use 90% (ranking.py).
"""

from math import inf, sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analytics import likelihood

CONFIDENCE = 0.95
ROUNDING = 1e-9


class Prior(NamedTuple):
    """A Beta(a, b) distribution of a rate over touchpoints; a, b > 0."""

    a: float
    b: float


class PriorDraws(NamedTuple):
    """Beta distributions that are all plausible, a and b arrays (draws,)."""

    a: np.ndarray
    b: np.ndarray


JEFFREYS = Prior(0.5, 0.5)


def wilson(x: ArrayLike, n: ArrayLike, confidence: float = CONFIDENCE) -> tuple[Any, Any]:
    """Wilson's score interval of a share.

    x, n: floats or arrays (...,), 0 <= x <= n.  Returns (low, high), shares of the same shape.
    Without any observation (n = 0) nothing is known and the interval is (0, 1).
    Raises ValueError where x lies outside 0…n.
    Source: Wilson 1927, JASA 22, 209–212.

    >>> low, high = wilson(81, 263)
    >>> print(f"{low:.4f} {high:.4f}")
    0.2553 0.3662
    """
    is_one = isinstance(x, int | float) and isinstance(n, int | float)
    if is_one and 0 <= x <= n * (1 + ROUNDING) < inf:  # type: ignore[operator]
        return _wilson_of_one(min(float(x), float(n)), float(n), confidence)  # type: ignore[arg-type]
    x, n = counts(x, n)
    z2 = _normal_quantile(confidence) ** 2
    centre = (x + z2 / 2) / (n + z2)
    failures = n - x
    spread = x * failures / np.where(n > 0, n, 1.0) + z2 / 4
    half = np.sqrt(z2 * spread) / (n + z2)
    # The ends at x = 0 and x = n are exact, not 1e-17 beside it.
    low = np.where(x == 0, 0.0, np.clip(centre - half, 0.0, 1.0))
    high = np.where(failures == 0, 1.0, np.clip(centre + half, 0.0, 1.0))
    return low[()], high[()]


def _wilson_of_one(x: float, n: float, confidence: float) -> tuple[float, float]:
    """The same to the last bit; NumPy takes thirty times as long for a single share."""
    z2 = _normal_quantile(confidence) ** 2
    centre = (x + z2 / 2) / (n + z2)
    failures = n - x
    spread = x * failures / (n if n > 0 else 1.0) + z2 / 4
    half = sqrt(z2 * spread) / (n + z2)
    low = 0.0 if x == 0 else min(max(centre - half, 0.0), 1.0)
    high = 1.0 if failures == 0 else min(max(centre + half, 0.0), 1.0)
    return low, high


def nps(
    promoters: float, detractors: float, n: float, confidence: float = CONFIDENCE
) -> tuple[float, float, float]:
    """Net promoter score with its adjusted Wald interval.

    promoters, detractors: counts, >= 0, together at most n.  Returns (value, low, high), each in
    −100…100: the value as observed, the interval from n + 3 answers with ¾ more promoters and ¾
    more detractors. Without answers all three are nan.
    Raises ValueError where the counts are negative or exceed n.
    Source: Rocks 2016, The American Statistician 70(4), 365–372.

    >>> print("{:.1f} {:.1f} {:.1f}".format(*nps(50, 20, 100)))
    30.0 14.1 44.2
    """
    if min(promoters, detractors) < 0 or promoters + detractors > n * (1 + ROUNDING):
        raise ValueError(
            "expected 0 <= promoters + detractors <= n, "
            f"got promoters={promoters}, detractors={detractors}, n={n}"
        )
    if n == 0:
        return float("nan"), float("nan"), float("nan")
    p, d = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    half = _normal_quantile(confidence) * np.sqrt((p + d - (p - d) ** 2) / (n + 3))
    value = 100.0 * (promoters - detractors) / n
    low, high = max(-100.0, 100 * (p - d - half)), min(100.0, 100 * (p - d + half))
    return float(value), float(low), float(high)


def kish_n(weights_sum: ArrayLike, weights_sq_sum: ArrayLike) -> Any:
    """Effective number of weighted answers, (Σw)² / Σw².

    weights_sum, weights_sq_sum: floats or arrays (...,), Σw and Σw², >= 0.  Returns the same shape;
    0 where there are no weights.  Source: Kish 1965, Survey Sampling, §11.7.

    >>> float(kish_n(1 + 1 + 2, 1 + 1 + 4))
    2.6666666666666665
    """
    total = np.asarray(weights_sum, dtype=float)
    squares = np.asarray(weights_sq_sum, dtype=float)
    if np.any(squares < 0):
        raise ValueError("expected a sum of squared weights >= 0")
    return (total**2 / np.where(squares > 0, squares, 1.0) * (squares > 0))[()]


def mean_t(
    mean: float, var: float, n: float, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Student's t interval of a mean.

    var: the sample variance (divided by n − 1), in the unit of the mean squared.  Returns
    (low, high) in the unit of the mean; (nan, nan) below two observations, which tell no spread.

    >>> print("{:.3f} {:.3f}".format(*mean_t(5.0, 4.0, 10)))
    3.569 6.431
    """
    if n < 2:
        return float("nan"), float("nan")
    if var < 0:
        raise ValueError(f"expected a variance >= 0, got {var}")
    half = special.stdtrit(n - 1, 0.5 + checked_confidence(confidence) / 2) * np.sqrt(var / n)
    return float(mean - half), float(mean + half)


def fit_beta_prior(x: ArrayLike, n: ArrayLike) -> Prior:
    """The Beta prior that makes the touchpoints' counts most likely.

    x, n: arrays (touchpoints,), fractional allowed; those with n = 0 are left out.  Returns
    Prior(a, b), the maximum of the beta-binomial likelihood with 2 <= a + b <= 1000.

    Jeffreys' (½, ½) with fewer than three touchpoints, and where every x is 0 or every x is n:
    then the likelihood grows all the way to a rate of exactly 0 (or 1) and has no maximum inside,
    and a prior that forbids pain for ever must not come out of having seen none yet.

    The order of the touchpoints does not matter, to the last bit. Where the size a + b makes no
    difference (a single experience at each touchpoint) the smallest is taken.
    Raises ValueError where x lies outside 0…n.

    >>> prior = fit_beta_prior([2, 8, 30, 11, 50], [100, 100, 100, 100, 100])
    >>> print(f"{prior.a:.2f} {prior.b:.2f}")
    0.99 3.92
    """
    x, n = counts(x, n)
    x, n = x[n > 0], n[n > 0]
    if len(n) < 3 or np.all(x == 0) or np.all(x == n):
        return JEFFREYS
    order = np.lexsort((n, x))
    return Prior(*likelihood.maximum(x[order], n[order]))


def plausible_priors(x: ArrayLike, n: ArrayLike, uniform: np.ndarray) -> PriorDraws:
    """Priors (draws,) that the touchpoints' counts leave plausible, for intervals.

    The fitted prior is itself an estimate; intervals that took it for certain would be too narrow
    where evidence is thin. Same input and same exceptions as fit_beta_prior, but all draws are
    Jeffreys' where that one is.  uniform: (draws,), random numbers in 0…1.

    >>> priors = plausible_priors([1, 5, 9], [40, 40, 40], np.linspace(0, 1, 99))
    >>> sizes = priors.a + priors.b
    >>> bool(sizes.min() >= 1.999), bool(sizes.max() <= 1000.001), len(sizes)
    (True, True, 99)
    """
    x, n = counts(x, n)
    x, n = x[n > 0], n[n > 0]
    if len(n) < 3 or np.all(x == 0) or np.all(x == n):
        return PriorDraws(*(np.full(len(uniform), half) for half in JEFFREYS))
    order = np.lexsort((n, x))
    return PriorDraws(*likelihood.plausible(x[order], n[order], uniform))


def log_marginal(prior: Prior, x: ArrayLike, n: ArrayLike) -> float:
    """Log beta-binomial likelihood of the counts, without the binomial coefficients.

    >>> round(log_marginal(Prior(1, 1), [1], [2]), 4)  # ∫ r(1−r) dr = 1/6
    -1.7918
    """
    x, n = counts(x, n)
    return likelihood.value(prior.a, prior.b, x, n)


def posterior(prior: Prior | PriorDraws, x: Any, n: Any) -> tuple[Any, Any]:
    """Beta(a, b) of a rate after x out of n.  x, n: (...,).  Returns (a, b) of the same shape.

    With several plausible priors (draws,) and one x and n, a and b are (draws,).

    >>> posterior(JEFFREYS, 3, 10)
    (3.5, 7.5)
    """
    return prior.a + x, prior.b + (n - x)


def posterior_mean(prior: Prior, x: Any, n: Any) -> Any:
    """Mean of the posterior, the point estimate of a rate.  x, n: (...,).  Returns (...,).

    >>> round(posterior_mean(JEFFREYS, 3, 10), 4)
    0.3182
    """
    a, b = posterior(prior, x, n)
    return a / (a + b)


def counts(x: ArrayLike, n: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """x and n as float arrays, 0 <= x <= n, or ValueError.

    Weighted sums may put x above n by a rounding error; that much is forgiven.
    """
    x, n = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(n, dtype=float))
    if not (np.all(np.isfinite(x)) and np.all(np.isfinite(n))):
        raise ValueError("expected finite counts x and n, got nan or infinity")
    if np.any(x < 0) or np.any(x > n * (1 + ROUNDING)):
        wrong = np.flatnonzero((x < 0) | (x > n * (1 + ROUNDING)))[0]
        raise ValueError(f"expected 0 <= x <= n, got x={x.flat[wrong]}, n={n.flat[wrong]}")
    return np.minimum(x, n), n


def checked_confidence(confidence: float) -> float:
    """A confidence between 0 and 1, or ValueError."""
    if not 0 < confidence < 1:
        raise ValueError(f"expected a confidence between 0 and 1, got {confidence}")
    return confidence


def _normal_quantile(confidence: float) -> float:
    return float(special.ndtri(0.5 + checked_confidence(confidence) / 2))
