"""A journey's map as the rows and columns the editing page draws."""

from collections import defaultdict
from dataclasses import dataclass, field

from journeys.models import Card, Journey, Lane, Stage, Step
from touchpoints.models import Touchpoint


@dataclass
class Column:
    """A step; or, in a stage without steps, the place where its first step will be."""

    stage: Stage
    step: Step | None
    touchpoints: list[Touchpoint] = field(default_factory=list)


@dataclass
class Cell:
    column: Column
    cards: list[Card]


@dataclass
class Row:
    lane: Lane
    cells: list[Cell]


@dataclass
class Grid:
    stages: list[tuple[Stage, int]]  # with the number of its columns
    columns: list[Column]
    rows: list[Row]

    @property
    def has_steps(self) -> bool:
        return any(column.step for column in self.columns)


def grid_of(journey: Journey) -> Grid:
    """The whole map in five queries, whatever its size."""
    steps: dict[int, list[Step]] = defaultdict(list)
    for step in journey.steps.prefetch_related("steptouchpoint_set__touchpoint"):
        steps[step.stage_id].append(step)
    stages, columns = [], []
    for stage in journey.stages.all():
        its = [
            Column(stage, step, [use.touchpoint for use in step.steptouchpoint_set.all()])
            for step in steps[stage.pk]
        ] or [Column(stage, None)]
        stages.append((stage, len(its)))
        columns += its
    cards: dict[tuple[int, int], list[Card]] = defaultdict(list)
    for card in journey.cards.select_related("persona"):
        cards[card.lane_id, card.step_id].append(card)
    rows = [
        Row(
            lane,
            [
                Cell(column, cards[lane.pk, column.step.pk] if column.step else [])
                for column in columns
            ],
        )
        for lane in journey.lanes.all()
    ]
    return Grid(stages, columns, rows)
