"""A definition, and formulas filled in with numbers: what several kinds of number share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts import wording
from painpoints.knowing import Value

Z = 1.959964


@dataclass(frozen=True)
class Definition:
    """`lines`: the formula, then the same with this number's values; `terms`: what symbols mean."""

    sentence: str
    words: str
    lines: tuple[str, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()


def severity_lines(parts: Iterable[tuple[float, float]], value: float | None) -> tuple[str, ...]:
    """parts: each family's weight and rate."""
    # A factor stays on one line.
    factors = " · ".join(f"(1\xa0−\xa0{num(w)}\xa0·\xa0{num(r)})" for w, r in parts)
    return (_("severity = 1 − Π (1 − w · r)"), f"= 1 − {factors} = {num(value)}")


def nps_lines(found: Mapping[str, Any]) -> tuple[str, ...]:
    promoters, detractors, n = (float(found[k]) for k in ("promoters", "detractors", "n_eff"))
    p, d = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    half = 100 * Z * sqrt((p + d - (p - d) ** 2) / (n + 3))
    return (
        "NPS = 100 · (P − D) ÷ n",
        f"= 100 · ({num(promoters)} − {num(detractors)}) ÷ {num(n)} = {num(found['value'], 1)}",
        "p = (P + ¾) ÷ (n + 3), d = (D + ¾) ÷ (n + 3)",
        f"p = {num(p)}, d = {num(d)}",
        "100 · (p − d ± 1.96 · √((p + d − (p − d)²) ÷ (n + 3)))",
        f"= {num(100 * (p - d), 1)} ± {num(half, 1)}",
    )


def wilson_lines(x: float, n: float, shown: Value) -> tuple[str, ...]:
    return (
        f"x ÷ n = {num(x)} ÷ {num(n)} = {num(shown.value)}",
        "(x + z²/2 ± z · √(x · (n − x) ÷ n + z²/4)) ÷ (n + z²), z = 1.96",
        f"= {num(shown.low)} … {num(shown.high)}",
    )


def num(value: float | None, digits: int = 4) -> str:
    """As many digits as it takes, at most so many."""
    if value is None:
        return wording.NO_VALUE
    text = number_format(abs(round(value, digits)), digits, force_grouping=True)
    point = number_format(0.5, 1)[1]
    if point in text:
        text = text.rstrip("0").rstrip(point)
    return ("−" if round(value, digits) < 0 else "") + text
