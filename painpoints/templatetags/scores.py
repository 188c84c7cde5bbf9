"""What templates need of a run's lines, and the links that open a number: “How do we know?”"""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from painpoints.knowing import Number, address, name_of
from painpoints.models import ScoringRun
from painpoints.readings import volume as largest_n
from painpoints.standing import certainty

register = template.Library()
register.filter("certainty", certainty)


@register.filter
def volume(line: Mapping[str, Any] | str | None) -> float | None:
    """The n that stands beside a severity; None where nothing was scored."""
    return largest_n(line) if isinstance(line, Mapping) else None


@register.simple_tag
def know(
    run: ScoringRun | None, line: Mapping[str, Any] | str | None, figure: str, metric: str = ""
) -> dict[str, str] | None:
    """Where a number is explained, and the words for whoever cannot see it: for {% estimate %}.

    `line` is the touchpoint's in the run's result; None for the journey's own answers.
    """
    if run is None or line == "":
        return None
    code, place = ("", run.journey.name)
    if isinstance(line, Mapping):
        code, place = str(line["code"]), str(line["name"])
    said = _("How do we know: %(name)s of %(place)s")
    return {
        "url": address(run, figure, code, metric),
        "label": said % {"name": name_of(figure, metric), "place": place},
    }


@register.simple_tag
def known(
    run: ScoringRun | None, line: Mapping[str, Any] | str | None, figure: str, text: object
) -> str | SafeString:
    """The text of a number, as a link that opens it."""
    link = know(run, line, figure)
    if link is None:
        return str(text)
    return format_html(
        '<a class="know" href="{url}" hx-get="{url}" hx-target="#panel">{text}'
        '<span class="visually-hidden"> {label}</span></a>',
        url=link["url"],
        text=text,
        label=link["label"],
    )


@register.simple_tag
def known_cell(run: ScoringRun | str | None, cell: Mapping[str, Any]) -> str | SafeString:
    """A table's cell, as a link where the page shows a run; a download has none."""
    if isinstance(run, ScoringRun) and cell.get("know"):
        line, figure = cell["know"]
        return known(run, line, figure, cell["text"])
    return str(cell["text"])


@register.simple_tag
def know_url(number: Number, view: str = "know", **more: str) -> str:
    """The address of another view of the same number."""
    return number.address(view, **more)
