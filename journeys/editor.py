"""What the map editor in the browser starts from: the map as its lists, and the words around it."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from journeys import basis, blueprint
from journeys.entries import dump_parts, journey_entry
from journeys.models import Card, Journey, Lane, SavedView
from journeys.part_forms import EMOTIONS
from journeys.saved_views import told, views_for
from touchpoints.models import Touchpoint

# The scripts of the editor, for the page's import map; those that draw the map are fetched at once.
_DRAWING = [
    "blueprint", "card", "curve", "empty", "evidence", "grid", "heads", "layout", "map", "page",
    "reconcile", "store", "view", "words",
]  # fmt: skip
_WORKING = [
    "adding", "ahead", "clipboard", "commands", "comments", "conflict", "details", "drag",
    "emotion", "emotion_lines", "finder", "hands", "inline", "keys", "lane_height", "measure_bar",
    "measured_row", "measures", "menu", "moving", "pointer", "presence", "queue", "select",
    "status", "sync", "toolbar", "touchpoints",
]  # fmt: skip
MODULES = [
    {"name": f"touchline/editor/{m}", "path": f"js/editor/{m}.js", "draws": m in _DRAWING}
    for m in (*_DRAWING, *_WORKING)
]
TRIES = 3
FOUND = 12


def document_of(
    journey: Journey, user: User, *, view: SavedView | None, may_make_touchpoints: bool
) -> dict[str, Any]:
    """The whole editor's beginning, as the page carries it."""
    revision, lists = _map_of(journey)
    return {
        "name": f"{journey.workspace.slug}/{journey.pk}",
        "revision": revision,
        "journey": journey_entry(journey),
        "lists": lists,
        "touchpoints": {t["code"]: t for t in touchpoints_told(_on_map(journey))},
        "urls": _urls(journey),
        "view": view.settings if view else None,
        "page": {
            **_words(),
            "me": user.pk,
            "may_make_touchpoints": may_make_touchpoints,
            "segments": dict(journey.workspace.segments.values_list("code", "name")),
            "journeys": dict(
                Journey.objects.filter(workspace=journey.workspace)
                .exclude(pk=journey.pk)
                .values_list("slug", "name")
            ),
            "today": timezone.localdate().isoformat(),
            "view": view.pk if view else None,
            "views": [told(each, user) for each in views_for(journey, user)],
        },
    }


def _map_of(journey: Journey) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    """The lists as they are at one revision, though others edit while they are read."""
    for _try in range(TRIES):
        revision = _revision(journey)
        lists = dump_parts(journey)
        if _revision(journey) == revision:
            break
    return revision, lists


def _revision(journey: Journey) -> int:
    return Journey.objects.values_list("revision", flat=True).get(pk=journey.pk)


def _on_map(journey: Journey) -> Any:
    return Touchpoint.objects.filter(steps__journey=journey).distinct()


def touchpoints_told(touchpoints: Any) -> list[dict[str, str]]:
    """Touchpoints with their channel's kind, for its icon."""
    return [
        {"code": code, "name": name, "kind": kind or ""}
        for code, name, kind in touchpoints.values_list("code", "name", "channel__kind")
    ]


def _urls(journey: Journey) -> dict[str, str]:
    slug = journey.workspace.slug
    own = [slug, journey.slug]
    return {
        "operations": reverse("journeys:operations", args=own),
        "presence": reverse("journeys:presence", args=own),
        "live": reverse("journey_live", args=own),
        "touchpoints": reverse("journeys:find_touchpoints", args=own),
        "views": reverse("journeys:views", args=own),
        "comments": reverse("journeys:comments", args=own),
        "comment_counts": reverse("journeys:comment_counts", args=own),
        "measures": reverse("reports:measures", args=own),
        "behind": reverse("reports:behind", args=own),
        "pictures": reverse("journeys:picture_add", args=[slug]),
        "picture": reverse("journeys:picture", args=[slug, "0" * 64]).replace("0" * 64, "__id__"),
        "journey": f"{reverse('journeys:list', args=[slug])}__slug__/edit/",
        "sign_in": f"{reverse('account_login')}?next={reverse('journeys:edit', args=own)}",
    }


def _words() -> dict[str, Any]:
    """What kinds, bases, feelings and strengths are called, and the rules that go with them."""
    return {
        "kinds": {value: str(label) for value, label in Lane.Kind.choices},
        "bases": {value: str(label) for value, label in Card.Basis.choices},
        "colours": {value: str(label) for value, label in Card.Colour.choices},
        "emotions": {value: str(label) for value, label in EMOTIONS if value},
        "feelings": {2: _("glad"), -2: _("hurt")},
        "enough": basis.ENOUGH,
        "strengths": {
            basis.Strength.NONE: _("no evidence named"),
            basis.Strength.ASSUMPTION: _("assumed"),
            basis.Strength.WEAK: _("weak evidence"),
            basis.Strength.GOOD: _("good evidence"),
            basis.Strength.EXPIRED: _("expired"),
        },
        "blueprint": {
            "roles": blueprint.ROLES,
            "below": blueprint.BELOW,
            "names": {
                blueprint.Line.INTERACTION: _("Line of interaction"),
                blueprint.Line.VISIBILITY: _("Line of visibility"),
                blueprint.Line.INTERNAL: _("Line of internal interaction"),
            },
        },
    }
