"""A number of a scoring run by its name, and everything that is known of it without its rows.

Names (`figure`): severity, burden, rank, reach; the families felt, waited, repeated, lost,
complained; nps, csat, ces, metric (one of the workspace's own, named by its code); wait_p50,
wait_p90, wait_p95, wait_mean, service_level, abandonment. Of the journey as a whole, without a
touchpoint, there are nps, csat, ces and metric.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.severity import FAMILIES
from evidence.rows import Part, Wanted
from evidence.wait_ends import WaitEnds
from painpoints.counts import wait_ends_of
from painpoints.explanation import label_of
from painpoints.models import ScoringRun
from painpoints.readings import line_of, volume

SCORES = ("severity", "burden", "rank", "reach")
ASKED = ("nps", "csat", "ces", "metric")
QUANTILES = {"wait_p50": "p50_s", "wait_p90": "p90_s", "wait_p95": "p95_s"}
WAITS = (*QUANTILES, "wait_mean", "service_level", "abandonment")
FIGURES = (*SCORES, *FAMILIES, *ASKED, *WAITS)


class UnknownNumber(LookupError):
    """The run has no number of this name."""


@dataclass(frozen=True)
class Value:
    """A number as pages show it; `value` is None where it cannot be told."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: float | None = None
    fmt: str = "number"
    digits: int | None = None
    level: int = 95
    too_little: bool = False


@dataclass(frozen=True)
class Number:
    """One number of a run: which, where, and what the run stored of it."""

    run: ScoringRun
    figure: str
    code: str = ""  # empty: the journey's own answers
    metric: str = ""
    line: Mapping[str, Any] = field(default_factory=dict)
    part: Part = field(default_factory=Part)  # of a part of the run only: knowing_counts.py

    @property
    def result(self) -> Mapping[str, Any]:
        return self.run.result or {}

    @property
    def place(self) -> str:
        return str(self.line["name"]) if self.code else self.run.journey.name

    @property
    def name(self) -> str:
        return name_of(self.figure, self.metric)

    @property
    def found(self) -> Mapping[str, Any] | None:
        """What the run stored of a family, a question or the waits; None where nothing."""
        if self.figure in FAMILIES:
            return self.line["families"].get(self.figure)
        if self.figure == "metric":
            return self.line.get("metrics", {}).get(self.metric)
        if self.figure in ASKED:
            return self.line.get(self.figure)
        return self.line.get("waits") if self.figure in WAITS else self.line

    @cached_property
    def shown(self) -> Value:
        if self.figure in SCORES:
            return _score(self.figure, self.line)
        found = self.found
        if found is None:
            return Value()
        if self.figure in FAMILIES:
            return Value(
                found["rate"], found["low"], found["high"], found["n"],
                fmt="percent", digits=1, level=90,
            )  # fmt: skip
        if self.figure in ASKED:
            fmt = "signed" if self.figure == "nps" else "percent"
            return Value(found["value"], found["low"], found["high"], found["n"], fmt=fmt, digits=1)
        return _waited(self.figure, found, self.ends)

    @cached_property
    def ends(self) -> WaitEnds | None:
        """Intervals of the touchpoint's waits; None where its rows are gone."""
        if self.figure not in (*QUANTILES, "wait_mean"):
            return None
        return (wait_ends_of(self.run) or {}).get(self.code)

    @property
    def unit(self) -> str:
        return {"severity": _("of 100 passages"), "burden": _("per 1,000 customers")}.get(
            self.figure, ""
        )

    @property
    def has_interval(self) -> bool:
        return self.shown.low is not None

    @property
    def is_scored(self) -> bool:
        """Whether weights and thresholds of the scoring have a say in it."""
        return self.figure in (*SCORES, *FAMILIES)

    @property
    def wanted(self) -> Wanted | None:
        """The rows it was counted from; None for what is put together from several families."""
        return _wanted(self)

    def address(self, view: str = "know", **more: str) -> str:
        return address(self.run, self.figure, self.code, self.metric, view=view, **more)


def number_of(run: ScoringRun, figure: str, code: str = "", metric: str = "") -> Number:
    """Raises UnknownNumber where the run has no such touchpoint or figure."""
    if figure not in FIGURES or bool(metric) != (figure == "metric"):
        raise UnknownNumber(figure)
    if not code:
        if figure not in ASKED:
            raise UnknownNumber(figure)
        return Number(run, figure, metric=metric, line=(run.result or {}).get("outcome") or {})
    line = line_of(run, code)
    if line is None:
        raise UnknownNumber(code)
    return Number(run, figure, code, metric, line)


