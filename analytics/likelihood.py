"""The beta-binomial likelihood and where it is highest.

Letters:
    a, b        parameters of the Beta distribution of rates; size = a + b, mean = a / (a + b)
    x, n        arrays (touchpoints,), painful experiences out of n, fractional allowed
    logit_mean  ln(mean / (1 − mean)) = ln(a / b)
    log_size    ln(a + b), between ln 2 and ln 1000

The search is a Newton ascent of our own in these two numbers. SciPy's L-BFGS-B finds the same
places, but its threaded linear algebra waits for busy cores (measured: 5 ms alone, 190 ms beside
other work), and threads are no friends of bit-identical results. Nor are NumPy's exp and log, whose
last bits depend on the processor's vector units: those of the C library and SciPy are used.
"""

from functools import lru_cache
from math import exp, log

import numpy as np
from scipy import special

SIZE_LOW, SIZE_HIGH = 2.0, 1000.0

_LOGIT_LIMIT = 25.0
_LOWER = np.array([-_LOGIT_LIMIT, log(SIZE_LOW)])
_UPPER = np.array([_LOGIT_LIMIT, log(SIZE_HIGH)])
_LOGIT_MEANS = np.linspace(-12.0, 12.0, 25)
_LOG_SIZES = np.linspace(_LOWER[1], _UPPER[1], 9)
_SIZES = np.array([exp(log_size) for log_size in _LOG_SIZES])
_ZOOMS = tuple(np.linspace(-width, width, 9) for width in (1.0, 0.25, 0.0625))
_SPREAD = np.linspace(-4.0, 4.0, 17)
_LONGEST_STEP = 2.0
_ROUNDS = 100


def value(a: float, b: float, x: np.ndarray, n: np.ndarray) -> float:
    """Log likelihood of the counts, without the binomial coefficients, which depend on no prior.

    >>> round(value(1, 1, np.array([1.0]), np.array([2.0])), 4)  # ∫ r(1−r) dr = 1/6
    -1.7918
    """
    return float(np.sum(special.betaln(a + x, b + (n - x)) - special.betaln(a, b)))


def maximum(x: np.ndarray, n: np.ndarray) -> tuple[float, float]:
    """(a, b) of the highest likelihood with 2 <= a + b <= 1000.

    x, n: (touchpoints,), n > 0, not all x = 0 nor all x = n (there the mean runs off to 0 or 1).
    There may be two hills (many touchpoints alike, a few very unlike), so every top of a coarse
    search is climbed from.

    >>> a, b = maximum(np.array([0.0, 5.0, 10.0]), np.array([10.0, 10.0, 10.0]))
    >>> round(a, 3), round(b, 3)  # as far apart as rates can be: the smallest size
    (1.0, 1.0)
    """
    tops = [_climb(start, x, n) for start in _hills(x, n)]
    return _a_b(max(tops, key=lambda top: top[1])[0])


def _climb(place: np.ndarray, x: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, float]:
    """The top (logit_mean, log_size) of the hill at a place, and its height."""
    height = value(*_a_b(place), x, n)
    for _ in range(_ROUNDS):
        slope, bend = _derivatives(place, x, n)
        step = _newton_step(place, slope, bend)
        gain = float((slope * step).sum())
        if gain <= 1e-12 * max(1.0, abs(height)):
            break
        place, height, moved = _walk(place, height, step, x, n)
        if not moved:
            break
    return place, height


