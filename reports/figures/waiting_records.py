"""The waiting times of a touchpoint as a table for people, as records for exports, and as facts."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from evidence.distribution import WaitBins
from evidence.wait_ends import WaitEnds
from reports.figures import words
from reports.figures.sheet import table

Line = Mapping[str, Any]
SUMMARY = ("offered", "p50_s", "p90_s", "p95_s", "mean_s", "promise_s", "service_level",
           "service_level_low", "service_level_high", "abandoned_share", "abandoned_low",
           "abandoned_high")  # fmt: skip
ENDS = tuple(f"{name}_{end}_s" for name in ("p50", "p90", "p95", "mean") for end in ("low", "high"))
FIELDS = ("touchpoint", "name", *SUMMARY, "from_s", "to_s", "served", "abandoned",
          "served_within", "abandoned_within", *ENDS)  # fmt: skip


def records_of(line: Line, bins: WaitBins, ends: WaitEnds | None = None) -> list[dict[str, Any]]:
    """One record a bin, from_s < wait <= to_s; the last has no end."""
    head = {"touchpoint": line["code"], "name": line["name"]}
    head |= {name: line["waits"].get(name) for name in SUMMARY}
    for name, end in (ends.ends if ends else {}).items():
        head |= {f"{name}_low_s": end.low_s, f"{name}_high_s": end.high_s}
    records = []
    within = [*zip(bins.served_within(), bins.abandoned_within(), strict=True), (None, None)]
    upto = [*bins.ends_s(), None]
    starts = [0, *bins.ends_s()]
    for i, (served, gone) in enumerate(within):
        records.append(
            {**head, "from_s": starts[i], "to_s": upto[i], "served": bins.served[i],
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


def facts_of(waits: Mapping[str, Any], ends: WaitEnds | None = None) -> list[dict[str, str]]:
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
        *(
            {
                "label": label,
                "figure": f"wait_{name}",
                "text": wording.duration(waits[f"{name}_s"]),
                "note": ends_text(ends, name),
            }
            for name, label in (("p50", "P50"), ("p90", "P90"), ("p95", "P95"), ("mean", _("mean")))
        ),
        {"label": _("promise"), "text": words.promise_text(waits), "note": ""},
    ]


def ends_text(ends: WaitEnds | None, name: str) -> str:
    """(48 s – 53 s), or why there is no interval."""
    if ends is None:
        return _("no interval: the rows are gone")
    end = ends.ends.get(name)
    if end is None:
        return _("no interval: too few waits")
    return f"({wording.duration(end.low_s)} – {wording.duration(end.high_s)})"


def _interval(waits: Mapping[str, Any], name: str, n: float | None) -> str:
    low, high = waits.get(f"{name}_low"), waits.get(f"{name}_high")
    if low is None:
        return _("no promise") if name == "service_level" else ""
    ends = f"({wording.number(low * 100, 1)}–{wording.percent(high, 1)})"
    return f"{ends} {words.n_text(n)}"
