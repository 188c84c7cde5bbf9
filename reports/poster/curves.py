"""The curve of feelings: one smooth line per persona, and the measured one with its interval.

x counts columns (the middle of the first is 0.5), y runs from 0 (very glad) to 100 (very hurt).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from reports.poster.parts import Column, LaneSeen, Person, Poster

EDGE = 20.0  # room above the gladdest, for what stands over it, and below the most hurt
UNIT = 100.0  # of the drawing, for one column
APART = 0.1  # columns between personas, so that who feels the same hides nobody
FEW = 30  # fewer answers than these are too little evidence


@dataclass(frozen=True)
class Dot:
    """A point: where it stands in its sheet, in percent, and what it says."""

    left: float
    top: float
    value: float
    n: int | None = None
    high_top: float | None = None  # the ends of the interval
    low_top: float | None = None

    @property
    def height(self) -> float | None:
        if self.high_top is None or self.low_top is None:
            return None
        return self.low_top - self.high_top

    @property
    def is_few(self) -> bool:
        return self.n is not None and self.n < FEW

    @property
    def is_below(self) -> bool:
        """Whether its number stands beneath it: a bad feeling's has its room there."""
        return self.value < 0


@dataclass(frozen=True)
class Curve:
    person: Person | None  # None: all customers, or the measured one
    path: str
    dots: tuple[Dot, ...]
    is_measured: bool = False


@dataclass(frozen=True)
class Panel:
    """A lane's curves on a sheet; the drawing is clipped to the sheet's columns."""

    start: float  # its left and right edge in the drawing
    end: float
    levels: tuple[float, ...]
    zero: float
    curves: tuple[Curve, ...]

    @property
    def view_box(self) -> str:
        return f"{self.start:g} 0 {self.end - self.start:g} 100"


Point = tuple[float, float]  # x in columns, a feeling
Felt = tuple[Person | None, Sequence[Point]]
Asked = tuple[float, Mapping[str, Any] | None]  # x of a touchpoint, its feelings as measured


def panel_of(poster: Poster, lane: LaneSeen, columns: Sequence[Column], first: int) -> Panel:
    """`columns` are those of the sheet, the first of which is number `first` of the map's."""
    felt = [(person, _felt(poster, lane, person)) for person in (None, *poster.people)]
    asked = [
        (column.number + (i + 0.5) / len(places), place.felt)
        for column in poster.columns
        for places in [column.step.places if column.step else ()]
        for i, place in enumerate(places)
    ]
    return drawn(felt, asked, first, first + len(columns))


def drawn(felt: Sequence[Felt], asked: Sequence[Asked], first: int, last: int) -> Panel:
    """What is believed, persona by persona, and what was measured where, from column to column."""
    lines = [(person, points) for person, points in felt if points]
    curves = [
        _believed(person, points, (i - (len(lines) - 1) / 2) * APART, first, last)
        for i, (person, points) in enumerate(lines)
    ]
    measured = _measured(asked, first, last)
    return Panel(
        start=first * UNIT,
        end=last * UNIT,
        levels=tuple(_y(level) for level in (2, 1, -1, -2)),
        zero=_y(0),
        curves=(*curves, measured) if measured else tuple(curves),
    )


def _y(feeling: float) -> float:
    return round(EDGE + (2 - feeling) / 4 * (100 - 2 * EDGE), 2)


def _felt(poster: Poster, lane: LaneSeen, person: Person | None) -> list[Point]:
    points: list[Point] = []
    for column in poster.columns:
        cards = column.step.cells.get(lane.key, ()) if column.step else ()
        felt = [c.emotion for c in cards if c.emotion is not None and c.persona == person]
        if felt:
            points.append((column.number + 0.5, sum(felt) / len(felt)))
    return points


def _believed(
    person: Person | None, points: Sequence[Point], shift: float, first: int, last: int
) -> Curve:
    dots = [
        Dot(_left(x + shift, first, last), _y(feeling), feeling)
        for x, feeling in points
        if first <= x < last
    ]
    return Curve(person, path_of([(x + shift, feeling) for x, feeling in points]), tuple(dots))


def _measured(asked: Sequence[Asked], first: int, last: int) -> Curve | None:
    """The line breaks where nothing was measured: what lies between is not known."""
    pieces: list[list[Point]] = [[]]
    dots = []
    before = 0.0
    for x, found in asked:
        if not found or int(x) - int(before) > 1:
            pieces.append([])
        before = x
        if not found:
            continue
        pieces[-1].append((x, found["value"]))
        if first <= x < last:
            ends = [None if found[end] is None else _y(found[end]) for end in ("high", "low")]
            dots.append(
                Dot(_left(x, first, last), _y(found["value"]), found["value"], found["n"], *ends)
            )
    if not any(pieces):
        return None
    return Curve(None, " ".join(path_of(p) for p in pieces if len(p) > 1), tuple(dots), True)


def _left(x: float, first: int, last: int) -> float:
    return round(100 * (x - first) / (last - first), 3)


def path_of(points: Sequence[Point]) -> str:
    """A smooth line that never rises above or falls below its points.

    Monotone cubic interpolation: Fritsch & Carlson 1980, SIAM J. Numer. Anal. 17:238–246, with
    the harmonic mean of neighbouring slopes as tangent.

    >>> path_of([(0.5, 0), (1.5, 0)])
    'M50 50 C83.3 50 116.7 50 150 50'
    """
    at = [(x * UNIT, _y(feeling)) for x, feeling in points]
    slopes = [(y1 - y0) / (x1 - x0) for (x0, y0), (x1, y1) in pairwise(at)]
    tangents = [
        0.0 if a * b <= 0 else 2 * a * b / (a + b)
        for a, b in zip([0.0, *slopes], [*slopes, 0.0], strict=True)
    ]
    parts = [f"M{at[0][0]:g} {at[0][1]:g}"] if at else []
    for i, ((x0, y0), (x1, y1)) in enumerate(pairwise(at)):
        third = (x1 - x0) / 3
        c0, c1 = y0 + tangents[i] * third, y1 - tangents[i + 1] * third
        parts.append(
            f"C{_short(x0 + third)} {_short(c0)} {_short(x1 - third)} {_short(c1)} "
            f"{_short(x1)} {_short(y1)}"
        )
    return " ".join(parts)


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
