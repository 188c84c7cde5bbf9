"""Each hour of the week as exact values: for the drawings, the table, the export."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from scipy import special

from accounts import wording
from analytics.rates import wilson
from evidence.hours import HourCounts
from reports.figures import words
from reports.figures.clock import clock, hour_of_week
from reports.figures.sheet import table
from reports.queueing import mean_wait

LEAST = 30
FIELDS = ("touchpoint", "hour_of_week", "weekday", "hour", "days", "observed_s", "offered",
          "too_little_evidence", "offered_per_hour", "offered_per_hour_low",
          "offered_per_hour_high", "promised", "late", "late_share", "late_low", "late_high",
          "abandoned", "abandoned_share", "abandoned_low", "abandoned_high", "mean_wait_s",
          "mean_wait_low_s", "mean_wait_high_s")  # fmt: skip
# What can be drawn: value, its ends.
MEASURES = {
    "late": ("late_share", "late_low", "late_high"),
    "abandoned": ("abandoned_share", "abandoned_low", "abandoned_high"),
    "wait": ("mean_wait_s", "mean_wait_low_s", "mean_wait_high_s"),
    "offered": ("offered_per_hour", "offered_per_hour_low", "offered_per_hour_high"),
}

Record = dict[str, Any]


def label_of(measure: str) -> str:
    return {
        "late": _("Waited too long or gave up"),
        "abandoned": _("Gave up"),
        "wait": _("Mean wait"),
        "offered": _("Came per hour"),
    }[measure]


def value_text(measure: str, value: float | None) -> str:
    if measure in ("late", "abandoned"):
        return wording.percent(value)
    return wording.duration(value) if measure == "wait" else wording.number(value, 1)


def short_text(measure: str, value: float) -> str:
    """As it fits a cell: 38%, 1:44, 12."""
    if measure in ("late", "abandoned"):
        return wording.percent(value)
    if measure == "offered":
        return wording.number(value, 0 if value >= 10 else 1)
    minutes, seconds = divmod(round(value), 60)
    return f"{minutes}:{seconds:02d}" if minutes < 60 else f"{minutes // 60} h"


def interval_text(measure: str, record: Mapping[str, Any]) -> str:
    _value, low, high = (record[name] for name in MEASURES[measure])
    return "" if low is None else f"({value_text(measure, low)}–{value_text(measure, high)})"


def records_of(code: str, counts: HourCounts) -> list[Record]:
    """One record an hour that had waits; figures of fewer than 30 waits are left empty."""
    return [_record(code, counts, i) for i in range(len(counts.hours))]


def _record(code: str, counts: HourCounts, i: int) -> Record:
    found = {name: values[i] for name, values in counts.counts.items()}
    day, hour = divmod(counts.hours[i], 24)
    offered = found["offered"]
    late = found["served_late"] + found["gave_up_in_time"] + found["gave_up_late"]
    promised = late + found["in_time"]
    record: Record = {
        **dict.fromkeys(FIELDS),
        "touchpoint": code,
        "hour_of_week": counts.hours[i],
        "weekday": day + 1,
        "hour": hour,
        "days": counts.days[i],
        "observed_s": counts.period_s[i],
        "offered": offered,
        "promised": promised,
        "late": late,
        "abandoned": found["abandoned"],
        "too_little_evidence": offered < LEAST,
    }
    if offered < LEAST:
        return record
    figures = {
        "offered": _rate(offered, counts.period_s[i] / 3600),
        "late": _share(late, promised) if promised >= LEAST else (None, None, None),
        "abandoned": _share(found["abandoned"], offered),
        "wait": mean_wait(offered, found["wait_ms"], found["wait_ms2"]),
    }
    for measure, values in figures.items():
        record |= dict(zip(MEASURES[measure], values, strict=True))
    return record


def _share(x: int, n: int) -> tuple[float, float, float]:
    low, high = wilson(x, n)
    return x / n, float(low), float(high)


def _rate(count: int, hours: float) -> tuple[float | None, float | None, float | None]:
    """Arrivals per hour with the exact interval of a Poisson count."""
    if not hours:
        return None, None, None
    low, high = special.chdtri(2 * count, 0.975) / 2, special.chdtri(2 * count + 2, 0.025) / 2
    return count / hours, float(low) / hours, float(high) / hours


def table_of(name: str, records: list[Record]) -> dict[str, Any]:
    columns: list[str | tuple[str, bool]] = [
        _("Hour"), (_("Waits offered"), True), (_("Days"), True),
        *((label_of(measure), True) for measure in MEASURES),
    ]  # fmt: skip
    rows = []
    for record in records:
        cells: list[Any] = [
            hour_of_week(record["hour_of_week"]),
            words.n_text(record["offered"]),
            wording.number(record["days"]),
        ]
        for measure, (value, _low, _high) in MEASURES.items():
            cells.append(_cell(measure, record, record[value]))
        rows.append(cells)
    return table(_("%s hour by hour") % name, columns, rows)


def _cell(measure: str, record: Record, value: float | None) -> str:
    if record["too_little_evidence"]:
        return _("too little evidence")
    if value is None:
        return _("no promise") if measure == "late" else wording.NO_VALUE
    return f"{value_text(measure, value)} {interval_text(measure, record)}"


def hover_text(measure: str, record: Record) -> str:
    """Monday 10:00–11:00: 38% (33%–44%), n 297, 5 days."""
    said = hour_of_week(record["hour_of_week"])
    told = _cell(measure, record, record[MEASURES[measure][0]])
    return _("%(hour)s: %(value)s, %(n)s, %(days)s days") % {
        "hour": said,
        "value": told,
        "n": words.n_text(record["offered"]),
        "days": wording.number(record["days"]),
    }


def row_names(records: list[Record]) -> list[str]:
    """The hours of the clock from the first to the last at which anybody came."""
    if not records:
        return []
    hours = [record["hour"] for record in records]
    return [clock(h) for h in range(min(hours), max(hours) + 1)]
