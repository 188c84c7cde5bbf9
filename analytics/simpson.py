"""Orders that turn round: two touchpoints compared as a whole and segment by segment.

A touchpoint may look worse overall only because it serves the segment that is hurt everywhere
(Simpson 1951). Where that happens, the overall order misleads.

Letters:
    x, n     arrays (touchpoints, segments), painful experiences out of n
    overall  rate (or severity) over all shared segments together
    within   difference of rates (or severities), averaged over the segments both touchpoints serve,
             each segment weighted by what the two count in it together (direct standardisation)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analytics import severity
from analytics.change import FALSE_DISCOVERIES, benjamini_hochberg
from analytics.draws import draw_posterior, equal_tailed
from analytics.rates import JEFFREYS, counts, posterior

LEAST_N = 30
SURE = 0.9


@dataclass(frozen=True)
class Reversal:
    """Touchpoint `worse` (an index) looks worse than `better` overall, but is not within segments.

    p_overall: probability that `worse` has the higher overall rate.  p_within: probability that
    `better` has the higher standardised rate.  everywhere: `better` has the higher rate in every
    shared segment, not just on average.  segments: indices of the shared segments.  among: how many
    pairs of touchpoints were compared.
    """

    worse: int
    better: int
    p_overall: float
    p_within: float
    everywhere: bool
    segments: tuple[int, ...]
    among: int

    @property
    def p(self) -> float:
        """The larger of the two orders' probabilities of being chance, in either direction."""
        return min(1.0, 2 * (1 - min(self.p_overall, self.p_within)))


class _Pairs(NamedTuple):
    """What is known of each pair (i, j): mean and variance of both, arrays (pairs, segments)."""

    mean_i: np.ndarray
    mean_j: np.ndarray
    variance: np.ndarray  # of the difference
    n: np.ndarray  # counted by both together
    overall: np.ndarray  # (pairs,) difference over the shared segments together
    overall_variance: np.ndarray


def reversals(x: ArrayLike, n: ArrayLike, sure: float = SURE) -> list[Reversal]:
    """Pairs whose order turns round, both orders being at least `sure`.

    Segments in which either touchpoint counts fewer than 30 are not compared, neither overall nor
    within; fewer than two such segments make no comparison. Probabilities are the normal
    approximation to the difference of Beta posteriors (Jeffreys' prior).
    Returns the surest first; ties in the order of the input.

    >>> # kidney stones (Charig et al. 1986), failures of open surgery and of nephrolithotomy
    >>> found = reversals([[6, 71], [36, 25]], [[87, 263], [270, 80]], sure=0.8)
    >>> [(r.worse, r.better, r.everywhere) for r in found]
    [(0, 1, True)]
    """
    x, n = counts(x, n)
    if x.ndim != 2:
        raise ValueError(f"expected arrays (touchpoints, segments), got shape {x.shape}")
    return _turned({"felt": (x, n)}, {"felt": 1.0}, sure)


def severity_reversals(
    families: Mapping[str, tuple[ArrayLike, ArrayLike]],
    weights: Mapping[str, float] = severity.DEFAULT_WEIGHTS,
    sure: float = SURE,
) -> list[Reversal]:
    """The same for severities: 1 − Π (1 − w·r), each family at its rate.

    families: family → (x, n), all of one shape.  A touchpoint's families are those that count at
    least 30 in each of its segments that counts 30 in any: severities made of different signals in
    different segments would turn round by themselves. The variance of a severity is that of its
    rates, to the first order.

    >>> stones = {"lost": ([[6, 71], [36, 25]], [[87, 263], [270, 80]])}
    >>> [(r.worse, r.better) for r in severity_reversals(stones, sure=0.8)]
    [(0, 1)]
    """
    clean = {family: counts(*families[family]) for family in severity.known(families)}
    shapes = {x.shape for x, _n in clean.values()}
    if len(shapes) != 1 or len(next(iter(shapes))) != 2:
        raise ValueError(f"expected arrays (touchpoints, segments) of one shape, got {shapes}")
    return _turned(clean, weights, sure)


