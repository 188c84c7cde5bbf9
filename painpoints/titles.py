"""The titles of pain points found by scoring, in the language of whoever reads them.

One form is stored, whoever asked for the scoring, so that a title a person wrote can be told from
one that nobody touched; pages translate the latter.
"""

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from touchpoints.models import Touchpoint

if TYPE_CHECKING:
    from painpoints.models import PainPoint

LONGEST = 200


def found_title(touchpoint: Touchpoint, cause: str) -> str:
    """As it is stored."""
    with override(settings.LANGUAGE_CODE):
        return _title(touchpoint, cause)


def shown_title(point: "PainPoint") -> str:
    """As the reader sees it: a person's words as they are, scoring's in the reader's language."""
    is_translated = get_language() not in (None, settings.LANGUAGE_CODE)
    if is_translated and point.origin == point.Origin.SCORING:
        for cause in dict.fromkeys([point.cause, *point.Cause.values, ""]):
            if point.title == found_title(point.touchpoint, cause):
                return _title(point.touchpoint, cause)
    return point.title


def _title(touchpoint: Touchpoint, cause: str) -> str:
    words = {
        "waiting": _("waiting"),
        "procedures": _("procedures"),
        "information": _("information"),
        "communication": _("communication"),
    }
    said = words.get(cause) or _("dissatisfied customers")
    return f"{touchpoint.name} — {said}"[:LONGEST]
