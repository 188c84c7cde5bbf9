"""What a set of answers tells: counts per metric, painful answers, and the feeling behind them.

Built from how often each score was given, so every figure is exact and no order of rows matters.

Letters:
    n    answers, a whole number
    w    Σw, the sum of their weights; w2 is Σw²
    x    painful experiences out of n_eff, Kish's effective number (Σw)²/Σw²
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from evidence.metrics import Scale

# NPS: promoters from 9, detractors up to 6. Good answers: CSAT from 4, CES from 5.
PROMOTER, DETRACTOR = Decimal(9), Decimal(6)
GOOD = {"csat": Decimal(4), "ces": Decimal(5)}
# Feelings run from −2 to 2, like the emotions drawn on maps.
FEELING_LOW, FEELING_HIGH = -2, 2

ZERO = Decimal(0)


@dataclass(frozen=True)
class ScoreCount:
    """How often a score was given."""

    metric: str
    score: Decimal
    n: int
    w: Decimal
    w2: Decimal


@dataclass(frozen=True)
class Answers:
    """All answers to one metric's question; weights of those with the property named."""

    metric: str
    n: int
    w: Decimal
    w2: Decimal
    promoters: Decimal
    detractors: Decimal
    good: Decimal
    painful: Decimal


@dataclass(frozen=True)
class Rate:
    """x painful experiences out of n; fractional where answers are weighted."""

    x: float
    n: float


@dataclass(frozen=True)
class Feeling:
    """The mean of all answers, each rescaled to −2…2; var is the sample variance."""

    n: int
    n_eff: float
    mean: float
    var: float


def by_metric(counts: Iterable[ScoreCount], scales: Mapping[str, Scale]) -> dict[str, Answers]:
    """The answers of each metric that the workspace knows, in the order of their codes."""
    groups: dict[str, list[ScoreCount]] = {}
    for count in counts:
        if count.metric in scales:
            groups.setdefault(count.metric, []).append(count)
    return {metric: _answers(scales[metric], groups[metric]) for metric in sorted(groups)}


def felt(answers: Mapping[str, Answers]) -> Rate | None:
    """The family `felt`: all metrics together, weighted answers counted by Kish's formula."""
    painful = sum((a.painful for a in answers.values()), ZERO)
    w = sum((a.w for a in answers.values()), ZERO)
    w2 = sum((a.w2 for a in answers.values()), ZERO)
    if not w2:
        return None
    return Rate(x=float(Fraction(painful) * Fraction(w) / Fraction(w2)), n=effective_n(w, w2))


def feeling(counts: Iterable[ScoreCount], scales: Mapping[str, Scale]) -> Feeling | None:
    sums: dict[str, list[Decimal]] = {}  # metric → Σw, Σw·score, Σw·score²; exact
    n, w2 = 0, ZERO
    for count in counts:
        if count.metric not in scales:
            continue
        told = sums.setdefault(count.metric, [ZERO, ZERO, ZERO])
        for power, weight in enumerate((count.w, count.w * count.score, count.w * count.score**2)):
            told[power] += weight
        n, w2 = n + count.n, w2 + count.w2
    if not w2:
        return None
    w = first = second = Fraction(0)
    for metric, told in sums.items():
        slope, start = _rescaling(scales[metric])
        weights, scores, squares = (Fraction(part) for part in told)
        w += weights
        first += start * weights + slope * scores
        second += start**2 * weights + 2 * start * slope * scores + slope**2 * squares
    mean, n_eff = first / w, w * w / Fraction(w2)
    spread = second / w - mean**2
    var = spread * n_eff / (n_eff - 1) if n_eff > 1 else Fraction(0)
    return Feeling(n=n, n_eff=float(n_eff), mean=float(mean), var=float(var))


def effective_n(w: Decimal, w2: Decimal) -> float:
    """(Σw)²/Σw², exact before it becomes a float: whole for answers of equal weight."""
    return float(Fraction(w) ** 2 / Fraction(w2)) if w2 else 0.0


def is_painful(score: Decimal, scale: Scale) -> bool:
    if scale.pain_at_most is not None:
        return score <= scale.pain_at_most
    return scale.pain_at_least is not None and score >= scale.pain_at_least


def _answers(scale: Scale, counts: list[ScoreCount]) -> Answers:
    good = GOOD.get(scale.code)
    return Answers(
        metric=scale.code,
        n=sum(c.n for c in counts),
        w=sum((c.w for c in counts), ZERO),
        w2=sum((c.w2 for c in counts), ZERO),
        promoters=sum((c.w for c in counts if c.score >= PROMOTER), ZERO),
        detractors=sum((c.w for c in counts if c.score <= DETRACTOR), ZERO),
        good=sum((c.w for c in counts if good is not None and c.score >= good), ZERO),
        painful=sum((c.w for c in counts if is_painful(c.score, scale)), ZERO),
    )


def _rescaling(scale: Scale) -> tuple[Fraction, Fraction]:
    """(slope, start) of the line from the worst answer (−2) to the best (2)."""
    best, worst = scale.high, scale.low
    if scale.pain_at_most is None:
        best, worst = worst, best
    slope = (FEELING_HIGH - FEELING_LOW) / Fraction(best - worst)
    return slope, FEELING_LOW - slope * Fraction(worst)
