"""Writes figures into files: CSV with its provenance on top, and HTML that needs no network."""

import csv
import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.csv_cells import BOM, cell
from reports.figures import bundle
from reports.figures.sheet import Figure
from reports.figures.theme import themed

STYLES = (
    "tokens",
    "base",
    "tables",
    "numbers",
    "components",
    "figure",
    "reports",
    "heat",
    "standalone",
)


def csv_response(figures: Sequence[Figure], name: str) -> HttpResponse:
    response = HttpResponse(csv_text(figures), content_type="text/csv; charset=utf-8")
    return _attached(response, name)


def html_response(figures: Sequence[Figure], name: str) -> HttpResponse:
    return _attached(HttpResponse(html_text(figures)), name)


def csv_text(figures: Sequence[Figure]) -> str:
    """First where the numbers come from, one fact a line; then the exact values."""
    out = io.StringIO()
    writer = csv.writer(out)
    for label, value in facts_of(figures):
        writer.writerow([f"# {label}", cell(value)])
    writer.writerow(figures[0].fields)
    for figure in figures:
        for record in figure.records:
            writer.writerow([cell(record.get(name)) for name in figure.fields])
    return BOM + out.getvalue()


def title_of(figures: Sequence[Figure]) -> str:
    """One figure's heading; of several, what they are together."""
    first = figures[0]
    return first.heading if len(figures) == 1 else first.together or _("Waiting times")


def facts_of(figures: Sequence[Figure]) -> list[tuple[str, Any]]:
    """The provenance of an export; keys stay English, as the columns do."""
    first, source = figures[0], figures[0].source
    return [
        ("touchline", title_of(figures)),
        ("workspace", source.workspace),
        ("journey", source.journey),
        ("period", source.period),
        ("filters", "; ".join(f"{k} = {v}" for k, v in source.filters.items()) or _("none")),
        ("n", sum(f.n or 0 for f in figures)),
        ("n counts", first.n_of),
        ("snapshot", source.snapshot),
        ("evidence revision", source.revision),
        ("formula", source.formula),
        ("scored at", source.made_at),
        ("made at", timezone.now()),
        ("definition", first.definition),
    ]


def html_text(figures: Sequence[Figure]) -> str:
    """One page with everything inside: styles, drawing code, figures, tables, sources."""
    shown = []
    for figure in figures:
        context = figure.context()
        context["plot"] = themed(dict(figure.plot)) if figure.plot else None
        shown.append(context)
    return render_to_string(
        "reports/standalone.html",
        {
            "title": title_of(figures),
            "source": figures[0].source,
            "facts": facts_of(figures),
            "figures": shown,
            "css": css(),
            "plotly_js": bundle.script(),
        },
    )


def _attached(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def read_css(name: str) -> str:
    folder: Path = settings.BASE_DIR / "static" / "css"
    return (folder / f"{name}.css").read_text()


@cache
def css() -> str:
    return "\n".join(read_css(name) for name in STYLES)
