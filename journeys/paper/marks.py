"""What a page of an exported map is made of. Lengths are points, from the page's top left."""

from dataclasses import dataclass, field
from pathlib import Path

from journeys.paper import typeface

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    stroke: str = ""
    is_dashed: bool = False
    radius: float = 0.0


@dataclass(frozen=True)
class Text:
    """Lines of one style. They keep the spaces they were broken at: joined, they are the text."""

    x: float
    y: float
    width: float
    lines: tuple[str, ...]
    size: float
    colour: str
    is_bold: bool = False
    is_at_end: bool = False  # set against the right edge

    @property
    def text(self) -> str:
        return "".join(self.lines)

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * typeface.LEADING

    def placed(self) -> list[tuple[float, float, str]]:
        """Where each line begins, on its base line."""
        found = []
        for place, line in enumerate(self.lines):
            shown = line.rstrip()
            x = self.x
            if self.is_at_end:
                x += self.width - typeface.width_of(shown, self.size)
            y = self.y + (place * typeface.LEADING + typeface.ASCENT) * self.size
            if shown:
                found.append((x, y, shown))
        return found


@dataclass(frozen=True)
class Line:
    start: Point
    end: Point
    colour: str
    width: float = 0.5
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Curve:
    """So many points that straight lines between them look bent."""

    points: tuple[Point, ...]
    colour: str
    width: float = 2.0
    dash: tuple[float, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    radius: float
    fill: str
    stroke: str = ""


@dataclass(frozen=True)
class Picture:
    x: float
    y: float
    width: float
    height: float
    path: Path


@dataclass(frozen=True)
class Group:
    """Marks that belong together, such as a card; the name says what they are."""

    name: str
    marks: tuple["Mark", ...]


Mark = Box | Text | Line | Curve | Dot | Picture | Group


@dataclass
class Page:
    width: float
    height: float
    title: str
    marks: list[Mark] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # where what stands on it comes from
