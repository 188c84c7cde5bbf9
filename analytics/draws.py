"""Random draws from posteriors, and the intervals read off them.

Suffixes:
    draws        draws from a posterior, arrays (..., draws)
    _low, _high  ends of a 90% equal-tailed interval, in the unit of the value

Every draw comes from a generator seeded by formula, touchpoint code and family, so that the order
of the input changes nothing and another touchpoint leaves the random numbers of the others alone.
"""

import hashlib

import numpy as np

FORMULA = "pain/1"
DRAWS = 4000
INTERVAL = 0.90


def seed(formula: str, code: str, family: str) -> int:
    """Seed of one family's draws at one touchpoint: 256 bits, equal on every machine.

    >>> hex(seed("pain/1", "branch-queue", "waited"))[:12]
    '0x41f61d7541'
    """
    text = "\0".join((formula, code, family))
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


def draw_posterior(
    code: str, family: str, a: float, b: float, draws: int = DRAWS, formula: str = FORMULA
) -> np.ndarray:
    """Draws (draws,) of a rate from Beta(a, b), the same for the same arguments.

    >>> draw = draw_posterior("branch-queue", "waited", 20.0, 80.0)
    >>> bool(abs(draw.mean() - 0.2) < 0.005)
    True
    """
    generator = np.random.Generator(np.random.SFC64(seed(formula, code, family)))
    return generator.beta(a, b, draws)


def equal_tailed(draws: np.ndarray, confidence: float = INTERVAL) -> np.ndarray:
    """Ends (2, ...) of the middle `confidence` of draws (..., draws)."""
    tail = (1 - confidence) / 2
    return np.quantile(draws, (tail, 1 - tail), axis=-1)
