"""Whether to believe the model: what was seen in each hour beside what it says of it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from reports.figures import whatif_records as told
from reports.figures import words
from reports.figures.clock import hour_of_week
from reports.figures.sheet import Figure, Source
from reports.whatif import Answer

HEIGHT = 340
Line = Mapping[str, Any]


def fit(line: Line, answer: Answer, source: Source) -> Figure | None:
    """Observed against expected, a point an hour: on the diagonal the model is right."""
    found = answer.fit
    if found is None:
        return None
    return Figure(
        id="waiting-fit",
        heading=_("Does the model fit?"),
        definition=_(
            # xgettext:no-python-format
            "Each hour of the week: what was seen, with its 95% interval, and what the model says "
            "with the number of agents under which the hour's waits are likeliest. On the line it "
            "is right."
        ),
        aria=fitness_text(answer),
        source=source,
        n=sum(hour.offered for hour in answer.hours if hour.told),
        n_of=_("waits offered"),
        table=told.fit_table(answer),
        fields=told.HOUR_FIELDS,
        records=told.hour_records(line["code"], answer),
        plot=_fit(answer),
        height=HEIGHT,
    )


def fitness_text(answer: Answer) -> str:
    found = answer.fit
    if found is None:
        return _("The fit cannot be told: no hour has enough evidence.")
    return _(
        "Over %(hours)s hours the model misses the share too long or given up by %(late)s points "
        "on average, the share given up by %(gone)s; in %(inside)s of the hours it lies inside "
        "the interval of what was seen."
    ) % {
        "hours": wording.number(found.hours),
        "late": wording.number(100 * found.late_error, 1),
        "gone": wording.number(100 * found.abandoned_error, 1),
        "inside": wording.percent(found.inside),
    }  # fmt: skip


def _fit(answer: Answer) -> dict[str, Any]:
    records = [r for r in told.hour_records("", answer) if r["late_expected"] is not None]
    top = max([*(r["late_high"] for r in records), *(r["late_expected"] for r in records), 0.1])
    said = [
        _("%(hour)s, %(n)s: seen %(seen)s, model %(model)s")
        % {"hour": hour_of_week(r["hour_of_week"]), "n": words.n_text(r["offered"]),
           "seen": words.share_text(r["late_share"], r["late_low"], r["late_high"]),
           "model": wording.percent(r["late_expected"])}
        for r in records
    ]  # fmt: skip
    gone = [
        _("%(hour)s, %(n)s: gave up, seen %(seen)s, model %(model)s")
        % {"hour": hour_of_week(r["hour_of_week"]), "n": words.n_text(r["offered"]),
           "seen": wording.percent(r["abandoned_share"]),
           "model": wording.percent(r["abandoned_expected"])}
        for r in records
    ]  # fmt: skip
    return {
        "data": [
            {"type": "scatter", "mode": "markers", "hoverinfo": "text", "hovertext": said,
             "x": [r["late_expected"] for r in records], "y": [r["late_share"] for r in records],
             "marker": {"size": 7, "color": "var(--pain-6)", "opacity": 0.8},
             "error_y": {"type": "data", "symmetric": False, "thickness": 1, "width": 0,
                         "color": "var(--interval)",
                         "array": [r["late_high"] - r["late_share"] for r in records],
                         "arrayminus": [r["late_share"] - r["late_low"] for r in records]}},
            {"type": "scatter", "mode": "markers", "hoverinfo": "text", "hovertext": gone,
             "x": [r["abandoned_expected"] for r in records],
             "y": [r["abandoned_share"] for r in records],
             "marker": {"size": 7, "symbol": "diamond-open", "color": "var(--category-1)"}},
        ],
        "layout": {
            "height": HEIGHT, "showlegend": False, "hovermode": "closest",
            "margin": {"l": 50, "r": 14, "t": 26, "b": 46, "pad": 0},
            "xaxis": {"range": [-0.01, top * 1.03], "tickformat": ",.0%", "fixedrange": True,
                      "nticks": 6, "title": {"text": _("what the model says"), "standoff": 4,
                                             "font": {"size": 12}}},
            "yaxis": {"range": [-0.01, top * 1.03], "tickformat": ",.0%", "fixedrange": True,
                      "nticks": 6, "title": {"text": _("what was seen"), "standoff": 4,
                                             "font": {"size": 12}}},
            "shapes": [{"type": "line", "x0": 0, "y0": 0, "x1": top, "y1": top, "layer": "below",
                        "line": {"color": "var(--figure-axis)", "width": 1.5, "dash": "dot"}}],
            "annotations": [
                {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "xanchor": "left",
                 "yanchor": "bottom", "showarrow": False, "font": {"size": 12},
                 "text": "● " + _("too long or gave up") + "   ◇ " + _("gave up")},
            ],
        },
    }  # fmt: skip
