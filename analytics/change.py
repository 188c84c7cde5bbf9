"""Two periods compared: where has it really become worse?

Suffixes and words:
    _before, _now  the earlier and the later period
    difference     severity now − severity before, −1 to 1; above 0 it became worse
    p_worse        probability that severity is higher now, given the evidence, 0 to 1
    _low, _high    ends of the difference's 90% equal-tailed interval

The later period's draws are those of its scoring. The earlier one's come from a generator of their
own: with the same random numbers in both, two independent samples would move together, and every
difference would look far surer than it is.

Only families with evidence in both periods are compared, so that a signal that was not measured
before does not look like new pain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from analytics import severity
from analytics.draws import DRAWS, FORMULA, equal_tailed
from analytics.ranking import (
    LITTLE_EVIDENCE_N,
    TouchpointCounts,
    checked,
    rate_draws,
)

FALSE_DISCOVERIES = 0.10
BEFORE = FORMULA + "/before"


@dataclass(frozen=True)
class Change:
    """One touchpoint in two periods.

    families: those compared.  alert: worse now, false discoveries among all alerts kept at 10%.
    """

    code: str
    families: tuple[str, ...]
    severity_before: float
    severity_now: float
    difference: float
    difference_low: float
    difference_high: float
    p_worse: float
    alert: bool


def compare(
    before: Sequence[TouchpointCounts],
    now: Sequence[TouchpointCounts],
    *,
    weights: Mapping[str, float] = severity.DEFAULT_WEIGHTS,
    weights_before: Mapping[str, float] | None = None,
    draws: int = DRAWS,
) -> list[Change]:
    """Touchpoints of both periods, the surest worsening first; ties go by code.

    weights_before: those of the earlier period, where they were others.

    Left out: touchpoints with fewer than 30 experiences in every shared family of either period.
    Severities are means of the draws, over the shared families, each period with its own prior.

    >>> was = [TouchpointCounts("queue", {"waited": (40, 400)}, 1.0, "volume")]
    >>> is_now = [TouchpointCounts("queue", {"waited": (80, 400)}, 1.0, "volume")]
    >>> [(c.code, c.p_worse > 0.99, c.alert) for c in compare(was, is_now)]
    [('queue', True, True)]
    """
    weights_before = weights if weights_before is None else weights_before
    before, now = checked(before, weights_before), checked(now, weights)
    pairs = _shared(before, now)
    if not pairs:
        return []
    earlier, later = (
        severity.severity(rate_draws([pair[i] for pair in pairs], scope, draws, name), weighing)
        for i, (scope, name, weighing) in enumerate(
            ((before, BEFORE, weights_before), (now, FORMULA, weights))
        )
    )
    p_worse = np.mean(later > earlier, axis=1)
    # one draw more keeps a chance that was never seen from counting as impossible
    alerts = benjamini_hochberg((draws * (1 - p_worse) + 1) / (draws + 1))
    lows, highs = equal_tailed(later - earlier)
    changes = [
        Change(
            code=counted.code,
            families=tuple(counted.families),
            severity_before=float(earlier[i].mean()),
            severity_now=float(later[i].mean()),
            difference=float(later[i].mean() - earlier[i].mean()),
            difference_low=float(lows[i]),
            difference_high=float(highs[i]),
            p_worse=float(p_worse[i]),
            alert=bool(alerts[i]),
        )
        for i, (_, counted) in enumerate(pairs)
    ]
    return sorted(changes, key=lambda change: (-change.p_worse, change.code))


def benjamini_hochberg(p_values: ArrayLike, rate: float = FALSE_DISCOVERIES) -> np.ndarray:
    """Which of several tests to report so that at most `rate` of the reports are expected false.

    p_values: (k,).  Returns bool (k,).
    Source: Benjamini & Hochberg 1995, J. R. Statist. Soc. B 57, 289–300.

    >>> benjamini_hochberg([0.01, 0.04, 0.30, 0.05]).tolist()
    [True, True, False, True]
    """
    p_values = np.asarray(p_values, dtype=float)
    if np.any(~((p_values >= 0) & (p_values <= 1))):
        raise ValueError("expected p-values between 0 and 1")
    k = len(p_values)
    order = np.argsort(p_values, kind="stable")
    passed = np.flatnonzero(p_values[order] <= rate * np.arange(1, k + 1) / max(k, 1))
    reported = np.zeros(k, dtype=bool)
    if len(passed):
        reported[order[: passed[-1] + 1]] = True
    return reported


def _shared(
    before: Sequence[TouchpointCounts], now: Sequence[TouchpointCounts]
) -> list[tuple[TouchpointCounts, TouchpointCounts]]:
    """Touchpoints of both periods, cut down to the families both have, where there is enough."""
    earlier = {counted.code: counted for counted in before}
    pairs = []
    for later in now:
        if later.code not in earlier:
            continue
        both = [f for f in later.families if f in earlier[later.code].families]
        pair = [
            replace(counted, families={f: counted.families[f] for f in both})
            for counted in (earlier[later.code], later)
        ]
        if all(any(n >= LITTLE_EVIDENCE_N for _, n in c.families.values()) for c in pair):
            pairs.append((pair[0], pair[1]))
    return pairs
