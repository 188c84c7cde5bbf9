"""What comments add to a finding: a cause where the signals leave it open, and that it is an itch.

The themes of all touchpoints are counted with a run over all evidence and kept with it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from scipy import special

from analytics.draws import SEPARABLE
from analytics.rates import wilson
from evidence.heard import FEWEST, Theme
from painpoints import counts
from painpoints.models import PainPoint, ScoringRun

KIND = "themes/1"
BETTER = "better"
# At least one comment in ten asks for something better, as far as the interval goes.
OFTEN = 0.1

Themes = Mapping[str, Theme]
Told = Mapping[str, Themes]


@dataclass(frozen=True)
class Share:
    """x of n comments tell of it; the ends are those of the 95% interval."""

    x: int
    n: int

    @property
    def ends(self) -> tuple[float, float]:
        low, high = wilson(self.x, self.n)
        return float(low), float(high)


def keep(run: ScoringRun, told: Told) -> None:
    document = {c: {name: asdict(t) for name, t in themes.items()} for c, themes in told.items()}
    counts.keep(run, KIND, document)


def told_of(run: ScoringRun | None) -> Told:
    document = (counts.kept(run, KIND) if run else None) or {}
    return {c: {name: Theme(**t) for name, t in themes.items()} for c, themes in document.items()}


def cause_told(themes: Themes) -> str:
    """The cause most told of beside painful answers; nothing where it may be another as well.

    At least five customers tell of it, and it would be ahead of the next in nine of ten samples:
    P(p > 1/2) of Beta(n₁ + 1/2, n₂ + 1/2) for the comments that tell of either.
    """
    ordered = sorted(
        (themes[cause] for cause in PainPoint.Cause.values if cause in themes),
        key=lambda theme: -theme.painful_told,
    )
    if not ordered or ordered[0].painful_people < FEWEST:
        return ""
    first, second = ordered[0].painful_told, ordered[1].painful_told if ordered[1:] else 0
    surely = 1.0 - float(special.betainc(first + 0.5, second + 0.5, 0.5))
    if surely < SEPARABLE:
        return ""
    return next(c for c in PainPoint.Cause.values if themes.get(c) is ordered[0])


def asks_for_better(themes: Themes) -> bool:
    """At least five customers do, and the interval of the comments' share begins above a tenth."""
    found = themes.get(BETTER)
    return bool(
        found and found.people >= FEWEST and Share(found.told, found.written).ends[0] >= OFTEN
    )
