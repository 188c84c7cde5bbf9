"""How much a map may hold."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from journeys.errors import JourneyError
from journeys.words import words_of

LIMITS: dict[str, int] = {"stages": 100, "steps": 200, "lanes": 60, "personas": 50, "cards": 5000}


def leave_room(name: str, rows: QuerySet[Any], more: int) -> None:
    """Refuses what would be too much."""
    if rows.count() + more > LIMITS[name]:
        raise JourneyError(
            _("A map has at most %(limit)d %(things)s.")
            % {"limit": LIMITS[name], "things": words_of(name)}
        )
