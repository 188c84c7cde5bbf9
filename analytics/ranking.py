"""Touchpoints ranked by the pain they cause: formula pain/1.

Suffixes and words:
    x, n         painful experiences out of experiences, per family (rates.py)
    rate         posterior mean of x/n under the prior fitted over the touchpoints, 0 to 1
    severity     chance that a passage hurts, 0 to 1 (severity.py)
    reach        share of the journey's customers who pass the touchpoint, 0 to 1
    burden       1000 · reach · severity, painful passages per 1,000 customers
    _low, _high  ends of a 90% equal-tailed interval, in the unit of the value
    draws        posterior draws, arrays (..., draws)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np
from scipy import special

from analytics import rates, severity
from analytics.draws import DRAWS, FORMULA, INTERVAL, draw_posterior, equal_tailed, seed, standings
from analytics.rates import Prior

__all__ = [
    "DRAWS",
    "FORMULA",
    "INTERVAL",
    "FamilyScore",
    "Scores",
    "TouchpointCounts",
    "TouchpointScore",
    "checked",
    "draw_posterior",
    "equal_tailed",
    "fit_priors",
    "score",
    "seed",
    "severity_draws",
]

LITTLE_EVIDENCE_N = 30


@dataclass(frozen=True)
class TouchpointCounts:
    """What was counted at one touchpoint.

    families: family → (x, n); families with n = 0 count as absent.  reach: 0 to 1.
    reach_basis: "interactions" or "volume", passed through.
    """

    code: str
    families: Mapping[str, tuple[float, float]]
    reach: float
    reach_basis: str


@dataclass(frozen=True)
class FamilyScore:
    """One family at one touchpoint; `share` is what it explains of the severity."""

    x: float
    n: float
    rate: float
    low: float
    high: float
    weight: float
    share: float


@dataclass(frozen=True)
class TouchpointScore:
    """One touchpoint's line in the ranking.

    Without any evidence severity, burden and their intervals are None.  With too little evidence
    (every n < 30, or none) rank, its interval, p_top3 and band are None.
    """

    code: str
    reach: float
    reach_basis: str
    too_little_evidence: bool
    families: Mapping[str, FamilyScore]
    severity: float | None = None
    severity_low: float | None = None
    severity_high: float | None = None
    burden: float | None = None
    burden_low: float | None = None
    burden_high: float | None = None
    rank: int | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    p_top3: float | None = None
    band: int | None = None


@dataclass(frozen=True)
class Scores:
    """A journey's touchpoints, worst first; then those with too little evidence, then with none."""

    formula: str
    draws: int
    priors: Mapping[str, Prior]
    touchpoints: tuple[TouchpointScore, ...]

    def by_code(self) -> dict[str, TouchpointScore]:
        return {touchpoint.code: touchpoint for touchpoint in self.touchpoints}


def score(
    touchpoints: Sequence[TouchpointCounts],
    *,
    weights: Mapping[str, float] = severity.DEFAULT_WEIGHTS,
    draws: int = DRAWS,
) -> Scores:
    """Score and rank touchpoints.

    Priors are fitted over all touchpoints given, also those with too little evidence to be ranked.
    Equal input, in any order, gives bit-identical output; ties in burden go by code.
    Raises ValueError for repeated codes, unknown families, a reach outside 0…1, impossible counts,
    or a weight that is missing or outside 0…1.

    >>> counted = [
    ...     TouchpointCounts("counter", {"felt": (30, 300), "waited": (120, 300)}, 0.9, "volume"),
    ...     TouchpointCounts("app", {"felt": (15, 500)}, 0.6, "volume"),
    ...     TouchpointCounts("letter", {"felt": (1, 4)}, 0.1, "volume"),
    ... ]
    >>> for t in score(counted).touchpoints:
    ...     print(t.code, t.rank, t.band, round(t.severity, 3), t.too_little_evidence)
    counter 1 1 0.313 False
    app 2 2 0.034 False
    letter None None 0.086 True
    """
    scope = checked(touchpoints, weights)
    priors = fit_priors(scope)
    seen = [counted for counted in scope if counted.families]
    none = [_outline(counted) for counted in scope if not counted.families]
    drawn = severity_draws(seen, priors, weights, draws)
    lines = _lines(seen, priors, weights, drawn)

    worst_first = sorted(range(len(lines)), key=lambda i: (-(lines[i].burden or 0), lines[i].code))
    ranked = [i for i in worst_first if not lines[i].too_little_evidence]
    little = [lines[i] for i in worst_first if lines[i].too_little_evidence]
    reach = np.array([lines[i].reach for i in ranked])
    places = standings(reach[:, None] * drawn[ranked])
    placed = [
        replace(lines[i], **vars(standing)) for i, standing in zip(ranked, places, strict=True)
    ]
    return Scores(FORMULA, draws, priors, (*placed, *little, *none))


