"""What in a page is one person's: left open where the page is kept for all (accounts/kept.py)."""

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from accounts import kept

register = template.Library()


@register.simple_tag(takes_context=True)
def personal(context: Context, name: str) -> SafeString:
    """Includes a template; in a kept page, the place where it will stand."""
    if context.get("leaves_holes"):
        return mark_safe(kept.hole(name))
    assert context.template is not None
    part = context.template.engine.get_template(name)
    with context.push():
        return part.render(context)
