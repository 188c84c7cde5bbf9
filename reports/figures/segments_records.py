"""Severities by segment, channel or unit as a table for people and as exact records."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import wording
from analytics.cells import Cell
from painpoints.whom import Whom
from painpoints.whom_words import Told
from reports.figures import words
from reports.figures.sheet import opens, table

Line = Mapping[str, Any]

FIELDS = (
    "code", "name", "rank", "by", "value", "value_name", "n", "too_few", "severity", "severity_low",
    "severity_high", "difference", "difference_low", "difference_high", "compared", "p", "differs",
    *(f"{family}_{letter}" for family in words.FAMILIES for letter in "xn"),
)  # fmt: skip
LABELS = {
    "segment": gettext_lazy("Segment"),
    "channel": gettext_lazy("Channel"),
    "unit": gettext_lazy("Unit"),
}


def records_of(
    lines: Sequence[Line], found: Whom, values: Sequence[str], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    records = []
    for line, cell in _in_order(lines, found, values):
        record: dict[str, Any] = {
            "code": line["code"],
            "name": line["name"],
            "rank": line["rank"],
            "by": found.dimension,
            "value_name": names.get(cell.value, cell.value),
            "too_few": cell.severity is None,
            "compared": " ".join(cell.compared),
            **{name: getattr(cell, name) for name in FIELDS if hasattr(cell, name)
               and name not in ("code", "compared")},
        }  # fmt: skip
        record["n"] = whole(cell.n)
        for family, (x, n) in cell.families.items():
            record |= {f"{family}_x": whole(x), f"{family}_n": whole(n)}
        records.append(record)
    return records


def table_of(
    lines: Sequence[Line],
    found: Whom,
    values: Sequence[str],
    names: Mapping[str, str],
    told: Mapping[tuple[str, str], Told],
    of_stages: bool = False,
) -> dict[str, Any]:
    kind = "stage" if of_stages else "cell"
    return table(
        # xgettext:no-python-format
        _("The map as a table; 90% intervals in brackets"),
        [_("Stage") if of_stages else _("Touchpoint"), str(LABELS[found.dimension]),
         _("Severity"), _("Against the rest"), _("Signals: painful of all")],
        [
            [
                line["name"],
                names.get(cell.value, cell.value),
                opens(one.severity, kind, at=cell.code, **{found.dimension: cell.value}),
                opens(one.verdict or wording.NO_VALUE, kind, at=cell.code,
                      **{found.dimension: cell.value}),
                " · ".join(one.signals),
            ]
            for line, cell in _in_order(lines, found, values)
            for one in (told[cell.code, cell.value],)
        ],
    )  # fmt: skip


def whole(count: float) -> float:
    """As an integer where it is one; weighted answers count in fractions."""
    return int(count) if float(count).is_integer() else count


def _in_order(lines: Sequence[Line], found: Whom, values: Sequence[str]) -> list[tuple[Line, Cell]]:
    return [
        (line, found.cells[line["code"]][value])
        for line in lines
        for value in values
        if value in found.cells.get(line["code"], {})
    ]
