"""Opens what a touchpoint explains of the journey's outcome, its mean answer, and R²."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from painpoints.drivers import RESAMPLES
from painpoints.drivers_work import kept_drivers
from painpoints.formulas import Definition, num
from painpoints.knowing import UnknownNumber, Value
from painpoints.models import ScoringRun
from painpoints.opening import Opened, Query, opens
from reports.figures import drivers_records as told

FIGURES = ("importance", "performance", "correlation", "r_squared")
METHODS = ("weights", "lmg")
Found = Mapping[str, Any]


@opens("driver")
def driver(run: ScoringRun, query: Query) -> Opened:
    figure, method = query.get("figure", ""), query.get("method", "")
    kept = kept_drivers(run)
    outcomes = kept["outcomes"] if kept else []
    outcome = next((o for o in outcomes if o["metric"] == query.get("outcome")), None)
    if figure not in FIGURES or method not in METHODS or outcome is None:
        raise UnknownNumber(figure)
    found = outcome["methods"][method]
    name = told.outcome_name(outcome["metric"])
    if "refused" in found:
        raise UnknownNumber(figure)
    common = {
        "judged": (*_method(method), *_linked(outcome, found)),
        "assumed": (
            _("Drivers describe what goes together; they do not prove what an improvement would "
              "bring."),
            _("Customers who answer both surveys are like those who do not."),
        ),
        "rows": _(
            "It was computed from the correlations between the answers of the same customers; "
            "no single row is a part of it."
        ),
    }  # fmt: skip
    if figure == "r_squared":
        return _r_squared(run, found, name, common)
    line = next((d for d in found["touchpoints"] if d["code"] == query.get("at")), None)
    if line is None:
        raise UnknownNumber("at")
    names = {one["code"]: one["name"] for one in (run.result or {})["touchpoints"]}
    place = f"{names.get(line['code'], line['code'])} → {name}"
    return {"importance": _importance, "performance": _performance, "correlation": _correlation}[
        figure
    ](line, found, place, common)


def _importance(line: Found, found: Found, place: str, common: dict[str, Any]) -> Opened:
    parts = " + ".join(num(d["importance"]) for d in found["touchpoints"])
    judged = (
        (_("Stands out?"), _("yes") if line["stands_out"] else _("no more than chance")),
        (_("How it is decided"), _(
            "It stands out where it explains more than a column of random numbers put beside the "
            "touchpoints, in at least 97.5% of the resamples.")),
    )  # fmt: skip
    return Opened(
        name=_("Importance"),
        place=place,
        shown=_value(line, "importance", line["n"], digits=1),
        definition=Definition(
            _("These answers explain %(share)s of the differences in the outcome.")
            % {"share": wording.percent(line["importance"], 1)},
            _("The part of R² that goes to this touchpoint; all parts add up to R²."),
            (f"R² = {parts}", f"= {num(found['r_squared'])}"),
        ),
        **{**common, "judged": (*judged, *common["judged"])},
    )


def _performance(line: Found, found: Found, place: str, common: dict[str, Any]) -> Opened:
    return Opened(
        name=_("Performance: mean answer"),
        place=place,
        unit=_("of 10"),
        shown=Value(line["performance"], line["performance_low"], line["performance_high"],
                    line["n"], "number", 2),
        definition=Definition(
            _("Its answers are at %(mean)s of 10 on average.")
            % {"mean": wording.number(line["performance"], 1)},
            _(
                "All answers of a linked customer about the touchpoint, all metrics together, "
                "rescaled to 0–10 (10 is the best) and averaged by their weights; then the mean "
                "over customers, with Student's t interval and Kish's n."
            ),
        ),
        **common,
    )  # fmt: skip


def _correlation(line: Found, found: Found, place: str, common: dict[str, Any]) -> Opened:
    return Opened(
        name=_("Correlation with the outcome"),
        place=place,
        shown=Value(line["correlation"], n=line["n"], fmt="number", digits=2),
        interval=_("It carries no interval; that of the importance is the one to judge by."),
        definition=Definition(
            _("A higher answer here goes with a lower outcome.")
            if line["correlation"] < 0
            else _("A higher answer here goes with a higher outcome."),
            _("Pearson's correlation of the customers' answers here with their outcome."),
        ),
        **common,
    )


def _r_squared(run: ScoringRun, found: Found, name: str, common: dict[str, Any]) -> Opened:
    return Opened(
        name="R²",
        place=f"{run.journey.name} → {name}",
        shown=_value(found, "r_squared", found["n"], digits=1),
        definition=Definition(
            _("All touchpoints together explain %(share)s of the differences in the outcome.")
            % {"share": wording.percent(found["r_squared"], 1)},
            _(
                "The share of the outcome's variance that a linear model of all touchpoints' "
                "answers explains. Its interval is that of the resamples less their bias: "
                "resamples explain a little more by chance than the whole does."
            ),
        ),
        **common,
    )


def _value(found: Found, name: str, n: float, digits: int) -> Value:
    ends = (found[f"{name}_low"], found[f"{name}_high"])
    return Value(found[name], *ends, n, "percent", digits)


def _method(method: str) -> tuple[tuple[str, str], ...]:
    words = {
        "weights": _(
            "Johnson's relative weights (2000): predictors are turned into the nearest "
            "uncorrelated ones, and what those explain is given back by their squared loadings."
        ),
        "lmg": _(
            "LMG, the Shapley values of R²: what a touchpoint adds, averaged over all orders of "
            "adding the touchpoints."
        ),
    }[method]
    interval = _("95%% percentiles of %(count)s bootstrap resamples of customers") % {
        "count": wording.number(RESAMPLES)
    }
    return ((_("Method"), words), (_("Interval"), interval))


def _linked(outcome: Found, found: Found) -> tuple[tuple[str, str], ...]:
    least, most = found["together"]
    linked = _("%(n)s answered about the journey and about a touchpoint") % {
        "n": wording.number(found["n"])
    }
    if outcome["linked"] > outcome["taken"]:
        linked += " " + _("(taken at random of %(linked)s)") % {
            "linked": wording.number(outcome["linked"])
        }
    behind = _("%(least)s to %(most)s customers, those who answered both questions") % {
        "least": wording.number(least),
        "most": wording.number(most),
    }
    return ((_("Customers"), linked), (_("Behind each correlation"), behind))
