"""A touchpoint's newest weeks, so small that it stands in a list: a drawing, and its sentence."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from accounts.filter_bar import day
from painpoints import trend as drawing
from painpoints.series import Trend


def top_of(trends: Sequence[Trend]) -> float:
    """The scale's upper end for all drawings of a page, 0 to 1."""
    return drawing.top_of(trends)


def context_of(trend: Trend, name: str, top: float) -> dict[str, Any] | None:
    """As templates/painpoints/_trend.html takes it; None where no week has evidence."""
    known = [i for i, severity in enumerate(trend.severity) if severity is not None]
    if not known:
        return None
    return {
        "drawing": drawing.draw(trend, top),
        "aria": _spoken(trend, name, known),
        "n": trend.n_total,
        "first": day(trend.weeks[0]),
        "last": day(trend.weeks[-1] + timedelta(days=6)),
        "code": trend.code,
        "week": trend.weeks[known[-1]].isoformat(),
        "told": _newest(trend, known[-1]),
    }


def _newest(trend: Trend, week: int) -> str:
    """Of the newest week with evidence: 31 (28–34), n 44."""
    return _("%(value)s (%(low)s–%(high)s), n %(n)s") % {
        "value": wording.points(trend.severity[week]),
        "low": wording.points(trend.low[week]),
        "high": wording.points(trend.high[week]),
        "n": wording.number(trend.n[week]),
    }


def _spoken(trend: Trend, name: str, known: Sequence[int]) -> str:
    said = _(
        "%(name)s, painful passages of 100 by week: between %(least)s and %(most)s since "
        "%(first)s; in the week of %(day)s %(newest)s."
    )
    values = [trend.severity[i] or 0.0 for i in known]
    return said % {
        "name": name,
        "least": wording.points(min(values)),
        "most": wording.points(max(values)),
        "first": day(trend.weeks[known[0]]),
        "day": day(trend.weeks[known[-1]]),
        "newest": _newest(trend, known[-1]),
    }
