"""From a map's lists (journeys/operations.py) to what its readers see."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Workspace
from evidence.scope import Scope
from journeys.basis import strength
from journeys.blueprint import Line, lines_between
from journeys.models import COLOURS, MOST_CURVES, Card, Journey, Lane, Operation
from journeys.operations import JOURNEY, Entry, Lists
from painpoints.models import ScoringRun
from reports.figures import words
from reports.figures.map_rows import answers_of
from reports.poster.parts import (
    CardSeen,
    LaneSeen,
    Person,
    Place,
    Poster,
    StageSeen,
    StepSeen,
    with_count,
)
from reports.promised import lines_of
from reports.sources import source_of
from touchpoints.models import Touchpoint

PictureAddress = Callable[[str], str]
DASHES = ("", "7 4", "2 4", "10 4 2 4", "5 5")
SIGNS = ("●", "■", "◆", "▲", "▼")


def poster_of(
    *,
    journey: Journey,
    lists: Lists,
    number: int,
    address_of: PictureAddress,
    lanes: Collection[str] = (),
    run: ScoringRun | None = None,
    scope: Scope | None = None,
) -> Poster:
    """The map of these lists, after operation `number`.

    `lanes`: the keys of those to show; none means all that are not hidden. Chosen lanes that are
    gone leave nothing in their place. `run`: whose figures are shown beside it, if any, and `scope`
    what they are about.
    """
    shown = _lanes(lists, lanes)
    keys = {lane["id"] for lane in shown}
    cards = [card for card in lists["cards"] if card["lane"] in keys]
    people = _people(lists, {card.get("persona") for card in cards}, address_of)
    cells = _cells(cards, people, address_of)
    places = _places(journey.workspace, lists, run)
    own = lists[JOURNEY][0]
    return Poster(
        name=own["name"],
        kind=str(Journey.Kind(own.get("kind", Journey.Kind.AS_IS)).label),
        goal=own.get("goal", ""),
        stages=tuple(_stage(stage, lists["steps"], cells, places) for stage in lists["stages"]),
        lanes=_drawn(shown, cards),
        people=tuple(people.values()),
        revision=number,
        made_at=_made_at(journey, number),
        source=_source(journey, run, scope or Scope()),
    )


def newest_run(journey: Journey) -> ScoringRun | None:
    """The newest scoring of the whole journey; a poster asks for no new one."""
    return ScoringRun.objects.filter(journey=journey).done().unfiltered().first()


def _made_at(journey: Journey, number: int) -> Any:
    found = Operation.objects.filter(journey=journey, number=number).first()
    return found.made_at if found else journey.created_at


def _source(journey: Journey, run: ScoringRun | None, scope: Scope) -> str:
    if run is None:
        return ""
    source = source_of(journey, scope, run)
    parts = (source.scope, source.made_at_text, source.formula)
    return " · ".join(part for part in parts if part)


def _lanes(lists: Lists, chosen: Collection[str]) -> list[Entry]:
    if chosen:
        return [lane for lane in lists["lanes"] if lane["id"] in chosen]
    return [lane for lane in lists["lanes"] if not lane.get("hidden")]


def _drawn(lanes: list[Entry], cards: list[Entry]) -> tuple[LaneSeen, ...]:
    names = {
        Line.INTERACTION: _("Line of interaction"),
        Line.VISIBILITY: _("Line of visibility"),
        Line.INTERNAL: _("Line of internal interaction"),
    }
    lines = lines_between([lane["kind"] for lane in lanes])
    felt = {card["lane"] for card in cards if card.get("emotion") is not None}
    return tuple(
        LaneSeen(
            key=lane["id"],
            kind=lane["kind"],
            name=lane.get("name") or str(Lane.Kind(lane["kind"]).label),
            line=names[lines[place]] if place in lines else "",
            has_curve=lane["kind"] == Lane.Kind.EMOTION and lane["id"] in felt,
        )
        for place, lane in enumerate(lanes)
    )


def _people(
    lists: Lists, shown: Collection[str | None], address_of: PictureAddress
) -> dict[str, Person]:
    """Those who are spoken of on the lanes shown."""
    people = {}
    for place, entry in enumerate(lists["personas"]):
        if entry["id"] in shown:
            people[entry["id"]] = Person(
                key=entry["id"],
                name=entry.get("name") or entry["id"],
                colour=int(entry.get("colour") or place % COLOURS + 1),
                description=entry.get("description", ""),
                picture=address_of(entry["picture"]) if entry.get("picture") else "",
                dash=DASHES[place % MOST_CURVES],
                sign=SIGNS[place % MOST_CURVES],
            )
    return people


def _cells(
    cards: list[Entry], people: Mapping[str, Person], address_of: PictureAddress
) -> dict[str, dict[str, tuple[CardSeen, ...]]]:
    """Step → lane → its cards."""
    found: dict[str, dict[str, tuple[CardSeen, ...]]] = {}
    today = timezone.localdate()
    bases = {str(value): str(label) for value, label in Card.Basis.choices}
    meanings = {str(value): str(label) for value, label in Card.Colour.choices}
    for entry in cards:
        expires = entry.get("expires")
        basis = entry.get("basis", "")
        card = CardSeen(
            text=entry.get("text", ""),
            basis=with_count(bases.get(basis, ""), entry.get("n")),
            strength=str(
                strength(
                    basis, entry.get("n"), date.fromisoformat(expires) if expires else None, today
                )
            ),
            colour=entry.get("colour", ""),
            meaning=meanings.get(entry.get("colour", ""), ""),
            persona=people.get(entry.get("persona") or ""),
            emotion=entry.get("emotion"),
            picture=address_of(entry["image"]) if entry.get("image") else "",
        )
        cell = found.setdefault(entry["step"], {})
        cell[entry["lane"]] = (*cell.get(entry["lane"], ()), card)
    return found


def _stage(
    stage: Entry,
    steps: list[Entry],
    cells: Mapping[str, Mapping[str, tuple[CardSeen, ...]]],
    places: Mapping[str, Place],
) -> StageSeen:
    return StageSeen(
        stage["id"],
        stage.get("name") or stage["id"],
        tuple(
            StepSeen(
                key=step["id"],
                name=step.get("name") or step["id"],
                note=step.get("description", ""),
                places=tuple(places[c] for c in step.get("touchpoints", []) if c in places),
                cells=cells.get(step["id"], {}),
            )
            for step in steps
            if step["stage"] == stage["id"]
        ),
    )


def _places(workspace: Workspace, lists: Lists, run: ScoringRun | None) -> dict[str, Place]:
    measured = {line["code"]: line for line in lines_of(run)}
    codes = {code for step in lists["steps"] for code in step.get("touchpoints", [])}
    found = Touchpoint.objects.filter(workspace=workspace, code__in=codes)
    return {
        one.code: Place(
            code=one.code,
            name=one.name,
            kind=one.channel.kind if one.channel else "",
            channel=one.channel.name if one.channel else "",
            **_measured(measured.get(one.code)),
        )
        for one in found.select_related("channel")
    }


def _measured(line: Mapping[str, Any] | None) -> dict[str, Any]:
    if line is None:
        return {}
    told = [f"{words.METRICS[m]} {words.metric_text(m, found)}" for m, found in answers_of(line)]
    if waits := line.get("waits"):
        told += [
            _("Waits: %s") % words.wait_text(waits),
            _("Promise: %s") % words.promise_text(waits),
        ]
    return {"line": line, "n": words.volume(line), "told": tuple(told)}
