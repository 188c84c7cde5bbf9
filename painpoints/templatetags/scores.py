"""What templates need of a run's lines, and the links that open a number: “How do we know?”"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import naturalday
from django.template.base import render_value_in_context
from django.template.context import Context
from django.utils import timezone
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from accounts.estimates import opens
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
    return mark_safe(opens(link, conditional_escape(text if isinstance(text, str) else str(text))))


@register.simple_tag(takes_context=True)
def table_rows(context: Context, table: Mapping[str, Any], cards: bool | str = "") -> SafeString:
    """The body of components/table.html. A table has hundreds of cells: a template's nodes for
    each would take as long as the rest of the page."""
    run = context.get("run")
    columns = table["columns"]
    labels = [c["label"] if isinstance(c, Mapping) else c for c in columns]
    written = []
    for row in table["rows"]:
        written.append("<tr>")
        for i, (cell, label) in enumerate(zip(row, labels, strict=False)):
            told = cell if isinstance(cell, Mapping) else {}
            if i == 0:
                text = _linked_text(told) if told.get("url") else _shown(context, cell)
                written.append(f'<th scope="row">{text}</th>')
                continue
            number = ' class="number"' if told.get("number") else ""
            name = f' data-label="{escape(label)}"' if cards else ""
            written.append(f"<td{number}{name}>{_cell(context, run, cell, told)}</td>")
        written.append("</tr>")
    return mark_safe("".join(written))


def _cell(context: Context, run: Any, cell: Any, told: Mapping[str, Any]) -> str:
    if told.get("url"):
        return _linked_text(told)
    if told.get("several"):
        parts = (conditional_escape(known_cell(run, one)) for one in told["several"])
        return "".join(f'<span class="cell-part">{part}</span>' for part in parts)
    if told.get("know") or told.get("opens"):
        return conditional_escape(known_cell(run, told))
    if told.get("text"):
        return _shown(context, told["text"])
    return _shown(context, "–" if cell is None else cell)


def _linked_text(told: Mapping[str, Any]) -> str:
    return f'<a href="{escape(told["url"])}">{conditional_escape(told["text"])}</a>'


def _shown(context: Context, value: Any) -> str:
    """As `{{ value }}` writes it."""
    if isinstance(value, str):
        return conditional_escape(value)
    return str(render_value_in_context(value, context))


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