def checked(
    touchpoints: Sequence[TouchpointCounts], weights: Mapping[str, float]
) -> list[TouchpointCounts]:
    """The touchpoints by code, their families in order and without empty ones, or ValueError."""
    scope: list[TouchpointCounts] = []
    for counted in sorted(touchpoints, key=lambda t: t.code):
        if scope and scope[-1].code == counted.code:
            raise ValueError(f"expected each touchpoint once, got {counted.code!r} twice")
        if not 0 <= counted.reach <= 1:
            raise ValueError(
                f"expected a reach between 0 and 1, got {counted.reach} at {counted.code!r}"
            )
        families = {}
        for family in severity.known(counted.families) if counted.families else []:
            if not 0 <= weights.get(family, -1) <= 1:
                raise ValueError(f"expected a weight between 0 and 1 for {family!r}")
            x, n = map(float, counted.families[family])
            if not 0 <= x <= n * (1 + rates.ROUNDING) < inf:
                raise ValueError(
                    f"expected 0 <= x <= n, got x={x}, n={n} for {family!r} at {counted.code!r}"
                )
            if n > 0:
                families[family] = (min(x, n), n)
        scope.append(
            TouchpointCounts(counted.code, families, float(counted.reach), counted.reach_basis)
        )
    return scope


def fit_priors(scope: Sequence[TouchpointCounts]) -> dict[str, Prior]:
    """A prior for each family with evidence, over a checked scope."""
    priors = {}
    for family in severity.FAMILIES:
        seen = [t.families[family] for t in scope if family in t.families]
        if seen:
            priors[family] = rates.fit_beta_prior(*zip(*seen, strict=True))
    return priors


def _outline(counted: TouchpointCounts) -> TouchpointScore:
    """What is known of a touchpoint before any number is computed."""
    return TouchpointScore(
        code=counted.code,
        reach=counted.reach,
        reach_basis=counted.reach_basis,
        too_little_evidence=all(n < LITTLE_EVIDENCE_N for _, n in counted.families.values()),
        families={},
    )


def severity_draws(
    seen: Sequence[TouchpointCounts],
    priors: Mapping[str, Prior],
    weights: Mapping[str, float],
    draws: int = DRAWS,
    formula: str = FORMULA,
) -> np.ndarray:
    """Draws of the severities (touchpoints, draws), of a checked scope with evidence."""
    drawn = np.empty((len(seen), draws))
    for i, counted in enumerate(seen):
        spared = np.ones(draws)
        for family, (x, n) in counted.families.items():
            a, b = rates.posterior(priors[family], x, n)
            rate = draw_posterior(counted.code, family, a, b, draws, formula)
            spared *= 1.0 - weights[family] * rate
        drawn[i] = 1.0 - spared
    return drawn


def _lines(
    seen: Sequence[TouchpointCounts],
    priors: Mapping[str, Prior],
    weights: Mapping[str, float],
    drawn: np.ndarray,
) -> list[TouchpointScore]:
    """The touchpoints' scores but for their ranks."""
    believed = {family: _believed(seen, family, prior) for family, prior in priors.items()}
    # an absent family has the rate 0 here, which neither hurts nor explains anything
    means = {family: mean for family, (mean, _, _) in believed.items()}
    values = severity.severity(means, weights) if means else np.empty(0)
    parts = severity.shares(means, weights) if means else {}
    lows, highs = equal_tailed(drawn)
    lines = []
    for i, counted in enumerate(seen):
        per_1000 = 1000.0 * counted.reach
        families = {
            family: FamilyScore(
                x=x,
                n=n,
                rate=float(means[family][i]),
                low=float(believed[family][1][i]),
                high=float(believed[family][2][i]),
                weight=float(weights[family]),
                share=float(parts[family][i]),
            )
            for family, (x, n) in counted.families.items()
        }
        lines.append(
            replace(
                _outline(counted),
                families=families,
                severity=float(values[i]),
                severity_low=float(lows[i]),
                severity_high=float(highs[i]),
                burden=float(per_1000 * values[i]),
                burden_low=float(per_1000 * lows[i]),
                burden_high=float(per_1000 * highs[i]),
            )
        )
    return lines


def _believed(
    seen: Sequence[TouchpointCounts], family: str, prior: Prior
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Posterior mean and 90% interval of a family's rate, each (touchpoints,), 0 where absent."""
    here = np.array([family in counted.families for counted in seen])
    x, n = np.array([t.families[family] for t in seen if family in t.families]).T
    a, b = rates.posterior(prior, x, n)
    tails = np.array([[(1 - INTERVAL) / 2], [(1 + INTERVAL) / 2]])
    figures = np.zeros((3, len(seen)))
    figures[:, here] = np.vstack([a / (a + b), special.betaincinv(a, b, tails)])
    return figures[0], figures[1], figures[2]
