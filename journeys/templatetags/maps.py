"""Tags of the map's pages."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from journeys.forms import EMOTIONS

register = template.Library()
WORDS = {int(value): words for value, words in EMOTIONS if value}
TOKENS = {-2: "minus-2", -1: "minus-1", 0: "0", 1: "plus-1", 2: "plus-2"}


@register.simple_tag
def emotion(value: int) -> SafeString:
    """How it feels: a dot in its colour, the number, and the words for those who see neither."""
    return format_html(
        '<span class="map-emotion" style="--emotion: var(--emotion-{})" title="{}">{}</span>',
        TOKENS[value],
        WORDS[value],
        f"{value:+d}".replace("-", "−") if value else "0",
    )
