"""What the fields of a map's entries are called, and what is in them, in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from journeys.models import Card, Journey, Lane
from journeys.operations import Lists, is_blank
from journeys.part_forms import EMOTIONS
from journeys.words import word_of
from touchpoints.models import Segment, Touchpoint

CLIPPED = 60


@dataclass(frozen=True)
class Names:
    """What ids and codes are called: parts by list and id, the workspace's words by code."""

    parts: dict[tuple[str, str], str] = field(default_factory=dict)
    touchpoints: Mapping[str, str] = field(default_factory=dict)
    segments: Mapping[str, str] = field(default_factory=dict)

    def add(self, lists: Lists) -> None:
        """Names that are known already stay."""
        for name, entries in lists.items():
            for entry in entries:
                if said := title_of(entry):
                    self.parts.setdefault((name, entry["id"]), said)

    def part(self, name: str, key: str) -> str:
        """“Mei”; without a name, that it is gone."""
        return self.parts.get((name, key), "")


def names_of(journey: Journey, *states: Lists) -> Names:
    """The states' own names, the first one's before the others'."""
    workspace = journey.workspace
    names = Names(
        touchpoints=dict(
            Touchpoint.objects.filter(workspace=workspace).values_list("code", "name")
        ),
        segments=dict(Segment.objects.filter(workspace=workspace).values_list("code", "name")),
    )
    for lists in states:
        names.add(lists)
    return names


def title_of(entry: Mapping[str, Any]) -> str:
    """By what an entry is known: its name, or the beginning of its text."""
    said = entry.get("name") or entry.get("text") or ""
    if not said and entry.get("emotion") is not None:
        said = _emotion(entry["emotion"])
    return said if len(said) <= CLIPPED else said[: CLIPPED - 1] + "…"


def label_of(name: str) -> str:
    return {
        "name": _("name"), "kind": _("kind"), "goal": _("goal"), "description": _("description"),
        "goal_touchpoints": _("touchpoints that mean success"), "stage": _("stage"),
        "touchpoints": _("touchpoints"), "opens": _("opens the journey"), "hidden": _("hidden"),
        "height": _("height"), "segment": _("segment"), "goals": _("goals"),
        "frustrations": _("frustrations"), "picture": _("picture"), "colour": _("colour"),
        "lane": _("lane"), "step": _("step"), "persona": _("persona"), "text": _("text"),
        "emotion": _("feeling"), "owner": _("owner"), "links": _("links"), "image": _("picture"),
        "basis": _("basis"), "n": _("how many were asked"), "date": _("date of the evidence"),
        "expires": _("evidence expires"), "follows": _("place"),
    }.get(name, name)  # fmt: skip


def said(list_name: str, name: str, value: Any, names: Names) -> str:
    """A field's value in words; nothing for none."""
    if is_blank(value):
        return ""
    if name in ("touchpoints", "goal_touchpoints"):
        return ", ".join(names.touchpoints.get(code, code) for code in value)
    if name in ("stage", "lane", "step", "persona"):
        return names.part(f"{name}s", value) or word_of(f"{name}s")
    if name == "links":
        return ", ".join(link.get("title") or link["url"] for link in value)
    if name in ("picture", "image"):
        return _("a picture")
    if name == "hidden":
        return _("yes")
    if name == "emotion":
        return _emotion(value)
    if name == "segment":
        return names.segments.get(value, value)
    return _choice(list_name, name, value)


def _choice(list_name: str, name: str, value: Any) -> str:
    choices: dict[tuple[str, str], Any] = {
        ("journey", "kind"): Journey.Kind,
        ("lanes", "kind"): Lane.Kind,
        ("lanes", "height"): Lane.Height,
        ("cards", "basis"): Card.Basis,
        ("cards", "colour"): Card.Colour,
    }
    found = choices.get((list_name, name))
    labels = {str(v): str(label) for v, label in found.choices} if found else {}
    return labels.get(str(value), str(value))


def _emotion(value: int) -> str:
    return {int(number): str(words) for number, words in EMOTIONS if number}.get(value, str(value))
