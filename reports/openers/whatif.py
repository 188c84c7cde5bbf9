"""Opens what the model of the queue says: its parameters, and what it expects of other numbers."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from accounts.clock import hour_of_week
from painpoints.formulas import Definition, num, wilson_lines
from painpoints.knowing import UnknownNumber, Value
from painpoints.models import ScoringRun
from painpoints.opening import Opened, Query, opens
from reports.figures import whatif_fit
from reports.figures import whatif_records as told
from reports.openers.waits import all_waits, counted_in_hour, place_asked
from reports.queueing import Expected
from reports.whatif import Answer, answer, choice_of

OUTPUTS = ("late", "abandoned", "mean_s", "occupancy")
INPUTS = ("arrivals", "service", "patience", "agents", "needed")


@opens("whatif")
def whatif(run: ScoringRun, query: Query) -> Opened:
    place, figure = place_asked(run, query), query.get("figure", "")
    if place.hours is None or figure not in (*OUTPUTS, *INPUTS):
        raise UnknownNumber(figure)
    choice = choice_of(query, place.hours, place.line["waits"])
    found = answer(f"{run.pk}:{place.code}", place.hours, choice)
    if choice.errors or not found.chosen or found.before is None or found.after is None:
        raise UnknownNumber("hour")
    expected = found.before if query.get("as") == "before" else found.after
    agents = found.agents if query.get("as") == "before" else found.agents_after
    if figure in INPUTS:
        made = _input(found, figure)
    elif query.get("as") == "seen":
        made = _seen(found, figure)
    else:
        made = _output(found, figure, expected, agents)
    hours = (
        hour_of_week(found.chosen[0].place)
        if len(found.chosen) == 1
        else _("%s hours of the week") % wording.number(len(found.chosen))
    )
    common: dict[str, Any] = {
        "assumed": _assumed(),
        "rows": _(
            "It is the answer of a model; its parameters are made of all waits of these hours."
        ),
    }
    return Opened(
        place=f"{place.name} · {hours}",
        judged=_judged(found),
        counted=counted_in_hour(place, found.chosen[0].place) if len(found.chosen) == 1 else (),
        links=all_waits(place),
        **{**common, **made},
    )


def _sums(found: Answer) -> Mapping[str, float]:
    """The model's parameters in the chosen hours; of several hours their means."""
    queues = [hour.queue for hour in found.chosen]
    n = len(queues)
    came = sum(q.arrivals_per_s for q in queues)
    return {
        "arrivals": 3600 * came / n,
        "service": sum(q.load for q in queues) / came,
        "patience": sum(q.patience_s for q in queues) / n,
        "offered": sum(hour.offered for hour in found.chosen),
        "agents": found.agents,
    }


def _input(found: Answer, figure: str) -> dict[str, Any]:
    sums = _sums(found)
    name, words, formula = {
        "arrivals": (_("came per hour (λ)"), _("Waits offered ÷ hours observed."),
                     _("λ = waits offered ÷ time observed")),
        "service": (_("mean service (1/μ)"), _("Mean of the known service times."),
                    _("1/μ = time in service ÷ services")),
        "patience": (_("mean patience (1/θ)"), _(
            "How long customers would wait on average before they give up, if nobody were served."),
            _("1/θ = time waited by all ÷ abandonments")),
        "agents": (_("agents as it looked"), _(
            "The number of agents under which the hour's waits (served in time, served late, given "
            "up) are likeliest. A fraction lies between two whole numbers."), ""),
        "needed": (_("Agents needed"), _(
            "The smallest whole number of agents with which the model expects the goal to be "
            "served in time."), ""),
    }[figure]  # fmt: skip
    if figure == "needed":
        needed = [h.needed for h in found.chosen if h.needed is not None]
        if len(found.chosen) != 1 or not needed:
            raise UnknownNumber(figure)
        value: float = needed[0]
    else:
        value = sums[figure]
    endless = value == float("inf")
    fmt = "seconds" if figure in ("service", "patience") else "number"
    digits = {"needed": 0}.get(figure, 1) if fmt == "number" else None
    return {
        "name": name,
        "shown": Value(None if endless else value, n=sums["offered"], fmt=fmt, digits=digits),
        "why_not": _("Nobody gave up, so patience looks endless.") if endless else "",
        "interval": _model_has_none(),
        "definition": Definition("", words, (formula,) if formula else ()),
    }


