"""A funnel plot: each unit's rate against its n, between the limits that luck alone would keep."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import wording
from analytics.units import LEAST_UNITS_FOR_PHI, limits_at
from painpoints.outliers import Place
from reports.figures import funnel_records, words
from reports.figures.sheet import Figure, Source
from reports.units import BETTER, FEW, INSIDE, OUTSIDE, WORSE, UnitLine

HEIGHT = 460
POINTS = 160
MOST_LABELS = 14
WIDE_SPAN = 20  # from here on n is drawn on a logarithmic axis

# Shape and colour say the same twice.
SIGNS: dict[str, dict[str, Any]] = {
    FEW: {"symbol": "circle-open", "size": 7, "color": "var(--border-control)", "opacity": 0.7},
    INSIDE: {"symbol": "circle", "size": 8, "color": "var(--text-faint)",
             "line": {"width": 1, "color": "var(--surface-raised)"}},
    OUTSIDE: {"symbol": "diamond-open", "size": 10, "color": "var(--measured)",
              "line": {"width": 1.5}},
    WORSE: {"symbol": "triangle-up", "size": 14, "color": "var(--pain-6)",
            "line": {"width": 1, "color": "var(--surface-raised)"}},
    BETTER: {"symbol": "triangle-down", "size": 14, "color": "var(--emotion-plus-2)",
             "line": {"width": 1, "color": "var(--surface-raised)"}},
}  # fmt: skip


def funnel(place: Place, lines: Sequence[UnitLine], name: str, source: Source) -> Figure:
    """lines: the place's units, see reports.units.lines_of.  name: the touchpoint's."""
    family = words.family_name(place.family)
    return Figure(
        id="funnel",
        heading=f"{name}: {family}",
        definition=_(
            # xgettext:no-python-format
            "Each unit's share of painful experiences against how many it had. Where only luck is "
            "at work, 95 of 100 units lie between the dashed and 998 of 1,000 between the solid "
            "lines."
        ),
        aria=" ".join([f"{name}, {family}:", *sentences(place, lines)]),
        source=source,
        n=sum(line.n for line in lines),
        n_of=_("experiences"),
        table=funnel_records.table_of(lines, _("Units at %s, one by one") % name),
        fields=funnel_records.FIELDS,
        records=[funnel_records.record_of(line) for line in lines],
        plot=_plot(place, lines) if place.compared is not None else None,
        height=HEIGHT,
        extra={
            "sentences": sentences(place, lines),
            "cards": [funnel_records.card_of(line) for line in lines],
        },
    )


def sentences(place: Place, lines: Sequence[UnitLine]) -> list[str]:
    """What the drawing says, or why there is none."""
    if place.compared is None:
        return [why_not(place.reason)]
    compared = place.compared
    judged = int(compared.judged.sum())
    named = [line for line in lines if line.is_named]
    said = [
        _("All units together: %(rate)s.") % {"rate": wording.percent(compared.target, 1)},
        ngettext(
            "%(named)s of %(judged)s units really differs.",
            "%(named)s of %(judged)s units really differ.",
            len(named),
        )
        % {"named": wording.number(len(named)), "judged": wording.number(judged)},
    ]
    if compared.target in (0.0, 1.0):
        said[1] = _("All units are alike: nothing to tell apart.")
    elif judged < LEAST_UNITS_FOR_PHI:
        said.append(
            _(
                "Fewer than ten units tell too little of how much they scatter anyway; the limits "
                "allow for luck only."
            )
        )
    elif compared.phi > 1.05:
        said.append(
            _(
                "The units scatter %(phi)s times as much as luck alone would make them (φ, in "
                "variance): many small reasons, not one. The limits are widened for it."
            )
            % {"phi": wording.number(compared.phi, 1)}
        )
    else:
        said.append(_("Apart from those named, the units scatter as luck alone makes them."))
    few = sum(1 for line in lines if line.verdict == FEW)
    if few:
        said.append(
            ngettext(
                "%(count)s unit with fewer than 30 experiences is drawn pale and not judged.",
                "%(count)s units with fewer than 30 experiences are drawn pale and not judged.",
                few,
            )
            % {"count": wording.number(few)}
        )
    return said


def why_not(reason: str) -> str:
    return {
        "none": _("No evidence here names a unit."),
        "single": _("All evidence here names one unit: there is nothing to compare it with."),
        "few": _(
            "Units cannot be compared here: fewer than two of them have 30 experiences or more."
        ),
    }[reason]


def _plot(place: Place, lines: Sequence[UnitLine]) -> dict[str, Any]:
    assert place.compared is not None
    sizes = [line.n for line in lines]
    is_wide = max(sizes) / max(min(sizes), 1) >= WIDE_SPAN
    first, last = max(1.0, min(sizes) * 0.9), max(sizes) * 1.06
    grid = np.geomspace(first, last, POINTS) if is_wide else np.linspace(first, last, POINTS)
    floor, top = _ends(place, lines)
    ticks: dict[str, Any] = {"tickformat": ",d", "nticks": 7}
    if is_wide:
        ticks = {"type": "log", "range": [float(np.log10(first)), float(np.log10(last))],
                 "tickvals": _round_steps(first, last), "tickformat": ",d"}  # fmt: skip
    else:
        ticks["range"] = [min(first, last * 0.02) if first < last * 0.1 else first, last]
    return {
        "data": [*_limits(place, np.unique(np.rint(grid)), (floor, top)), *_points(lines)],
        "layout": {
            "height": HEIGHT,
            "margin": {"l": 52, "r": 64, "t": 14, "b": 46, "pad": 0},
            "showlegend": False,
            "hovermode": "closest",
            "xaxis": {"fixedrange": True, "showgrid": False, "zeroline": False, **ticks,
                      "title": {"text": _("experiences at the unit (n)"), "standoff": 6,
                                "font": {"size": 12}}},
            "yaxis": {"fixedrange": True, "range": [floor, top], "tickformat": ",.0%",
                      "nticks": 6, "zeroline": False,
                      "title": {"text": _("share that was painful"), "standoff": 8,
                                "font": {"size": 12}}},
            "annotations": [*_end_words(place, last, (floor, top), is_wide),
                            *_labels(lines, is_wide)],
        },
    }  # fmt: skip


def _ends(place: Place, lines: Sequence[UnitLine]) -> tuple[float, float]:
    """The axis shows all units, and the limits from where a typical unit stands."""
    assert place.compared is not None
    typical = float(np.quantile([line.n for line in lines], 0.1))
    limits = limits_at([max(typical, 1)], place.compared.target, place.compared.phi)
    most = max([*(line.rate for line in lines), float(limits.high_998[0]), 0.01])
    least = min([*(line.rate for line in lines), float(limits.low_998[0])])
    room = (most - least) * 0.1
    # Zero is in sight unless all stand far above it.
    floor = least - room if least > 0.4 * most else -0.02 * most
    return floor, min(1.0 + room / 2, most + room)


def _limits(place: Place, grid: np.ndarray, ends: tuple[float, float]) -> list[dict[str, Any]]:
    assert place.compared is not None
    limits = limits_at(grid, place.compared.target, place.compared.phi)
    x = grid.tolist()
    lines = [
        (limits.low_998, "solid", 1.2), (limits.high_998, "solid", 1.2),
        (limits.low_95, "6px,4px", 1.2), (limits.high_95, "6px,4px", 1.2),
    ]  # fmt: skip
    drawn = [
        {"type": "scatter", "mode": "lines", "x": x,
         "y": [round(float(v), 5) for v in np.clip(y, ends[0] - 0.1, ends[1] + 0.1)],
         "line": {"width": width, "dash": dash, "color": "var(--interval)"}, "hoverinfo": "skip"}
        for y, dash, width in lines
    ]  # fmt: skip
    target = {"type": "scatter", "mode": "lines", "x": [x[0], x[-1]],
              "y": [place.compared.target] * 2, "hoverinfo": "skip",
              "line": {"width": 1.5, "color": "var(--measured)"}}  # fmt: skip
    return [*drawn, target]


def _points(lines: Sequence[UnitLine]) -> list[dict[str, Any]]:
    marked = funnel_records.marked(lines)
    return [
        {"type": "scatter", "mode": "markers", "name": funnel_records.verdict_text(verdict),
         "x": [line.n for line in marked[verdict]], "y": [line.rate for line in marked[verdict]],
         "marker": sign, "cliponaxis": False, "hoverinfo": "text",
         "hovertext": [_hover(line) for line in marked[verdict]]}
        for verdict, sign in SIGNS.items()
        if verdict in marked
    ]  # fmt: skip


def _hover(line: UnitLine) -> str:
    said = [
        f"<b>{words.plotly_text(line.name)}</b>",
        words.plotly_text(funnel_records.rate_text(line)),
        words.plotly_text(funnel_records.distance_text(line)) if line.z is not None else "",
        words.plotly_text(funnel_records.verdict_text(line.verdict)),
        words.plotly_text(_("owner: %s") % (line.owner or _("nobody"))),
    ]
    return "<br>".join(part for part in said if part)


def _labels(lines: Sequence[UnitLine], is_wide: bool) -> list[dict[str, Any]]:
    """Names beside those that really differ; away from the side on which the next one stands."""
    named = [line for line in lines if line.is_named][:MOST_LABELS]
    middle = float(np.median([line.n for line in lines])) if lines else 0.0
    return [
        {"x": float(np.log10(line.n)) if is_wide else line.n, "y": line.rate, "showarrow": False,
         "text": f"<b>{words.plotly_text(words.wrapped(line.name, 26, 1)[0])}</b>",
         "xanchor": "right" if line.n > middle else "left",
         "xshift": -10 if line.n > middle else 10,
         "borderpad": 1, "bgcolor": "var(--surface-raised)", "opacity": 0.92,
         "font": {"size": 12, "color": "var(--text)"}}
        for line in named
    ]  # fmt: skip


def _end_words(
    place: Place, last: float, ends: tuple[float, float], is_wide: bool
) -> list[dict[str, Any]]:
    """Direct labels at the right edge, kept apart from one another."""
    assert place.compared is not None
    limits = limits_at([last], place.compared.target, place.compared.phi)
    wanted = [
        (place.compared.target, f"<b>{wording.percent(place.compared.target, 1)}</b>"),
        (float(limits.high_95[0]), "95%"), (float(limits.high_998[0]), "99.8%"),
        (float(limits.low_95[0]), "95%"), (float(limits.low_998[0]), "99.8%"),
    ]  # fmt: skip
    least = (ends[1] - ends[0]) * 0.036
    shown: list[tuple[float, str]] = []
    for y, text in wanted:
        if all(abs(y - other) >= least for other, _text in shown) and ends[0] <= y <= ends[1]:
            shown.append((y, text))
    return [
        {"x": float(np.log10(last)) if is_wide else last, "y": y, "text": text,
         "showarrow": False, "xanchor": "left", "xshift": 4,
         "font": {"size": 12, "color": "var(--text-soft)"}}
        for y, text in shown
    ]  # fmt: skip


def _round_steps(first: float, last: float) -> list[float]:
    steps = [m * 10.0**e for e in range(0, 9) for m in (1, 2, 5)]
    return [step for step in steps if first <= step <= last]