def that_hold(found: list[Reversal], rate: float = FALSE_DISCOVERIES) -> list[Reversal]:
    """Those left when at most `rate` of the reported are expected to be luck, over all pairs.

    found: all of one comparison, as reversals() gives them; the pairs that did not turn round count
    as tested too.  Source: Benjamini & Hochberg 1995; a reversal is as sure as the less sure of its
    two orders (Berger 1982, Technometrics 24, 295–300).

    >>> stones = [[6, 71], [36, 25]], [[87, 263], [270, 80]]
    >>> len(that_hold(reversals(*stones, sure=0.8))), len(that_hold(reversals(*stones, 0.8), 0.2))
    (0, 1)
    """
    if not found:
        return []
    tested = np.ones(found[0].among)
    tested[: len(found)] = [reversal.p for reversal in found]
    holds = benjamini_hochberg(tested, rate)
    return [reversal for reversal, sure in zip(found, holds, strict=False) if sure]


def _turned(
    families: Mapping[str, tuple[np.ndarray, np.ndarray]],
    weights: Mapping[str, float],
    sure: float,
) -> list[Reversal]:
    volume = np.max([n for _x, n in families.values()], axis=0)
    used = _everywhere_counted(families, volume)
    telling = (volume >= LEAST_N) & np.any(list(used.values()), axis=0)[:, None]
    first, second = np.triu_indices(len(volume), 1)
    shared = telling[first] & telling[second]
    kept = shared.sum(axis=1) >= 2
    first, second, shared = first[kept], second[kept], shared[kept]
    if not len(first):
        return []
    pairs = _pairs(families, weights, used, volume, first, second, shared)
    share = np.where(shared, pairs.n, 0.0)
    share /= share.sum(axis=1, keepdims=True)
    gaps = pairs.mean_i - pairs.mean_j
    z_within = _z((share * gaps).sum(axis=1), (share**2 * pairs.variance).sum(axis=1))
    z_overall = _z(pairs.overall, pairs.overall_variance)
    p_within, p_overall = special.ndtr(np.abs(z_within)), special.ndtr(np.abs(z_overall))
    turned = (z_within * z_overall < 0) & (np.minimum(p_within, p_overall) >= sure)
    found = []
    for k in np.flatnonzero(turned):
        i_worse = z_overall[k] > 0
        worse, better = (first[k], second[k]) if i_worse else (second[k], first[k])
        against = gaps[k, shared[k]] * (1 if i_worse else -1)
        found.append(
            Reversal(
                worse=int(worse),
                better=int(better),
                p_overall=float(p_overall[k]),
                p_within=float(p_within[k]),
                everywhere=bool(np.all(against < 0)),
                segments=tuple(np.flatnonzero(shared[k]).tolist()),
                among=len(first),
            )
        )
    return sorted(found, key=lambda r: -min(r.p_overall, r.p_within))


def _everywhere_counted(
    families: Mapping[str, tuple[np.ndarray, np.ndarray]], volume: np.ndarray
) -> dict[str, np.ndarray]:
    """Family → which touchpoints (touchpoints,) count enough of it wherever they count enough."""
    served = volume >= LEAST_N
    return {
        family: np.any(served, axis=1) & np.all((n >= LEAST_N) | ~served, axis=1)
        for family, (_x, n) in families.items()
    }


def _pairs(
    families: Mapping[str, tuple[np.ndarray, np.ndarray]],
    weights: Mapping[str, float],
    used: Mapping[str, np.ndarray],
    volume: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
    shared: np.ndarray,
) -> _Pairs:
    counted = {f: (np.where(used[f][:, None], x, 0.0), n) for f, (x, n) in families.items()}
    mean, variance = _moments(counted, weights, used)
    sides = []
    for side in (first, second):
        together = {
            f: ((x[side] * shared).sum(axis=1), (n[side] * shared).sum(axis=1))
            for f, (x, n) in counted.items()
        }
        sides.append(_moments(together, weights, {f: used[f][side] for f in used}))
    return _Pairs(
        mean_i=mean[first],
        mean_j=mean[second],
        variance=variance[first] + variance[second],
        n=volume[first] + volume[second],
        overall=sides[0][0] - sides[1][0],
        overall_variance=sides[0][1] + sides[1][1],
    )


