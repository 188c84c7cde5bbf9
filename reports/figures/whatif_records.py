"""A queue's hours and what was asked of it: exact records, tables, and reasons in words."""

from collections.abc import Sequence
from math import inf, isfinite
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from analytics.rates import wilson
from reports.figures import words
from reports.figures.clock import hour_of_week
from reports.figures.sheet import table
from reports.queueing import Expected, Hour
from reports.whatif import Answer

HOUR_FIELDS = ("touchpoint", "hour_of_week", "days", "offered", "reason", "promise_s",
               "target_share", "arrivals_per_hour", "service_s", "patience_s", "pooled",
               "agents_implied", "agents_at_least", "agents_needed", "late_share", "late_low",
               "late_high", "late_expected", "abandoned_share", "abandoned_expected",
               "close")  # fmt: skip
CURVE_FIELDS = ("touchpoint", "day", "hour", "hours", "promise_s", "change", "agents", "late_share",
                "abandoned_share", "mean_wait_s", "occupancy")  # fmt: skip


def reason_text(reason: str | None) -> str:
    return {
        "closed": _("nobody came"),
        "few": _("fewer than 30 waits"),
        "time": _("it is not known how long this hour was observed"),
        "service": _("the evidence has no service times"),
        "patience": _("calls were given up, but no waiting time is known"),
        "contradiction": _("no number of agents explains these waits"),
    }.get(reason or "", "")


def hour_records(code: str, answer: Answer) -> list[dict[str, Any]]:
    return [_hour(code, hour, answer) for hour in answer.hours]


def _hour(code: str, hour: Hour, answer: Answer) -> dict[str, Any]:
    queue, found = hour.fitted.queue, hour.implied
    late = found.observed_late_share
    low, high = wilson(late * hour.offered, hour.offered) if late is not None else (None, None)
    return {
        "touchpoint": code, "hour_of_week": hour.place, "days": hour.days,
        "offered": hour.offered, "reason": found.reason, "promise_s": answer.choice.promise_s,
        "target_share": answer.choice.target,
        "arrivals_per_hour": queue and 3600 * queue.arrivals_per_s,
        "service_s": queue and queue.service_s,
        "patience_s": queue.patience_s if queue and queue.patience_s != inf else None,
        "pooled": " ".join(hour.fitted.pooled),
        "agents_implied": found.fit.agents if found.fit else None,
        "agents_at_least": found.fit.at_least if found.fit else None,
        "agents_needed": hour.needed,
        "late_share": late,
        "late_low": None if low is None else float(low),
        "late_high": None if high is None else float(high),
        "late_expected": found.expected_late_share,
        "abandoned_share": found.observed_abandoned_share,
        "abandoned_expected": found.expected_abandoned_share, "close": found.close,
    }  # fmt: skip


def curve_records(code: str, answer: Answer) -> list[dict[str, Any]]:
    choice = answer.choice
    return [
        {"touchpoint": code, "day": choice.day, "hour": choice.hour, "hours": len(answer.chosen),
         "promise_s": choice.promise_s, "change": change,
         "agents": agents_at(answer.chosen, change), "late_share": found.late,
         "abandoned_share": found.abandoned,
         "mean_wait_s": found.mean_s if isfinite(found.mean_s) else None,
         "occupancy": found.occupancy}
        for change, found in answer.curve
    ]  # fmt: skip


def agents_at(hours: Sequence[Hour], change: int) -> float:
    return sum(hour.after(change) for hour in hours) / len(hours)


def agents_text(agents: float) -> str:
    return wording.number(agents, 0 if abs(agents - round(agents)) < 0.05 else 1)


def change_text(change: int) -> str:
    return ("+" if change > 0 else "") + wording.number(change) if change else "±0"


def patience_text(patience_s: float) -> str:
    return wording.duration(patience_s) if isfinite(patience_s) else _("nobody gave up")


def wait_text(mean_s: float) -> str:
    return wording.duration(mean_s) if isfinite(mean_s) else _("grows without end")


def expected_text(found: Expected) -> str:
    return _("%(late)s too long or gave up, %(gone)s gave up, mean wait %(wait)s") % {
        "late": wording.percent(found.late),
        "gone": wording.percent(found.abandoned),
        "wait": wait_text(found.mean_s),
    }


def curve_table(answer: Answer) -> dict[str, Any]:
    columns: list[str | tuple[str, bool]] = [
        _("Agents more or fewer"), (_("Agents"), True), (_("Waited too long or gave up"), True),
        (_("Gave up"), True), (_("Mean wait"), True), (_("Busy"), True),
    ]  # fmt: skip
    rows = [
        [change_text(change), agents_text(agents_at(answer.chosen, change)),
         wording.percent(found.late), wording.percent(found.abandoned), wait_text(found.mean_s),
         wording.percent(found.occupancy)]
        for change, found in answer.curve
    ]  # fmt: skip
    return table(_("What the model expects"), columns, rows)


def staffing_table(answer: Answer) -> dict[str, Any]:
    columns: list[str | tuple[str, bool]] = [
        _("Hour"), (_("Waits offered"), True), (_("Came per hour"), True),
        (_("Mean service"), True), (_("Mean patience"), True), (_("Agents as it looked"), True),
        (_("Agents needed"), True),
    ]  # fmt: skip
    return table(_("The queue hour by hour"), columns, [_staffing_row(h) for h in answer.hours])


def _staffing_row(hour: Hour) -> list[Any]:
    head = [hour_of_week(hour.place), words.n_text(hour.offered)]
    queue = hour.fitted.queue
    if queue is None:
        return [*head, reason_text(hour.implied.reason), *[wording.NO_VALUE] * 4]
    pooled = {name: "*" for name in hour.fitted.pooled}
    return [
        *head,
        wording.number(3600 * queue.arrivals_per_s, 1),
        wording.duration(queue.service_s) + pooled.get("service_s", ""),
        patience_text(queue.patience_s) + pooled.get("patience_s", ""),
        implied_text(hour),
        wording.number(hour.needed),
    ]


def fit_table(answer: Answer) -> dict[str, Any]:
    """The hours of which the model can tell something."""
    columns: list[str | tuple[str, bool]] = [
        _("Hour"), (_("Waits offered"), True), (_("Too long or gave up: seen"), True),
        (_("Model"), True), (_("Gave up: seen"), True), (_("Model"), True),
    ]  # fmt: skip
    rows = []
    for record in hour_records("", answer):
        if record["late_expected"] is not None:
            seen = (record[name] for name in ("late_share", "late_low", "late_high"))
            rows.append(
                [
                    hour_of_week(record["hour_of_week"]),
                    words.n_text(record["offered"]),
                    words.share_text(*seen),
                    wording.percent(record["late_expected"]),
                    wording.percent(record["abandoned_share"]),
                    wording.percent(record["abandoned_expected"]),
                ]
            )
    return table(_("The queue hour by hour"), columns, rows)


def implied_text(hour: Hour) -> str:
    fit = hour.implied.fit
    if fit is None:
        return reason_text(hour.implied.reason)
    return ("≥ " if fit.at_least else "") + agents_text(fit.agents)
