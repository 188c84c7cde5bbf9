"""Key drivers in words: sentences, refusals with what to do, the table, records for exports."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import wording
from reports.figures import words
from reports.figures.sheet import table

Driver = Mapping[str, Any]
FIELDS = ("outcome", "method", "touchpoint", "name", "importance", "importance_low",
          "importance_high", "stands_out", "performance", "performance_low", "performance_high",
          "correlation", "quadrant", "n", "customers", "r_squared", "r_squared_low",
          "r_squared_high", "together_least", "together_most", "left_out")  # fmt: skip
FIX, KEEP, LATER, ENOUGH = "concentrate", "keep_up", "low_priority", "overkill"


def quadrant_name(quadrant: str) -> str:
    return {
        FIX: _("Fix first"),
        KEEP: _("Keep up"),
        LATER: _("Can wait"),
        ENOUGH: _("Good enough"),
    }[quadrant]


def outcome_name(metric: str) -> str:
    return words.METRICS.get(metric, metric)


def share_text(value: float, low: float, high: float) -> str:
    """4.7% (3.2–6.4%)."""
    return (
        f"{wording.percent(value, 1)} ({wording.number(low * 100, 1)}–{wording.percent(high, 1)})"
    )


def importance_text(driver: Driver) -> str:
    return share_text(driver["importance"], driver["importance_low"], driver["importance_high"])


def performance_text(driver: Driver) -> str:
    """7.2 (7.1–7.3) of 10."""
    return _("%(value)s (%(low)s–%(high)s) of 10") % {
        "value": wording.number(driver["performance"], 1),
        "low": wording.number(driver["performance_low"], 1),
        "high": wording.number(driver["performance_high"], 1),
    }


def verdict(found: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """What it comes to, in two sentences."""
    said = _("Of what sets satisfied customers apart, %(share)s comes from these touchpoints.") % {
        "share": share_text(found["r_squared"], found["r_squared_low"], found["r_squared_high"])
    }
    telling = [d for d in found["touchpoints"] if d["stands_out"]]
    if not telling:
        return f"{said} " + _("No touchpoint matters more than chance would have it.")
    first, low = telling[0], [d for d in telling if d["quadrant"] == FIX]
    if not low:
        more = _(
            "Nothing that matters much stands low. Keep up %(name)s, which matters most: "
            "%(importance)s."
        )
        return f"{said} " + more % _about(first, names)
    if low[0] is first:
        more = _(
            "Improve %(name)s first: it stands below the others, at %(performance)s, and matters "
            "most: %(importance)s."
        )
    else:
        more = _(
            "Improve %(name)s first: it stands below the others, at %(performance)s, and of all "
            "that do it matters most: %(importance)s."
        )
    return f"{said} " + more % _about(low[0], names)


def _about(driver: Driver, names: Mapping[str, str]) -> dict[str, str]:
    return {
        "name": names.get(driver["code"], driver["code"]),
        "importance": importance_text(driver),
        "performance": performance_text(driver),
    }


def notes(outcome: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """n, how missing answers were handled, the sample, what chance does."""
    least, most = found["together"]
    n = wording.number(found["n"])
    said = [
        _("%(n)s customers answered about the journey and about at least one of these touchpoints.")
        % {"n": n}
    ]
    if least < found["n"]:
        said.append(
            _(
                "Not everybody answered everything: each pair of questions is compared among those "
                "who answered both, %(least)s to %(most)s customers."
            )
            % {"least": wording.number(least), "most": wording.number(most)}
        )
    if outcome["taken"] < outcome["linked"]:
        said.append(
            _("Of %(linked)s such customers a random sample of %(taken)s is taken.")
            % {
                "linked": wording.number(outcome["linked"]),
                "taken": wording.number(outcome["taken"]),
            }
        )
    noise = sum(1 for d in found["touchpoints"] if not d["stands_out"])
    if noise:
        said.append(
            ngettext(
                "%(count)s touchpoint drawn grey explains no more than random numbers would.",
                "%(count)s touchpoints drawn grey explain no more than random numbers would.",
                noise,
            )
            % {"count": wording.number(noise)}
        )
    contrary = sum(1 for d in found["touchpoints"] if d["stands_out"] and d["correlation"] < 0)
    if contrary:
        said.append(
            ngettext(
                "%(count)s touchpoint works the other way round (marked ⇅): customers who rate it "
                "higher are less satisfied. Look at it before acting on it.",
                "%(count)s touchpoints work the other way round (marked ⇅): customers who rate "
                "them higher are less satisfied. Look at them before acting on them.",
                contrary,
            )
            % {"count": wording.number(contrary)}
        )
    said.append(
        _("Drivers describe what goes together; they do not prove what an improvement would bring.")
    )
    return said


def refusal(found: Mapping[str, Any]) -> tuple[str, str]:
    """Why key drivers are not shown, and what to do."""
    facts = {name: wording.number(found[name]) for name in ("n", "p", "least", "most")}
    reason = found["refused"]
    if reason == "predictors" and found["p"]:
        return (
            _("LMG takes at most %(most)s touchpoints; here are %(p)s.") % facts,
            _("Johnson's weights can be told for any number, and nearly always agree with it."),
        )
    if reason == "predictors":
        return (
            _("No touchpoint was answered by 100 customers who also answered about the journey."),
            _("Ask about touchpoints and journey in one survey, with the customer's identifier."),
        )
    return {
        "customers": (
            _(
                "Too few customers: %(n)s answered about both the journey and its touchpoints, "
                "%(least)s are needed (100, and 10 for each of %(p)s touchpoints)."
            )
            % facts,
            _("Ask about touchpoints and journey in one survey, with the customer's identifier."),
        ),
        "constant": (
            _("Nearly all customers answered the same about the journey: nothing to explain."),
            _("Choose a longer period or more customers."),
        ),
        "together": (
            _("Hardly any customer answered about two of the touchpoints together."),
            _("Ask about several touchpoints in one survey."),
        ),
        "collinear": (
            _("The answers about some touchpoints say the same as those about others together."),
            _("Take one of the touchpoints that always get the same answers off the map."),
        ),
    }[reason]


def left_out_text(reason: str) -> str:
    return {
        "none": _("no customer with an answer about the journey answered about it"),
        "few": _("fewer than 100 such customers answered about it"),
        "constant": _("nearly all gave it the same answer"),
        "together": _("too few answered about it and the other touchpoints together"),
        "same": _("its answers are the same as another touchpoint's"),
    }[reason]


def table_of(drivers: Sequence[Driver], names: Mapping[str, str], caption: str) -> dict[str, Any]:
    columns: list[str | tuple[str, bool]] = [
        _("Touchpoint"), (_("Importance"), True), (_("Mean answer"), True), _("What to do"),
        (_("Correlation"), True), ("n", True),
    ]  # fmt: skip
    rows = [
        [
            names.get(d["code"], d["code"]), importance_text(d), performance_text(d), advice(d),
            wording.signed(d["correlation"], 2), wording.number(d["n"]),
        ]
        for d in drivers
    ]  # fmt: skip
    return table(caption, columns, rows)


def advice(driver: Driver) -> str:
    if not driver["stands_out"]:
        return _("no more than chance")
    name = quadrant_name(driver["quadrant"])
    return name + (" ⇅" if driver["correlation"] < 0 else "")


def records_of(
    outcome: Mapping[str, Any], method: str, found: Mapping[str, Any], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    shared = {
        "outcome": outcome["metric"],
        "method": method,
        "customers": found["n"],
        **{name: found[name] for name in ("r_squared", "r_squared_low", "r_squared_high")},
        "together_least": found["together"][0],
        "together_most": found["together"][1],
    }
    lines = [
        {**shared, "touchpoint": d["code"], "name": names.get(d["code"], d["code"]),
         **{k: v for k, v in d.items() if k != "code"}}
        for d in found["touchpoints"]
    ]  # fmt: skip
    others = [
        {**shared, "touchpoint": o["code"], "name": names.get(o["code"], o["code"]), "n": o["n"],
         "left_out": o["reason"]}
        for o in outcome["left_out"]
    ]  # fmt: skip
    return lines + others
