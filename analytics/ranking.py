"""Touchpoints ranked by the pain they cause: formula pain/1.

Suffixes and words:
    x, n         painful experiences out of experiences, per family (rates.py)
    rate         posterior mean of x/n under the prior fitted over the touchpoints, 0 to 1
    severity     chance that a passage hurts, 0 to 1 (severity.py)
    reach        share of the journey's customers who pass the touchpoint, 0 to 1
    burden       1000 · reach · severity, painful passages per 1,000 customers
    _low, _high  ends of a 90% equal-tailed interval, in the unit of the value
    draws        posterior draws, arrays (..., draws)

Point estimates use the fitted prior. Intervals, ranks and bands come from draws in which the prior
itself varies as far as the evidence leaves it open: an interval that took the fitted prior for
certain would hold the truth in 80% instead of 90% of cases where evidence is thin
(benchmarks/recovery.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import inf

import numpy as np

from analytics import rates, severity
from analytics.draws import (
    DRAWS,
    FORMULA,
    INTERVAL,
    draw_posterior,
    draw_uniform,
    equal_tailed,
    seed,
    standings,
)
from analytics.rates import Prior, PriorDraws

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
    "plausible_priors",
    "rate_draws",
    "score",
    "seed",
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
    rate_drawn = rate_draws(seen, scope, draws)
    drawn = severity.severity(rate_drawn, weights) if seen else np.empty((0, draws))
    lines = _lines(seen, priors, weights, rate_drawn, drawn)

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


def plausible_priors(
    scope: Sequence[TouchpointCounts], draws: int = DRAWS, formula: str = FORMULA
) -> dict[str, PriorDraws]:
    """For each family of a checked scope the priors (draws,) that its counts leave plausible."""
    priors = {}
    for family in severity.FAMILIES:
        seen = [t.families[family] for t in scope if family in t.families]
        if seen:
            x, n = zip(*seen, strict=True)
            uniform = draw_uniform(family, draws, formula)
            priors[family] = rates.plausible_priors(x, n, uniform)
    return priors


def rate_draws(
    seen: Sequence[TouchpointCounts],
    scope: Sequence[TouchpointCounts],
    draws: int = DRAWS,
    formula: str = FORMULA,
) -> dict[str, np.ndarray]:
    """Family → draws of its rates (touchpoints, draws), 0 where a touchpoint lacks the family.

    A rate of 0 neither hurts nor explains anything, as an absent family should. The priors are
    those over the checked `scope`, of which `seen` are touchpoints, with all or some families.
    """
    known = _drawn(
        tuple((t.code, tuple(t.families.items())) for t in scope if t.families), draws, formula
    )
    drawn = {family: np.zeros((len(seen), draws)) for family in known.priors}
    for i, counted in enumerate(seen):
        for family in counted.families:
            drawn[family][i] = known.rate(counted.code, family)
    return drawn


class _Drawn:
    """The rates drawn over one scope, each once."""

    def __init__(self, scope: Sequence[TouchpointCounts], draws: int, formula: str) -> None:
        self.priors = plausible_priors(scope, draws, formula)
        self._counts = {counted.code: counted.families for counted in scope}
        self._draws, self._formula = draws, formula
        self._rates: dict[tuple[str, str], np.ndarray] = {}

    def rate(self, code: str, family: str) -> np.ndarray:
        found = self._rates.get((code, family))
        if found is None:
            a, b = rates.posterior(self.priors[family], *self._counts[code][family])
            found = draw_posterior(code, family, a, b, self._draws, self._formula)
            self._rates[code, family] = found
        return found


# A run's ranking, its total and its comparison with another draw from the same posteriors, one soon
# after the other; of 40 touchpoints a scope takes 5 MB.
@lru_cache(maxsize=4)
def _drawn(
    counts: tuple[tuple[str, tuple[tuple[str, tuple[float, float]], ...]], ...],
    draws: int,
    formula: str,
) -> _Drawn:
    scope = [TouchpointCounts(code, dict(families), 0.0, "") for code, families in counts]
    return _Drawn(scope, draws, formula)


def _lines(
    seen: Sequence[TouchpointCounts],
    priors: Mapping[str, Prior],
    weights: Mapping[str, float],
    rate_drawn: Mapping[str, np.ndarray],
    drawn: np.ndarray,
) -> list[TouchpointScore]:
    """The touchpoints' scores but for their ranks."""
    if not seen:
        return []
    means = {family: _means(seen, family, prior) for family, prior in priors.items()}
    ends = {family: equal_tailed(draws) for family, draws in rate_drawn.items()}
    values, parts = severity.severity(means, weights), severity.shares(means, weights)
    lows, highs = equal_tailed(drawn)
    lines = []
    for i, counted in enumerate(seen):
        per_1000 = 1000.0 * counted.reach
        families = {
            family: FamilyScore(
                x=x,
                n=n,
                rate=float(means[family][i]),
                low=float(ends[family][0, i]),
                high=float(ends[family][1, i]),
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


def _means(seen: Sequence[TouchpointCounts], family: str, prior: Prior) -> np.ndarray:
    """Posterior means of a family's rates (touchpoints,), 0 where absent."""
    x, n = np.array([counted.families.get(family, (0.0, 0.0)) for counted in seen]).T
    return np.where(n > 0, rates.posterior_mean(prior, x, n), 0.0)
