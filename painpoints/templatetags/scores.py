"""What templates need of a run's lines, and the links that open a number: “How do we know?”"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import naturalday
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from painpoints.explanation import label_of
from painpoints.knowing import Number, address, name_of
from painpoints.models import ScoringRun
from painpoints.opening import address_of
from painpoints.readings import volume as largest_n
from painpoints.standing import certainty

register = template.Library()
register.filter("certainty", certainty)


@register.filter
def volume(line: Mapping[str, Any] | str | None) -> float | None:
    """The n that stands beside a severity; None where nothing was scored."""
    return largest_n(line) if isinstance(line, Mapping) else None


@register.filter
def age(moment: datetime) -> str:
    """Today, or: for 3 weeks. Whole days only: a page is kept for as long as the day lasts."""
    began, today = timezone.localtime(moment).date(), timezone.localdate()
    if began >= today:
        return str(naturalday(today))
    return _("for %(age)s") % {"age": timesince(began, today)}


@register.filter
def shares_of(line: Mapping[str, Any]) -> list[tuple[str, float]]:
    """The families' names with the share they explain, the largest first."""
    found = [(label_of(f), v["share"]) for f, v in line["families"].items()]
    return sorted((one for one in found if round(100 * one[1])), key=lambda one: -one[1])


@register.simple_tag
def know(
    run: ScoringRun | None, line: Mapping[str, Any] | str | None, figure: str, metric: str = ""
) -> dict[str, str] | None:
    """Where a number is explained, and the words for whoever cannot see it: for {% estimate %}.

    `line` is the touchpoint's in the run's result; None for the journey's own answers.
    """
    if not isinstance(run, ScoringRun) or line == "":
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
    return _linked(know(run, line, figure), text)


@register.simple_tag
def opening(run: ScoringRun | str | None, kind: str, **query: object) -> dict[str, str] | None:
    """Where a number that a page makes of a run's counts opens (painpoints/opening.py)."""
    if not isinstance(run, ScoringRun):
        return None
    return {"url": address_of(run, kind, query), "label": _("How do we know?")}


@register.simple_tag
def opening_of(
    run: ScoringRun | str | None, kind: str, asked: Mapping[str, Any], figure: str, of: str = ""
) -> dict[str, str] | None:
    """The same, where what was asked is a dictionary; `of` tells two readings of it apart."""
    return opening(run, kind, **{**asked, "figure": figure, "as": of})


@register.simple_tag
def opened(link: dict[str, str] | None, text: object) -> str | SafeString:
    """The text of a number, as a link made by `opening`."""
    return _linked(link, text)


def _linked(link: dict[str, str] | None, text: object) -> str | SafeString:
    if not link:
        return str(text)
    return format_html(
        '<a class="know" href="{url}" hx-get="{url}" hx-target="#panel">{text}'
        '<span class="visually-hidden"> {label}</span></a>',
        url=link["url"],
        text=text,
        label=link["label"],
    )


@register.filter
def labelled(row: Sequence[Any], columns: Sequence[Any]) -> list[tuple[Any, Any]]:
    """The cells of a row, each with the label of its column."""
    labels = [c["label"] if isinstance(c, Mapping) else c for c in columns]
    return list(zip(row, labels, strict=False))


@register.simple_tag
def known_cell(run: ScoringRun | str | None, cell: Mapping[str, Any]) -> str | SafeString:
    """A table's cell, as a link where the page shows a run; a download has none."""
    if cell.get("opens"):
        kind, query = cell["opens"]
        return _linked(opening(run, kind, **query), cell["text"])
    if isinstance(run, ScoringRun) and cell.get("know"):
        line, figure = cell["know"]
        return known(run, line, figure, cell["text"])
    return str(cell["text"])


@register.simple_tag
def know_url(number: Number, view: str = "know", **more: str) -> str:
    """The address of another view of the same number."""
    return number.address(view, **more)
