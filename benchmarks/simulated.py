"""Journeys whose pain is known, and what their customers would tell of it.

Letters: t touchpoints (15), f families (5), c channels (3), u units (20); cells are channel × unit.
Every touchpoint is served by 20 units over three channels, and its rate differs between them; what
is true of a touchpoint is the mean over its passages.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from analytics import severity
from analytics.ranking import TouchpointCounts

TOUCHPOINTS = 15
CHANNELS = 3
UNITS = 20
PLANTED = 3
BAD_UNITS = 1
FELT, WAITED = severity.FAMILIES.index("felt"), severity.FAMILIES.index("waited")
COMPLAINED = severity.FAMILIES.index("complained")
WEIGHTS = np.array([severity.DEFAULT_WEIGHTS[family] for family in severity.FAMILIES])
# What a family's rate is like at a calm touchpoint: its mean over touchpoints
CALM = np.array([0.08, 0.12, 0.06, 0.05, 0.02])
# How channels and units differ from the touchpoint's mean, in logits; what makes a unit a bad one
CHANNEL_SPREAD, UNIT_SPREAD, BAD_UNIT = 0.3, 0.15, 1.0


@dataclass(frozen=True)
class World:
    """A journey as it is.

    cells: (t, f, c·u), rates of pain.  mix: (t, c·u), shares of the passages.  measured: (t, f).
    reach, n, promise_s, bias: (t,); unhappy customers answer `bias` times as readily as others.
    bad: (t, u), units that are worse than their touchpoint's others.
    """

    cells: np.ndarray
    mix: np.ndarray
    measured: np.ndarray
    reach: np.ndarray
    n: np.ndarray
    promise_s: np.ndarray
    bias: np.ndarray
    bad: np.ndarray

    @property
    def rates(self) -> np.ndarray:
        """(t, f)"""
        return np.einsum("tfk,tk->tf", self.cells, self.mix)

    @property
    def rates_of_those_who_answer(self) -> np.ndarray:
        """(t, f): `felt` as it looks among the answers, the others as they are."""
        told = self.rates.copy()
        hurt = self.bias * told[:, FELT]
        told[:, FELT] = hurt / (hurt + 1 - told[:, FELT])
        return told

    @property
    def severity(self) -> np.ndarray:
        return self.severity_of(self.rates)

    @property
    def burden(self) -> np.ndarray:
        return 1000 * self.reach * self.severity

    def severity_of(self, rates: np.ndarray) -> np.ndarray:
        """Of the families measured: nobody can be asked to find what leaves no trace."""
        return 1 - np.prod(1 - WEIGHTS * rates * self.measured, axis=1)


@dataclass(frozen=True)
class Told:
    """What was counted: x, n (t, f); the same by unit, (t, f, u); and what others rank by (t,)."""

    x: np.ndarray
    n: np.ndarray
    unit_x: np.ndarray
    unit_n: np.ndarray
    mean_csat: np.ndarray
    mean_wait_s: np.ndarray


def as_assumed(rng: np.random.Generator) -> np.ndarray:
    """Rates (t, f) from one Beta distribution per family, as formula pain/1 assumes."""
    mean, size = CALM * rng.uniform(0.5, 2.0, 5), np.exp(rng.uniform(np.log(4), np.log(40), 5))
    return rng.beta(size * mean, size * (1 - mean), (TOUCHPOINTS, 5))


def planted(rng: np.random.Generator) -> np.ndarray:
    """Calm touchpoints, and three with one or two families far worse: no one Beta describes it."""
    rates = rng.beta(40 * CALM, 40 * (1 - CALM), (TOUCHPOINTS, 5))
    for touchpoint in rng.choice(TOUCHPOINTS, PLANTED, replace=False):
        families = rng.choice(5, rng.integers(1, 3), replace=False)
        rates[touchpoint, families] = rng.uniform(0.25, 0.6, len(families))
    return rates


def calm(rng: np.random.Generator) -> np.ndarray:
    return rng.beta(40 * CALM, 40 * (1 - CALM), (TOUCHPOINTS, 5))


def world(
    rng: np.random.Generator,
    rates_of: Callable[[np.random.Generator], np.ndarray],
    typical_n: float,
    bias: float = 1.0,
) -> World:
    """A journey of that kind; bias is typical, and differs between touchpoints by about a fifth."""
    rates = np.clip(rates_of(rng), 1e-6, 1 - 1e-6)
    measured = rng.random(rates.shape) < 2 / 3
    measured[:, FELT] = True
    volume = np.exp(rng.normal(0.0, 1.0, TOUCHPOINTS))
    bad = np.zeros((TOUCHPOINTS, UNITS), dtype=bool)
    for touchpoint in range(TOUCHPOINTS):
        bad[touchpoint, rng.choice(UNITS, BAD_UNITS, replace=False)] = True
    channel = rng.normal(0.0, CHANNEL_SPREAD, (TOUCHPOINTS, 5, CHANNELS, 1))
    unit = rng.normal(0.0, UNIT_SPREAD, (TOUCHPOINTS, 5, 1, UNITS)) + BAD_UNIT * bad[:, None, None]
    logits = special.logit(rates)[..., None] + (channel + unit).reshape(TOUCHPOINTS, 5, -1)
    spread = 1.0 if bias == 1.0 else np.exp(rng.normal(0.0, 0.2, TOUCHPOINTS))
    return World(
        cells=special.expit(logits),
        mix=rng.dirichlet(np.full(CHANNELS * UNITS, 2.0), TOUCHPOINTS),
        measured=measured,
        reach=np.clip(volume / np.quantile(volume, 0.9), 0.02, 1.0),
        n=np.maximum(np.rint(typical_n * volume), 3),
        promise_s=rng.choice([60.0, 300.0, 900.0], TOUCHPOINTS),
        bias=np.ones(TOUCHPOINTS) * bias * spread,
        bad=bad,
    )


def tell(rng: np.random.Generator, truth: World) -> Told:
    """Passages fall into channels and units by chance, hurt or do not, and some are told of."""
    share_answering = rng.uniform(0.3, 1.5, (TOUCHPOINTS, 5))
    n = np.maximum(np.rint(truth.n[:, None] * share_answering), 1) * truth.measured
    rates, mix = truth.cells.copy(), np.repeat(truth.mix[:, None], 5, axis=1)
    hurt = truth.bias[:, None] * rates[:, FELT]
    mix[:, FELT] *= hurt + 1 - rates[:, FELT]  # where more are unhappy, more answers come from
    mix[:, FELT] /= mix[:, FELT].sum(axis=1, keepdims=True)
    rates[:, FELT] = hurt / (hurt + 1 - rates[:, FELT])
    in_cells = rng.multinomial(n.astype(int), mix)
    cell_x = rng.binomial(in_cells, rates)
    by_unit = (TOUCHPOINTS, 5, CHANNELS, UNITS)
    x = cell_x.sum(axis=2)
    return Told(
        x,
        n,
        cell_x.reshape(by_unit).sum(axis=2),
        in_cells.reshape(by_unit).sum(axis=2),
        _mean_csat(rng, x[:, FELT], n[:, FELT].astype(int)),
        _mean_wait_s(rng, truth, n[:, WAITED]),
    )


def touchpoints_of(x: np.ndarray, n: np.ndarray, reach: np.ndarray) -> list[TouchpointCounts]:
    """Counts (t, f) as the score takes them; families without evidence stay out."""
    return [
        TouchpointCounts(
            f"t{i:02}",
            {
                family: (float(x[i, f]), float(n[i, f]))
                for f, family in enumerate(severity.FAMILIES)
                if n[i, f] > 0
            },
            float(reach[i]),
            "volume",
        )
        for i in range(len(reach))
    ]


def raw_severity(told: Told) -> np.ndarray:
    rate = told.x / np.maximum(told.n, 1)
    return 1 - np.prod(1 - WEIGHTS * rate, axis=1)


def _mean_csat(rng: np.random.Generator, hurt: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """The painful answers 1 or 2, the others 3 to 5; touchpoints differ in how they are liked."""
    liking = rng.dirichlet([2.0, 5.0, 5.0], TOUCHPOINTS)
    ones = rng.binomial(hurt, 0.5)
    fine = np.array([rng.multinomial(k, p) for k, p in zip(answers - hurt, liking, strict=True)])
    return (ones + 2 * (hurt - ones) + fine @ [3, 4, 5]) / answers


def _mean_wait_s(rng: np.random.Generator, truth: World, waits: np.ndarray) -> np.ndarray:
    """Exponential, late with the touchpoint's rate; a promise of a minute is no long wait."""
    mean_s = truth.promise_s / -np.log(truth.rates[:, WAITED])
    drawn_s = rng.gamma(np.maximum(waits, 1), mean_s) / np.maximum(waits, 1)
    return np.where(waits > 0, drawn_s, 0.0)