NAMES = {
    "severity": gettext_lazy("Severity"),
    "burden": gettext_lazy("Burden"),
    "rank": gettext_lazy("Rank"),
    "reach": gettext_lazy("Reach"),
    "nps": "NPS",
    "csat": gettext_lazy("CSAT, share of 4–5"),
    "ces": gettext_lazy("CES, share of 5–7"),
    "metric": gettext_lazy("Painful answers to “%s”"),
    "wait_p50": gettext_lazy("P50 of the waits"),
    "wait_p90": gettext_lazy("P90 of the waits"),
    "wait_p95": gettext_lazy("P95 of the waits"),
    "wait_mean": gettext_lazy("Mean wait"),
    "service_level": gettext_lazy("Served within the promise"),
    "abandonment": gettext_lazy("Gave up"),
}


def name_of(figure: str, metric: str = "") -> str:
    if figure in FAMILIES:
        return label_of(figure)
    name = str(NAMES[figure])
    return name % metric if figure == "metric" else name


def address(
    run: ScoringRun,
    figure: str,
    code: str = "",
    metric: str = "",
    *,
    view: str = "know",
    **more: str,
) -> str:
    """Where a number of a run is explained; codes may hold any character, so they are queries."""
    query = {"at": code, "metric": metric, **more}
    path = _path(view, run.workspace.slug, run.pk, figure)
    said = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{said}" if said else path


@lru_cache(1000)
def _path(view: str, slug: str, run: int, figure: str) -> str:
    """A page links the same few names of a run for each of its touchpoints."""
    return reverse(f"painpoints:{view}", args=[slug, run, figure])


def _score(figure: str, line: Mapping[str, Any]) -> Value:
    n, few = volume(line), line["too_little_evidence"]
    if line["severity"] is None:
        return Value()
    if figure == "reach":
        return Value(line["reach"], n=n, fmt="percent", digits=1)
    value, low, high = (line[f"{figure}{end}"] for end in ("", "_low", "_high"))
    fmt = "points" if figure == "severity" else "number"
    return Value(value, low, high, n, fmt=fmt, level=90, too_little=few)


def _waited(figure: str, found: Mapping[str, Any], ends: WaitEnds | None) -> Value:
    if figure in ("service_level", "abandonment"):
        names = {
            "service_level": ("service_level", "service_level_low", "service_level_high",
                              "service_level_n"),
            "abandonment": ("abandoned_share", "abandoned_low", "abandoned_high", "offered"),
        }[figure]  # fmt: skip
        value, low, high, n = (found.get(name) for name in names)
        return Value(value, low, high, n, fmt="percent", digits=1)
    stored = QUANTILES.get(figure, "mean_s")
    end = ends.ends.get(stored.removesuffix("_s")) if ends else None
    low, high = (end.low_s, end.high_s) if end else (None, None)
    return Value(found[stored], low, high, found["offered"], fmt="seconds")


def _wanted(number: Number) -> Wanted | None:
    figure, code = number.figure, number.code
    if number.found is None or number.shown.value is None:
        return None
    if figure in ("felt", *ASKED):
        metrics = tuple(sorted(number.run.parameters["metrics"]))
        chosen = {"felt": metrics, "metric": (number.metric,)}.get(figure, (figure,))
        counted = "painful" if figure in ("felt", "metric") else "good"
        return Wanted("answers" if code else "outcome", code, chosen, counted)
    if figure in ("waited", *WAITS):
        among = {"waited": "promised", "service_level": "level"}.get(figure, "offered")
        counted = {"service_level": "in_time", "abandonment": "abandoned"}.get(figure, "painful")
        return Wanted("waits", code, counted=counted, among=among)
    if figure == "reach":
        by_customers = number.line["reach_basis"] == "interactions"
        return Wanted("customers", code) if by_customers else None
    kinds = {"repeated": "passages", "lost": "instances"}
    return Wanted(kinds[figure], code) if figure in kinds else None


def expected(number: Number) -> tuple[float, float] | None:
    """The x and n that the run stored and the rows must add up to; None where it has no x."""
    found: Mapping[str, Any] = number.found or {}
    x, n = {
        "nps": ("promoters", "n_eff"),
        "service_level": ("in_time", "service_level_n"),
        "abandonment": ("abandoned", "offered"),
    }.get(number.figure, ("x", "n_eff" if number.figure in ASKED else "n"))
    if number.figure == "reach" and number.wanted:
        return number.line["passages"]["customers"], number.result["customers"]
    if x not in found or n not in found:
        return None
    return found[x], found[n]
