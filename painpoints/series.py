"""Severity week by week at each touchpoint of a run, computed once and kept with the run.

Without the family `lost`, whose newest weeks always look worse than they are (analytics/alerts.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from analytics import alerts, series, severity
from painpoints.counts import breakdown_of, keep, kept
from painpoints.models import ScoringRun

KIND = "series"
# Two years; the whole is in the run's counts.
MOST_WEEKS = 104
LITTLE_EVIDENCE_N = 30

Weekly = Mapping[str, Mapping[str, tuple[Sequence[float], Sequence[float]]]]


@dataclass(frozen=True)
class Level:
    """Weeks begin … end − 1 between two changes."""

    begin: int
    end: int
    severity: float | None


@dataclass(frozen=True)
class Trend:
    """One touchpoint's weeks, None where there is no evidence; n is the largest family's."""

    code: str
    weeks: Sequence[date]
    severity: Sequence[float | None]
    low: Sequence[float | None]
    high: Sequence[float | None]
    n: Sequence[float]
    levels: Sequence[Level]

    @property
    def steps(self) -> list[tuple[date, float, float]]:
        """Where a new level begins: the week, the severity before and after."""
        return [
            (self.weeks[after.begin], before.severity, after.severity)
            for before, after in pairwise(self.levels)
            if before.severity is not None and after.severity is not None
        ]

    @property
    def n_total(self) -> float:
        return sum(self.n)

    def is_thin(self, week: int) -> bool:
        return 0 < self.n[week] < LITTLE_EVIDENCE_N


@dataclass(frozen=True)
class Trends:
    """All touchpoints with evidence; the newest week may be unfinished (`whole` leaves it out)."""

    weeks: Sequence[date]
    whole: int
    by_code: Mapping[str, Trend]


def trends_of(run: ScoringRun, *codes: str) -> Trends | None:
    """None where the rows behind the run are gone and its weeks were never counted.

    codes: where only these touchpoints are wanted, nobody waits for the others.
    """
    document = kept(run, KIND) or _computed(run, codes)
    return _read(document) if document is not None else None


def _computed(run: ScoringRun, codes: Sequence[str]) -> dict[str, Any] | None:
    breakdown = breakdown_of(run)
    if breakdown is None:
        return None
    weekly = alerts.ripe(breakdown.counts["week"])
    weights = run.parameters["weights"]
    document = document_of(breakdown.values["week"], weekly, weights, codes)
    if not codes:
        keep(run, KIND, document)
    return document


def document_of(
    weeks: Sequence[str],
    weekly: Weekly,
    weights: Mapping[str, float],
    codes: Sequence[str] = (),
) -> dict[str, Any]:
    """Plain JSON: the newest weeks, their severities, and the levels between changes.

    codes: only of these touchpoints; of all where none is named.
    """
    whole = alerts.whole_weeks(weekly)
    start = max(0, len(weeks) - MOST_WEEKS)
    return {
        "weeks": list(weeks[start:]),
        "whole": whole - start,
        "touchpoints": {
            code: _of_touchpoint(_cut(families, start), whole - start, weights)
            for code, families in weekly.items()
            if (not codes or code in codes) and any(sum(n[start:]) for _x, n in families.values())
        },
    }


def _cut(
    families: Mapping[str, tuple[Sequence[float], Sequence[float]]], start: int
) -> dict[str, tuple[Sequence[float], Sequence[float]]]:
    cut = {family: (x[start:], n[start:]) for family, (x, n) in families.items()}
    return {family: (x, n) for family, (x, n) in cut.items() if sum(n)}


def _of_touchpoint(
    families: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    whole: int,
    weights: Mapping[str, float],
) -> dict[str, Any]:
    """Weeks lean on the others of their level, not on those before or after a change."""
    x = {family: np.asarray(counted[0], dtype=float) for family, counted in families.items()}
    n = {family: np.asarray(counted[1], dtype=float) for family, counted in families.items()}
    levels = series.change_points(
        {family: hurt[:whole] for family, hurt in x.items()},
        {family: seen[:whole] for family, seen in n.items()},
        weights=weights,
    )
    weeks = len(next(iter(n.values())))
    bounds = [0, *levels.starts, weeks]
    drawn: dict[str, list[float | None]] = {"severity": [], "low": [], "high": []}
    severities = []
    for begin, end in pairwise(bounds):
        usual = _usual({family: seen[begin:end] for family, seen in n.items()})
        weekly = series.weekly_severity(
            {family: x[family][begin:end] for family in usual},
            {family: n[family][begin:end] for family in usual},
            weights=weights,
        )
        for name, figures in drawn.items():
            figures += _plain(getattr(weekly, name))
        counted = {
            f: (x[f][begin:whole][: end - begin], n[f][begin:whole][: end - begin]) for f in usual
        }
        severities.append(_level(counted, weights))
    return {
        **drawn,
        "n": np.max(list(n.values()), axis=0).tolist(),
        "starts": list(levels.starts),
        "levels": severities,
    }


def counts_of_level(
    run: ScoringRun, trends: Trends, code: str, level: Level
) -> dict[str, tuple[float, float]]:
    """Family → (x, n) over the level's whole weeks: what its severity was computed from."""
    breakdown = breakdown_of(run)
    if breakdown is None:
        return {}
    weekly = alerts.ripe(breakdown.counts["week"])
    families = _cut(weekly[code], len(breakdown.values["week"]) - len(trends.weeks))
    # The newest, unfinished week belongs to the last level, but is not counted in it.
    end = len(trends.weeks) if level.end == trends.whole else level.end
    usual = _usual({f: np.asarray(n[level.begin : end]) for f, (_x, n) in families.items()})
    sums = {f: tuple(float(sum(part[level.begin : level.end])) for part in families[f])
            for f in usual}  # fmt: skip
    return {family: (x, n) for family, (x, n) in sums.items() if n}


def _level(
    counted: Mapping[str, tuple[np.ndarray, np.ndarray]], weights: Mapping[str, float]
) -> float | None:
    """Severity over all whole weeks of a level, from raw rates; None without evidence."""
    means = {f: hurt.sum() / seen.sum() for f, (hurt, seen) in counted.items() if seen.sum()}
    return float(severity.severity(means, weights)) if means else None


def _usual(n: Mapping[str, np.ndarray]) -> list[str]:
    """Families with evidence in at least half as many weeks as the one with most of them.

    A signal of a few weeks only would make just those weeks look worse.
    """
    weeks = {family: int(np.count_nonzero(seen)) for family, seen in n.items()}
    return [family for family, count in weeks.items() if 2 * count >= max(weeks.values())]


def _plain(figures: np.ndarray) -> list[float | None]:
    return [None if np.isnan(figure) else float(figure) for figure in figures]


def _read(document: Mapping[str, Any]) -> Trends:
    weeks = [date.fromisoformat(monday) for monday in document["weeks"]]
    whole = document["whole"]
    by_code = {}
    for code, found in document["touchpoints"].items():
        bounds = [0, *found["starts"], whole]
        levels = [
            Level(begin, end, severity)
            for (begin, end), severity in zip(pairwise(bounds), found["levels"], strict=True)
        ]
        by_code[code] = Trend(
            code, weeks, found["severity"], found["low"], found["high"], found["n"], levels
        )
    return Trends(weeks, whole, by_code)
