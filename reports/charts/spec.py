"""What charts are made of. Every number stands beside the words that the page has for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.utils.translation import gettext as _

Scale = Literal["number", "percent", "seconds"]


@dataclass(frozen=True)
class Bar:
    """`text` is the value with its interval, as the page says it; `step` of the pain scale."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    text: str
    note: str = ""
    step: int = 0
    is_faded: bool = False  # too little evidence, or not certain


@dataclass(frozen=True)
class Bars:
    """Horizontal bars with intervals, one below the other."""

    axis: str
    bars: Sequence[Bar]
    scale: Scale = "number"

    @property
    def drawn(self) -> list[Bar]:
        return [bar for bar in self.bars if bar.value is not None]


@dataclass(frozen=True)
class Series:
    name: str
    points: Sequence[tuple[float, float]]
    token: str  # the colour
    is_dashed: bool = False


@dataclass(frozen=True)
class Curves:
    """Shares (0–1) over seconds; `marks` are upright lines with their words."""

    x_axis: str
    y_axis: str
    series: Sequence[Series]
    x_end: float
    marks: Sequence[tuple[float, str]] = ()
    facts: Sequence[tuple[str, str, str]] = ()  # label, value, interval and n


@dataclass(frozen=True)
class Square:
    """A cell of a heat map; without a value, `text` says why."""

    text: str
    note: str = ""
    step: int = 0
    value: float | None = None


@dataclass(frozen=True)
class Heat:
    """`left_out`: rows in which only the first column, of all together, has evidence."""

    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Square]]]
    left_out: Sequence[str] = ()

    @property
    def note(self) -> str:
        return _("Not shown, for want of evidence by group: %s.") % ", ".join(self.left_out)


@dataclass(frozen=True)
class Place:
    """A touchpoint at a step."""

    name: str
    severity: str  # points
    text: str  # interval and n, or why there is none
    step: int = 0
    is_faded: bool = False


@dataclass(frozen=True)
class Feeling:
    value: float
    low: float | None
    high: float | None
    text: str


@dataclass(frozen=True)
class Column:
    """A step of a map."""

    stage: str
    step: str
    believed: str
    feeling: Feeling | None
    places: Sequence[Place] = field(default_factory=tuple)


@dataclass(frozen=True)
class Strip:
    """A journey's map: its steps side by side."""

    columns: Sequence[Column]
    measured: str
    believed: str
    severity: str


Chart = Bars | Curves | Heat | Strip
