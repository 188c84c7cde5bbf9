"""Opens a stage's severity: all experiences at its touchpoints together."""

from django.utils.translation import gettext as _

from accounts import wording
from evidence.rows import Part
from painpoints.counts import breakdown_of
from painpoints.explanation import label_of
from painpoints.formulas import Definition
from painpoints.knowing import UnknownNumber, Value
from painpoints.knowing_counts import GROUPS, part_of, part_text
from painpoints.models import ScoringRun
from painpoints.opening import Counted, Opened, Query, counted_of, opens
from painpoints.readings import line_of, volume
from painpoints.stages import staged


@opens("stage")
def stage(run: ScoringRun, query: Query) -> Opened:
    """For one segment, channel or unit, or for all together."""
    part = part_of(query)
    found = staged(run, part.dimension if part.dimension in GROUPS else "segment")
    line = (
        next((one for one in found.lines if one["code"] == query.get("at")), None)
        if found
        else None
    )
    if found is None or line is None:
        raise UnknownNumber("at")
    place = line["name"]
    if part:
        told = found.found.cells.get(line["code"], {}).get(part.value)
        if told is None:
            raise UnknownNumber("stage")
        place = f"{place} · {part_text(run, part)}"
        shown = Value(told.severity, told.severity_low, told.severity_high, told.n, "points",
                      level=90)  # fmt: skip
    else:
        few = line["too_little_evidence"]
        shown = Value(
            None if few else line["severity"], line["severity_low"], line["severity_high"],
            volume(line), "points", level=90,
        )  # fmt: skip
    return Opened(
        name=_("Severity of a stage"),
        place=place,
        shown=shown,
        unit=_("of 100 passages"),
        why_not=""
        if shown.value is not None
        else _("Fewer than 30 experiences of every kind, so no severity is told."),
        definition=Definition(
            _("Of 100 passages of this stage about %(count)s hurt.")
            % {"count": wording.points(shown.value)}
            if shown.value is not None
            else "",
            _(
                "The painful and all experiences of the stage's touchpoints are put together, "
                "signal by signal, and scored like one touchpoint, with priors fitted over the "
                "stages. A touchpoint of two stages counts in both."
            ),
            (_("severity = 1 − Π (1 − w · r)"),),
            (("w", _("weight of the family")), ("r", _("rate of painful experiences in it"))),
        ),
        assumed=(_("The stages are those of the map as it is now."),),
        counted=tuple(_counted(run, found.places[line["code"]], part)),
    )


def _counted(run: ScoringRun, codes: list[str], part: Part) -> list[Counted]:
    """Each touchpoint's signals, with the way to their rows."""
    breakdown = breakdown_of(run)
    counted: list[Counted] = []
    for code in codes:
        line = line_of(run, code)
        if line is None:
            continue
        if part and breakdown is not None:
            i = breakdown.values[part.dimension].index(part.value)
            own = breakdown.counts[part.dimension].get(code, {})
            families = {f: (x[i], n[i]) for f, (x, n) in own.items() if n[i]}
        else:
            families = {f: (found["x"], found["n"]) for f, found in line["families"].items()}
        counted += counted_of(run, code, families, part, label_of, where=line["name"])
    return counted
