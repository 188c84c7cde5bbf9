"""Correlations from sums kept by groups of customers, so that resampling is one matrix product.

Letters:
    k        columns of the table (questions);  g groups;  r resamples;  p predictors
    sums     (g, 4, k, k): for each group and pair (i, j) of questions, over the customers who
             answered both: Σw, Σw·zᵢ, Σw·zᵢ², Σw·zᵢ·zⱼ, the answers z counted from their means

A bootstrap draws customers again and again and adds them up. Groups of customers formed at random
may be drawn instead: over all ways to form them, the spread of the sums is the same, and with 500
groups it is known to within 2 × √(2/500)/2 ≈ 6% of itself. Where there are fewer customers than
groups, each is a group of its own, and it is the ordinary bootstrap.
"""

from collections.abc import Iterator
from math import comb

import numpy as np

GROUPS = 500
_AT_ONCE = 64
# Multiplications in one product: OpenBLAS starts threads from 262,144 on, which add up in another
# order, so that the last bits would depend on how many there are.
_WITHOUT_THREADS = 200_000
_ROWS, _COLUMNS = 16, 24  # of one product with 500 groups
_CONSTANT = 1e-12
REPAIRED = 1e-6


def groups_for(n: int, k: int) -> int:
    """How many groups n customers with k answers are put into."""
    return max(min(n, GROUPS), -(-n * k * k // _WITHOUT_THREADS))


def grouped(table: np.ndarray, weight: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    """The sums of each group.

    table: (n, k), nan where not answered, each column already counted from its mean.  weight: (n,).
    group: (n,), 0…groups − 1.  Returns (groups, 4, k, k).

    >>> sums = grouped(np.array([[1.0, 2.0], [-1.0, np.nan]]), np.ones(2), np.array([0, 1]), 2)
    >>> sums.sum(axis=0)[0].tolist()  # both answered the first question, one the second
    [[2.0, 1.0], [1.0, 1.0]]
    """
    k = table.shape[1]
    order = np.argsort(group, kind="stable")
    size = np.bincount(group, minlength=groups)
    room = int(size.max())
    place = np.arange(len(group)) - np.repeat(np.cumsum(size) - size, size)
    filled = np.zeros((groups, room, k))
    seen = np.zeros((groups, room, k))
    weighing = np.zeros((groups, room, 1))
    sorted_group = group[order]
    there = ~np.isnan(table[order])
    filled[sorted_group, place] = np.where(there, table[order], 0.0)
    seen[sorted_group, place] = there
    weighing[sorted_group, place, 0] = weight[order]
    weighted = filled * weighing
    sums = np.empty((groups, 4, k, k))
    flipped = seen.transpose(0, 2, 1)
    sums[:, 0] = flipped @ (seen * weighing)
    sums[:, 1] = weighted.transpose(0, 2, 1) @ seen
    sums[:, 2] = (weighted * filled).transpose(0, 2, 1) @ seen
    sums[:, 3] = weighted.transpose(0, 2, 1) @ filled
    return sums


def resampled(
    sums: np.ndarray, resamples: int, rng: np.random.Generator, at_once: int
) -> Iterator[np.ndarray]:
    """Sums (r, 4, k, k) of groups drawn with repetition, some resamples at a time."""
    groups = len(sums)
    flat = sums.reshape(groups, -1)
    width = flat.shape[1]
    columns = max(1, _COLUMNS * GROUPS // max(groups, GROUPS))
    padded = np.pad(flat, ((0, 0), (0, -width % columns)))
    blocks = padded.reshape(groups, -1, columns).transpose(1, 0, 2)
    chance = np.full(groups, 1 / groups)
    for start in range(0, resamples, at_once):
        size = min(at_once, resamples - start)
        drawn = rng.multinomial(groups, chance, size=size).astype(float)
        drawn = np.pad(drawn, ((0, -size % _ROWS), (0, 0))).reshape(-1, 1, _ROWS, groups)
        product = (drawn @ blocks).transpose(0, 2, 1, 3)
        yield product.reshape(len(drawn) * _ROWS, -1)[:size, :width].reshape(size, *sums.shape[1:])


def correlations(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Correlations (r, k, k) from sums (r, 4, k, k), and which of them can be told (r,).

    They cannot where no customer answered both questions of a pair, or one never varies.
    """
    total, first, square, cross = (sums[:, i] for i in range(4))
    some = np.where(total > 0, total, 1.0)
    mean, square = first / some, square / some  # of the row's question, among those of the pair
    variance = square - mean**2
    varies = variance > _CONSTANT * np.maximum(square, 1e-300)
    told: np.ndarray = np.all((total > 0) & varies, axis=(1, 2))
    variance = np.where(varies, variance, 1.0)
    covariance = cross / some - mean * mean.transpose(0, 2, 1)
    found = covariance / np.sqrt(variance * variance.transpose(0, 2, 1))
    found[:, np.arange(found.shape[1]), np.arange(found.shape[1])] = 1.0
    return np.clip(found, -1.0, 1.0), told


def consistent(correlation: np.ndarray) -> np.ndarray:
    """Matrices (r, k, k) as they are where positive definite, else without their negative parts.

    Correlations of pairs answered by different customers may contradict one another.
    """
    floor = REPAIRED * np.eye(correlation.shape[-1])
    try:
        np.linalg.cholesky(correlation - floor)
        return correlation
    except np.linalg.LinAlgError:
        sizes, directions = np.linalg.eigh(correlation)
    repaired = (directions * np.maximum(sizes, REPAIRED)[:, None, :]) @ directions.transpose(
        0, 2, 1
    )
    scale = np.sqrt(np.diagonal(repaired, axis1=1, axis2=2))
    repaired /= scale[:, :, None] * scale[:, None, :]
    return np.where((sizes[:, 0] > REPAIRED)[:, None, None], correlation, repaired)


def relative_weights(correlation: np.ndarray, with_outcome: np.ndarray) -> np.ndarray:
    """Johnson's weights (r, p) of predictors correlated (r, p, p), (r, p) with the outcome."""
    sizes, directions = np.linalg.eigh(correlation)
    roots = np.sqrt(np.maximum(sizes, 0.0))
    loadings = (directions * roots[:, None, :]) @ directions.transpose(0, 2, 1)
    turned = (directions.transpose(0, 2, 1) @ with_outcome[..., None])[..., 0] / roots
    explained = ((directions @ turned[..., None]) ** 2)[..., 0]
    return ((loadings**2) @ explained[..., None])[..., 0]


def lmg(correlation: np.ndarray, with_outcome: np.ndarray) -> np.ndarray:
    """LMG parts (r, p), likewise; grows with 2 to the power of p."""
    found = [
        _lmg(correlation[i : i + _AT_ONCE], with_outcome[i : i + _AT_ONCE])
        for i in range(0, len(correlation), _AT_ONCE)
    ]
    return np.concatenate(found)


def _lmg(correlation: np.ndarray, with_outcome: np.ndarray) -> np.ndarray:
    """One predictor after the other is taken in or left out: 2 to the power of p branches.

    `left` holds what remains of the others and the outcome when those taken in are accounted for.
    """
    r, p = with_outcome.shape
    left = np.empty((1, r, p + 1, p + 1))
    left[0, :, :p, :p] = correlation
    left[0, :, :p, p] = left[0, :, p, :p] = with_outcome
    left[0, :, p, p] = 1.0
    r_squared = np.zeros((1, r))  # of each subset; bit j of its place tells whether j is in it
    for _ in range(p):
        own, others = left[..., 0, 0], left[..., 0, 1:]
        gain = others[..., -1] ** 2 / own
        rest = left[..., 1:, 1:]
        taken = rest - others[..., :, None] * (others / own[..., None])[..., None, :]
        left = np.concatenate([rest, taken])
        r_squared = np.concatenate([r_squared, r_squared + gain])
    return (_shares_of_orders(p) @ r_squared).T


def _shares_of_orders(p: int) -> np.ndarray:
    """(p, 2**p): by what each subset's R² counts for each predictor, averaged over all orders."""
    subsets = np.arange(1 << p)
    members = ((subsets[None, :] >> np.arange(p)[:, None]) & 1).astype(bool)
    size = members.sum(axis=0)
    chance = np.array([1 / (p * comb(p - 1, i)) for i in range(p)])
    joined, before = chance[np.maximum(size - 1, 0)], chance[np.minimum(size, p - 1)]
    return np.where(members, joined, -before)
