"""A format that something can be taken along in, and how the file is named."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.utils.functional import Promise
from django.utils.module_loading import import_string

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
Drawn = TypeVar("Drawn")


@dataclass(frozen=True)
class Format(Generic[Drawn]):
    label: str | Promise
    about: str | Promise
    suffix: str
    kind: str  # as a browser is told
    maker: str  # the dotted name of what makes the file's bytes

    @property
    def made(self) -> Callable[[Drawn], bytes]:
        """What writes the file, loaded by whoever writes one: that takes a second or two."""
        maker: Callable[[Drawn], bytes] = import_string(self.maker)
        return maker


def clean_name(name: str) -> str:
    """The name without what a file's must not have, in whatever script."""
    return " ".join(_NOT_IN_NAMES.sub(" ", name).split()).strip(". ")
