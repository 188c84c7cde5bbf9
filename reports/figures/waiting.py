"""How long customers wait at a touchpoint, against its promise: shares served and given up."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from evidence.distribution import WIDTHS_S, WaitBins
from evidence.wait_ends import WaitEnds
from reports.figures import waiting_records, words
from reports.figures.sheet import Figure, Source

Line = Mapping[str, Any]
HEIGHT = 330
ROOM = 1.25  # how far beyond P95 and promise the axis runs


def longest_shown(waits: Mapping[str, Any]) -> float:
    """How far the bins must reach, in seconds."""
    promises = [p["max_wait_s"] for p in waits.get("promises") or []]
    return max([waits["p95_s"] * ROOM, *(p * 1.1 for p in promises), 1.0])


def waiting(line: Line, bins: WaitBins, source: Source, ends: WaitEnds | None = None) -> Figure:
    """`line` is a touchpoint of a scoring run; `bins` its waits in the same scope, `ends` the
    intervals of their quantiles and mean."""
    waits = line["waits"]
    return Figure(
        id=f"waiting-{line['code']}",
        heading=line["name"],
        definition=_(
            "Share of all waits offered that ended within the time, and how many took how long."
        ),
        aria=_aria(line),
        source=source,
        n=waits["offered"],
        n_of=_("waits offered"),
        table=waiting_records.table_of(line, bins),
        fields=waiting_records.FIELDS,
        records=waiting_records.records_of(line, bins, ends),
        plot=_plot(waits, bins, ends),
        height=HEIGHT,
        extra={"facts": waiting_records.facts_of(waits, ends), "line": line},
    )


def _plot(waits: Mapping[str, Any], bins: WaitBins, ends: WaitEnds | None) -> dict[str, Any]:
    reach = len(bins.ends_s()) * bins.width_s
    shown = min(reach, max(longest_shown(waits), 4 * bins.width_s))
    ticks = _ticks(shown)
    return {
        "data": [*_curves(bins), *_histogram(bins), _quantiles(waits, ends)],
        "layout": {
            "height": HEIGHT,
            "margin": {"l": 44, "r": 60, "t": _head(waits, shown), "b": 44, "pad": 0},
            "barmode": "stack",
            "bargap": 0.06,
            "showlegend": False,
            "hovermode": "closest",
            "xaxis": {
                "range": [0, shown], "tickvals": ticks, "fixedrange": True, "anchor": "y2",
                "tickangle": 0,
                "ticktext": [wording.duration(t) for t in ticks], "showgrid": False,
                "title": {"text": _("time waited"), "standoff": 4, "font": {"size": 12}},
            },
            "yaxis": {
                "domain": [0.36, 1], "range": [0, 1.02], "fixedrange": True,
                "tickvals": [0, 0.25, 0.5, 0.75, 1],
                "ticktext": ["0%", "25%", "50%", "75%", "100%"],
            },
            "yaxis2": {
                "domain": [0, 0.26], "fixedrange": True, "nticks": 3, "rangemode": "tozero",
                "tickformat": ",d",
            },
            "shapes": _promise_lines(waits, shown),
            "annotations": [*_promise_words(waits, shown), *_end_words(bins, shown),
                            *_quantile_words(waits, shown)],
        },
    }  # fmt: skip


def _curves(bins: WaitBins) -> list[dict[str, Any]]:
    """Two areas on top of each other; together they are all waits that ended."""
    x = [0, *bins.ends_s()]
    served, gone = bins.served_within(), bins.abandoned_within()
    said = [
        _("within %(time)s: %(served)s served, %(gone)s gave up")
        % {"time": wording.duration(t), "served": wording.percent(s, 1),
           "gone": wording.percent(g, 1)}
        for t, s, g in zip(x[1:], served, gone, strict=True)
    ]  # fmt: skip
    common = {"type": "scatter", "mode": "lines", "stackgroup": "ended", "hoverinfo": "text"}
    return [
        {**common, "name": _("served"), "x": x, "y": [0, *served],
         "line": {"color": "var(--family-waited)", "width": 2},
         "fillcolor": "var(--surface-pressed)", "hovertext": ["", *said]},
        {**common, "name": _("gave up"), "x": x, "y": [0, *gone],
         "line": {"color": "var(--pain-6)", "width": 1.5, "dash": "dot"},
         "fillpattern": {"shape": "/", "size": 6, "solidity": 0.25, "fgcolor": "var(--pain-6)",
                         "bgcolor": "rgba(0,0,0,0)"},
         "hovertext": ["", *said]},
    ]  # fmt: skip


def _histogram(bins: WaitBins) -> list[dict[str, Any]]:
    ends = bins.ends_s()
    middles = [end - bins.width_s / 2 for end in ends]
    spans = [f"{wording.duration(a)} – {wording.duration(b)}" for a, b in pairwise([0.0, *ends])]
    parts = (
        (_("served"), bins.served, {"color": "var(--family-waited)"}),
        (_("gave up"), bins.abandoned,
         {"color": "var(--pain-6)", "pattern": {"shape": "/", "size": 5, "solidity": 0.3,
                                                "fgcolor": "var(--surface-raised)",
                                                "fillmode": "overlay"}}),
    )  # fmt: skip
    return [
        {"type": "bar", "yaxis": "y2", "name": name, "x": middles, "y": list(counts[:-1]),
         "width": bins.width_s * 0.94, "marker": {**marker, "line": {"width": 0}},
         "hoverinfo": "text",
         "hovertext": [f"{span}: {wording.number(n)} {name}"
                       for span, n in zip(spans, counts[:-1], strict=True)]}
        for name, counts, marker in parts
        if any(counts)
    ]  # fmt: skip


def _quantiles(waits: Mapping[str, Any], ends: WaitEnds | None) -> dict[str, Any]:
    """P50 and P90 are exact; they lie on the upper edge of the two areas."""
    times = {name: waits[f"{name}_s"] for name in ("p50", "p90")}
    told = {name: ends.ends.get(name) if ends else None for name in times}
    said = {"p50": _("half of the waits end within %s"),
            "p90": _("nine of ten waits end within %s")}  # fmt: skip
    return {
        "type": "scatter", "mode": "markers", "x": list(times.values()),
        "y": [0.5, 0.9], "cliponaxis": False,
        "marker": {"size": 9, "color": "var(--surface-raised)",
                   "line": {"width": 2, "color": "var(--measured)"}},
        "error_x": {
            "type": "data", "symmetric": False, "thickness": 3, "width": 0,
            "color": "var(--interval)",
            "array": [e.high_s - times[name] if e else 0 for name, e in told.items()],
            "arrayminus": [times[name] - e.low_s if e else 0 for name, e in told.items()],
        },
        "hoverinfo": "text",
        "hovertext": [
            f"{said[name] % wording.duration(s)} {waiting_records.ends_text(ends, name)}"
            for name, s in times.items()
        ],
    }  # fmt: skip


def _quantile_words(waits: Mapping[str, Any], shown: float) -> list[dict[str, Any]]:
    """Above the curve to the left where there is room, else beneath it to the right."""
    texts = []
    for name, seconds, y in (("P50", waits["p50_s"], 0.5), ("P90", waits["p90_s"], 0.9)):
        left = seconds > shown * 0.36
        texts.append(
            {"x": seconds, "y": y, "text": f"<b>{name} {wording.duration(seconds)}</b>",
             "showarrow": False, "xanchor": "right" if left else "left",
             "yanchor": "bottom" if left else "top", "xshift": -7 if left else 7,
             "yshift": 3 if left else -3, "borderpad": 1,
             "bgcolor": "var(--surface-raised)" if left else "var(--surface-pressed)",
             "font": {"size": 12, "color": "var(--text)"}}
        )  # fmt: skip
    return texts


def promises_within(waits: Mapping[str, Any], shown: float) -> list[tuple[float, str]]:
    """Where the promises stand and whom they are for; equal ones together."""
    found: dict[float, list[str]] = {}
    for one in waits.get("promises") or []:
        whom = ", ".join(one[key] for key in ("segment", "channel") if one[key])
        found.setdefault(one["max_wait_s"], []).append(whom)
    return [(s, ", ".join(filter(None, who))) for s, who in sorted(found.items()) if s <= shown]


def _promise_lines(waits: Mapping[str, Any], shown: float) -> list[dict[str, Any]]:
    return [
        {"type": "line", "yref": "paper", "x0": s, "x1": s, "y0": 0, "y1": 1,
         "line": {"color": "var(--promise)", "width": 2, "dash": "5px,3px"}}
        for s, _who in promises_within(waits, shown)
    ]  # fmt: skip


LABEL = 15  # height of a line of text


def _head(waits: Mapping[str, Any], shown: float) -> int:
    """Room above the panels: a line for each promise, so that none covers another."""
    return 12 + LABEL * len(promises_within(waits, shown))


def _promise_words(waits: Mapping[str, Any], shown: float) -> list[dict[str, Any]]:
    texts = []
    promises = promises_within(waits, shown)
    for i, (s, who) in enumerate(promises):
        said = _("promise %s") % wording.duration(s)
        said += f" ({words.plotly_text(who)})" if who else ""
        if len(promises) == 1 and waits.get("service_level") is not None:
            said += ": " + _("%s in time") % wording.percent(waits["service_level"])
        right = s > shown * 0.55
        texts.append(
            {"x": s, "y": 1, "yref": "paper", "yshift": LABEL * (len(promises) - 1 - i) + 2,
             "text": said, "showarrow": False, "xanchor": "right" if right else "left",
             "yanchor": "bottom", "xshift": 3 if right else -3, "borderpad": 0,
             "font": {"size": 12, "color": "var(--promise)"}}
        )  # fmt: skip
    return texts


def _end_words(bins: WaitBins, shown: float) -> list[dict[str, Any]]:
    """Direct labels at the right edge."""
    at = max(0, min(len(bins.ends_s()), int(shown / bins.width_s)) - 1)
    served, gone = bins.served_within()[at], bins.abandoned_within()[at]
    texts = [(served, _("served"), "var(--family-waited)")]
    if gone > 0:
        texts.append((max(served + gone, served + 0.09), _("gave up"), "var(--pain-6)"))
    return [
        {"x": shown, "y": y, "text": text, "showarrow": False, "xanchor": "left", "xshift": 4,
         "font": {"size": 12, "color": colour}}
        for y, text, colour in texts
    ]  # fmt: skip


def _ticks(shown: float) -> list[float]:
    step = next((w for w in WIDTHS_S if w * 5 >= shown), shown / 5)
    return [round(i * step, 3) for i in range(int(shown / step) + 1)]


def _aria(line: Line) -> str:
    waits = line["waits"]
    said = f"{line['name']}: {words.wait_text(waits)}."
    if waits.get("service_level") is not None:
        said += " " + _("Promise %(promise)s, kept for %(share)s.") % {
            "promise": words.promise_text(waits),
            "share": wording.percent(waits["service_level"]),
        }
    return said + " " + _("%s gave up.") % wording.percent(waits["abandoned_share"], 1)
