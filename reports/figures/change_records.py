"""The comparison of two periods as a verdict, as a table, as records and as cards for phones."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import wording
from analytics.change import Change
from reports.change import Comparison, Line
from reports.figures import words
from reports.figures.sheet import table

FIELDS = (
    "touchpoint", "name", "before_from", "before_to", "now_from", "now_to", "families",
    "severity_before", "severity_now", "difference", "difference_low", "difference_high",
    "p_worse", "holds", "n_before", "n_now", "why_not",
)  # fmt: skip
NAMED = 3


def verdict(comparison: Comparison) -> str:
    """What changed for certain, in one or two sentences."""
    if comparison.why:
        return comparison.why
    if not comparison.tested:
        return _(
            "Whether anything changed cannot be told: no touchpoint has enough evidence in both "
            "periods."
        )
    if not comparison.worse and not comparison.better:
        return ngettext(
            "Nothing changed for certain: the touchpoint's difference is within what chance does.",
            "Nothing changed for certain: the differences of all %(n)s touchpoints are within "
            "what chance does.",
            len(comparison.tested),
        ) % {"n": len(comparison.tested)}
    parts = []
    if comparison.worse:
        parts.append(_("Became worse for certain: %s.") % _named(comparison.worse))
    if comparison.better:
        parts.append(_("Became better for certain: %s.") % _named(comparison.better))
    return " ".join(parts)


def _named(lines: Sequence[Line]) -> str:
    said = [
        _("%(name)s (%(before)s → %(now)s of 100)")
        % {
            "name": line.name,
            "before": wording.points(line.change.severity_before),
            "now": wording.points(line.change.severity_now),
        }
        for line in lines[:NAMED]
        if line.change
    ]
    more = len(lines) - len(said)
    if more > 0:
        said.append(ngettext("and %(n)s other", "and %(n)s others", more) % {"n": more})
    listed = said[0]
    for one in said[1:]:
        listed = _("%(list)s, %(next)s") % {"list": listed, "next": one}
    return listed


def signed_points(share: float) -> str:
    return wording.signed(share * 100, 0)


def difference_text(change: Change) -> str:
    """+9 points (+6 … +12)."""
    return _("%(difference)s points (%(low)s … %(high)s)") % {
        "difference": signed_points(change.difference),
        "low": signed_points(change.difference_low),
        "high": signed_points(change.difference_high),
    }


def certainty_text(change: Change) -> str:
    if change.p_worse >= 0.5:
        return _("worse with probability %s") % wording.percent(change.p_worse)
    return _("better with probability %s") % wording.percent(1 - change.p_worse)


def holds_text(line: Line) -> str:
    if line.change is None:
        return line.why
    return {"worse": _("worse"), "better": _("better"), "": _("not certain")}[line.holds]


def table_of(comparison: Comparison) -> dict[str, Any]:
    rows = []
    for line in comparison.lines:
        change = line.change
        rows.append(
            [
                line.name,
                wording.points(change.severity_before) if change else wording.NO_VALUE,
                wording.points(change.severity_now) if change else wording.NO_VALUE,
                difference_text(change) if change else wording.NO_VALUE,
                wording.percent(change.p_worse) if change else wording.NO_VALUE,
                holds_text(line),
                wording.number(line.n_before),
                wording.number(line.n_now),
            ]
        )
    columns: list[str | tuple[str, bool]] = [
        _("Touchpoint"),
        (_("Before"), True),
        (_("Now"), True),
        (_("Difference"), True),
        (_("P(worse)"), True),
        _("Holds?"),
        (_("n before"), True),
        (_("n now"), True),
    ]
    caption = _("Severity of 100, %(before)s and %(now)s") % {
        "before": comparison.said(comparison.before),
        "now": comparison.said(comparison.now),
    }
    return table(caption, columns, rows)


def records_of(comparison: Comparison) -> list[dict[str, Any]]:
    spans = {}
    for name, span in (("before", comparison.before), ("now", comparison.now)):
        if span is not None:
            spans[f"{name}_from"] = comparison.weeks[span.begin].isoformat()
            spans[f"{name}_to"] = comparison.last_day(span).isoformat()
    return [{**spans, **_record(line)} for line in comparison.lines]


def _record(line: Line) -> dict[str, Any]:
    change = line.change
    record: dict[str, Any] = {
        "touchpoint": line.code, "name": line.name, "n_before": line.n_before,
        "n_now": line.n_now, "why_not": line.why, "holds": line.holds,
    }  # fmt: skip
    if change:
        record["families"] = " ".join(change.families)
        for name in ("severity_before", "severity_now", "difference", "difference_low",
                     "difference_high", "p_worse"):  # fmt: skip
            record[name] = getattr(change, name)
    return record


def cards_of(comparison: Comparison) -> list[dict[str, Any]]:
    """For narrow screens: a line each."""
    return [
        {
            "name": line.name,
            "holds": line.holds,
            "verdict": holds_text(line),
            "before": line.change.severity_before if line.change else None,
            "now": line.change.severity_now if line.change else None,
            "difference": difference_text(line.change) if line.change else "",
            "certainty": certainty_text(line.change) if line.change else "",
            "n": words.n_text(line.n_before) + " → " + wording.number(line.n_now),
        }
        for line in comparison.lines
    ]
