"""Saved views of a map: kept, changed, deleted; their settings checked as they come in."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from journeys.errors import JourneyError
from journeys.limits import LIMITS
from journeys.models import Journey, SavedView
from journeys.models.parts import KEY_LENGTH

LENSES = ("written", "evidence")
ZOOM = (0.25, 2.0)
MOST_VIEWS = 50
CODE_LENGTH = 100


def views_for(journey: Journey, user: User) -> QuerySet[SavedView]:
    """One's own, and those that others share."""
    return journey.views.filter(Q(user=user) | Q(shared=True))


def save_view(*, journey: Journey, user: User, name: Any, shared: Any, settings: Any) -> SavedView:
    """Keeps the view under its name; one's own of that name is replaced."""
    name = name.strip() if isinstance(name, str) else ""
    if not 1 <= len(name) <= 80:
        raise JourneyError(_("A view needs a name of at most 80 characters."))
    values = {"shared": shared is True, "settings": checked(settings)}
    mine = SavedView.objects.filter(journey=journey, user=user)
    if mine.exclude(name=name).count() >= MOST_VIEWS:
        raise JourneyError(_("There are %d views of yours already; delete one.") % MOST_VIEWS)
    view, _is_new = mine.update_or_create(
        name=name, defaults=values, create_defaults={"journey": journey, "user": user, **values}
    )
    return view


def checked(settings: Any) -> dict[str, Any]:
    """The settings of a view, each of the kind and size it must be; others are refused."""
    known = {
        "collapsed": lambda v: _keys(v, LIMITS["stages"]),
        "lanes": lambda v: (
            isinstance(v, dict)
            and _keys(list(v), LIMITS["lanes"])
            and all(isinstance(shown, bool) for shown in v.values())
        ),
        "persona": lambda v: _text(v, KEY_LENGTH),
        "segment": lambda v: _text(v, CODE_LENGTH),
        "lens": lambda v: v in LENSES,
        "measured": lambda v: isinstance(v, bool),
        "zoom": lambda v: type(v) in (int, float) and ZOOM[0] <= v <= ZOOM[1],
    }
    if not isinstance(settings, dict):
        raise JourneyError(_("Expected the settings of a view as an object."))
    for field, value in settings.items():
        if field not in known or not known[field](value):
            raise JourneyError(
                _("“%s” is no setting of a view, or not what it can be.") % str(field)[:40]
            )
    return settings


def _text(value: Any, most: int) -> bool:
    return isinstance(value, str) and len(value) <= most


def _keys(value: Any, most: int) -> bool:
    return (
        isinstance(value, list) and len(value) <= most and all(_text(v, KEY_LENGTH) for v in value)
    )


def told(view: SavedView, user: User) -> dict[str, Any]:
    """A view as the editor hears of it."""
    return {
        "id": view.pk,
        "name": view.name,
        "shared": view.shared,
        "mine": view.user_id == user.pk,
        "settings": view.settings,
    }
