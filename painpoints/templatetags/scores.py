"""What templates need of a run's lines."""

from collections.abc import Mapping
from typing import Any

from django import template

from painpoints.readings import volume as largest_n

register = template.Library()


@register.filter
def volume(line: Mapping[str, Any] | str | None) -> float | None:
    """The n that stands beside a severity; None where nothing was scored."""
    return largest_n(line) if isinstance(line, Mapping) else None
