"""The scales of the questions we know, and which answers count as painful (docs/methods.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import Workspace


@dataclass(frozen=True)
class Scale:
    """A question's scale. Painful: score <= pain_at_most, or >= pain_at_least."""

    code: str
    low: Decimal
    high: Decimal
    pain_at_most: Decimal | None = None
    pain_at_least: Decimal | None = None

    def to_json(self) -> dict[str, str | None]:
        """As runs and the history keep it."""
        return {name: _text(getattr(self, name)) for name in SCALE}

    @classmethod
    def from_json(cls, code: str, kept: Mapping[str, str | None]) -> "Scale":
        ends = {name: Decimal(text) if text else None for name, text in kept.items()}
        return cls(code, **ends)  # type: ignore[arg-type]


SCALE = ("low", "high", "pain_at_most", "pain_at_least")
BUILT_IN = {
    "nps": Scale("nps", Decimal(0), Decimal(10), pain_at_most=Decimal(6)),
    "csat": Scale("csat", Decimal(1), Decimal(5), pain_at_most=Decimal(2)),
    "ces": Scale("ces", Decimal(1), Decimal(7), pain_at_most=Decimal(3)),
}


def scales_of(workspace: Workspace) -> dict[str, Scale]:
    """All metrics a workspace knows: the built-in ones and its own, by code."""
    return {**own_scales(workspace), **BUILT_IN}


def own_scales(workspace: Workspace) -> dict[str, Scale]:
    """The metrics of the workspace's own, by code."""
    return {
        m.code: Scale(m.code, m.low, m.high, m.pain_at_most, m.pain_at_least)
        for m in workspace.metrics.all()
    }


def scale_text(kept: Mapping[str, str | None]) -> str:
    """A kept scale in words: from where to where, and what on it is painful."""
    painful = (
        f"≤ {kept['pain_at_most']}"
        if kept["pain_at_most"] is not None
        else f"≥ {kept['pain_at_least']}"
    )
    ends = f"{kept['low']}–{kept['high']}"
    return _("%(scale)s, painful %(painful)s") % {"scale": ends, "painful": painful}


def _text(number: Decimal | None) -> str | None:
    """One spelling per value, whatever its trailing zeros."""
    return None if number is None else f"{number.normalize():f}"
