"""Severity: the chance that a passage of a touchpoint hurts, and what each family explains of it.

Letters:
    rates    family → rate of painful experiences, 0 to 1; scalars or arrays of one shape
    weights  family → share of such experiences that really hurt, 0 to 1

A family that is missing from `rates` has no evidence; it is left out, never filled in.
Severity is 0 to 1 and shown to people as 0 to 100.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

FAMILIES = ("felt", "waited", "repeated", "lost", "complained")
DEFAULT_WEIGHTS: Mapping[str, float] = {
    "felt": 1.0,
    "waited": 0.6,
    "repeated": 0.5,
    "lost": 0.8,
    "complained": 1.0,
}


def severity(rates: Mapping[str, ArrayLike], weights: Mapping[str, float] = DEFAULT_WEIGHTS) -> Any:
    """1 − Π (1 − w·r) over the families with evidence, which act independently.

    rates: family → (...,).  Returns (...,).  Raises ValueError without any family, for an unknown
    family, or for a rate or weight outside 0…1.

    >>> round(float(severity({"felt": 0.2, "waited": 0.5})), 6)  # 1 − 0.8 · 0.7
    0.44
    """
    spared: Any = 1.0
    for family in known(rates):
        spared = spared * (1.0 - _weighted(rates[family], weights[family]))
    return 1.0 - spared


def shares(
    rates: Mapping[str, ArrayLike], weights: Mapping[str, float] = DEFAULT_WEIGHTS
) -> dict[str, Any]:
    """The exact share of the severity that each family explains.

    ln(1 − w_f·r_f) / Σ_g ln(1 − w_g·r_g): the logarithm turns severity's product into a sum.
    rates: family → (...,).  Returns family → (...,), in the order of FAMILIES, adding up to 1.
    Where the severity is 0 nothing is to be explained and every share is 0; where a family hurts
    everybody for certain (w·r = 1) it explains all, equally with others that do so too.

    >>> parts = shares({"felt": 0.2, "waited": 0.5})
    >>> {family: round(float(share), 4) for family, share in parts.items()}
    {'felt': 0.3849, 'waited': 0.6151}
    """
    families = known(rates)
    hurts = np.stack(
        np.broadcast_arrays(*(_weighted(rates[family], weights[family]) for family in families))
    )
    certain = hurts >= 1.0
    # SciPy's, because NumPy's last bits depend on the processor's vector units
    parts = -special.log1p(-np.where(certain, 0.0, hurts))
    parts = np.where(certain.any(axis=0), certain.astype(float), parts)
    total = parts.sum(axis=0)
    explained = np.where(total > 0, parts / np.where(total > 0, total, 1.0), 0.0)
    return {family: explained[i][()] for i, family in enumerate(families)}


def known(rates: Mapping[str, Any]) -> list[str]:
    """The families present, in the order of FAMILIES, so that sums never depend on the caller's."""
    if strange := sorted(set(rates) - set(FAMILIES)):
        raise ValueError(f"expected families among {', '.join(FAMILIES)}, got {strange[0]!r}")
    if not rates:
        raise ValueError("expected at least one family with evidence, got none")
    return [family for family in FAMILIES if family in rates]


def _weighted(rate: ArrayLike, weight: float) -> np.ndarray:
    rate = np.asarray(rate, dtype=float)
    if not ((rate >= 0) & (rate <= 1)).all():
        raise ValueError("expected rates between 0 and 1")
    if not 0 <= weight <= 1:
        raise ValueError(f"expected a weight between 0 and 1, got {weight}")
    return weight * rate
