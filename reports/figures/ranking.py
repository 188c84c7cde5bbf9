"""The pain ranking: burden with its interval, what cannot be told apart, what explains it.

Coordinates: y counts rows from the top; the two panels have an x axis each.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from reports.figures import ranking_records, words
from reports.figures.sheet import NARROW, PARTS, RECORDS, TABLE, Figure, Source

Line = Mapping[str, Any]
ROW_HEIGHT = 62
HEAD = 8
FOOT = 46
NAMES = 348  # width of the column of names, in pixels
BURDEN_END, SHARES_START = 0.6, 0.65
FADED = {"size": 11, "color": "var(--text-faint)"}


def ranking(result: Mapping[str, Any], source: Source, parts: Collection[str] = PARTS) -> Figure:
    """All touchpoints of a scoring run, worst first."""
    lines: list[Line] = result["touchpoints"]
    return Figure(
        id="ranking",
        heading=_("Pain ranking"),
        definition=_(
            # xgettext:no-python-format
            "Painful passages per 1,000 customers: reach × severity, with 90% intervals; the "
            "stronger the colour, the more severe. Touchpoints within a bracket cannot be told "
            "apart."
        ),
        aria=_aria(lines),
        source=source,
        n=sum(words.volume(line) for line in lines),
        n_of=_("experiences"),
        table=ranking_records.table_of(lines) if TABLE in parts else {},
        fields=ranking_records.FIELDS,
        records=ranking_records.records_of(lines) if RECORDS in parts else [],
        plot=_plot(lines) if any(line["burden"] is not None for line in lines) else None,
        height=round(_height(lines)),
        extra={
            "bands": ranking_records.bands_of(lines) if NARROW in parts else [],
            "drawn": "ranking",
        },
    )


def _rows(lines: Sequence[Line]) -> list[tuple[float, Line]]:
    """Each line with its y; half a row is left free above those that have no rank."""
    placed: list[tuple[float, Line]] = []
    y = 0.0
    for i, line in enumerate(lines):
        if i and lines[i - 1]["rank"] is not None and line["rank"] is None:
            y += 0.45
        placed.append((y, line))
        y += 1
    return placed


def _height(lines: Sequence[Line]) -> float:
    return (_rows(lines)[-1][0] + 1) * ROW_HEIGHT + HEAD + FOOT


def _plot(lines: Sequence[Line]) -> dict[str, Any]:
    rows = _rows(lines)
    known = [(y, line) for y, line in rows if line["burden"] is not None]
    ranked = [(y, line) for y, line in known if line["rank"] is not None]
    most = max(line["burden_high"] for _y, line in known) or 1
    bottom = rows[-1][0] + 0.5
    axis = {"fixedrange": True, "zeroline": True, "anchor": "y", "side": "bottom"}
    return {
        "data": [*_burdens(known), *_shares(known)],
        "layout": {
            "height": _height(lines),
            "margin": {"l": NAMES, "r": 8, "t": HEAD, "b": FOOT, "pad": 0},
            "barmode": "stack",
            "bargap": 0,
            "showlegend": False,
            "hovermode": "closest",
            "xaxis": {
                **axis, "domain": [0, BURDEN_END], "range": [0, most * 1.3], "nticks": 6,
                "title": {"text": _("painful passages per 1,000 customers"), "standoff": 6,
                          "font": {"size": 12}},
            },
            "xaxis2": {
                **axis, "domain": [SHARES_START, 1], "range": [0, 1], "showgrid": False,
                "tickvals": [0, 0.5, 1], "ticktext": ["0%", "50%", "100%"],
                "title": {"text": _("share of the severity that each signal explains"),
                          "standoff": 6, "font": {"size": 12}},
            },
            "yaxis": {"visible": False, "fixedrange": True, "range": [bottom, -0.5]},
            "shapes": [*_stripes(ranked), *_brackets(ranked), *_outlines(rows)],
            "annotations": [
                *_heads(rows), *(text for y, line in rows for text in _names(y, line)),
                *_band_words(ranked), *(text for y, line in known for text in _numbers(y, line)),
            ],
        },
    }  # fmt: skip


def _burdens(known: list[tuple[float, Line]]) -> list[dict[str, Any]]:
    """Bars with whiskers: filled where ranked, hatched where there is too little evidence."""
    lines = [line for _y, line in known]
    few = [line["rank"] is None for line in lines]
    steps = [f"var(--pain-{wording.pain_step(line['severity'])})" for line in lines]
    return [
        {
            "type": "bar", "orientation": "h", "y": [y for y, _line in known], "width": 0.42,
            "x": [t["burden"] for t in lines],
            "marker": {
                "color": ["rgba(0,0,0,0)" if f else c for f, c in zip(few, steps, strict=True)],
                "line": {"width": 1, "color": ["var(--border-control)" if f else
                                               "var(--border-firm)" for f in few]},
                "pattern": {"shape": ["/" if f else "" for f in few], "size": 6, "solidity": 0.2,
                            "fgcolor": "var(--border-control)", "bgcolor": "rgba(0,0,0,0)",
                            "fillmode": "overlay"},
            },
            "error_x": {
                "type": "data", "symmetric": False, "thickness": 1.5, "width": 5,
                "color": "var(--measured)",
                "array": [t["burden_high"] - t["burden"] for t in lines],
                "arrayminus": [t["burden"] - t["burden_low"] for t in lines],
            },
            "hoverinfo": "text", "hovertext": [_hover(t) for t in lines],
            "customdata": [words.opens("burden", t) for t in lines],
        }
    ]  # fmt: skip


def _shares(known: list[tuple[float, Line]]) -> list[dict[str, Any]]:
    """Stacked bars; colour, pattern and the words beneath tell the signals apart."""
    traces = []
    for family in words.FAMILIES:
        lines = [(y, line) for y, line in known if family in line["families"]]
        having = [(y, line["families"][family]) for y, line in lines]
        if having:
            traces.append(
                {
                    "type": "bar", "orientation": "h", "xaxis": "x2", "width": 0.26,
                    "name": words.family_name(family),
                    "y": [y - 0.08 for y, _found in having],
                    "x": [found["share"] for _y, found in having],
                    "marker": {"color": f"var(--family-{family})",
                               "line": {"width": 1, "color": "var(--surface-raised)"},
                               "pattern": {"shape": words.PATTERNS[family], "size": 6,
                                           "solidity": 0.22, "fgcolor": "var(--surface-raised)",
                                           "fillmode": "overlay"}},
                    "hoverinfo": "text",
                    "hovertext": [words.plotly_text(words.family_text(family, found))
                                  for _y, found in having],
                    "customdata": [words.opens(family, line) for _y, line in lines],
                }
            )  # fmt: skip
    return traces


def _bands(ranked: list[tuple[float, Line]]) -> list[list[tuple[float, Line]]]:
    return [list(group) for _band, group in groupby(ranked, key=lambda row: row[1]["band"])]


def _stripes(ranked: list[tuple[float, Line]]) -> list[dict[str, Any]]:
    return [
        {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "layer": "below", "line": {"width": 0},
         "y0": band[0][0] - 0.5, "y1": band[-1][0] + 0.5, "fillcolor": "var(--surface-sunken)",
         "opacity": 0.6}
        for band in _bands(ranked)[::2]
    ]  # fmt: skip


def _brackets(ranked: list[tuple[float, Line]]) -> list[dict[str, Any]]:
    """A square bracket beside each band of several."""
    shapes = []
    for band in _bands(ranked):
        if len(band) > 1:
            top, foot = band[0][0] - 0.36, band[-1][0] + 0.36
            for x0, x1, y0, y1 in ((-16, -16, top, foot), (-16, -8, top, top),
                                   (-16, -8, foot, foot)):  # fmt: skip
                shapes.append(
                    {"type": "line", "xref": "paper", "xsizemode": "pixel", "xanchor": 0,
                     "x0": x0, "x1": x1, "y0": y0, "y1": y1,
                     "line": {"width": 1.5, "color": "var(--figure-axis)"}}
                )  # fmt: skip
    return shapes


def _outlines(rows: list[tuple[float, Line]]) -> list[dict[str, Any]]:
    return [
        {"type": "rect", "xref": "paper", "xsizemode": "pixel", "xanchor": 0, "x0": 4, "x1": 84,
         "y0": y - 0.16, "y1": y + 0.16, "line": {"width": 1, "color": "var(--border-control)"}}
        for y, line in rows
        if line["burden"] is None
    ]  # fmt: skip


def _text(y: float, text: str, shift: float, **more: Any) -> dict[str, Any]:
    """Text at a distance in pixels from the left edge of the drawing's panels."""
    return {"xref": "paper", "x": 0, "xshift": shift, "y": y, "text": text, "showarrow": False,
            "xanchor": "left", "align": "left", "borderpad": 0, **more}  # fmt: skip


