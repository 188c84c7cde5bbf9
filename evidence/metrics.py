"""The scales of the questions we know, and which answers count as painful (docs/methods.md)."""

from dataclasses import dataclass
from decimal import Decimal

from accounts.models import Workspace


@dataclass(frozen=True)
class Scale:
    """A question's scale. Painful: score <= pain_at_most, or >= pain_at_least."""

    code: str
    low: Decimal
    high: Decimal
    pain_at_most: Decimal | None = None
    pain_at_least: Decimal | None = None


BUILT_IN = {
    "nps": Scale("nps", Decimal(0), Decimal(10), pain_at_most=Decimal(6)),
    "csat": Scale("csat", Decimal(1), Decimal(5), pain_at_most=Decimal(2)),
    "ces": Scale("ces", Decimal(1), Decimal(7), pain_at_most=Decimal(3)),
}


def scales_of(workspace: Workspace) -> dict[str, Scale]:
    """All metrics a workspace knows: the built-in ones and its own, by code."""
    own = {
        m.code: Scale(m.code, m.low, m.high, m.pain_at_most, m.pain_at_least)
        for m in workspace.metrics.all()
    }
    return {**own, **BUILT_IN}
