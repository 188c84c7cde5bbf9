"""What a reader sees of a map, from the lists of the map file: plain values, ready for templates.

What is only for those who draw it (owners, links, descriptions of touchpoints, other journeys)
does not come this far.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts import wording

QUOTES = ("“", "”", "„", '"', "'", "‘", "’", "«", "»", "「", "『")


@dataclass(frozen=True)
class Person:
    """A persona; `dash` and `sign` tell its curve from others without colour."""

    key: str
    name: str
    colour: int
    description: str = ""
    picture: str = ""  # an address
    dash: str = ""
    sign: str = "●"


@dataclass(frozen=True)
class CardSeen:
    text: str
    basis: str = ""  # in words, with how many
    strength: str = "none"  # journeys/basis.py
    colour: str = ""
    meaning: str = ""  # what the colour says
    persona: Person | None = None
    emotion: int | None = None
    picture: str = ""

    @property
    def is_pencil(self) -> bool:
        return self.strength in ("none", "assumption")

    @property
    def is_quoted(self) -> bool:
        """Whether its words bring quotation marks of their own."""
        return self.text.lstrip().startswith(QUOTES)

    @property
    def is_only_feeling(self) -> bool:
        """Nothing to read: the curve says it."""
        return self.emotion is not None and not self.text and not self.picture


@dataclass(frozen=True)
class Place:
    """A touchpoint at a step, with what was measured there, if that is shown."""

    code: str
    name: str
    kind: str = ""
    channel: str = ""
    line: Mapping[str, Any] | None = None
    n: float | None = None
    told: tuple[str, ...] = ()  # answers and waits, in words

    @property
    def felt(self) -> Mapping[str, Any] | None:
        return (self.line or {}).get("emotion")


@dataclass(frozen=True)
class StepSeen:
    key: str
    name: str
    note: str = ""
    places: tuple[Place, ...] = ()
    cells: Mapping[str, tuple[CardSeen, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class StageSeen:
    key: str
    name: str
    steps: tuple[StepSeen, ...] = ()

    @property
    def notes(self) -> list[StepSeen]:
        return [step for step in self.steps if step.note]


@dataclass(frozen=True)
class LaneSeen:
    key: str
    kind: str
    name: str
    line: str = ""  # the blueprint's line above it, in words
    has_curve: bool = False


@dataclass(frozen=True)
class Column:
    """A step; or, in a stage without steps, the place where one would be."""

    stage: StageSeen
    step: StepSeen | None
    number: int  # among all columns, from 0


@dataclass(frozen=True)
class Poster:
    name: str
    kind: str
    goal: str
    stages: tuple[StageSeen, ...]
    lanes: tuple[LaneSeen, ...]
    people: tuple[Person, ...]
    revision: int
    made_at: datetime
    source: str = ""  # where the figures come from; blank without them

    @property
    def columns(self) -> list[Column]:
        steps: list[tuple[StageSeen, StepSeen | None]] = []
        for stage in self.stages:
            steps += [(stage, step) for step in stage.steps] or [(stage, None)]
        return [Column(stage, step, number) for number, (stage, step) in enumerate(steps)]

    @property
    def cards(self) -> list[CardSeen]:
        """All that is shown, lane by lane within each step."""
        return [
            card
            for stage in self.stages
            for step in stage.steps
            for lane in self.lanes
            for card in step.cells.get(lane.key, ())
        ]

    @property
    def strengths(self) -> set[str]:
        """The kinds of basis on the map, for its legend."""
        return {card.strength for card in self.cards}

    @property
    def meanings(self) -> list[tuple[str, str]]:
        """The colours on the map and what they say."""
        return sorted({(card.colour, card.meaning) for card in self.cards if card.colour})

    @property
    def curves(self) -> list[Person]:
        """Whose feelings are drawn, each once."""
        felt = {c.persona.key for c in self.cards if c.emotion is not None and c.persona}
        return [person for person in self.people if person.key in felt]


def with_count(words: str, n: int | None) -> str:
    return f"{words} · n {wording.number(n)}" if words and n else words
