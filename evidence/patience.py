"""How long customers were ready to wait: exact counts of how waits of each length ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from evidence import lake
from evidence.measures import Cursor
from evidence.question import Question, code_parameters, scope_parameters

# What rows without a segment stand under; no segment has an empty code.
NO_SEGMENT = ""


@dataclass(frozen=True)
class Lengths:
    """Waits by their length: `times_s` rises; gave_up and served ended after so long."""

    times_s: tuple[float, ...]
    gave_up: tuple[int, ...]
    served: tuple[int, ...]

    @property
    def n(self) -> int:
        return sum(self.gave_up) + sum(self.served)

    @classmethod
    def together(cls, several: Iterable["Lengths"]) -> "Lengths":
        """All of them as one."""
        total: dict[float, list[int]] = {}
        for one in several:
            for time, gone, served in zip(one.times_s, one.gave_up, one.served, strict=True):
                ended = total.setdefault(time, [0, 0])
                ended[0] += gone
                ended[1] += served
        times = sorted(total)
        return cls(
            tuple(times), tuple(total[t][0] for t in times), tuple(total[t][1] for t in times)
        )


@dataclass(frozen=True)
class Patience:
    """places: touchpoint's code → segment (NO_SEGMENT for none) → lengths of its waits."""

    places: dict[str, dict[str, Lengths]]

    def of(self, code: str) -> Lengths:
        return Lengths.together(self.places.get(code, {}).values())

    def to_json(self) -> dict[str, Any]:
        return {
            code: {segment: [*map(list, (one.times_s, one.gave_up, one.served))]
                   for segment, one in segments.items()}
            for code, segments in self.places.items()
        }  # fmt: skip

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> "Patience":
        return cls(
            {
                code: {segment: Lengths(*map(tuple, one)) for segment, one in segments.items()}
                for code, segments in document.items()
            }
        )


def count_patience(cursor: Cursor, question: Question) -> Patience:
    """One scan of the waits for all touchpoints on the map."""
    parameters = {
        **scope_parameters(question),
        **code_parameters(question),
        "short_abandon_ms": question.short_abandon_ms,
    }
    found: dict[str, dict[str, list[tuple[float, int, int]]]] = {}
    for place, segment, at_ms, gave_up, served in _rows(cursor, parameters):
        segments = found.setdefault(question.places[place].code, {})
        segments.setdefault(segment or NO_SEGMENT, []).append((at_ms / 1000, gave_up, served))
    return Patience(
        {
            code: {segment: Lengths(*zip(*lines, strict=True)) for segment, lines in found_.items()}
            for code, found_ in found.items()
        }
    )


def _rows(cursor: Cursor, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    return cursor.execute(lake.query("patience"), parameters).fetchall()