def _heads(rows: list[tuple[float, Line]]) -> list[dict[str, Any]]:
    """A heading above the rows that could not be ranked."""
    first = next((y for y, line in rows if line["rank"] is None), None)
    if first is None:
        return []
    words_ = _("Not ranked: fewer than 30 in every signal, or no evidence")
    return [_text(first - 0.72, f"<i>{words_}</i>", -NAMES + 4, font=FADED)]


def _names(y: float, line: Line) -> list[dict[str, Any]]:
    lines = words.wrapped(line["name"], 36, 2)
    said = "<br>".join(f"<b>{words.plotly_text(one)}</b>" for one in lines)
    if line["severity"] is not None:
        n = words.n_text(words.volume(line))
        said += (
            f"<br>{wording.of_hundred(line['severity'])} "
            f'<span style="color:var(--text-faint)">{words.severity_interval(line)}, {n}</span>'
        )
    else:
        said += "<br>" + _faint(_("no evidence"))
    texts = [_text(y, said, -NAMES + 44, font={"size": 12, "color": "var(--text)"})]
    if line["rank"] is not None:
        rank = f"<b>{line['rank']}</b>"
        if line["rank_low"] != line["rank_high"]:
            rank += (
                f'<br><span style="font-size:11px;color:var(--text-faint)">'
                f"{line['rank_low']}–{line['rank_high']}</span>"
            )
        texts.append(
            _text(y, rank, -NAMES + 4, font={"size": 16, "color": "var(--text)"},
                  # xgettext:no-python-format
                  hovertext=_("Rank, and its 90% interval"))
        )  # fmt: skip
    return texts


