"""The units of one touchpoint's signal as a table for people and as records for exports."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from reports.figures import words
from reports.figures.sheet import table
from reports.units import BETTER, FEW, INSIDE, OUTSIDE, WORSE, UnitLine

FIELDS = ("unit", "name", "touchpoint", "touchpoint_name", "family", "x", "n", "rate", "low",
          "high", "target", "z", "p", "verdict", "unit_owner", "touchpoint_owner")  # fmt: skip


def verdict_text(verdict: str) -> str:
    return {
        WORSE: _("really worse"),
        BETTER: _("really better"),
        OUTSIDE: _("outside, but it may be luck"),
        INSIDE: _("within what luck does"),
        # xgettext:no-python-format
        FEW: _("not judged: n below 30"),
    }[verdict]


def rate_text(line: UnitLine) -> str:
    """31% (28–34), n 420."""
    ends = f"({wording.points(line.low)}–{wording.points(line.high)})"
    return f"{wording.percent(line.rate)} {ends}, {words.n_text(line.n)}"


def distance_text(line: UnitLine) -> str:
    """+13 points, 4.1 standard deviations."""
    if line.z is None or line.target is None:
        return wording.NO_VALUE
    return _("%(points)s points, %(z)s standard deviations") % {
        "points": points_text(line),
        "z": wording.number(abs(line.z), 1),
    }


def points_text(line: UnitLine) -> str:
    return wording.signed(100 * (line.rate - (line.target or 0.0)), 1)


def record_of(line: UnitLine) -> dict[str, Any]:
    return {
        "unit": line.unit, "name": line.name, "touchpoint": line.touchpoint,
        "touchpoint_name": line.place, "family": line.family, "x": line.x, "n": line.n,
        "rate": line.rate, "low": line.low, "high": line.high, "target": line.target,
        "z": line.z, "p": line.p, "verdict": line.verdict, "unit_owner": line.owner,
        "touchpoint_owner": line.place_owner,
    }  # fmt: skip


def table_of(lines: Sequence[UnitLine], caption: str) -> dict[str, Any]:
    columns: list[str | tuple[str, bool]] = [
        _("Unit"), (_("Painful"), True), rate_heading(), _("Against all units together"),
        _("Verdict"), _("Owner"),
    ]  # fmt: skip
    return table(caption, columns, [_row(line) for line in lines])


def rate_heading() -> str:
    # xgettext:no-python-format
    return _("Rate, 95% interval")


def _row(line: UnitLine) -> list[str]:
    return [
        line.name,
        _("%(x)s of %(n)s") % {"x": wording.number(line.x), "n": wording.number(line.n)},
        rate_text(line),
        distance_text(line),
        verdict_text(line.verdict),
        line.owner or _("nobody"),
    ]


def card_of(line: UnitLine) -> dict[str, Any]:
    """As the list for phones takes it."""
    return {"line": line, "verdict": verdict_text(line.verdict), "distance": distance_text(line)}


def marked(lines: Sequence[UnitLine]) -> Mapping[str, list[UnitLine]]:
    found: dict[str, list[UnitLine]] = {}
    for line in lines:
        found.setdefault(line.verdict, []).append(line)
    return found
