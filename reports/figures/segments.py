"""Whom it hurts: a map of severities, touchpoint by segment, channel or unit.

A table and no drawing: every cell is a link that the keyboard reaches, names wrap, and a phone
shows it touchpoint by touchpoint.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import wording
from painpoints.whom import Whom
from painpoints.whom_words import Told, difference_text, drawn, is_marked, severity_text, tell
from reports.figures import segments_records, words
from reports.figures.sheet import Figure, Source

Line = Mapping[str, Any]
Names = Mapping[str, str]

HEADINGS = {
    "segment": gettext_lazy("Severity by segment"),
    "channel": gettext_lazy("Severity by channel"),
    "unit": gettext_lazy("Severity by unit"),
}
NAMED = {
    "segment": gettext_lazy("%(some)s of %(all)s experiences name a segment (%(share)s)."),
    "channel": gettext_lazy("%(some)s of %(all)s experiences name a channel (%(share)s)."),
    "unit": gettext_lazy("%(some)s of %(all)s experiences name a unit (%(share)s)."),
}
NOTHING_HOLDS = {
    "segment": gettext_lazy("No difference between segments holds: all may be chance."),
    "channel": gettext_lazy("No difference between channels holds: all may be chance."),
    "unit": gettext_lazy("No difference between units holds: all may be chance."),
}


def segments(
    lines: Sequence[Line],
    found: Whom,
    names: Names,
    source: Source,
    links: Callable[[str, str], str] | None = None,
    of_stages: bool = False,
) -> Figure:
    """lines: the run's touchpoints, worst first.  names: value → its name, in the library's order.

    links: where the cell of a touchpoint and a value leads.  of_stages: lines are stages.
    """
    values = in_order(found.values, names)
    said = sentences(lines, found, names, of_stages)
    told = {(c.code, c.value): tell(c) for row in found.cells.values() for c in row.values()}
    return Figure(
        id=f"{'stages' if of_stages else 'by'}-{found.dimension}",
        heading=str(HEADINGS[found.dimension]),
        definition=_(
            # xgettext:no-python-format
            "Of 100 passages so many hurt, scored for each group alone; point at a cell for its "
            "90% interval. ▲ and ▼: points more or less than all other groups of the touchpoint "
            "together, where the difference holds; at most 10% of these signs are expected to be "
            "false."
        ),
        aria=" ".join(said),
        source=source,
        n=segments_records.whole(
            sum(cell.n for row in found.cells.values() for cell in row.values())
        ),
        n_of=_("experiences"),
        table=segments_records.table_of(lines, found, values, names, told, of_stages),
        fields=segments_records.FIELDS,
        records=segments_records.records_of(lines, found, values, names),
        extra={
            "said": said,
            "heat": {
                "of": _("Stage") if of_stages else _("Touchpoint"),
                "of_stages": of_stages,
                "columns": [names.get(value, value) for value in values],
                "rows": [_row(line, found, values, names, told, links) for line in lines],
            },
        },
    )


def in_order(values: Sequence[str], names: Names) -> list[str]:
    """As the library has them, then those only the evidence knows."""
    return [v for v in names if v in values] + [v for v in values if v not in names]


def sentences(
    lines: Sequence[Line], found: Whom, names: Names, of_stages: bool = False
) -> list[str]:
    """Where it hurts most, what really differs, and of how much evidence all this is said."""
    told = [_worst(lines, found, names), _differing(lines, found, names, of_stages),
            _named(found)]  # fmt: skip
    return [sentence for sentence in told if sentence]


def _worst(lines: Sequence[Line], found: Whom, names: Names) -> str:
    shown = [
        (cell.severity, line, cell)
        for line in lines
        for cell in found.cells.get(line["code"], {}).values()
        if cell.severity is not None
    ]
    if not shown:
        return _("No cell has 30 experiences or more, so no severity can be told.")
    _severity, line, cell = max(shown, key=lambda one: one[0])
    return _("Highest severity: %(value)s at “%(touchpoint)s”, %(severity)s.") % {
        "value": names.get(cell.value, cell.value),
        "touchpoint": line["name"],
        "severity": severity_text(cell),
    }


def _differing(lines: Sequence[Line], found: Whom, names: Names, of_stages: bool) -> str:
    places = {line["code"]: line["name"] for line in lines}
    every = [cell for code in places for cell in found.cells.get(code, {}).values()]
    compared = [cell for cell in every if cell.p is not None]
    if not compared:
        return _("Nothing can be compared: nowhere are 30 experiences in two groups.")
    worse = [cell for cell in compared if is_marked(cell) and (cell.difference or 0) > 0]
    if not worse:
        return "" if any(map(is_marked, compared)) else str(NOTHING_HOLDS[found.dimension])
    totals: dict[str, list[float]] = {}
    for cell in worse:
        totals.setdefault(cell.value, []).append(cell.difference or 0.0)
    value = max(totals, key=lambda v: (len(totals[v]), sum(totals[v])))
    most = max((c for c in worse if c.value == value), key=lambda c: c.difference or 0)
    count = len(totals[value])
    said = ngettext(
        "Really different: %(value)s, with more pain than the rest at %(count)s of %(of)s "
        "stages: “%(touchpoint)s”, %(points)s.",
        "Really different: %(value)s, with more pain than the rest at %(count)s of %(of)s "
        "stages, most at “%(touchpoint)s”, %(points)s.",
        count,
    ) if of_stages else ngettext(
        "Really different: %(value)s, with more pain than the rest at %(count)s of %(of)s "
        "touchpoints: “%(touchpoint)s”, %(points)s.",
        "Really different: %(value)s, with more pain than the rest at %(count)s of %(of)s "
        "touchpoints, most at “%(touchpoint)s”, %(points)s.",
        count,
    )  # fmt: skip
    return said % {
        "value": names.get(value, value),
        "count": count,
        "of": sum(c.value == value for c in compared),
        "touchpoint": places[most.code],
        "points": difference_text(most),
    }


def _named(found: Whom) -> str:
    some, every = (sum(pair[i] for pair in found.named.values()) for i in (0, 1))
    if not every or some >= every:
        return ""
    return str(NAMED[found.dimension]) % {
        "some": wording.number(some),
        "all": wording.number(every),
        "share": wording.percent(some / every),
    }


def _row(
    line: Line,
    found: Whom,
    values: Sequence[str],
    names: Names,
    told: Mapping[tuple[str, str], Told],
    links: Callable[[str, str], str] | None,
) -> dict[str, Any]:
    code = line["code"]
    row = found.cells.get(code, {})
    some, every = found.named.get(code, (0, 0))
    return {
        "name": line["name"],
        "rank": line["rank"],
        "whole": {
            "line": line,
            "known": words.has_evidence(line) and not line["too_little_evidence"],
            "step": wording.pain_step(line["severity"]),
            "points": wording.points(line["severity"]),
            "interval": words.severity_interval(line) if words.has_evidence(line) else "",
            "n": words.n_text(words.volume(line)),
            "none": not words.has_evidence(line),
        },
        "named": wording.percent(some / every) if every and some / every < 0.995 else "",
        "cells": [
            drawn(
                row.get(value),
                told.get((code, value)),
                line["name"],
                names.get(value, value),
                links and links(code, value),
            )
            for value in values
        ],
    }
