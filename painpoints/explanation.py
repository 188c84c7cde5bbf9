"""A touchpoint's score in words: what was counted, and how much of the severity it explains."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.severity import FAMILIES


@dataclass(frozen=True)
class Part:
    """One family's part in the severity."""

    family: str
    label: str
    sentence: str
    share: float
    rate: float
    low: float
    high: float
    n: float
    weight: float


LABELS = {
    "felt": gettext_lazy("Felt"),
    "waited": gettext_lazy("Waited"),
    "repeated": gettext_lazy("Came back"),
    "lost": gettext_lazy("Lost"),
    "complained": gettext_lazy("Complained"),
}


def label_of(family: str) -> str:
    return str(LABELS[family])


def explain(line: Mapping[str, Any] | None) -> list[Part]:
    """The families with evidence, the one that explains most first."""
    families = (line or {}).get("families", {})
    parts = [
        Part(
            family=family,
            label=label_of(family),
            sentence=sentence_of(family, found),
            **{name: found[name] for name in ("share", "rate", "low", "high", "n", "weight")},
        )
        for family in FAMILIES
        if (found := families.get(family))
    ]
    return sorted(parts, key=lambda part: -part.share)


def sentence_of(family: str, found: Mapping[str, float]) -> str:
    """What was counted of a family, in a plain sentence."""
    words = {
        "felt": _("%(x)s of %(n)s answers were painful."),
        "waited": _("%(x)s of %(n)s waited longer than promised, or gave up."),
        "repeated": _("%(x)s of %(n)s passages were by customers who had to come again."),
        "lost": _("%(x)s of %(n)s journeys that came here ended here, short of the goal."),
        "complained": _("%(x)s complaints in %(n)s passages."),
    }[family]
    return words % {"x": count_of(found["x"]), "n": count_of(found["n"])}


def count_of(value: float) -> str:
    """Weighted answers are counted in parts; a decimal says so."""
    return number_format(value, 0 if value == int(value) else 1, force_grouping=True)