def _faint(text: str) -> str:
    return f'<span style="color:var(--text-faint)">{text}</span>'


def _band_words(ranked: list[tuple[float, Line]]) -> list[dict[str, Any]]:
    said = _("cannot be<br>told apart")
    return [
        _text((band[0][0] + band[-1][0]) / 2, said, -42, textangle=-90, align="center", font=FADED)
        for band in _bands(ranked)
        if len(band) > 1
    ]


def _numbers(y: float, line: Line) -> list[dict[str, Any]]:
    few = line["rank"] is None
    value = wording.number(line["burden"])
    low, high = wording.number(line["burden_low"]), wording.number(line["burden_high"])
    said = value if few else f"<b>{value}</b>"
    said += f' <span style="color:var(--text-faint)">({low}–{high})</span>'
    if few:
        said += " " + _faint(_("too little evidence"))
    beneath = "<br>".join(words.wrapped(words.shares_text(line), 48, 2))
    return [
        {"x": line["burden_high"], "y": y, "text": said, "showarrow": False, "xanchor": "left",
         "xshift": 9, "font": {"size": 12, "color": "var(--text)"}},
        {"xref": "x2", "x": 0, "y": y, "yshift": -11, "yanchor": "top", "text": beneath,
         "showarrow": False, "xanchor": "left", "align": "left", "borderpad": 0,
         "font": {"size": 11, "color": "var(--text-soft)"}},
    ]  # fmt: skip


def _hover(line: Line) -> str:
    lines = [
        _("%s painful passages per 1,000 customers") % words.burden_text(line),
        _("reach: %s of the journey's customers") % wording.percent(line["reach"]),
        words.severity_text(line),
    ]
    if line["rank"] is not None:
        lines.append(
            _("rank %(rank)s (%(low)s–%(high)s), among the three worst with probability %(p)s")
            % {"rank": line["rank"], "low": line["rank_low"], "high": line["rank_high"],
               "p": wording.percent(line["p_top3"])}
        )  # fmt: skip
    lines += [words.family_text(family, found) for family, found in words.signals(line)]
    name = words.plotly_text(line["name"])
    return f"<b>{name}</b><br>" + "<br>".join(map(words.plotly_text, lines))


def _aria(lines: Sequence[Line]) -> str:
    first = next((line for line in lines if line["rank"] == 1), None)
    if first is None:
        return _("No touchpoint has enough evidence to be ranked.")
    return _("Worst of %(count)s: %(name)s, %(burden)s painful passages per 1,000 customers.") % {
        "count": len(lines),
        "name": first["name"],
        "burden": words.burden_text(first),
    }
