"""How long customers are ready to wait: curves of patience, the virtual wait, the hazard."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from analytics.waits import Curve
from evidence.distribution import WIDTHS_S, width_for
from reports.figures import patience_records as told
from reports.figures import words
from reports.figures.sheet import Figure, Source, table
from reports.patience import Difference, Group, at

HEIGHT = 340
MOST_POINTS = 120
LABEL = 0.054  # height of a line of text, as a part of the drawing's
BARS = 12
DASHES = ("dot", "dash", "dashdot", "longdash", "longdashdot", "solid")
Differences = Sequence[Difference]


def touchpoints_figure(
    groups: Sequence[Group],
    differing: Sequence[Difference],
    promise_s: float | None,
    source: Source,
) -> Figure:
    """The chosen touchpoint, first of `groups`, strong; the others thin."""
    definition = _(
        # xgettext:no-python-format
        "Share who would still wait, if nobody were served meanwhile (Kaplan–Meier; the band is "
        "the 95% interval), as long as at least 30 wait."
    )
    return _curves(
        "waiting-patience", _("Patience, beside other touchpoints"), definition, groups, differing,
        promise_s, source, "touchpoint",
    )  # fmt: skip


def segments_figure(
    groups: Sequence[Group],
    differing: Sequence[Difference],
    promise_s: float | None,
    source: Source,
) -> Figure:
    definition = _("The same curve for each segment; the first is the one with the most waits.")
    return _curves(
        "waiting-patience-segments", _("Patience by segment"), definition, groups, differing,
        promise_s, source, "segment",
    )  # fmt: skip


def virtual_figure(group: Group, promise_s: float | None, source: Source) -> Figure:
    """How long one has to wait, whoever one is: giving up censors."""
    reach = group.seen_until_s
    traces = [
        *_band(group.virtual, reach, "var(--family-waited)", 2.5),
        *_band(group.patience, reach, "var(--pain-6)", 2, dash="dot", band=False),
    ]
    wait, patient = (at(curve, reach)[0] for curve in (group.virtual, group.patience))
    labels = [
        (wait, _("still not served"), "var(--family-waited)"),
        (patient, _("still patient"), "var(--pain-6)"),
    ]
    return Figure(
        id="waiting-virtual",
        heading=_("The wait one has to expect"),
        definition=_(
            "Share not yet served after so long, had they all stayed (virtual wait: giving up "
            "cuts it short), beside their patience."
        ),
        aria=_("%(name)s: %(share)s would not yet be served after %(time)s.") % {
            "name": group.name,
            "time": wording.duration(promise_s or 60),
            "share": wording.percent(at(group.virtual, promise_s or 60)[0]),
        },
        source=source,
        n=group.n,
        n_of=_("waits offered"),
        table=_virtual_table(group),
        fields=told.FIELDS,
        records=told.records_of("virtual wait", [group], []),
        plot={"data": traces, "layout": _layout(reach, promise_s, labels)},
        height=HEIGHT,
    )  # fmt: skip


def hazard_figure(group: Group, promise_s: float | None, source: Source) -> Figure:
    """Of those who wait, how many give up per minute, interval by interval."""
    width = width_for(group.seen_until_s * 60 / BARS)
    edges = [i * width for i in range(int(group.seen_until_s / width) + 2)]
    records = [r for r in told.hazard_records(group.code, group.hazards(edges))
               if r["at_risk"] >= 30]  # fmt: skip
    middle = [(r["from_s"] + r["to_s"]) / 2 for r in records]
    value = [r["per_minute"] for r in records]
    high = [r["per_minute_high"] for r in records]
    reach = records[-1]["to_s"] if records else width
    layout = _layout(reach, promise_s, [])
    layout["yaxis"] = {"range": [0, max(high, default=0) * 1.08 or 1], "fixedrange": True,
                       "tickformat": ",.0%", "nticks": 5}  # fmt: skip
    said = [_("%(from)s – %(to)s: %(share)s give up per minute, %(n)s") % {
                "from": wording.duration(r["from_s"]), "to": wording.duration(r["to_s"]),
                "share": told.per_minute_text(r), "n": words.n_text(r["at_risk"])}
            for r in records]  # fmt: skip
    return Figure(
        id="waiting-hazard",
        heading=_("When they give up"),
        definition=_(
            # xgettext:no-python-format
            "Of those still waiting, the share that gives up per minute; the line is the 95% "
            "interval."
        ),
        aria=". ".join(said) + ".",
        source=source,
        n=group.gave_up,
        n_of=_("waits given up"),
        table=told.hazard_table(group.name, records),
        fields=told.HAZARD_FIELDS,
        records=records,
        plot={"data": [
            {"type": "bar", "x": middle, "y": value, "width": width * 0.92, "hoverinfo": "text",
             "hovertext": said,
             "marker": {"color": "var(--pain-3)", "line": {"width": 0}},
             "error_y": {"type": "data", "symmetric": False, "width": 0, "thickness": 2,
                         "color": "var(--measured)",
                         "array": [h - v for h, v in zip(high, value, strict=True)],
                         "arrayminus": [v - r["per_minute_low"]
                                        for v, r in zip(value, records, strict=True)]}},
        ], "layout": layout},
        height=HEIGHT,
    )  # fmt: skip


def _curves(
    figure_id: str, heading: str, definition: str, groups: Sequence[Group],
    differing: Differences, promise_s: float | None, source: Source, kind: str,
) -> Figure:  # fmt: skip
    shown = [group for group in groups if group.seen_until_s]
    reach = _reach(shown)
    traces: list[dict[str, Any]] = []
    labels = []
    for i, group in reversed(list(enumerate(shown))):
        colour = "var(--measured)" if i == 0 else f"var(--category-{i})"
        dash = "solid" if i == 0 else DASHES[(i - 1) % len(DASHES)]
        traces += _band(group.patience, reach, colour, 3 if i == 0 else 1.5, dash, band=i == 0)
        traces[-1]["hovertext"] = [told.hover_text(group, t) for t in traces[-1]["x"]]
        traces[-1]["hoverinfo"] = "text"
        name = "<br>".join(map(words.plotly_text, words.wrapped(group.name, 15, 2)))
        labels.append((at(group.patience, reach)[0], name, colour))
    return Figure(
        id=figure_id,
        heading=heading,
        definition=definition,
        aria=told.sentence(groups, promise_s) or heading,
        source=source,
        n=sum(group.n for group in groups),
        n_of=_("waits offered"),
        table=told.table_of(heading, groups, differing, promise_s),
        fields=told.FIELDS,
        records=told.records_of(kind, shown, differing),
        plot={"data": traces, "layout": _layout(reach, promise_s, labels)},
        height=HEIGHT,
    )


def _reach(groups: Sequence[Group]) -> float:
    """As far as the three busiest are known; others do not stretch the axis."""
    return max((group.seen_until_s for group in groups[:3]), default=60.0)


def _band(
    curve: Curve, reach: float, colour: str, width: float, dash: str = "solid", band: bool = True
) -> list[dict[str, Any]]:
    """Steps, thinned for the eye; the export has them all. The line is the last trace."""
    keep = [i for i, t in enumerate(curve.times.tolist()) if t <= reach]
    step = max(1, len(keep) // MOST_POINTS)
    keep = [*keep[:-1:step], *keep[-1:]]
    x = [0.0, *curve.times[keep].tolist()]
    value, low, high = (
        [1.0, *part[keep].tolist()] for part in (curve.survival, curve.low, curve.high)
    )
    common = {"type": "scatter", "mode": "lines", "x": x, "hoverinfo": "skip"}
    edge = {"width": 0, "shape": "hv"}
    bands = [
        {**common, "y": low, "line": edge},
        {**common, "y": high, "line": edge, "fill": "tonexty",
         "fillcolor": "var(--surface-pressed)"},
    ]  # fmt: skip
    line = {
        **common, "y": value,
        "line": {"color": colour, "width": width, "shape": "hv", "dash": dash},
    }  # fmt: skip
    return [*(bands if band else []), line]


def _layout(
    reach: float, promise_s: float | None, labels: Sequence[tuple[float, str, str]],
    room: int = 110,
) -> dict[str, Any]:  # fmt: skip
    step = next((w for w in WIDTHS_S if w * 5 >= reach), reach / 5)
    ticks = [round(i * step, 3) for i in range(int(reach / step) + 1)]
    marked = promise_s is not None and promise_s <= reach
    return {
        "height": HEIGHT,
        "margin": {"l": 46, "r": room if labels else 14, "t": 24, "b": 44, "pad": 0},
        "showlegend": False, "hovermode": "closest",
        "xaxis": {"range": [0, reach], "tickvals": ticks, "fixedrange": True, "showgrid": False,
                  "ticktext": [wording.duration(t) for t in ticks], "tickangle": 0,
                  "title": {"text": _("time waited"), "standoff": 4, "font": {"size": 12}}},
        "yaxis": {"range": [0, 1.02], "tickvals": [0, 0.25, 0.5, 0.75, 1], "fixedrange": True,
                  "ticktext": ["0%", "25%", "50%", "75%", "100%"]},
        "shapes": [{"type": "line", "yref": "paper", "x0": promise_s, "x1": promise_s,
                    "y0": 0, "y1": 1,
                    "line": {"color": "var(--promise)", "width": 2, "dash": "5px,3px"}}]
                  if marked else [],
        "annotations": [*_edge_labels(labels, reach), *(
            [{"x": promise_s, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False,
              "text": _("promise %s") % wording.duration(promise_s), "xanchor": "left",
              "xshift": -3, "font": {"size": 12, "color": "var(--promise)"}}] if marked else [])],
    }  # fmt: skip


def _edge_labels(labels: Sequence[tuple[float, str, str]], reach: float) -> list[dict[str, Any]]:
    """At the right edge, moved apart so that none covers another."""
    placed: list[dict[str, Any]] = []
    floor = -0.03
    for share, text, colour in sorted(labels, key=lambda label: label[0]):
        half = LABEL * (1 + text.count("<br>")) / 2
        y = max(share, floor + half)
        floor = y + half
        placed.append(
            {"x": reach, "y": y, "text": text, "showarrow": False, "xanchor": "left",
             "xshift": 5, "align": "left",
             "font": {"size": 12, "color": colour}}
        )  # fmt: skip
    over = max(0.0, floor - 1.03)
    for label in placed:
        label["y"] -= over
    return placed


def _virtual_table(group: Group) -> dict[str, Any]:
    step = next((w for w in WIDTHS_S if w * 20 >= group.seen_until_s), group.seen_until_s / 20)
    moments = [i * step for i in range(1, int(group.seen_until_s / step) + 1)]
    rows = [
        [wording.duration(m), words.share_text(*at(group.virtual, m)),
         words.share_text(*at(group.patience, m))]
        for m in moments
    ]  # fmt: skip
    columns: list[str | tuple[str, bool]] = [
        _("After"), (_("Still not served"), True), (_("Still patient"), True),
    ]  # fmt: skip
    return table(group.name, columns, rows)
