"""The curves of feelings: one for all customers and one for each of the first personas."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from journeys.operations import Entry
from journeys.paper.drawing import MOST_CURVES, Drawing
from journeys.paper.marks import Point

DASHES: tuple[tuple[float, ...], ...] = ((), (7, 3), (2, 3), (9, 3, 2, 3), (5, 5), (1, 4))
APART = 0.1  # columns between personas, so that who feels the same hides nobody
STEPS = 16  # straight pieces from one point to the next


@dataclass(frozen=True)
class Feeling:
    """A curve through (about the place of the column, mean emotion); "" is all customers."""

    persona: str
    points: tuple[Point, ...]


def feelings_in(drawing: Drawing, lane: Entry) -> list[Feeling]:
    points: dict[str, list[Point]] = {}
    for place, column in enumerate(drawing.columns):
        told: dict[str, list[float]] = {}
        for card in drawing.cards_at(lane, column):
            if card.get("emotion") is not None:
                told.setdefault(card.get("persona", ""), []).append(card["emotion"])
        for persona, emotions in told.items():
            mean = sum(emotions) / len(emotions)
            points.setdefault(persona, []).append((float(place), mean))
    order = [key for key in ["", *drawing.personas] if key in points][: MOST_CURVES + 1]
    middle = (len(order) - 1) / 2
    return [
        Feeling(key, tuple((x + (i - middle) * APART, mean) for x, mean in points[key]))
        for i, key in enumerate(order)
    ]


def bent(points: Sequence[Point]) -> list[Point]:
    """Monotone cubic through the points: never above or below them (Fritsch & Carlson 1980)."""
    tangents = _tangents(points)
    found = list(points[:1])
    for (x0, y0), (x1, y1), m0, m1 in zip(points, points[1:], tangents, tangents[1:], strict=False):
        wide = x1 - x0
        for step in range(1, STEPS + 1):
            t = step / STEPS
            y = (
                (2 * t**3 - 3 * t**2 + 1) * y0
                + (t**3 - 2 * t**2 + t) * wide * m0
                + (3 * t**2 - 2 * t**3) * y1
                + (t**3 - t**2) * wide * m1
            )
            found.append((x0 + t * wide, y))
    return found


def _tangents(points: Sequence[Point]) -> list[float]:
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(points)]
    inner = [
        2 * before * after / (before + after) if before * after > 0 else 0.0
        for before, after in pairwise(slopes)
    ]
    return [0.0, *inner, 0.0]


def between(points: Sequence[Point], low: float, high: float) -> list[Point]:
    """The part of a line from one x to another, cut exactly there."""
    inside = [point for point in points if low < point[0] < high]
    return [*_at(points, low), *inside, *_at(points, high)]


def _at(points: Sequence[Point], x: float) -> list[Point]:
    """The line's point at x; none where it does not reach."""
    if not points or not points[0][0] <= x <= points[-1][0]:
        return []
    after = max(1, bisect_left([each for each, _y in points], x))
    if after == len(points):
        return [points[-1]] if points[-1][0] == x else []
    (x0, y0), (x1, y1) = points[after - 1], points[after]
    return [(x, y0 + (y1 - y0) * (x - x0) / (x1 - x0))]