def _outputs() -> dict[str, tuple[str, str]]:
    return {
        "late": (_("Waited too long or gave up"),
                 _("Share of waits offered that are not served within the promise.")),
        "abandoned": (_("Gave up"), _("Share of waits offered that are given up.")),
        "mean_s": (_("Mean wait"), _("Mean of all waits offered, also of those who give up.")),
        "occupancy": (_("Agents busy"), _("Share of their time in which agents serve.")),
    }  # fmt: skip


def _output(found: Answer, figure: str, expected: Expected, agents: float) -> dict[str, Any]:
    value = getattr(expected, figure)
    name, words = _outputs()[figure]
    sums = _sums(found)
    endless = value is None or value == float("inf")
    fmt = "seconds" if figure == "mean_s" else "percent"
    theta = "0" if sums["patience"] == float("inf") else f"1 ÷ {wording.duration(sums['patience'])}"
    return {
        "name": name,
        "shown": Value(None if endless else value, n=sums["offered"], fmt=fmt),
        "why_not": _(
            "Nobody ever gave up here, so with fewer agents than the work needs the queue would "
            "grow without end."
        )
        if endless
        else "",
        "interval": _model_has_none(),
        "definition": Definition(
            _("With %(agents)s agents the model expects: %(told)s.")
            % {"agents": told.agents_text(agents), "told": told.expected_text(expected)},
            words,
            (
                "M/M/n+M (Erlang-A)",
                f"λ = {num(sums['arrivals'], 1)} / h, 1/μ = {wording.duration(sums['service'])}",
                f"θ = {theta}, n = {told.agents_text(agents)}",
                _("promise %s") % wording.duration(found.choice.promise_s),
            ),
            (
                ("λ", _("came per hour")),
                ("μ", _("services an agent ends per time")),
                ("θ", _("rate at which those who wait give up")),
                ("n", _("agents")),
            ),
        ),
    }


def _seen(found: Answer, figure: str) -> dict[str, Any]:
    """What was counted in the chosen hours, beside what the model says of them."""
    seen = found.observed
    if seen is None or figure == "occupancy":
        raise UnknownNumber(figure)
    values = {"late": seen.late, "abandoned": seen.abandoned, "mean_s": seen.mean_s}[figure]
    name, words = _outputs()[figure]
    fmt = "seconds" if figure == "mean_s" else "percent"
    shown = Value(*values, seen.offered, fmt, None if figure == "mean_s" else 1)
    n, x = seen.offered, round(values[0] * seen.offered)
    said = {
        "late": _("%(x)s of %(n)s waited longer than promised, or gave up."),
        "abandoned": _("%(x)s of %(n)s gave up waiting."),
        "mean_s": _("%(n)s waits lasted %(time)s on average."),
    }[figure] % {
        "x": wording.number(x), "n": wording.number(n), "time": wording.duration(values[0])
    }  # fmt: skip
    lines = () if figure == "mean_s" else wilson_lines(x, n, shown)
    return {
        "name": _("Seen: %s") % name,
        "shown": shown,
        "definition": Definition(said, words, lines),
        "assumed": (),
        "rows": _("Its waits are among those of the touchpoint."),
    }


def _model_has_none() -> str:
    return _("The model's figures carry no interval: where it is wrong, it is wrong by more than "
             "chance.")  # fmt: skip


def _judged(found: Answer) -> tuple[tuple[str, str], ...]:
    seen = found.observed
    assert seen is not None
    rows = [
        (_("Seen: too long or gave up"), _share(*seen.late)),
        (_("Seen: gave up"), _share(*seen.abandoned)),
        (_("Does the model fit?"), whatif_fit.fitness_text(found)),
    ]
    borrowed = [h for h in found.chosen if h.fitted.pooled]
    if borrowed:
        rows.append((_("Borrowed"), _(
            "Borrowed: with fewer than 20 services or abandonments in an hour, the mean of all "
            "hours together stands in.")))  # fmt: skip
    if len(found.chosen) > 1:
        rows.append((_("Several hours"), _(
            "Every hour has its own λ, μ, θ and agents; what is expected is weighted by their "
            "waits, and the parameters shown are means.")))  # fmt: skip
    return tuple(rows)


def _share(value: float, low: float, high: float) -> str:
    return f"{wording.percent(value)} ({wording.points(low)}–{wording.percent(high)})"


def _assumed() -> tuple[str, ...]:
    return (
        _("Customers arrive at random at a steady rate within the hour, not in bursts."),
        _("Service times and patience are exponential, and independent of the wait offered."),
        _("Agents serve this queue alone, one customer at a time, first come, first served."),
        _("A good fit says that the model describes what was, not what more agents would bring."),
    )
