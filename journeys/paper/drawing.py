"""What is drawn: a journey's map with the words and files around it."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from journeys import basis
from journeys.entries import dump_parts
from journeys.models import Journey, Picture
from journeys.operations import Entry, Lists
from touchpoints.models import Touchpoint

MOST_CURVES = 5


@dataclass(frozen=True)
class Column:
    """A step; or, in a stage without steps, the place where its first step will be."""

    stage: Entry
    step: Entry | None


@dataclass(frozen=True)
class Drawing:
    """One map, in the words of the map file, as it is on one day."""

    name: str
    subtitle: str
    source: str
    lists: Lists
    today: date
    touchpoints: dict[str, str] = field(default_factory=dict)  # code → name
    pictures: dict[str, tuple[Path, int, int]] = field(default_factory=dict)  # with their sizes
    journeys: dict[str, str] = field(default_factory=dict)  # slug → name

    @cached_property
    def columns(self) -> list[Column]:
        steps: dict[str, list[Entry]] = defaultdict(list)
        for step in self.lists["steps"]:
            steps[step["stage"]].append(step)
        return [
            Column(stage, step)
            for stage in self.lists["stages"]
            for step in (steps[stage["id"]] or [None])  # type: ignore[list-item]
        ]

    @cached_property
    def cells(self) -> dict[tuple[str, str], list[Entry]]:
        """Lane and step → their cards."""
        found = defaultdict(list)
        for card in self.lists["cards"]:
            found[card["lane"], card["step"]].append(card)
        return found

    def cards_at(self, lane: Entry, column: Column) -> list[Entry]:
        return self.cells.get((lane["id"], column.step["id"]), []) if column.step else []

    @cached_property
    def personas(self) -> dict[str, tuple[int, Entry]]:
        """Id → its place among the personas, and itself."""
        return {p["id"]: (place, p) for place, p in enumerate(self.lists["personas"])}

    def short_name_of(self, key: str) -> str:
        return short_name(self.personas[key][1]) if key in self.personas else key

    def name_of_persona(self, key: str) -> str:
        return called(self.personas[key][1]) if key in self.personas else key

    def strength_of(self, card: Entry) -> basis.Strength:
        expires = card.get("expires")
        return basis.strength(
            card.get("basis", ""),
            card.get("n"),
            date.fromisoformat(expires) if expires else None,
            self.today,
        )


def called(entry: Entry) -> str:
    return str(entry.get("name") or entry["id"])


def short_name(persona: Entry) -> str:
    """“Mei, 34, travels for work” is Mei where there is no room for more."""
    name = called(persona)
    return re.split("[,，(（]", name)[0].strip() or name


def drawing_of(journey: Journey, *, with_hidden: bool = False) -> Drawing:
    """The journey's map as it is now; hidden lanes only if asked for."""
    lists = dump_parts(journey)
    if not with_hidden:
        lists["lanes"] = [lane for lane in lists["lanes"] if not lane.get("hidden")]
        shown = {lane["id"] for lane in lists["lanes"]}
        lists["cards"] = [card for card in lists["cards"] if card["lane"] in shown]
    kind = str(journey.get_kind_display())
    codes = {code for step in lists["steps"] for code in step.get("touchpoints", [])}
    opened = {step["opens"] for step in lists["steps"] if step.get("opens")}
    return Drawing(
        name=journey.name,
        subtitle=f"{kind} · {journey.goal}" if journey.goal else kind,
        source=_("%(workspace)s · change %(revision)d of the map · %(day)s")
        % {
            "workspace": journey.workspace.name,
            "revision": journey.revision,
            "day": date_format(timezone.localtime(), "DATETIME_FORMAT"),
        },
        lists=lists,
        today=timezone.localdate(),
        touchpoints=dict(
            Touchpoint.objects.filter(workspace=journey.workspace, code__in=codes).values_list(
                "code", "name"
            )
        ),
        pictures=_pictures(journey, lists),
        journeys=dict(
            Journey.objects.filter(workspace=journey.workspace, slug__in=opened).values_list(
                "slug", "name"
            )
        ),
    )


def _pictures(journey: Journey, lists: Lists) -> dict[str, tuple[Path, int, int]]:
    wanted = {card["image"] for card in lists["cards"] if card.get("image")}
    found = Picture.objects.filter(workspace=journey.workspace, sha256__in=wanted)
    return {p.sha256: (p.path, p.width, p.height) for p in found if p.path.exists()}
