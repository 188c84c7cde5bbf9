"""Random draws from posteriors, and the intervals read off them.

Suffixes:
    draws        draws from a posterior, arrays (..., draws)
    _low, _high  ends of a 90% equal-tailed interval, in the unit of the value

Every draw comes from a generator seeded by formula, touchpoint code and family, so that the order
of the input changes nothing and another touchpoint leaves the random numbers of the others alone.
"""

import hashlib
from dataclasses import dataclass

import numpy as np

FORMULA = "pain/1"
DRAWS = 4000
INTERVAL = 0.90
SEPARABLE = 0.9
TOP = 3


@dataclass(frozen=True)
class Standing:
    """Where a touchpoint stands among the ranked ones."""

    rank: int
    rank_low: int
    rank_high: int
    p_top3: float
    band: int


def seed(formula: str, code: str, family: str) -> int:
    """Seed of one family's draws at one touchpoint: 256 bits, equal on every machine.

    >>> hex(seed("pain/1", "branch-queue", "waited"))[:12]
    '0x41f61d7541'
    """
    text = "\0".join((formula, code, family))
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


def draw_posterior(
    code: str,
    family: str,
    a: float | np.ndarray,
    b: float | np.ndarray,
    draws: int | tuple[int, int] = DRAWS,
    formula: str = FORMULA,
) -> np.ndarray:
    """Draws (draws,) of a rate from Beta(a, b), the same for the same arguments.

    a, b: numbers, or arrays (draws,) where they are uncertain themselves; (rates, draws), and
    `draws` that shape, for several rates at a time.

    >>> draw = draw_posterior("branch-queue", "waited", 20.0, 80.0)
    >>> bool(abs(draw.mean() - 0.2) < 0.005)
    True
    """
    return _generator(formula, code, family).beta(a, b, draws)


def draw_uniform(family: str, draws: int = DRAWS, formula: str = FORMULA) -> np.ndarray:
    """Random numbers (draws,) in 0…1 that a family's touchpoints share."""
    return _generator(formula, "", family).random(draws)


def equal_tailed(draws: np.ndarray, confidence: float = INTERVAL) -> np.ndarray:
    """Ends (2, ...) of the middle `confidence` of draws (..., draws).

    The same as np.quantile, which takes several times longer.

    >>> equal_tailed(np.arange(101.0)).round(9).tolist()
    [5.0, 95.0]
    """
    ordered = np.sort(draws, axis=-1)
    tail = (1 - confidence) / 2
    ends = []
    for place in (tail * (draws.shape[-1] - 1), (1 - tail) * (draws.shape[-1] - 1)):
        below = int(place)
        above = min(below + 1, draws.shape[-1] - 1)
        step = place - below
        ends.append(ordered[..., below] * (1 - step) + ordered[..., above] * step)
    return np.array(ends)


def _generator(formula: str, code: str, family: str) -> np.random.Generator:
    return np.random.Generator(np.random.SFC64(seed(formula, code, family)))


def standings(burdens: np.ndarray) -> list[Standing]:
    """Ranks, their intervals and bands from draws (touchpoints, draws), given worst first.

    A new band starts where the one above is worse in at least 90% of the draws. The ends of a
    rank's interval are the least places reached with probability 5% and 95%.

    >>> standings(np.array([[9.0, 8.0], [3.0, 9.0]]))[1]
    Standing(rank=2, rank_low=1, rank_high=2, p_top3=1.0, band=1)
    """
    k, draws = burdens.shape
    drawn = np.ascontiguousarray(burdens.T)
    # stable, so that equal draws (a reach of 0) keep the order of the point estimates
    order = np.argsort(-drawn, axis=1, kind="stable")
    tally = np.empty((k, k))  # how often touchpoint i came to place j
    for place in range(k):
        tally[:, place] = np.bincount(order[:, place], minlength=k)
    reached = np.cumsum(tally, axis=1) / draws
    tail = (1 - INTERVAL) / 2

    places = []
    band = 1
    for i in range(k):
        if i and np.mean(drawn[:, i - 1] > drawn[:, i]) >= SEPARABLE:
            band += 1
        places.append(
            Standing(
                rank=i + 1,
                rank_low=int(np.argmax(reached[i] >= tail)) + 1,
                rank_high=int(np.argmax(reached[i] >= 1 - tail)) + 1,
                p_top3=float(reached[i, min(TOP, k) - 1]),
                band=band,
            )
        )
    return places
