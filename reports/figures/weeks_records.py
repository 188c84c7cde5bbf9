"""A touchpoint's weeks as records for exports and as a table for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from accounts.filter_bar import day
from painpoints.series import Trend
from reports.change import Comparison
from reports.figures.sheet import table
from reports.happenings import Happening

FIELDS = ("touchpoint", "name", "week", "severity", "severity_low", "severity_high", "n",
          "thin", "unfinished", "level")  # fmt: skip


@dataclass(frozen=True)
class Weeks:
    """What is drawn: the touchpoint's weeks, how many are whole, and what happened beside them."""

    name: str
    trend: Trend
    whole: int
    marks: Sequence[Happening] = ()
    comparison: Comparison | None = None


def records_of(shown: Weeks) -> list[dict[str, Any]]:
    trend = shown.trend
    levels = {w: level.severity for level in trend.levels for w in range(level.begin, level.end)}
    return [
        {
            "touchpoint": trend.code, "name": shown.name, "week": monday.isoformat(),
            "severity": trend.severity[i], "severity_low": trend.low[i],
            "severity_high": trend.high[i], "n": trend.n[i], "thin": trend.is_thin(i),
            "unfinished": i >= shown.whole, "level": levels.get(i),
        }
        for i, monday in enumerate(trend.weeks)
    ]  # fmt: skip


def table_of(shown: Weeks) -> dict[str, Any]:
    """The newest week first."""
    rows = []
    for record in reversed(records_of(shown)):
        known = record["severity"] is not None
        note = _("week not over") if record["unfinished"] else ""
        note = note or (_("little evidence") if record["thin"] else "")
        rows.append(
            [
                day(date.fromisoformat(record["week"])),
                wording.points(record["severity"]) if known else _("no evidence"),
                f"{wording.points(record['severity_low'])}–{wording.points(record['severity_high'])}"
                if known
                else wording.NO_VALUE,
                wording.number(record["n"]),
                wording.points(record["level"]),
                note,
            ]
        )
    columns: list[str | tuple[str, bool]] = [
        _("Week of"),
        (_("Severity"), True),
        # xgettext:no-python-format
        (_("90% interval"), True),
        ("n", True),
        (_("Level"), True),
        _("Note"),
    ]
    return table(_("Severity of 100 at %s, week by week") % shown.name, columns, rows)
