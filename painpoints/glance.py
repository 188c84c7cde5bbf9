"""What lists of many journeys show of a run: a small document, made once and kept with the run.

A portfolio of two hundred journeys reads these instead of whole results and weekly counts. What it
holds is taken from the run's result, its counts and its weeks; nothing is counted anew.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from analytics.total import total_burden
from painpoints import shifts
from painpoints.comparing import counts_of
from painpoints.counts import breakdown_of
from painpoints.models import RunCounts, ScoringRun
from painpoints.readings import volume
from painpoints.series import Trend, trends_of
from painpoints.shifts import Shift, shift_in

# Another number once the documents are made otherwise.
KIND = "glance/2"
SHIFTS = "shifts/1"
WEEKS = 26
# Runs of before there were such documents get theirs when they are looked at, so many at a time.
BUDGET_S = 0.5

SHOWN = (
    "code", "name", "rank", "rank_high", "severity", "severity_low", "severity_high", "burden",
    "burden_low", "burden_high", "too_little_evidence",
)  # fmt: skip


@dataclass(frozen=True)
class Glance:
    """One run's document, read."""

    document: Mapping[str, Any]

    @property
    def outcome(self) -> Mapping[str, Any]:
        """nps, csat, ces: value, low, high and n, or None."""
        found: Mapping[str, Any] = self.document["outcome"]
        return found

    @property
    def worst(self) -> Mapping[str, Any] | None:
        """The touchpoint that ranks first; with `n`."""
        found: Mapping[str, Any] | None = self.document["worst"]
        return found

    @property
    def total(self) -> Mapping[str, Any] | None:
        """The journey's burden: value, low, high, of how many touchpoints; `customers` behind."""
        found: Mapping[str, Any] | None = self.document["total"]
        return found

    @property
    def has_evidence(self) -> bool:
        return bool(self.document["places"]) or any(self.outcome.values())

    def place(self, code: str) -> tuple[float | None, float | None]:
        """A touchpoint's burden and severity; None where there is no evidence of it."""
        burden, severity = self.document["places"].get(code, (None, None))
        return burden, severity

    @property
    def codes(self) -> list[str]:
        """All codes by which evidence speaks of the journey's touchpoints."""
        found: list[str] = self.document["codes"]
        return found

    def shift(self, against: str) -> Shift:
        """Of the touchpoint that ranks first."""
        found = self.document["shifts"].get(against)
        return shift_in(found, self.document["worst"]["code"]) if found else Shift(shifts.NEITHER)

    def weeks(self) -> Trend | None:
        """The newest weeks of the touchpoint that ranks first, without its levels."""
        kept = self.document["weeks"]
        if not kept:
            return None
        mondays = [date.fromisoformat(monday) for monday in kept["weeks"]]
        return Trend(self.document["worst"]["code"], mondays, kept["severity"], kept["low"],
                     kept["high"], kept["n"], [])  # fmt: skip


def keep(run: ScoringRun) -> Glance:
    """Makes both documents of a finished run that has none yet.

    A run of a period is compared with another period (against.py), not within its own weeks.
    """
    made = _made(run)
    RunCounts.objects.bulk_create(
        [RunCounts(run=run, kind=kind, document=one) for kind, one in made.items()],
        ignore_conflicts=True,
    )
    return Glance(made[KIND])


def glances_of(runs: Iterable[ScoringRun]) -> dict[int, Glance]:
    """Run → its glance, in one query; what could not be made within the budget is left out."""
    runs = list(runs)
    kept = RunCounts.objects.filter(run__in=runs, kind=KIND).values_list("run_id", "document")
    found = {pk: Glance(document) for pk, document in kept}
    until = time.monotonic() + BUDGET_S
    for run in runs:
        if run.pk not in found and time.monotonic() < until:
            found[run.pk] = keep(run)
    return found


def shifts_of(runs: Iterable[ScoringRun]) -> dict[int, Mapping[str, Any]]:
    """Run → against → document (shifts.shift_in), in one query where they are kept."""
    runs = list(runs)
    kept = RunCounts.objects.filter(run__in=runs, kind=SHIFTS).values_list("run_id", "document")
    found = dict(kept)
    for run in runs:
        if run.pk not in found:
            made = _shifts(run)
            RunCounts.objects.bulk_create(
                [RunCounts(run=run, kind=SHIFTS, document=made)], ignore_conflicts=True
            )
            found[run.pk] = made
    return found


def _made(run: ScoringRun) -> dict[str, dict[str, Any]]:
    result = run.result or {"touchpoints": [], "outcome": {}, "customers": 0}
    moved = {} if is_dated(run) else _shifts(run)
    worst = next((line for line in result["touchpoints"] if line["rank"] == 1), None)
    glance = {
        "outcome": {m: _asked(found) for m, found in _own(result["outcome"]).items()},
        "worst": {**{name: worst[name] for name in SHOWN}, "n": volume(worst)} if worst else None,
        "total": _total(run, result),
        "places": {
            line["code"]: [line["burden"], line["severity"]]
            for line in result["touchpoints"]
            if line["burden"] is not None
        },
        "codes": sorted({code for t in run.parameters["touchpoints"] for code in t["codes"]}),
        "shifts": {
            against: _only(document, worst["code"]) for against, document in moved.items() if worst
        },
        "weeks": _weeks(run, worst["code"]) if worst and not is_dated(run) else None,
    }
    return {KIND: glance, SHIFTS: moved}


def is_dated(run: ScoringRun) -> bool:
    return bool(run.scope["since"] or run.scope["until"])


def _own(outcome: Mapping[str, Any]) -> dict[str, Any]:
    return {metric: outcome.get(metric) for metric in ("nps", "csat", "ces")}


def _asked(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {name: found[name] for name in ("value", "low", "high", "n")} if found else None


def _total(run: ScoringRun, result: Mapping[str, Any]) -> dict[str, Any] | None:
    total = total_burden(counts_of(run), weights=run.parameters["weights"])
    if total is None:
        return None
    lines = [line for line in result["touchpoints"] if line["families"]]
    bases = {line["reach_basis"] for line in lines}
    return {
        **total._asdict(),
        "n": result["customers"] if bases == {"interactions"} else max(map(volume, lines)),
        "basis": bases.pop() if len(bases) == 1 else "both",
    }


def _shifts(run: ScoringRun) -> dict[str, Any]:
    breakdown = breakdown_of(run)
    if breakdown is None:
        return {against: {"why": shifts.GONE} for against in shifts.BACK}
    weights = run.parameters["weights"]
    return shifts.document_of(breakdown.values["week"], breakdown.counts["week"], weights)


def _only(document: Mapping[str, Any], code: str) -> dict[str, Any]:
    lines = document.get("lines", {})
    return {**document, "lines": {code: lines[code]} if code in lines else {}}


def _weeks(run: ScoringRun, code: str) -> dict[str, Any] | None:
    trends = trends_of(run, code)
    trend = trends.by_code.get(code) if trends else None
    if trend is None:
        return None

    def newest(values: Any) -> list[float | None]:
        return [v if v is None else round(v, 4) for v in values[-WEEKS:]]

    return {
        "weeks": [monday.isoformat() for monday in trend.weeks[-WEEKS:]],
        "severity": newest(trend.severity),
        "low": newest(trend.low),
        "high": newest(trend.high),
        "n": newest(trend.n),
    }
