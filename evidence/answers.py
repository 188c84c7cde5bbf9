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
from functools import lru_cache
from typing import NamedTuple

from evidence.metrics import Scale

# NPS: promoters from 9, detractors up to 6. Good answers: CSAT from 4, CES from 5.
PROMOTER, DETRACTOR = Decimal(9), Decimal(6)
GOOD = {"csat": Decimal(4), "ces": Decimal(5)}
# Feelings run from −2 to 2, like the emotions drawn on maps.
FEELING_LOW, FEELING_HIGH = -2, 2

# Whole numbers stay such, exact and several times faster, until a weight is a fraction.
Weight = Decimal | int


class ScoreCount(NamedTuple):
    """How often a score was given."""

    metric: str
    score: Decimal
    n: int
    w: Weight
    w2: Weight

    @classmethod
    def of_row(
        cls, metric: str, score: Decimal, n: int, w: Decimal | None, w2: Decimal | None
    ) -> "ScoreCount":
        """As queries/answers.sql tells it, without w and w2 where every answer weighs 1."""
        return cls(metric, score, n, n if w is None else w, n if w2 is None else w2)


@dataclass(frozen=True)
class Answers:
    """All answers to one metric's question; weights of those with the property named."""

    metric: str
    n: int
    w: Weight
    w2: Weight
    promoters: Weight
    detractors: Weight
    good: Weight
    painful: Weight


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
    painful = sum(a.painful for a in answers.values())
    w = sum(a.w for a in answers.values())
    w2 = sum(a.w2 for a in answers.values())
    if not w2:
        return None
    return Rate(x=effective(painful, w, w2), n=effective_n(w, w2))


def feeling(counts: Iterable[ScoreCount], scales: Mapping[str, Scale]) -> Feeling | None:
    sums: dict[str, list[Weight]] = {}  # metric → Σw, Σw·score, Σw·score²; exact
    n: int = 0
    w2: Weight = 0
    for metric, score, count_n, count_w, count_w2 in counts:
        if metric not in scales:
            continue
        told = sums.setdefault(metric, [0, 0, 0])
        weighted = count_w * score
        told[0] += count_w
        told[1] += weighted
        told[2] += weighted * score
        n, w2 = n + count_n, w2 + count_w2
    if not w2:
        return None
    w = first = second = Fraction(0)
    for metric, told in sums.items():
        slope, start, parts = _rescaling(scales[metric])
        weights, scores, squares = (_whole(part) for part in told)
        w += weights
        first += Fraction(start * weights + slope * scores, parts)
        second += Fraction(
            start**2 * weights + 2 * slope * start * scores + slope**2 * squares, parts**2
        )
    mean, n_eff = first / w, w * w / Fraction(w2)
    spread = second / w - mean**2
    var = spread * n_eff / (n_eff - 1) if n_eff > 1 else Fraction(0)
    return Feeling(n=n, n_eff=float(n_eff), mean=float(mean), var=float(var))


def effective_n(w: Weight, w2: Weight) -> float:
    """(Σw)²/Σw², exact before it becomes a float: whole for answers of equal weight."""
    return effective(w, w, w2)


def effective(part: Weight, w: Weight, w2: Weight) -> float:
    """A part of the weights as a number of answers out of Kish's effective number."""
    if w == w2:  # every answer weighs 1, as most do
        return float(part)
    return float(Fraction(part) * Fraction(w) / Fraction(w2)) if w2 else 0.0


def is_painful(score: Decimal, scale: Scale) -> bool:
    if scale.pain_at_most is not None:
        return score <= scale.pain_at_most
    return scale.pain_at_least is not None and score >= scale.pain_at_least


def _answers(scale: Scale, counts: list[ScoreCount]) -> Answers:
    good_from = GOOD.get(scale.code)
    n: int = 0
    w: Weight = 0
    w2: Weight = 0
    promoters: Weight = 0
    detractors: Weight = 0
    good: Weight = 0
    painful: Weight = 0
    for _metric, score, count_n, count_w, count_w2 in counts:
        n, w, w2 = n + count_n, w + count_w, w2 + count_w2
        if score >= PROMOTER:
            promoters += count_w
        if score <= DETRACTOR:
            detractors += count_w
        if good_from is not None and score >= good_from:
            good += count_w
        if is_painful(score, scale):
            painful += count_w
    return Answers(scale.code, n, w, w2, promoters, detractors, good, painful)


def _whole(part: Weight) -> int | Fraction:
    """The same number as a whole one where it is, which is reckoned with several times faster."""
    exact = int(part)
    return exact if exact == part else Fraction(part)


@lru_cache(maxsize=1000)
def _rescaling(scale: Scale) -> tuple[int, int, int]:
    """slope and start of the line from the worst answer (−2) to the best (2), in whole parts, and
    how many parts make one."""
    best, worst = scale.high, scale.low
    if scale.pain_at_most is None:
        best, worst = worst, best
    slope = (FEELING_HIGH - FEELING_LOW) / Fraction(best - worst)
    start = FEELING_LOW - slope * Fraction(worst)
    parts = slope.denominator * start.denominator
    return int(slope * parts), int(start * parts), parts
