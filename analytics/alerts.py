"""Early warning: at which touchpoints did severity move for certain in the newest weeks?

Words:
    weekly   touchpoint's code → family → (x, n), lists (weeks,): painful experiences out of n in
             each week, all lists of one length, the newest week last
    window   weeks in each of the two periods: the newest whole ones, and as many before them
    finding  one touchpoint's move that is worth telling people of

Of what is told in a whole year of weekly looks, at most one in ten findings is expected to be false
(`rate_of_a_look`; measured in benchmarks/years.py). The same move is seen again by whoever looks a
week later, since the periods overlap; `is_news` tells the two apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from statistics import median

from scipy import special

from analytics import series, severity
from analytics.change import FALSE_DISCOVERIES, Change, benjamini_hochberg, compare
from analytics.draws import DRAWS, INTERVAL
from analytics.ranking import TouchpointCounts

Weekly = Mapping[str, Mapping[str, tuple[Sequence[float], Sequence[float]]]]

WORSE, BETTER = "worse", "better"
# Families whose newest weeks are not to be trusted: an instance under way looks lost until it is
# finished, so that every journey would seem to become worse at the end of its evidence.
UNRIPE = frozenset({"lost"})
WINDOW = 4
# The newest week counts as whole from this share of what the weeks before it usually bring.
WHOLE_WEEK = 0.7
USUAL_WEEKS = 8
LOOKS_A_YEAR = 52
# With fewer draws on the other side than this, their number says too little of so small a chance.
_FEW_DRAWS = 20
_TAIL = float(special.ndtri(0.5 + INTERVAL / 2))


@dataclass(frozen=True)
class Finding:
    """A touchpoint that became worse, or better.

    certainty: probability of the move in this direction, 0 to 1.  n_before, n_now: experiences in
    the family that has most of them.  last_week: index of the newest week compared.  The other
    names are those of change.py.
    """

    code: str
    direction: str
    families: tuple[str, ...]
    severity_before: float
    severity_now: float
    difference: float
    difference_low: float
    difference_high: float
    certainty: float
    n_before: float
    n_now: float
    last_week: int


def evaluate(
    weekly: Weekly,
    *,
    window: int = WINDOW,
    weights: Mapping[str, float] = severity.DEFAULT_WEIGHTS,
    least: float = 0.0,
    better: bool = False,
    rate: float | None = None,
    draws: int = DRAWS,
) -> list[Finding]:
    """What is to be told at the end of the series, the surest first; ties go by code.

    least: smaller moves are not told, in points of severity 0 to 1.  better: whether improvements
    are looked for too; each direction of each touchpoint is then a test of its own, and
    Benjamini & Hochberg's procedure goes over all of them.
    rate: false ones expected at most among the findings of this one look; by default so small that
    those of a year of weekly looks stay at one in ten.
    Left out are families that are never ripe in the newest weeks (`ripe`), and a newest week that
    is not whole yet (`whole_weeks`). Without two full windows
    there is nothing to compare, and the list is empty.

    >>> weekly = {"queue": {"waited": ([20] * 8 + [60] * 4, [200] * 12)}}
    >>> [(f.code, f.direction, round(f.difference, 2)) for f in evaluate(weekly)]
    [('queue', 'worse', 0.12)]
    """
    if window < 1:
        raise ValueError(f"expected a window of at least one week, got {window}")
    weekly = ripe(weekly)
    weeks = whole_weeks(weekly)
    if weeks < 2 * window:
        return []
    before = summed(weekly, weeks - 2 * window, weeks - window)
    now = summed(weekly, weeks - window, weeks)
    changes = with_unrest(
        compare(before, now, weights=weights, draws=draws), weekly, weights, draws
    )
    counts = ({c.code: c for c in before}, {c.code: c for c in now})
    findings = [
        Finding(
            code=change.code,
            direction=direction,
            families=change.families,
            severity_before=change.severity_before,
            severity_now=change.severity_now,
            difference=change.difference,
            difference_low=change.difference_low,
            difference_high=change.difference_high,
            certainty=certainty(change, direction),
            n_before=_most(counts[0][change.code], change.families),
            n_now=_most(counts[1][change.code], change.families),
            last_week=weeks - 1,
        )
        for change, direction in held(
            changes,
            directions=(WORSE, BETTER) if better else (WORSE,),
            rate=rate_of_a_look(window) if rate is None else rate,
            draws=draws,
        )
        if abs(change.difference) >= least
    ]
    return sorted(findings, key=lambda f: (-f.certainty, f.code, f.direction))


def with_unrest(
    changes: Sequence[Change],
    weekly: Weekly,
    weights: Mapping[str, float] = severity.DEFAULT_WEIGHTS,
    draws: int = DRAWS,
) -> list[Change]:
    """The changes with the weeks' own unrest in their certainty and intervals.

    Where a touchpoint's weeks scatter more around their neighbours than luck explains (φ of
    `series.scatter_of_severity`), as those of large services do, distances are stretched by √φ:
    compared as if only luck were at work, every restless week would be a finding.

    >>> weekly = {"queue": {"waited": ([20] * 8 + [60] * 4, [200] * 12)}}
    >>> found = compare(summed(weekly, 4, 8), summed(weekly, 8, 12))
    >>> with_unrest(found, weekly) == found  # steady but for the one step
    True
    """
    found = []
    for change in changes:
        counted = {family: weekly[change.code][family] for family in change.families}
        found.append(_stretched(change, series.scatter_of_severity(counted, weights), draws))
    return found


def held(
    changes: Sequence[Change],
    *,
    directions: Sequence[str] = (WORSE, BETTER),
    rate: float = FALSE_DISCOVERIES,
    draws: int = DRAWS,
) -> list[tuple[Change, str]]:
    """The changes that hold when each direction of each touchpoint is a test of its own.

    changes: of `compare`.  rate: share of false ones that is expected at most among those returned.

    >>> held([])
    []
    """
    tests = [(change, direction) for direction in directions for change in changes]
    passed = benjamini_hochberg(
        [p_value(change, direction, draws) for change, direction in tests], rate
    )
    return [test for test, holds in zip(tests, passed, strict=True) if holds]


def rate_of_a_look(window: int = WINDOW, rate: float = FALSE_DISCOVERIES) -> float:
    """Share of false findings to allow at each weekly look, so that a year's stay at `rate`.

    Looks at overlapping periods see much the same: with windows of w weeks a chance deviation stays
    in sight for about w / 2 looks, which leaves 52 · 2 / w looks that are news to one another.

    >>> round(rate_of_a_look(4), 5)
    0.00385
    """
    return rate * max(1.0, window / 2) / LOOKS_A_YEAR


def ripe(weekly: Weekly) -> Weekly:
    """Without the families that cannot be judged yet in the newest weeks, see UNRIPE.

    >>> ripe({"app": {"felt": ([1], [9]), "lost": ([5], [9])}})
    {'app': {'felt': ([1], [9])}}
    """
    return {
        code: {family: counted for family, counted in families.items() if family not in UNRIPE}
        for code, families in weekly.items()
    }


def is_news(*, week: int, told: int | None, window: int = WINDOW) -> bool:
    """Whether a finding seen at this week is another one than that told of at week `told`.

    One step in severity may be seen first by the newest week alone, and still 2·window − 2 weeks
    later, when only the oldest week of the earlier period lies before it. So the same touchpoint
    and direction are news again 2·window weeks on: from then on both periods lie behind the newest
    week of the first telling, and what differs between them came after it. Weeks before those
    already told of are never news.

    >>> [is_news(week=w, told=10, window=4) for w in (9, 10, 17, 18)], is_news(week=3, told=None)
    ([False, False, False, True], True)
    """
    return told is None or week >= told + 2 * window


def whole_weeks(weekly: Weekly) -> int:
    """How many weeks can be compared: all, or all but a newest one that is still being filled.

    The newest week is taken for unfinished where it has less than 70% of the experiences that the
    eight weeks before it had in the median. A service that is closed on Sundays, or a week with
    a holiday, passes; a week cut off on a Wednesday does not.

    >>> whole_weeks({"app": {"felt": ([0] * 9, [50] * 8 + [20])}})
    8
    """
    totals = _totals(weekly)
    if len(totals) < 2:
        return len(totals)
    usual = median(totals[-1 - USUAL_WEEKS : -1])
    return len(totals) - (totals[-1] < WHOLE_WEEK * usual)


def summed(weekly: Weekly, begin: int, end: int) -> list[TouchpointCounts]:
    """Each touchpoint's counts over the weeks begin … end − 1; families without evidence stay out.

    Reach plays no part in severity and is 1 throughout.
    """
    found = []
    for code, families in sorted(weekly.items()):
        sums = {f: (float(sum(x[begin:end])), float(sum(n[begin:end]))) for f, (x, n) in
                families.items()}  # fmt: skip
        seen = {family: (x, n) for family, (x, n) in sums.items() if n > 0}
        found.append(TouchpointCounts(code, seen, 1.0, "volume"))
    return found


def certainty(change: Change, direction: str) -> float:
    """Probability that severity moved in this direction; one half where it cannot move at all."""
    if change.difference == 0.0:
        return 0.5
    return change.p_worse if direction == WORSE else 1.0 - change.p_worse


def p_value(change: Change, direction: str, draws: int = DRAWS) -> float:
    """Chance of the opposite direction.

    The share of the draws; where hardly any are left on the other side, the tail of the normal
    distribution whose 90% interval ends where theirs does. One draw more keeps a chance that was
    never seen from counting as impossible.
    """
    certain = certainty(change, direction)
    counted = (draws * (1.0 - certain) + 1) / (draws + 1)
    half = (
        change.difference - change.difference_low
        if direction == WORSE
        else change.difference_high - change.difference
    )
    if draws * (1.0 - certain) >= _FEW_DRAWS or half <= 0:
        return float(counted)
    return float(special.ndtr(-abs(change.difference) / half * _TAIL))


def _stretched(change: Change, scatter: float, draws: int) -> Change:
    if scatter == 1.0 or change.difference == 0.0:
        return change
    direction = WORSE if change.difference > 0 else BETTER
    opposite = float(special.ndtr(special.ndtri(p_value(change, direction, draws)) / sqrt(scatter)))
    wider = sqrt(scatter)
    return replace(
        change,
        difference_low=max(
            -1.0, change.difference - wider * (change.difference - change.difference_low)
        ),
        difference_high=min(
            1.0, change.difference + wider * (change.difference_high - change.difference)
        ),
        p_worse=1.0 - opposite if direction == WORSE else opposite,
    )


def _most(counted: TouchpointCounts, families: Sequence[str]) -> float:
    return max(counted.families[family][1] for family in families)


def _totals(weekly: Weekly) -> list[float]:
    """Experiences in each week, each touchpoint by its family with most of them."""
    largest: list[Sequence[float]] = [
        max((n for _x, n in families.values()), key=sum) for families in weekly.values() if families
    ]
    if len({len(n) for n in largest}) > 1:
        raise ValueError("expected lists (weeks,) of one length for all touchpoints")
    return [float(sum(week)) for week in zip(*largest, strict=True)]
