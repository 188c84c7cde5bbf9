"""Short-hand in which the demo's maps are written down, and its way to a map document."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from reports.demo.process import PROCESSES

Document = dict[str, Any]
LANES = (
    ("feel", "emotion", "How they feel"),
    ("do", "action", "What customers do"),
    ("say", "thought", "What they think and say"),
    ("front", "frontstage", "What staff and channels do"),
    ("back", "backstage", "What happens behind"),
    ("system", "system", "Systems"),
    ("pain", "pain", "Where we believe it hurts"),
)


@dataclass(frozen=True)
class Note:
    """A card's text and what it rests on."""

    text: str
    basis: str
    persona: str = ""


def believed(text: str) -> Note:
    return Note(text, "assumption")


def heard(text: str, persona: str = "") -> Note:
    return Note(text, "interview", persona)


def seen(text: str) -> Note:
    return Note(text, "observation")


def surveyed(text: str) -> Note:
    return Note(text, "survey")


def logged(text: str) -> Note:
    return Note(text, "log")


@dataclass(frozen=True)
class Step:
    """A column of the map. `feel` has one emotion per persona, in the order of the personas;
    `opens` is the slug of the journey that the step is in full."""

    id: str
    stage: str
    name: str
    touchpoints: tuple[str, ...]
    feel: tuple[int, ...]
    do: Note
    say: tuple[Note, ...] = ()
    front: Note | None = None
    back: Note | None = None
    system: Note | None = None
    pain: Note | None = None
    opens: str = ""


def touchpoint(
    code: str,
    name: str,
    description: str = "",
    *,
    inventory: dict[str, int] | None = None,
    target_share: float = 0.8,
    promises: dict[str, int] | None = None,
    codes: Iterable[str] = (),
) -> Document:
    """A library entry. Channel and general promise are those the evidence is made with;
    `promises` adds seconds for single segments."""
    point = next(p for process in PROCESSES for p in process.points if p.code == code)
    entry: Document = {"code": code, "name": name, "channel": point.channel}
    if description:
        entry["description"] = description
    if codes:
        entry["codes"] = list(codes)
    if inventory:
        entry["inventory"] = inventory
    if point.queue:
        general = {"max_wait_s": int(point.queue.promise_s), "target_share": target_share}
        special = [
            {"segment": segment, "max_wait_s": seconds}
            for segment, seconds in (promises or {}).items()
        ]
        entry["promises"] = [general, *special]
    return entry


def draw(
    *,
    journey: Document,
    touchpoints: list[Document],
    stages: dict[str, str],
    personas: list[Document],
    steps: list[Step],
) -> Document:
    """The map document."""
    return {
        "format": "touchline-map/1",
        "journey": {"kind": "as-is", **journey},
        "touchpoints": touchpoints,
        "stages": [{"id": key, "name": name} for key, name in stages.items()],
        "steps": [_column(step) for step in steps],
        "lanes": [{"id": key, "kind": kind, "name": name} for key, kind, name in LANES],
        "personas": personas,
        "cards": [card for step in steps for card in _cards(step, personas)],
    }


def _column(step: Step) -> Document:
    own = {"id": step.id, "stage": step.stage, "name": step.name}
    opens = {"opens": step.opens} if step.opens else {}
    return {**own, **opens, "touchpoints": list(step.touchpoints)}


def _cards(step: Step, personas: list[Document]) -> Iterable[Document]:
    single = {"do": step.do, "front": step.front, "back": step.back, "system": step.system,
              "pain": step.pain}  # fmt: skip
    for lane, note in single.items():
        if note:
            yield _card(f"{step.id}-{lane}", lane, step, note)
    for number, note in enumerate(step.say, 1):
        yield _card(f"{step.id}-say-{number}", "say", step, note)
    for persona, emotion in zip(personas, step.feel, strict=True):
        yield {
            "id": f"{step.id}-feel-{persona['id']}",
            "lane": "feel",
            "step": step.id,
            "persona": persona["id"],
            "emotion": emotion,
            "basis": "interview",
        }


def _card(key: str, lane: str, step: Step, note: Note) -> Document:
    card = {"id": key, "lane": lane, "step": step.id, "text": note.text, "basis": note.basis}
    return {**card, "persona": note.persona} if note.persona else card
