"""Numbers that a page makes of a run's counts, opened: “How do we know?” beyond the score itself.

A kind of number ("cell", "week" …) registers what opens it; higher apps register theirs. What has
rows of its own (x of n in one family of some part of the run) is a PartNumber and opens as every
number of a run does: kind "rate".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from evidence.rows import Part
from painpoints.formulas import Definition
from painpoints.knowing import Value, address
from painpoints.knowing_counts import query_of
from painpoints.models import ScoringRun

RATE = "rate"
Query = Mapping[str, str]


@dataclass(frozen=True)
class Counted:
    """x of n in one family, as a link to its rows; `where` tells several parts apart."""

    family: str
    label: str
    x: float
    n: float
    url: str
    where: str = ""


@dataclass(frozen=True)
class Opened:
    """One number: what it is, how it was made and judged, what it was counted from.

    judged: (label, what holds).  assumed: what has to be so for it to be right.  interval: what
    its interval means where that is not the usual, or why there is none.  rows: why there are no
    rows, where nothing was `counted`.  links: (words, address).
    """

    name: str
    place: str
    shown: Value
    definition: Definition
    unit: str = ""
    why_not: str = ""
    interval: str = ""
    judged: tuple[tuple[str, str], ...] = ()
    assumed: tuple[str, ...] = ()
    counted: tuple[Counted, ...] = ()
    rows: str = ""
    links: tuple[tuple[str, str], ...] = ()


Opener = Callable[[ScoringRun, Query], Opened]
OPENERS: dict[str, Opener] = {}


def opens(kind: str) -> Callable[[Opener], Opener]:
    """Names what opens a kind of number; it raises UnknownNumber where the run has no such one."""

    def register(opener: Opener) -> Opener:
        OPENERS[kind] = opener
        return opener

    return register


def address_of(run: ScoringRun, kind: str, query: Mapping[str, Any]) -> str:
    """Where a number of this kind opens."""
    said = {name: str(value) for name, value in query.items() if value not in ("", None)}
    if kind == RATE:
        figure, code = said.pop("figure"), said.pop("at")
        return address(run, figure, code, **said)
    path = reverse("painpoints:opened", args=[run.workspace.slug, run.pk, kind])
    return f"{path}?{urlencode(said)}"


def counted_of(
    run: ScoringRun, code: str, families: Mapping[str, tuple[float, float]], part: Part,
    labels: Callable[[str], str], where: str = "",
) -> list[Counted]:  # fmt: skip
    """Each family's x of n within the part, with the way to its rows."""
    return [
        Counted(family, labels(family), x, n,
                address(run, family, code, **query_of(part)), where)
        for family, (x, n) in families.items()
    ]  # fmt: skip
