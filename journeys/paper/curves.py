"""The curves of feelings: one for all customers and one for each of the first personas."""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from journeys.operations import Entry
from journeys.paper.drawing import MOST_CURVES, Drawing
from journeys.paper.marks import Point

DASHES: tuple[tuple[float, ...], ...] = ((), (7, 3), (2, 3), (9, 3, 2, 3), (5, 5), (1, 4))
STEPS = 16  # straight pieces from one point to the next


@dataclass(frozen=True)
class Feeling:
    """A curve through (place of the column, mean emotion); `persona` is "" for all customers."""

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
    return [Feeling(key, tuple(points[key])) for key in order]


def bent(points: Sequence[Point]) -> list[Point]:
    """Monotone cubic through the points: never above or below them (Fritsch & Carlson 1980)."""
    tangents = _tangents(points)
    found = list(points[:1])
    for (x0, y0), (x1, y1), m0, m1 in zip(
        points, points[1:], tangents, tangents[1:], strict=False
    ):
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
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in zip(points, points[1:], strict=False)]
    inner = [
        2 * before * after / (before + after) if before * after > 0 else 0.0
        for before, after in zip(slopes, slopes[1:], strict=False)
    ]
    return [0.0, *inner, 0.0]


def between(points: Sequence[Point], low: float, high: float) -> list[Point]:
    """The part of a line from one x to another, cut exactly there."""
    inside = [point for point in points if low <= point[0] <= high]
    xs = [x for x, _y in points]
    for edge, place in ((low, 0), (high, len(inside))):
        after = bisect(xs, edge)
        if 0 < after < len(points) and (not inside or inside[min(place, -1)][0] != edge):
            (x0, y0), (x1, y1) = points[after - 1], points[after]
            if x0 < edge < x1:
                cut = (edge, y0 + (y1 - y0) * (edge - x0) / (x1 - x0))
                inside.insert(0 if place == 0 else len(inside), cut)
    return inside
