"""Severities by segment, channel or unit in words and signs, for every page that shows them."""

from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import wording
from analytics.cells import Cell
from analytics.severity import FAMILIES
from painpoints.explanation import label_of


def is_marked(cell: Cell) -> bool:
    """A difference that holds and is a point at least: more would be noise to read."""
    return cell.differs and cell.difference is not None and abs(cell.difference) >= 0.005


def severity_text(cell: Cell) -> str:
    """42 of 100 passages hurt (38–46), n 1,204; or why not."""
    if cell.severity is None:
        return _("too few to tell: %s") % n_text(cell.n)
    low, high = wording.points(cell.severity_low), wording.points(cell.severity_high)
    return f"{wording.of_hundred(cell.severity)} ({low}–{high}), {n_text(cell.n)}"


def difference_text(cell: Cell) -> str:
    """13 points more (8–18)."""
    assert cell.difference is not None
    assert cell.difference_low is not None and cell.difference_high is not None
    if abs(cell.difference) < 0.005:
        return _("no point more or less")
    up = cell.difference > 0
    ends = (cell.difference_low, cell.difference_high) if up else (
        -cell.difference_high, -cell.difference_low)  # fmt: skip
    low, high = (wording.number(100 * end) for end in ends)
    points = round(100 * abs(cell.difference))
    said = (
        ngettext("%(points)s point more (%(low)s to %(high)s)",
                 "%(points)s points more (%(low)s to %(high)s)", points)
        if up else
        ngettext("%(points)s point less (%(low)s to %(high)s)",
                 "%(points)s points less (%(low)s to %(high)s)", points)
    )  # fmt: skip
    return said % {"points": points, "low": low, "high": high}


def verdict_text(cell: Cell) -> str:
    """What is known of the difference from the rest."""
    if cell.severity is None:
        return ""
    if cell.difference is None:
        return _("nothing to compare with")
    said = difference_text(cell)
    if len(cell.compared) < len(cell.families):
        by = ", ".join(map(label_of, cell.compared))
        said = _("%(difference)s, compared by: %(signals)s") % {"difference": said, "signals": by}
    if not cell.differs:
        return _("no difference from the rest that holds: %s") % said
    return _("against the rest %s") % said


def signals(cell: Cell) -> list[str]:
    """Waited too long: 120 of 400, for each family."""
    return [
        _("%(name)s: %(x)s of %(n)s")
        % {
            "name": label_of(family),
            "x": wording.number(cell.families[family][0]),
            "n": wording.number(cell.families[family][1]),
        }
        for family in FAMILIES
        if family in cell.families
    ]


class Told(NamedTuple):
    """A cell in words, made once for the map and its table."""

    severity: str
    verdict: str
    signals: list[str]


def tell(cell: Cell) -> Told:
    return Told(severity_text(cell), verdict_text(cell), signals(cell))


def drawn(
    cell: Cell | None, told: Told | None, touchpoint: str, value: str, url: str | None
) -> dict[str, Any]:
    """A cell for templates/reports/heat_cell.html."""
    if cell is None or told is None:
        return {"state": "none", "value": value}
    if cell.severity is None:
        return {"state": "few", "value": value, "n": n_text(cell.n)}
    return {
        "state": "known",
        "value": value,
        "url": url,
        "step": wording.pain_step(cell.severity),
        "points": wording.points(cell.severity),
        "interval": f"{wording.points(cell.severity_low)}–{wording.points(cell.severity_high)}",
        "n": n_text(cell.n),
        "mark": _mark(cell),
        "tip": "\n".join([f"{value} · {touchpoint}", told.severity, told.verdict, *told.signals]),
    }


def _mark(cell: Cell) -> str:
    if not is_marked(cell) or cell.difference is None:
        return ""
    return ("▲" if cell.difference > 0 else "▼") + wording.points(abs(cell.difference))


def n_text(n: float) -> str:
    return "n " + wording.number(n)
