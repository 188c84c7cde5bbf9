"""Who is really different: units named over all touchpoints and signals, with whom to ask."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import wording
from painpoints.outliers import UnitsFound
from reports.figures import funnel_records, words
from reports.figures.sheet import Cell, Figure, Source, table
from reports.units import UnitLine


def units_list(lines: Sequence[UnitLine], found: UnitsFound, source: Source) -> Figure:
    """lines: all comparisons, see reports.units.all_lines."""
    named = [line for line in lines if line.is_named]
    caption = _("Units that really differ, the surest first")
    return Figure(
        id="units",
        heading=_("Who is really different"),
        definition=_(
            # xgettext:no-python-format
            "Named are units outside the 95% limits whose difference holds among all comparisons "
            "at once (Benjamini and Hochberg): at most one in ten of them is expected to be here "
            "by luck."
        ),
        aria=verdict(lines, found),
        source=source,
        n=found.judged,
        n_of=_("comparisons"),
        table=table(
            caption,
            [_("Unit"), _("Touchpoint"), _("Signal"), funnel_records.rate_heading(),
             _("Against all units together"), _("Owner of the unit"), _("Owner of the pain")],
            [_row(line) for line in named],
        ),
        fields=funnel_records.FIELDS,
        records=[funnel_records.record_of(line) for line in lines],
    )  # fmt: skip


def _row(line: UnitLine) -> list[Cell]:
    return [
        line.name, line.place, words.family_name(line.family), funnel_records.rate_text(line),
        funnel_records.distance_text(line), line.owner or _("nobody"),
        line.place_owner or _("nobody"),
    ]  # fmt: skip


def verdict(lines: Sequence[UnitLine], found: UnitsFound) -> str:
    """One sentence: how many really differ, and the surest of them."""
    named = [line for line in lines if line.is_named]
    units = len({line.unit for line in lines})
    if not found.judged:
        return _("No two units can be compared here.")
    if not named:
        return ngettext(
            "No unit really differs: what %(units)s unit shows may all be luck.",
            "No unit really differs: what sets the %(units)s units apart may all be luck.",
            units,
        ) % {"units": wording.number(units)}
    said = ngettext(
        "%(count)s of %(units)s units really differs somewhere.",
        "%(count)s of %(units)s units really differ somewhere.",
        len({line.unit for line in named}),
    ) % {"count": wording.number(len({line.unit for line in named})),
         "units": wording.number(units)}  # fmt: skip
    first = named[0]
    return f"{said} " + _(
        "Most surely %(unit)s at %(place)s (%(family)s): %(rate)s, where all units together have "
        "%(target)s."
    ) % {
        "unit": first.name, "place": first.place, "family": words.family_name(first.family),
        "rate": funnel_records.rate_text(first), "target": wording.percent(first.target, 1),
    }  # fmt: skip