def _moments(
    counted: Mapping[str, tuple[np.ndarray, np.ndarray]],
    weights: Mapping[str, float],
    used: Mapping[str, np.ndarray],
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of severities under Beta posteriors; unused families left out."""
    spared: np.ndarray | float = 1.0
    spread: np.ndarray | float = 0.0
    for family, (x, n) in counted.items():
        a, b = JEFFREYS.a + x, JEFFREYS.b + n - x
        hurts = weights[family] * a / (a + b)
        variance = weights[family] ** 2 * a * b / ((a + b) ** 2 * (a + b + 1))
        use = used[family].reshape(-1, *(1,) * (x.ndim - 1))
        spared = spared * np.where(use, 1 - hurts, 1.0)
        # a mean rate of a posterior is below 1, and so is what it hurts
        spread = spread + np.where(use, variance / (1 - hurts) ** 2, 0.0)
    return 1 - np.asarray(spared), np.asarray(spared) ** 2 * np.asarray(spread)


def _z(gap: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Standard deviations from no difference; 0 where a weight of 0 leaves nothing to compare."""
    return np.where(variance > 0, gap / np.sqrt(np.where(variance > 0, variance, 1.0)), 0.0)


@dataclass(frozen=True)
class Seen:
    """What one touchpoint shows in one segment, or in all shared segments together.

    value: severity, 0 to 1, with its 90% interval.  x: painful experiences where a single family is
    compared, else None.  n: experiences of the largest family.
    """

    value: float
    low: float
    high: float
    x: float | None
    n: float


def shown(
    families: Mapping[str, tuple[ArrayLike, ArrayLike]],
    weights: Mapping[str, float],
    reversal: Reversal,
) -> list[tuple[Seen, Seen]]:
    """(worse, better) for each of the reversal's segments in order, then for them together.

    families and weights: those the reversal was found in.

    >>> stones = {"lost": ([[6, 71], [36, 25]], [[87, 263], [270, 80]])}
    >>> (found,) = severity_reversals(stones, {"lost": 1.0}, sure=0.8)
    >>> for worse, better in shown(stones, {"lost": 1.0}, found):
    ...     print(f"{worse.value:.2f} {better.value:.2f}")
    0.07 0.13
    0.27 0.31
    0.22 0.18
    """
    clean = {family: counts(*families[family]) for family in severity.known(families)}
    used = _everywhere_counted(clean, np.max([n for _x, n in clean.values()], axis=0))
    sides = []
    for i in (reversal.worse, reversal.better):
        places = [[k] for k in reversal.segments] + [list(reversal.segments)]
        cells = [
            {f: (float(x[i, at].sum()), float(n[i, at].sum())) for f, (x, n) in clean.items()
             if used[f][i]}
            for at in places
        ]  # fmt: skip
        sides.append([_seen(cell, weights, f"{i}\0{k}") for k, cell in enumerate(cells)])
    return list(zip(*sides, strict=True))


def _seen(cell: dict[str, tuple[float, float]], weights: Mapping[str, float], name: str) -> Seen:
    drawn, means = {}, {}
    for family, (x, n) in cell.items():
        a, b = posterior(JEFFREYS, x, n)
        drawn[family], means[family] = draw_posterior(name, family, a, b), a / (a + b)
    low, high = equal_tailed(severity.severity(drawn, weights))
    return Seen(
        value=float(severity.severity(means, weights)),
        low=float(low),
        high=float(high),
        x=next(iter(cell.values()))[0] if len(cell) == 1 else None,
        n=max(n for _x, n in cell.values()),
    )
