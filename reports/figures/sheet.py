"""What every figure is: a drawing, the sentence it says, its table, its source, its records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Cell = str | dict[str, Any]

# What of a figure may be left out where nobody looks at it: the table, the form for narrow screens,
# the records for exports. Else all are made.
TABLE, NARROW, RECORDS = "table", "narrow", "records"
PARTS = frozenset({TABLE, NARROW, RECORDS})


@dataclass(frozen=True)
class Source:
    """Where the numbers come from. `scope` is in words for people."""

    workspace: str
    journey: str
    scope: str
    filters: Mapping[str, str]  # name → values as in the address; for exports
    period: str
    revision: int | None
    snapshot: int | None
    formula: str
    made_at: datetime
    made_at_text: str


@dataclass(frozen=True)
class Figure:
    """`records` are the exact values for exports; `table` is the same for people."""

    id: str
    heading: str
    definition: str
    aria: str
    source: Source
    n: float | None
    n_of: str
    table: Mapping[str, Any]
    fields: Sequence[str]
    records: Sequence[Mapping[str, Any]]
    plot: Mapping[str, Any] | None = None
    height: int = 320
    # The title of a download of several such figures.
    together: str = ""
    # What only the figure's own template needs: sticky labels, the legend, the list for phones.
    extra: Mapping[str, Any] = field(default_factory=dict)

    def context(self, downloads: Sequence[Mapping[str, str]] = ()) -> dict[str, Any]:
        """As templates/components/figure.html takes it."""
        return {
            "id": self.id,
            "heading": self.heading,
            "definition": self.definition,
            "plot": self.plot,
            "aria": self.aria,
            "height": self.height,
            "table": self.table,
            "downloads": downloads,
            "source": {
                "scope": self.source.scope,
                "n": self.n,
                "n_of": self.n_of,
                "snapshot": self.source.snapshot,
                "formula": self.source.formula,
                "time": self.source.made_at_text,
            },
            **self.extra,
        }


def known(text: str, line: Mapping[str, Any], figure: str) -> Cell:
    """A cell that opens to how we know the number, where a page shows it."""
    return {"text": text, "know": (line, figure)}


def opens(text: str, kind: str, **query: Any) -> Cell:
    """A cell that opens a number of another kind (painpoints/opening.py); None is left out."""
    return {"text": text, "opens": (kind, query)}


def table(
    caption: str, columns: Sequence[str | tuple[str, bool]], rows: Sequence[Sequence[Cell]]
) -> dict[str, Any]:
    """A table for people: a column is its label, or label and whether it holds numbers."""
    named = [(c, False) if isinstance(c, str) else c for c in columns]
    return {
        "caption": caption,
        "columns": [{"label": label, "number": number} for label, number in named],
        "rows": [
            [
                _number(cell) if number else cell
                for cell, (_label, number) in zip(row, named, strict=True)
            ]
            for row in rows
        ],
    }


def _number(cell: Cell) -> Cell:
    return {**(cell if isinstance(cell, dict) else {"text": cell}), "number": True}
