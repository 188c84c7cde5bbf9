"""A touchpoint's weeks as a small drawing, and in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from accounts.filter_bar import day
from analytics.series import SHORTEST
from painpoints.series import Trend

WIDTH, HEIGHT = 260.0, 72.0
# Severities above this are rare; a scale that ends lower makes small moves look large.
LEAST_TOP = 0.2


@dataclass(frozen=True)
class Drawing:
    """SVG geometry: bands and lines of the weeks with evidence, dots, levels, in WIDTH × HEIGHT."""

    width: float
    height: float
    bands: list[str]
    lines: list[str]
    thin: list[tuple[float, float]]  # hollow: fewer than 30 experiences
    alone: list[tuple[float, float]]  # a single week between empty ones
    levels: list[tuple[float, float, float]]  # x0, x1, y
    steps: list[float]  # x of each change
    top: str  # what the upper edge stands for


def top_of(trends: Sequence[Trend]) -> float:
    """The scale's upper end for drawings that are to be compared, 0 to 1.

    Ends of the intervals of thin weeks do not stretch it.
    """
    highs = [
        high
        for trend in trends
        for i, high in enumerate(trend.high)
        if high is not None and not trend.is_thin(i)
    ]
    return min(1.0, max([*highs, LEAST_TOP]) * 1.05)


def draw(trend: Trend, top: float) -> Drawing:
    weeks = len(trend.weeks)
    step = WIDTH / max(1, weeks)

    def x(week: float) -> float:
        return round((week + 0.5) * step, 1)

    def y(severity: float | None) -> float:
        return round(HEIGHT * (1 - min(severity or 0.0, top) / top), 1)

    runs = _runs(trend)
    return Drawing(
        width=WIDTH,
        height=HEIGHT,
        bands=[
            " ".join(
                [f"{x(i)},{y(trend.high[i])}" for i in run]
                + [f"{x(i)},{y(trend.low[i])}" for i in reversed(run)]
            )
            for run in runs
            if len(run) > 1
        ],
        lines=[
            " ".join(f"{x(i)},{y(trend.severity[i])}" for i in run) for run in runs if len(run) > 1
        ],
        thin=[(x(i), y(trend.severity[i])) for run in runs for i in run if trend.is_thin(i)],
        alone=[
            (x(run[0]), y(trend.severity[run[0]]))
            for run in runs
            if len(run) == 1 and not trend.is_thin(run[0])
        ],
        levels=[
            (round(level.begin * step, 1), round(level.end * step, 1), y(level.severity))
            for level in trend.levels
            if level.severity is not None
        ]
        if len(trend.levels) > 1
        else [],
        steps=[round(level.begin * step, 1) for level in trend.levels[1:]],
        top=wording.points(top),
    )


def _runs(trend: Trend) -> list[list[int]]:
    """Weeks with evidence, cut where weeks without any lie between."""
    known = [i for i, severity in enumerate(trend.severity) if severity is not None]
    grouped = groupby(enumerate(known), key=lambda pair: pair[1] - pair[0])
    return [[week for _place, week in group] for _start, group in grouped]


def sentence(trend: Trend) -> str:
    """Since 4 May 2026 at 15 of 100, before at 42; or no lasting change: 31 of 100."""
    if trend.steps:
        week, before, after = trend.steps[-1]
        text = _("since %(day)s at %(after)s of 100, before at %(before)s")
        values = {"before": before, "after": after}
        return text % {
            "day": day(week), **{name: wording.points(v) for name, v in values.items()}
        }  # fmt: skip
    level = trend.levels[0].severity
    if level is None:
        return _("no whole week with evidence yet")
    said = (
        _("no lasting change: %(level)s of 100")
        if trend.levels[0].end >= 2 * SHORTEST
        else _("%(level)s of 100; too few weeks to tell a lasting change")
    )
    return said % {"level": wording.points(level)}


def spoken(trend: Trend, name: str) -> str:
    """What the drawing says, for those who do not see it."""
    last = max(i for i, severity in enumerate(trend.severity) if severity is not None)
    return _(
        "%(name)s, week by week: %(sentence)s. In the week of %(day)s %(value)s of 100 "
        "(%(low)s–%(high)s), n %(n)s."
    ) % {
        "name": name,
        "sentence": sentence(trend),
        "day": day(trend.weeks[last]),
        "value": wording.points(trend.severity[last]),
        "low": wording.points(trend.low[last]),
        "high": wording.points(trend.high[last]),
        "n": wording.number(trend.n[last]),
    }


def context_of(trend: Trend, name: str, top: float) -> dict[str, Any]:
    """As templates/painpoints/_trend.html takes it."""
    return {
        "drawing": draw(trend, top),
        "sentence": sentence(trend),
        "aria": spoken(trend, name),
        "n": trend.n_total,
        "first": day(trend.weeks[0]),
        "last": day(trend.weeks[-1] + timedelta(days=6)),
    }
