"""Where the numbers of a file come from, in words: beneath each figure, and on the first page."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import wording
from journeys.paper import typeface
from reports.blocks.content import Filled
from reports.figures.sheet import Figure, Source


def moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def beneath(figure: Figure, made_at: datetime) -> str:
    """One line under a figure."""
    source = figure.source
    parts = [source.scope]
    if figure.n is not None:
        parts.append(f"n {wording.number(figure.n)} {figure.n_of}".strip())
    if source.snapshot is not None:
        parts.append(_("snapshot %s") % source.snapshot)
    if source.formula:
        parts.append(_("formula %s") % source.formula)
    if source.made_at_text:
        parts.append(source.made_at_text)
    parts.append(_("made %s") % moment(made_at))
    return " · ".join(parts)


def of_report(found: Filled) -> list[tuple[str, str]]:
    """Label and value; for the first page, the last slide and the first sheet."""
    source: Source = found.source
    filters = "; ".join(f"{name}: {value}" for name, value in source.filters.items())
    told = [
        (_("Workspace"), source.workspace),
        (_("Journey"), source.journey or _("the whole workspace")),
        (_("Period"), source.period),
        (_("Filters"), filters or _("none")),
        (_("Snapshot"), "" if source.snapshot is None else str(source.snapshot)),
        (_("Evidence revision"), "" if source.revision is None else str(source.revision)),
        (_("Formula"), source.formula),
        (_("Made"), moment(found.made_at)),
    ]
    return [(label, typeface.clean(value)) for label, value in told if value]


def exact(figure: Figure, made_at: datetime) -> dict[str, Any]:
    """The provenance for programs; its names stay English."""
    source = figure.source
    return {
        "workspace": source.workspace,
        "journey": source.journey,
        "period": source.period,
        "filters": dict(source.filters),
        "n": figure.n,
        "n_counts": figure.n_of,
        "snapshot": source.snapshot,
        "evidence_revision": source.revision,
        "formula": source.formula,
        "scored_at": source.made_at if source.formula else None,
        "made_at": made_at,
        "definition": figure.definition,
    }