def plausible(x: np.ndarray, n: np.ndarray, uniform: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Draws (draws,) of a and b, each as often as the counts make it plausible.

    x, n: (touchpoints,), as for `maximum`.  uniform: (draws,), random numbers in 0…1.
    The density is the likelihood times (a + b)^(−5/2), which is flat for the mean and for the
    spread 1/√size (Gelman et al., Bayesian Data Analysis, 3rd ed., section 5.3), on a grid of
    sizes within 2…1000 and of means within four standard deviations of each size's best one.

    >>> a, b = plausible(np.array([1.0, 5, 9]), np.array([40.0, 40, 40]), np.linspace(0, 1, 999))
    >>> round(float(np.mean(a / (a + b))), 1)
    0.2
    """
    best, _ = _ridge(x, n)
    width = np.minimum(1.0 / np.sqrt(np.maximum(-_bends(best, x, n), 1e-3)), 3.0)
    logit_means = best[:, None] + width[:, None] * _SPREAD
    flat_mean = special.expit(logit_means) * special.expit(-logit_means)
    logs = _heights(logit_means, x, n) - 0.5 * _LOG_SIZES[:, None] + special.xlogy(1.0, flat_mean)
    logs += special.xlogy(1.0, width)[:, None]
    chance = np.cumsum([exp(height) for height in (logs - logs.max()).ravel()])
    cell = np.searchsorted(chance / chance[-1], np.minimum(uniform, 1 - 1e-12), side="right")
    i, j = np.unravel_index(cell, logs.shape)
    mean = logit_means[i, j]
    return _SIZES[i] * special.expit(mean), _SIZES[i] * special.expit(-mean)


def _a_b(place: np.ndarray) -> tuple[float, float]:
    logit_mean, log_size = place
    size = exp(log_size)
    return size * float(special.expit(logit_mean)), size * float(special.expit(-logit_mean))


def _hills(x: np.ndarray, n: np.ndarray) -> list[np.ndarray]:
    """Places (logit_mean, log_size) to climb from, the best one first.

    Of the sizes on a grid, each with its best mean, those whose neighbours are not higher.
    """
    best, ridge = _ridge(x, n)
    # where the size makes no difference, rounding must not choose it: smaller sizes stand higher
    ridge = ridge - 1e-9 * np.abs(ridge).max() * np.arange(len(ridge))
    around = np.pad(ridge, 1, constant_values=-np.inf)
    tops = np.flatnonzero((ridge >= around[:-2]) & (ridge >= around[2:]))
    order = sorted(tops.tolist(), key=lambda i: -ridge[i])
    return [np.array([best[i], _LOG_SIZES[i]]) for i in order]


def _ridge(x: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The best logit of the mean for each size, and its height, (sizes,) both; not to be changed.

    The same counts are asked for twice, for the fitted prior and for the plausible ones.
    """
    return _ridge_of(x.tobytes(), n.tobytes())


@lru_cache(maxsize=16)
def _ridge_of(x_bytes: bytes, n_bytes: bytes) -> tuple[np.ndarray, np.ndarray]:
    """On grids that get finer, because a large size makes the ridge narrow."""
    x, n = np.frombuffer(x_bytes), np.frombuffer(n_bytes)
    row = np.arange(len(_LOG_SIZES))
    logit_means = np.tile(_LOGIT_MEANS, (len(row), 1))
    for zoom in (*_ZOOMS, None):
        heights = _heights(logit_means, x, n)
        best = heights.argmax(axis=1)
        if zoom is not None:
            logit_means = logit_means[row, best][:, None] + zoom
    return logit_means[row, best], heights[row, best]


def _bends(logit_means: np.ndarray, x: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Second derivatives (sizes,) by the logit of the mean, one place for each size of the grid."""
    size = _SIZES[:, None]
    a, b = (size * special.expit(sign * logit_means)[:, None] for sign in (1, -1))
    fine = n - x
    slope = special.digamma(a + x) - special.digamma(a) - special.digamma(b + fine)
    bend = _trigamma(a + x) - _trigamma(a) + _trigamma(b + fine) - _trigamma(b)
    slope_sum, bend_sum = (slope + special.digamma(b)).sum(axis=1), bend.sum(axis=1)
    a, b = a[:, 0], b[:, 0]
    turn = a * b / _SIZES
    return turn**2 * bend_sum + turn * slope_sum * (b - a) / _SIZES


def _heights(logit_means: np.ndarray, x: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Log likelihood (sizes, means) on the grid of sizes; logit_means: (sizes, means)."""
    size = _SIZES[:, None, None]
    a = size * special.expit(logit_means)[..., None]
    b = size * special.expit(-logit_means)[..., None]
    rises = special.gammaln(a + x) + special.gammaln(b + (n - x)) - special.gammaln(size + n)
    start = special.gammaln(a) + special.gammaln(b) - special.gammaln(size)
    return rises.sum(axis=2) - len(n) * start[..., 0]


def _derivatives(place: np.ndarray, x: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slope (2,) and second derivatives (2, 2) of the log likelihood at a place."""
    a, b = _a_b(place)
    size, m = a + b, len(n)
    both = special.digamma(size + n).sum() - m * special.digamma(size)
    by_a = special.digamma(a + x).sum() - m * special.digamma(a) - both
    by_b = special.digamma(b + (n - x)).sum() - m * special.digamma(b) - both
    by_ab = -(_trigamma(size + n).sum() - m * _trigamma(size))
    by_aa = _trigamma(a + x).sum() - m * _trigamma(a) + by_ab
    by_bb = _trigamma(b + (n - x)).sum() - m * _trigamma(b) + by_ab
    # a and b turn with the logit of the mean by ±turn, and grow in proportion with the log size
    turn = a * b / size
    slope = np.array([turn * (by_a - by_b), a * by_a + b * by_b])
    cross = turn * (a * by_aa + (b - a) * by_ab - b * by_bb) + slope[0]
    bend = [
        [turn**2 * (by_aa - 2 * by_ab + by_bb) + slope[0] * (b - a) / size, cross],
        [cross, a * a * by_aa + 2 * a * b * by_ab + b * b * by_bb + slope[1]],
    ]
    return slope, np.array(bend)


def _trigamma(z: np.ndarray | float) -> np.ndarray:
    return special.zeta(2.0, z)


def _newton_step(place: np.ndarray, slope: np.ndarray, bend: np.ndarray) -> np.ndarray:
    """An uphill step (2,): Newton's where the hill is round, else along the slope."""
    pushed = ((place <= _LOWER) & (slope < 0)) | ((place >= _UPPER) & (slope > 0))
    slope = np.where(pushed, 0.0, slope)
    scale = np.abs(np.diag(bend)) + 1e-12
    step = slope / scale
    (uu, uv), (_, vv) = bend
    determinant = uu * vv - uv * uv
    if not pushed.any() and uu < 0 and determinant > 1e-12 * abs(uu * vv):
        step = (
            np.array([uv * slope[1] - vv * slope[0], uv * slope[0] - uu * slope[1]]) / determinant
        )
    longest = np.abs(step).max()
    return step * min(1.0, _LONGEST_STEP / longest) if longest > 0 else step


def _walk(
    place: np.ndarray, height: float, step: np.ndarray, x: np.ndarray, n: np.ndarray
) -> tuple[np.ndarray, float, bool]:
    """Go along the step, halving it until the place is higher; (place, height, moved)."""
    for _ in range(40):
        there = np.clip(place + step, _LOWER, _UPPER)
        reached = value(*_a_b(there), x, n)
        if reached > height:
            return there, reached, True
        step = step / 2
    return place, height, False
