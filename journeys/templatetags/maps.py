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
    """How it feels: the number in its colour, with the words for those who do not see it."""
    return format_html(
        '<span class="map-emotion" style="color: var(--emotion-{})" title="{}">{}</span>',
        TOKENS[value],
        WORDS[value],
        f"{value:+d}".replace("-", "−") if value else "0",
    )
