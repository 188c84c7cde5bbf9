"""Two states of a map side by side with the figures of their times.

A state is a number of the journey's history, the map as it is now, or the map of a journey that
was copied from this one or that this one was copied from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from journeys import states
from journeys.comparing import MapComparison, compare
from journeys.field_words import Names, names_of
from journeys.models import Journey
from journeys.operations import Lists
from painpoints.comparing import compared
from painpoints.models import ScoringRun
from painpoints.readings import line_of
from reports.figures import words

NOW = "now"
OTHER = "journey:"
Line = Mapping[str, Any]


@dataclass(frozen=True)
class Side:
    """One of the two states; `chosen` is how the address says it."""

    chosen: str
    journey: Journey
    number: int
    made_at: datetime
    label: str
    lists: Lists
    run: ScoringRun | None


@dataclass(frozen=True)
class FigureRow:
    """A touchpoint of either map in both runs; `points` is the difference of its severity."""

    code: str
    name: str
    then: Line | None
    now: Line | None
    points: Mapping[str, float]
    p_worse: float | None
    on_map: str  # of then, now or both


@dataclass(frozen=True)
class Figures:
    rows: list[FigureRow]
    outcomes: list[dict[str, Any]]
    is_one_run: bool
    share_rows: bool


@dataclass(frozen=True)
class Beside:
    then: Side
    now: Side
    found: MapComparison
    names: Names
    figures: Figures


def beside(then: Side, now: Side) -> Beside:
    found = compare(then.lists, now.lists)
    names = names_of(now.journey, now.lists, then.lists)
    return Beside(then, now, found, names, _figures(then, now))


def side(journey: Journey, chosen: str) -> Side | None:
    """The state that an address names; None where there is none."""
    if chosen.startswith(OTHER):
        other = related(journey).filter(slug=chosen.removeprefix(OTHER)).first()
        return _present(other, chosen) if other else None
    if chosen == NOW:
        return _present(journey, chosen)
    if not chosen.isdecimal() or len(chosen) > 18 or int(chosen) > journey.revision:
        return None
    number = int(chosen)
    operation = journey.operations.filter(number=number).first()
    made_at = operation.made_at if operation else journey.created_at
    version = journey.versions.standing().filter(number=number).first()
    label = version.name if version else _state_label(number)
    run = _nearest_run(journey, made_at)
    return Side(chosen, journey, number, made_at, label, states.state_at(journey, number), run)


def _state_label(number: int) -> str:
    return _("State %d") % number if number else _("The beginning")


def _present(journey: Journey, chosen: str) -> Side:
    number, lists = states.present(journey)
    label = _("%s, as it is now") % journey.name
    runs = _runs(journey).order_by("-evidence_revision", "-created_at")
    return Side(chosen, journey, number, journey.updated_at, label, lists, runs.first())


def related(journey: Journey) -> Any:
    """The journey that this one's map was copied from, and those copied from it."""
    kin = Q(copied_from=journey) | Q(pk=journey.copied_from_id)
    return Journey.objects.filter(kin, workspace=journey.workspace).select_related("workspace")


def choices(journey: Journey, *sides: Side) -> list[tuple[str, str]]:
    """What can be compared: now, each version, the beginning, and the journeys it is kin to."""
    found = {NOW: _("as it is now")}
    for version in journey.versions.standing():
        key = str(version.number)
        found[key] = f"{found[key]}, {version.name}" if key in found else version.name
    found.setdefault("0", _state_label(0))
    for other in related(journey):
        found[OTHER + other.slug] = f"{other.name} · {other.get_kind_display()}"
    for one in sides:
        found.setdefault(one.chosen, one.label)
    return list(found.items())


def usual_then(journey: Journey) -> str:
    """The newest version, or what it was copied from, or the beginning."""
    version = journey.versions.standing().first()
    if version is not None:
        return str(version.number)
    origin = related(journey).filter(pk=journey.copied_from_id).first()
    return OTHER + origin.slug if origin else "0"


def _runs(journey: Journey) -> Any:
    return ScoringRun.objects.filter(journey=journey).done().unfiltered()


def _nearest_run(journey: Journey, when: datetime) -> ScoringRun | None:
    runs = _runs(journey)
    sides = (
        runs.filter(created_at__lte=when).order_by("-created_at").first(),
        runs.filter(created_at__gt=when).order_by("created_at").first(),
    )
    found = [run for run in sides if run is not None]
    return min(found, key=lambda run: abs(run.created_at - when), default=None)


def _figures(then: Side, now: Side) -> Figures:
    one_run = then.run is not None and then.run == now.run
    changes, share_rows = {}, False
    if then.run and now.run and not one_run and then.journey == now.journey:
        # the difference is told from then to now, as the page stands
        found = compared(then.run, now.run)
        share_rows = found.share_rows
        changes = {row.code: row for row in found.rows}
    rows = [
        _row(code, on_map, then, now, changes.get(code))
        for code, on_map in _touchpoints(then.lists, now.lists).items()
    ]
    return Figures(rows, list(_outcomes(then.run, now.run)), one_run, share_rows)


def _row(code: str, on_map: str, then: Side, now: Side, change: Any) -> FigureRow:
    old, new = line_of(then.run, code), line_of(now.run, code)
    told = change.change if change else None
    return FigureRow(
        code=code,
        name=(new or old or {"name": code})["name"],
        then=old,
        now=new,
        points=change.points if change else {},
        p_worse=told.p_worse if told else None,
        on_map=on_map,
    )


def _touchpoints(then: Lists, now: Lists) -> dict[str, str]:
    """Codes on either map, in the order of the later."""
    old, new = (_codes(lists["steps"]) for lists in (then, now))
    return {
        code: "both" if code in old and code in new else "now" if code in new else "then"
        for code in dict.fromkeys([*new, *old])
    }


def _codes(steps: Iterable[Mapping[str, Any]]) -> dict[str, None]:
    return dict.fromkeys(code for step in steps for code in step.get("touchpoints", []))


def _outcomes(then: ScoringRun | None, now: ScoringRun | None) -> Iterable[dict[str, Any]]:
    """NPS, CSAT and CES of the journey's own answers, then and now."""
    formats = {"nps": "signed", "csat": "percent", "ces": "percent"}
    old, new = (((run and run.result) or {}).get("outcome") or {} for run in (then, now))
    for metric, fmt in formats.items():
        if old.get(metric) or new.get(metric):
            yield {
                "name": words.METRICS[metric], "fmt": fmt,
                "then": old.get(metric), "now": new.get(metric),
            }  # fmt: skip
