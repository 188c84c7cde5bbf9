"""What a queue would do with other numbers of agents, and how many it needs.

The model is Erlang-A (analytics/queues.py); `answer` holds everything already computed.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from reports.figures import whatif_records as told
from reports.figures import words
from reports.figures.clock import clock, hour_of_week, weekday_short
from reports.figures.sheet import Figure, Source
from reports.queueing import Hour
from reports.whatif import Answer

HEIGHT = 340
ROW, HEAD = 25, 28
Line = Mapping[str, Any]


def curve(line: Line, answer: Answer, source: Source) -> Figure:
    """Share late and abandonment against the number of agents; now and chosen are marked."""
    change, after = answer.choice.change, answer.after
    assert after is not None and answer.observed is not None
    return Figure(
        id="waiting-whatif",
        heading=_("With more or fewer agents"),
        definition=_(
            "What Erlang-A expects of the chosen hours: served later than the promise of %s or "
            "gave up, and of these those who gave up. No interval: where the model is wrong, it is "
            "wrong by more than chance; see whether it fits."
        )
        % wording.duration(answer.choice.promise_s),
        aria=_("With %(change)s agents: %(told)s.") % {
            "change": told.change_text(change), "told": told.expected_text(after),
        },
        source=source,
        n=answer.observed.offered,
        n_of=_("waits offered"),
        table=told.curve_table(answer),
        fields=told.CURVE_FIELDS,
        records=told.curve_records(line["code"], answer),
        plot=_curve(answer),
        height=HEIGHT,
    )  # fmt: skip


def staffing(line: Line, answer: Answer, source: Source) -> Figure:
    """The agents needed for the target, hour by hour."""
    choice = answer.choice
    rows = [h for h in answer.hours if h.needed is not None]
    short = [h for h in rows if h.told and h.needed is not None and h.needed > h.agents + 0.5]
    return Figure(
        id="waiting-staffing",
        heading=_("Agents needed, hour by hour"),
        definition=_(
            "The fewest agents with whom the model expects at least %(share)s of all waits offered "
            "to be served within %(promise)s. Redder: further above the number it looked like."
        )
        % {"share": wording.percent(choice.target, 1).replace(".0", ""),
           "promise": wording.duration(choice.promise_s)},
        aria=_("%(short)s of %(all)s hours need more agents than it looked like.")
        % {"short": wording.number(len(short)), "all": wording.number(len(rows))},
        source=source,
        n=sum(hour.offered for hour in answer.hours),
        n_of=_("waits offered"),
        table=told.staffing_table(answer),
        fields=told.HOUR_FIELDS,
        records=told.hour_records(line["code"], answer),
        plot=_staffing(answer),
        height=HEAD + 12 + ROW * len(_clock_rows(answer)),
    )  # fmt: skip


def _curve(answer: Answer) -> dict[str, Any]:
    one = len(answer.chosen) == 1
    x = [told.agents_at(answer.chosen, c) if one else c for c, _e in answer.curve]
    now, chosen = (
        told.agents_at(answer.chosen, c) if one else c for c in (0, answer.choice.change)
    )
    said = [
        _("%(change)s agents: %(told)s")
        % {"change": told.change_text(c), "told": told.expected_text(e)}
        for c, e in answer.curve
    ]
    late, gone = ([getattr(e, name) for _c, e in answer.curve] for name in ("late", "abandoned"))
    common = {"type": "scatter", "mode": "lines+markers", "x": x, "hoverinfo": "text",
              "hovertext": said}  # fmt: skip
    goal = 1 - answer.choice.target
    data = [
        {**common, "y": late, "line": {"color": "var(--pain-6)", "width": 2.5},
         "marker": {"size": 6, "color": "var(--pain-6)"}},
        {**common, "y": gone, "line": {"color": "var(--category-1)", "width": 2, "dash": "dot"},
         "marker": {"size": 6, "symbol": "diamond", "color": "var(--category-1)"}},
        _observed(answer, now),
    ]  # fmt: skip
    marks = [(now, _("as it looked"), "var(--text-faint)", "dot")]
    if answer.choice.change:
        words_ = _("chosen: %s") % told.change_text(answer.choice.change)
        marks.append((chosen, words_, "var(--action)", "solid"))
    right = max(x)
    assert answer.observed is not None
    top = max(*late, answer.observed.late[2], 0.3)
    ticks = list(range(int(min(x)), int(right) + 1, 1 + int(right - min(x)) // 12))
    return {
        "data": data,
        "layout": {
            "height": HEIGHT, "showlegend": False, "hovermode": "closest",
            "margin": {"l": 46, "r": 84, "t": 40, "b": 44, "pad": 0},
            "xaxis": {"fixedrange": True, "showgrid": False, "tickvals": ticks,
                      "range": [min(x) - 0.3, right + 0.3],
                      "title": {"text": _("agents") if one else _("agents more or fewer"),
                                "standoff": 4, "font": {"size": 12}}},
            "yaxis": {"range": [0, top * 1.05], "tickformat": ",.0%",
                      "fixedrange": True, "nticks": 6},
            "shapes": [
                {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": goal, "y1": goal,
                 "line": {"color": "var(--promise)", "width": 2, "dash": "5px,3px"}},
                *({"type": "line", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": 1,
                   "line": {"color": colour, "width": 1.5, "dash": dash}}
                  for at, _words, colour, dash in marks),
            ],
            "annotations": [
                _label(right, late[-1], _("too long"), "var(--pain-6)", 9),
                _label(right, gone[-1], _("gave up"), "var(--category-1)", -7),
                {"xref": "paper", "x": 1, "y": goal, "xanchor": "right", "yanchor": "bottom",
                 "showarrow": False, "text": _("goal: at most %s") % wording.percent(goal),
                 "font": {"size": 12, "color": "var(--promise)"}},
                *({"x": at, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False,
                   "yshift": 14 * i, "text": words_, "font": {"size": 12, "color": colour}}
                  for i, (at, words_, colour, _dash) in enumerate(marks)),
            ],
        },
    }  # fmt: skip


def _observed(answer: Answer, now: float) -> dict[str, Any]:
    """What was really seen, at the agents there seem to have been."""
    seen = answer.observed
    assert seen is not None
    pairs = (seen.late, seen.abandoned)
    return {
        "type": "scatter", "mode": "markers", "x": [now, now], "y": [p[0] for p in pairs],
        "marker": {"size": 10, "symbol": ["circle", "diamond"], "color": "var(--surface-raised)",
                   "line": {"width": 2, "color": "var(--measured)"}},
        "error_y": {"type": "data", "symmetric": False, "thickness": 3, "width": 0,
                    "color": "var(--interval)", "array": [p[2] - p[0] for p in pairs],
                    "arrayminus": [p[0] - p[1] for p in pairs]},
        "hoverinfo": "text",
        "hovertext": [f"{_('seen')}: {words.share_text(*p)}, {words.n_text(seen.offered)}"
                      for p in pairs],
    }  # fmt: skip


def _label(x: float, y: float, text: str, colour: str, shift: int) -> dict[str, Any]:
    return {"x": x, "y": y, "text": text, "showarrow": False, "xanchor": "left", "xshift": 8,
            "yshift": shift, "font": {"size": 12, "color": colour}}  # fmt: skip


def _clock_rows(answer: Answer) -> list[int]:
    hours = [h.place % 24 for h in answer.hours]
    return list(range(min(hours), max(hours) + 1)) if hours else []


def _staffing(answer: Answer) -> dict[str, Any]:
    place = {h.place: h for h in answer.hours}
    hours = _clock_rows(answer)
    grid = [[place.get(24 * d + h) for d in range(7)] for h in hours]
    rows, days = [clock(h) for h in hours], [weekday_short(d) for d in range(7)]
    short = [[_short_of(h) for h in row] for row in grid]
    top = max((v for row in short for v in row if v is not None), default=1.0)
    dim = [(days[d], rows[i], h) for i, row in enumerate(grid) for d, h in enumerate(row)
           if h and h.needed is None]  # fmt: skip
    scale = [[0, "var(--surface-pressed)"], *([(i + 1) / 5, f"var(--pain-{i + 1})"]
                                              for i in range(5))]  # fmt: skip
    return {
        "data": [
            {"type": "heatmap", "x": days, "y": rows, "z": short, "zmin": 0, "zmax": max(top, 3),
             "colorscale": scale, "showscale": False, "xgap": 2, "ygap": 2, "hoverongaps": False,
             "hoverinfo": "text", "texttemplate": "%{text}", "textfont": {"size": 12},
             "text": [[wording.number(h.needed) if h and h.needed is not None else ""
                       for h in row] for row in grid],
             "hovertext": [[_needed_text(h) if h else "" for h in row] for row in grid]},
            {"type": "scatter", "mode": "markers", "x": [d[0] for d in dim],
             "y": [d[1] for d in dim], "hoverinfo": "text",
             "hovertext": [_needed_text(d[2]) for d in dim],
             "marker": {"symbol": "line-ne-open", "size": 9, "color": "var(--border-control)",
                        "line": {"color": "var(--border-control)", "width": 1.5}}},
        ],
        "layout": {
            "height": HEAD + 12 + ROW * len(rows), "showlegend": False, "hovermode": "closest",
            "margin": {"l": 48, "r": 4, "t": HEAD, "b": 6, "pad": 2},
            "xaxis": {"type": "category", "side": "top", "fixedrange": True, "showgrid": False,
                      "categoryorder": "array", "categoryarray": days, "range": [-0.5, 6.5]},
            "yaxis": {"type": "category", "fixedrange": True, "showgrid": False,
                      "categoryorder": "array", "categoryarray": rows,
                      "range": [len(rows) - 0.5, -0.5]},
        },
    }  # fmt: skip


def _short_of(hour: Hour | None) -> float | None:
    """How many agents more than there seem to have been."""
    if hour is None or hour.needed is None:
        return None
    return max(0.0, hour.needed - hour.agents) if hour.told else 0.0


def _needed_text(hour: Hour) -> str:
    head = f"{hour_of_week(hour.place)}, {words.n_text(hour.offered)}: "
    if hour.needed is None:
        return head + told.reason_text(hour.implied.reason or "few")
    return head + _("%(needed)s needed, looked like %(implied)s") % {
        "needed": wording.number(hour.needed), "implied": told.implied_text(hour),
    }  # fmt: skip
