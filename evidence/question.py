"""What is asked of the evidence about a journey, and how the queries take it (`queries/*.sql`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from evidence.metrics import Scale
from evidence.scope import Scope

UTC = ZoneInfo("UTC")
DAY_US = 86_400_000_000


@dataclass(frozen=True)
class Standard:
    """A promise: served within so many milliseconds; None stands for every segment or channel."""

    max_wait_ms: int
    segment: str | None = None
    channel: str | None = None


@dataclass(frozen=True)
class Place:
    """A touchpoint as the evidence knows it: all raw codes that mean it, and its promises."""

    code: str
    raw_codes: tuple[str, ...]
    promises: tuple[Standard, ...] = ()
    is_goal: bool = False
    on_map: bool = True


@dataclass(frozen=True)
class Question:
    """Everything the counts depend on, apart from the evidence itself."""

    workspace_id: int
    journey: str
    places: tuple[Place, ...]  # those on the map first, in its order
    scales: Mapping[str, Scale]
    short_abandon_ms: int = 5000
    repeat_days: int = 7
    scope: Scope = field(default_factory=Scope)
    zone: ZoneInfo = UTC

    @property
    def has_goal(self) -> bool:
        return any(place.is_goal for place in self.places)


def scope_parameters(question: Question) -> dict[str, Any]:
    """The scope as the queries take it; times in UTC, as the lake keeps them."""
    scope, zone = question.scope, question.zone
    starts, ends = scope.starts_at(zone), scope.ends_at(zone)
    return {
        "workspace": question.workspace_id,
        "since": starts.replace(tzinfo=None).isoformat(" ") if starts else "-infinity",
        "until": ends.replace(tzinfo=None).isoformat(" ") if ends else "infinity",
        "channels": list(scope.channels),
        "segments": list(scope.segments),
        "units": list(scope.units),
    }


def code_parameters(question: Question) -> dict[str, Any]:
    """All raw codes of the touchpoints on the map, and beside each the touchpoint's place."""
    places = [(i, place) for i, place in enumerate(question.places) if place.on_map]
    return {
        "codes": [code for _, place in places for code in place.raw_codes],
        "places": [i for i, place in places for _ in place.raw_codes],
    }


def wait_parameters(question: Question) -> dict[str, Any]:
    """The scope, the touchpoints and all promises, for the queries that compare waits with them."""
    return {
        **scope_parameters(question),
        **code_parameters(question),
        **_special_promises(question),
        "own_ms": _own_promises(question),
        "short_abandon_ms": question.short_abandon_ms,
    }


def _own_promises(question: Question) -> list[int | None]:
    """What each touchpoint promises everybody, once beside each of its raw codes."""
    promised: list[int | None] = []
    for place in question.places:
        if place.on_map:
            own = [p.max_wait_ms for p in place.promises if p.segment is p.channel is None]
            promised += [own[0] if own else None] * len(place.raw_codes)
    return promised


def _special_promises(question: Question) -> dict[str, Any]:
    """The promises for one segment or channel only."""
    special = [
        (i, p)
        for i, place in enumerate(question.places)
        for p in place.promises
        if place.on_map and (p.segment or p.channel)
    ]
    return {
        "special_places": [i for i, _ in special],
        "special_segments": [p.segment for _, p in special],
        "special_channels": [p.channel for _, p in special],
        "special_ms": [p.max_wait_ms for _, p in special],
    }
