"""A journey in a few sentences: its answers, where it hurts most, what changed for certain."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from evidence.scope import Scope
from journeys.models import Journey
from painpoints.models import ScoringRun
from reports.blocks.figures import compared
from reports.blocks.runs import Runs
from reports.figures import change_records, words


def sentences(journey: Journey, scope: Scope, run: ScoringRun, runs: Runs) -> list[str]:
    result: dict[str, Any] = run.result or {}
    said = [*_outcome(result), *_worst(result)]
    undated = replace(scope, since=None, until=None)
    whole = runs.of(journey, undated).run
    comparison = compared(journey, scope, whole) if whole else None
    if comparison is not None:
        said.append(change_records.verdict(comparison))
    return said or [_("There is no evidence in this scope yet.")]


def _outcome(result: dict[str, Any]) -> list[str]:
    found = result.get("outcome") or {}
    told = [
        f"{name} {words.metric_text(metric, found[metric])}"
        for metric, name in words.METRICS.items()
        if found.get(metric)
    ]
    if not told:
        return []
    return [_("Asked about the journey as a whole, customers answer: %s.") % "; ".join(told)]


def _worst(result: dict[str, Any]) -> list[str]:
    """The first band: what cannot be told apart is named together."""
    ranked = [line for line in result.get("touchpoints", []) if line["rank"] is not None]
    if not ranked:
        return [_("No touchpoint has enough evidence to be ranked.")]
    first = ranked[0]
    said = _("Most pain comes from “%(name)s”: %(severity)s.") % {
        "name": first["name"], "severity": words.severity_text(first),
    }  # fmt: skip
    signals = words.shares_text(first)
    if signals:
        said += " " + _("What explains it: %s.") % signals
    alike = [line["name"] for line in ranked[1:] if line["band"] == first["band"]]
    if alike:
        said += " " + _("It cannot be told apart from: %s.") % ", ".join(alike)
    return [said]
