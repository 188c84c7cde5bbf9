"""Opens the burden of a whole journey: the sum over its touchpoints."""

from django.utils.translation import gettext as _

from accounts import wording
from analytics.total import total_burden
from painpoints.comparing import counts_of
from painpoints.formulas import Definition, num
from painpoints.knowing import UnknownNumber, Value, address
from painpoints.models import ScoringRun
from painpoints.opening import Opened, Query, opens

MOST = 12


@opens("total")
def total(run: ScoringRun, query: Query) -> Opened:
    """Painful passages per 1,000 customers of the journey, all touchpoints together."""
    found = total_burden(counts_of(run), weights=run.parameters["weights"])
    if found is None or run.result is None:
        raise UnknownNumber("total")
    lines = sorted(
        (line for line in run.result["touchpoints"] if line["families"]),
        key=lambda line: -line["burden"],
    )
    bases = {line["reach_basis"] for line in lines}
    return Opened(
        name=_("Burden of the journey"),
        place=run.journey.name,
        shown=Value(found.value, found.low, found.high, run.result["customers"] or None, level=90),
        unit=_("per 1,000 customers"),
        definition=Definition(
            _("1,000 customers of this journey have about %(count)s painful passages.")
            % {"count": wording.number(found.value)},
            _(
                "The burdens of all touchpoints with evidence, added up. The interval comes from "
                "the draws of the ranking, added up in the same way."
            ),
            (
                "Σ 1000 · reach · severity",
                *(f"{line['name']}: {num(line['burden'])}" for line in lines[:MOST]),
            ),
            (("reach", _("share of the journey's customers who pass the touchpoint")),),
        ),
        assumed=(
            ()
            if bases == {"interactions"}
            else (
                _(
                    "Where no visits are known, reach is estimated from how much evidence there "
                    "is, against the touchpoint that has most."
                ),
            )
        ),
        rows=_("It is a sum; each of its parts opens by itself."),
        links=tuple((line["name"], address(run, "burden", line["code"])) for line in lines[:MOST]),
    )
