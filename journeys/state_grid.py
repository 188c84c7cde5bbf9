"""A state of a map, or two compared, as the rows and columns of a page that only shows."""

from collections import defaultdict
from dataclasses import dataclass, field

from journeys.comparing import Compared, MapComparison
from journeys.operations import Entry


@dataclass(frozen=True)
class ShownCell:
    cards: list[Compared]
    left: list[Compared]  # cards that moved away from here


@dataclass(frozen=True)
class ShownColumn:
    stage: Compared
    step: Compared | None


@dataclass(frozen=True)
class ShownMap:
    stages: list[tuple[Compared, int]] = field(default_factory=list)  # with its columns
    columns: list[ShownColumn] = field(default_factory=list)
    rows: list[tuple[Compared, list[ShownCell]]] = field(default_factory=list)


def shown(found: MapComparison) -> ShownMap:
    """What went stands where it was; what moved stands where it is, and is missed where it was."""
    drawn = ShownMap()
    steps: dict[str, list[Compared]] = defaultdict(list)
    for step in found.lists["steps"]:
        steps[step.entry["stage"]].append(step)
    for stage in found.lists["stages"]:
        its = [ShownColumn(stage, step) for step in steps[stage.id]] or [ShownColumn(stage, None)]
        drawn.stages.append((stage, len(its)))
        drawn.columns.extend(its)
    cards, left = defaultdict(list), defaultdict(list)
    for card in found.lists["cards"]:
        cards[_cell(card.entry)].append(card)
        if card.was is not None:
            left[_cell(card.was)].append(card)
    for lane in found.lists["lanes"]:
        cells = []
        for column in drawn.columns:
            cell = (lane.id, column.step.id if column.step else "")
            cells.append(ShownCell(cards.get(cell, []), left.get(cell, [])))
        drawn.rows.append((lane, cells))
    return drawn


def _cell(entry: Entry) -> tuple[str, str]:
    return entry["lane"], entry["step"]
