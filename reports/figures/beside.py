"""Two segments, channels or units side by side: the map of severities with two columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from painpoints.whom import Whom
from painpoints.whom_words import difference_text, is_marked
from reports.figures.segments import segments
from reports.figures.sheet import Figure, Source

# Nobody reads more sentences; the map and its table have the others.
MOST_SAID = 5


def beside(
    lines: Sequence[Mapping[str, Any]],
    found: Whom,
    names: Mapping[str, str],
    source: Source,
    links: Callable[[str, str], str] | None = None,
) -> Figure:
    """found: with two values, the first of which is compared with the second."""
    one, other = (names.get(value, value) for value in found.values)
    in_this_order = {value: names.get(value, value) for value in found.values}
    known = [line for line in lines if line["code"] in found.cells]
    figure = segments(known, found, in_this_order, source, links)
    said = sentences(known, found, one, other)
    return replace(
        figure,
        id=f"beside-{found.dimension}",
        heading=_("%(one)s and %(other)s side by side") % {"one": one, "other": other},
        definition=_(
            # xgettext:no-python-format
            "Of 100 passages so many hurt, scored for each of the two alone; point at a cell for "
            "its 90% interval. ▲ and ▼: points more or less than the other, where the difference "
            "holds; at most 10% of these signs are expected to be false. Cells with fewer than 30 "
            "experiences are not told."
        ),
        aria=" ".join(said),
        extra={**figure.extra, "said": said},
    )


def sentences(lines: Sequence[Mapping[str, Any]], found: Whom, one: str, other: str) -> list[str]:
    """The differences that hold, largest first, each with its interval."""
    first = found.values[0]
    told = [(line, found.cells[line["code"]].get(first)) for line in lines]
    compared = [(line, cell) for line, cell in told if cell is not None and cell.p is not None]
    if not compared:
        return [_("Nothing can be compared: no touchpoint has 30 experiences in both.")]
    held = [(line, cell) for line, cell in compared if is_marked(cell)]
    if not held:
        return [
            ngettext(
                "No difference holds: that at the one touchpoint compared may be chance.",
                "No difference holds: those at all %(n)s touchpoints compared may be chance.",
                len(compared),
            )
            % {"n": len(compared)}
        ]
    held.sort(key=lambda pair: -abs(pair[1].difference or 0))
    said = [
        _("%(one)s against %(other)s at “%(touchpoint)s”: %(points)s.")
        % {"one": one, "other": other, "touchpoint": line["name"],
           "points": difference_text(cell)}
        for line, cell in held[:MOST_SAID]
    ]  # fmt: skip
    left, chance = len(held) - len(said), len(compared) - len(held)
    if left:
        said.append(
            ngettext("%(n)s more difference holds.", "%(n)s more differences hold.", left)
            % {"n": left}
        )
    if chance:
        said.append(
            ngettext(
                "At %(n)s touchpoint the difference may be chance.",
                "At %(n)s touchpoints the difference may be chance.",
                chance,
            )
            % {"n": chance}
        )
    return said
