"""Strips: pieces of a drawing that stay whole, stacked on pages, slides or one tall picture."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from accounts import palette
from journeys.paper import typeface
from journeys.paper.marks import Box, Curve, Dot, Group, Line, Mark, Picture, Text

MOST_LINES = 40  # of one cell: what is longer ends in an ellipsis


@dataclass(frozen=True)
class Piece:
    """Marks from (0, 0) down to its height."""

    height: float
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Drawn:
    """Pieces below one another; head and foot stand again on every page they continue on."""

    pieces: Sequence[Piece]
    head: Piece = field(default_factory=lambda: Piece(0))
    foot: Piece = field(default_factory=lambda: Piece(0))

    @property
    def height(self) -> float:
        return self.head.height + self.foot.height + sum(one.height for one in self.pieces)

    def marks(self, x: float = 0.0, y: float = 0.0) -> list[Mark]:
        """All of it, from this point down."""
        found: list[Mark] = []
        for piece in (self.head, *self.pieces, self.foot):
            found += [moved(mark, x, y) for mark in piece.marks]
            y += piece.height
        return found


def moved(mark: Mark, x: float, y: float) -> Mark:
    match mark:
        case Line():
            (x0, y0), (x1, y1) = mark.start, mark.end
            return replace(mark, start=(x0 + x, y0 + y), end=(x1 + x, y1 + y))
        case Curve():
            return replace(mark, points=tuple((px + x, py + y) for px, py in mark.points))
        case Group():
            return replace(mark, marks=tuple(moved(each, x, y) for each in mark.marks))
        case Box() | Text() | Dot() | Picture():
            return replace(mark, x=mark.x + x, y=mark.y + y)


def colour(token: str) -> str:
    return palette.colours("light")[token]


def of_step(step: int) -> tuple[str, str]:
    """The colour of a step of the pain scale, and the colour of text on it."""
    return colour(f"--pain-{step}"), colour(f"--on-pain-{step}")


def lines_of(text: str, width: float, size: float, most: int = MOST_LINES) -> tuple[str, ...]:
    found = typeface.wrapped(" ".join(text.split(" ")), max(width, size), size)
    if len(found) > most:
        found = [*found[: most - 1], typeface.cut("".join(found[most - 1 :]), width, size)]
        if not found[-1].endswith("…"):
            found[-1] += "…"
    return tuple(found)


def text(
    said: str, x: float, y: float, width: float, size: float, token: str = "--text", *,
    most: int = MOST_LINES, bold: bool = False, at_end: bool = False,
) -> Text:  # fmt: skip
    return Text(x, y, width, lines_of(said, width, size, most), size, colour(token), bold, at_end)


def centred(said: str, x: float, y: float, size: float, token: str = "--text",
            fill: str = "", bold: bool = False) -> Text:  # fmt: skip
    """One line about a middle."""
    wide = typeface.width_of(said, size)
    return Text(x - wide / 2, y, wide + 1, (said,), size, fill or colour(token), bold)


def bottom_of(marks: Iterable[Mark]) -> float:
    return max((m.y + m.height for m in marks if isinstance(m, Text | Box)), default=0.0)
