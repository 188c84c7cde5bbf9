"""The waiting times of a touchpoint as a table for people, as records for exports, and as facts."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from evidence.distribution import WaitBins
from reports.figures import words
from reports.figures.sheet import table

Line = Mapping[str, Any]
FIELDS = ("touchpoint", "name", "offered", "p50_s", "p90_s", "p95_s", "mean_s", "promise_s",
          "service_level", "service_level_low", "service_level_high", "abandoned_share",
          "abandoned_low", "abandoned_high", "from_s", "to_s", "served", "abandoned",
          "served_within", "abandoned_within")  # fmt: skip
SUMMARY = FIELDS[2:14]


def records_of(line: Line, bins: WaitBins) -> list[dict[str, Any]]:
    """One record a bin, from_s < wait <= to_s; the last has no end."""
    head = {"touchpoint": line["code"], "name": line["name"]}
    head |= {name: line["waits"].get(name) for name in SUMMARY}
    records = []
    within = [*zip(bins.served_within(), bins.abandoned_within(), strict=True), (None, None)]
    ends = [*bins.ends_s(), None]
    starts = [0, *bins.ends_s()]
    for i, (served, gone) in enumerate(within):
        records.append(
            {**head, "from_s": starts[i], "to_s": ends[i], "served": bins.served[i],
             "abandoned": bins.abandoned[i], "served_within": served, "abandoned_within": gone}
        )  # fmt: skip
    return records


def table_of(line: Line, bins: WaitBins) -> dict[str, Any]:
    """Bins in which nobody waited are left out."""
    rows = []
    for record in records_of(line, bins):
        if not record["served"] + record["abandoned"]:
            continue
        until = record["to_s"]
        span = (
            f"{wording.duration(record['from_s'])} – {wording.duration(until)}"
            if until is not None
            else _("longer than %s") % wording.duration(record["from_s"])
        )
        rows.append(
            [
                span,
                wording.number(record["served"]),
                wording.number(record["abandoned"]),
                wording.percent(record["served_within"], 1),
                wording.percent(record["abandoned_within"], 1),
            ]
        )
    columns: list[str | tuple[str, bool]] = [
        _("Time waited"),
        (_("Served"), True),
        (_("Gave up"), True),
        (_("Served within the time"), True),
        (_("Gave up within the time"), True),
    ]
    return table(_("Waits at %s, bin by bin") % line["name"], columns, rows)


def facts_of(waits: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "label": _("served in time"),
            "figure": "service_level",
            "text": wording.percent(waits.get("service_level"), 1),
            "note": _interval(waits, "service_level", waits.get("service_level_n")),
        },
        {
            "label": _("gave up"),
            "figure": "abandonment",
            "text": wording.percent(waits["abandoned_share"], 1),
            "note": _interval(waits, "abandoned", waits["offered"]),
        },
        {
            "label": "P50",
            "figure": "wait_p50",
            "text": wording.duration(waits["p50_s"]),
            "note": "",
        },
        {
            "label": "P90",
            "figure": "wait_p90",
            "text": wording.duration(waits["p90_s"]),
            "note": "",
        },
        {"label": _("promise"), "text": words.promise_text(waits), "note": ""},
    ]


def _interval(waits: Mapping[str, Any], name: str, n: float | None) -> str:
    low, high = waits.get(f"{name}_low"), waits.get(f"{name}_high")
    if low is None:
        return _("no promise") if name == "service_level" else ""
    ends = f"({wording.number(low * 100, 1)}–{wording.percent(high, 1)})"
    return f"{ends} {words.n_text(n)}"
