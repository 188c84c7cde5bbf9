"""Tags of pages that show states of a map and what differs between two."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from journeys.comparing import ADDED, CHANGED, MOVED, REMOVED, SAME, Compared, FieldChange, Piece
from journeys.field_words import Names, label_of, said

register = template.Library()
# A sign beside the colour, for those who do not see it.
SIGNS = {ADDED: "+", REMOVED: "−", CHANGED: "≠", MOVED: "→"}


@register.simple_tag
def status_mark(status: str, count: int | None = None) -> SafeString:
    """“+ added”: sign, words and colour together; nothing for what is the same."""
    if status == SAME:
        return SafeString("")
    words = {ADDED: _("added"), REMOVED: _("removed"), CHANGED: _("changed"), MOVED: _("moved")}
    number = "" if count is None else f"{count} "
    return format_html(
        '<span class="diff-mark diff-{}"><span aria-hidden="true">{}</span> {}{}</span>',
        status, SIGNS[status], number, words[status],
    )  # fmt: skip


@register.filter
def pieces(found: Sequence[Piece]) -> SafeString:
    """A text with what went struck out and what came underlined."""
    tags = {SAME: "span", REMOVED: "del", ADDED: "ins"}
    return format_html_join(
        "",
        "<{}>{}</{}>",
        ((SafeString(tags[kind]), text, SafeString(tags[kind])) for kind, text in found),
    )


@register.simple_tag
def differing_fields(found: Sequence[FieldChange], list_name: str, names: Names) -> list[dict]:
    """The fields of an entry that differ, as words."""
    return [
        {
            "label": label_of(change.field),
            "pieces": change.pieces,
            "before": said(list_name, change.field, change.before, names),
            "after": said(list_name, change.field, change.after, names),
        }
        for change in found
    ]


@register.simple_tag
def field(each: Compared, name: str, names: Names) -> str:
    """A field of an entry in words."""
    return said(each.list, name, each.entry.get(name), names)


@register.simple_tag
def place(each: Compared, names: Names) -> str:
    """Where a card stands, in words."""
    return _place(each.list, each.entry, names)


@register.simple_tag
def place_before(each: Compared, names: Names) -> str:
    return _place(each.list, each.was or {}, names)


def _place(list_name: str, entry: dict, names: Names) -> str:
    found = (said(list_name, name, entry.get(name), names) for name in ("lane", "step", "stage"))
    return ", ".join(words for words in found if words)


@register.filter
def named(numbers: dict[int, list[str]], number: int) -> list[str]:
    """The versions that name this state."""
    return numbers.get(number, [])
