"""The map cut into sheets: pages of paper, slides, or one sheet for the screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from reports.poster.curves import Panel, panel_of
from reports.poster.parts import CardSeen, Column, LaneSeen, Place, Poster, StageSeen, StepSeen

# Columns of 40 mm beside the lanes' names fill an A3 sheet on its side.
PAPER_COLUMNS = 9
# More steps of a stage than these are too small to be read from the other end of a room.
SLIDE_COLUMNS = 6


@dataclass(frozen=True)
class Band:
    """A stage over its columns of this sheet."""

    stage: StageSeen
    columns: int
    continued: bool

    @property
    def name(self) -> str:
        return _("%s (continued)") % self.stage.name if self.continued else self.stage.name


@dataclass(frozen=True)
class Row:
    lane: LaneSeen
    cells: tuple[tuple[CardSeen, ...], ...]
    panel: Panel | None

    @property
    def has_cards(self) -> bool:
        return any(self.cells)


@dataclass(frozen=True)
class ToldStep:
    """A step with the cards of each lane that has any."""

    name: str
    places: tuple[Place, ...]
    lanes: list[tuple[LaneSeen, tuple[CardSeen, ...]]]


@dataclass(frozen=True)
class Narrow:
    """A stage as it is told on a narrow screen; None stands for a stage without steps."""

    stage: StageSeen
    steps: list[ToldStep | None]


@dataclass(frozen=True)
class Sheet:
    bands: tuple[Band, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    number: int
    of: int

    @property
    def width(self) -> int:
        """In columns, with that of the lanes' names."""
        return len(self.columns) + 1

    @property
    def title(self) -> str:
        return ", ".join(band.name for band in self.bands)

    @property
    def has_places(self) -> bool:
        return any(column.step and column.step.places for column in self.columns)

    @property
    def notes(self) -> list[StepSeen]:
        return [column.step for column in self.columns if column.step and column.step.note]

    @property
    def stages(self) -> list["Narrow"]:
        """The same for narrow screens: stage by stage, step by step."""
        lanes = [row.lane for row in self.rows]
        return [
            Narrow(stage, [_told(column, lanes) for column in columns])
            for stage, columns in groupby(self.columns, key=lambda column: column.stage)
        ]


def _told(column: Column, lanes: Sequence[LaneSeen]) -> ToldStep | None:
    step = column.step
    if step is None:
        return None
    cells = [(lane, step.cells.get(lane.key, ())) for lane in lanes]
    return ToldStep(step.name, step.places, [(lane, cards) for lane, cards in cells if cards])


def whole(poster: Poster) -> Sheet:
    """All on one sheet."""
    return _sheet(poster, poster.columns, 1, 1)


def paper(poster: Poster, most: int = PAPER_COLUMNS) -> list[Sheet]:
    """Sheets of at most so many columns; a stage is cut only where it is wider than a sheet."""
    pages: list[list[Column]] = []
    for piece in _pieces(poster, most):
        if pages and len(pages[-1]) + len(piece) <= most:
            pages[-1] += piece
        else:
            pages.append(list(piece))
    return _sheets(poster, pages)


def slides(poster: Poster, most: int = SLIDE_COLUMNS) -> list[Sheet]:
    """A stage each; a wide one goes over several."""
    return _sheets(poster, _pieces(poster, most))


def _sheets(poster: Poster, pages: Sequence[Sequence[Column]]) -> list[Sheet]:
    return [_sheet(poster, page, i, len(pages)) for i, page in enumerate(pages, 1)]


def _pieces(poster: Poster, most: int) -> list[list[Column]]:
    """The columns stage by stage, in pieces of about the same width."""
    pieces = []
    for _stage, group in groupby(poster.columns, key=lambda column: column.stage.key):
        columns = list(group)
        parts = -(-len(columns) // most)
        each = -(-len(columns) // parts)
        pieces += [columns[i : i + each] for i in range(0, len(columns), each)]
    return pieces


def _sheet(poster: Poster, columns: Sequence[Column], number: int, of: int) -> Sheet:
    first = columns[0].number if columns else 0
    before = poster.columns[first - 1].stage.key if first else None
    bands = []
    for key, group in groupby(columns, key=lambda column: column.stage.key):
        its = list(group)
        bands.append(Band(its[0].stage, len(its), key == before))
    rows = tuple(
        Row(
            lane,
            tuple(
                tuple(c for c in (column.step.cells.get(lane.key, ()) if column.step else ())
                      if not (lane.has_curve and c.is_only_feeling))
                for column in columns
            ),
            panel_of(poster, lane, columns, first) if lane.has_curve and columns else None,
        )
        for lane in poster.lanes
    )  # fmt: skip
    return Sheet(tuple(bands), tuple(columns), rows, number, of)
