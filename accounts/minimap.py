"""The geometry of a journey map in miniature: feelings over steps, designed and measured."""

import itertools
from collections.abc import Sequence
from typing import TypedDict

WIDTH, TOP, BOTTOM = 720.0, 30.0, 190.0
BEST, WORST = 2.0, -2.0


class Step(TypedDict, total=False):
    """One step. Feelings run from −2 to 2 (a CSAT of 1–5, less 3); None where unknown."""

    name: str
    designed: float | None
    measured: float | None
    low: float | None
    high: float | None
    n: int | None


class Mark(TypedDict):
    name: str
    x: float
    left: float
    designed: float | None
    measured: float | None
    low: float | None
    high: float | None
    n: int | None
    worst: bool


class MiniMap(TypedDict):
    marks: list[Mark]
    zero: float
    column: float
    designed: str
    measured: str
    interval: str


def height_of(feeling: float | None) -> float | None:
    """−2…2 as a y coordinate; kept within the drawing."""
    if feeling is None:
        return None
    share = (BEST - min(BEST, max(WORST, feeling))) / (BEST - WORST)
    return round(TOP + share * (BOTTOM - TOP), 1)


def smooth(points: Sequence[tuple[float, float]]) -> str:
    """An SVG path with level tangents, so that no curve overshoots what was measured."""
    if not points:
        return ""
    parts = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        middle = (x0 + x1) / 2
        parts.append(f"C{middle:g} {y0:g} {middle:g} {y1:g} {x1:g} {y1:g}")
    return " ".join(parts)


def draw(steps: Sequence[Step]) -> MiniMap:
    column = WIDTH / max(1, len(steps))
    known = [s["measured"] for s in steps if s.get("measured") is not None]
    worst = min((m for m in known if m is not None), default=None)
    marks: list[Mark] = [
        {
            "name": step["name"],
            "x": round(column * (i + 0.5), 1),
            "left": round(column * i, 1),
            "designed": height_of(step.get("designed")),
            "measured": height_of(step.get("measured")),
            "low": height_of(step.get("low")),
            "high": height_of(step.get("high")),
            "n": step.get("n"),
            "worst": worst is not None and step.get("measured") == worst,
        }
        for i, step in enumerate(steps)
    ]
    upper = [(m["x"], m["high"]) for m in marks if m["high"] is not None and m["low"] is not None]
    lower = [(m["x"], m["low"]) for m in marks if m["high"] is not None and m["low"] is not None]
    band = ""
    if len(upper) > 1:
        band = smooth(upper) + " L" + smooth(lower[::-1])[1:] + " Z"
    return {
        "marks": marks,
        "zero": height_of(0.0) or 0.0,
        "column": round(column, 2),
        "designed": smooth([(m["x"], m["designed"]) for m in marks if m["designed"] is not None]),
        "measured": smooth([(m["x"], m["measured"]) for m in marks if m["measured"] is not None]),
        "interval": band,
    }
