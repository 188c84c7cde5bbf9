"""What happened beside the evidence: imports, settings changed, actions done; for marks in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import SettingsChange
from evidence.models import Import
from journeys.models import Journey
from painpoints.models import Action

IMPORT, SETTINGS, ACTION = "import", "settings", "action"


@dataclass(frozen=True)
class Happening:
    day: date
    kind: str
    text: str
    url: str = ""


def happenings(journey: Journey, code: str) -> list[Happening]:
    """What could have moved this touchpoint's figures, oldest first."""
    found = [*_actions(journey, code), *_settings(journey, code), *_imports(journey)]
    return sorted(found, key=lambda one: (one.day, one.kind, one.text))


def _actions(journey: Journey, code: str) -> Iterable[Happening]:
    """Actions on the touchpoint's pain points, on the day they were done."""
    done = Action.objects.filter(
        painpoint__journey=journey, painpoint__touchpoint__code=code, done_on__isnull=False
    )
    for action in done.select_related("painpoint"):
        assert action.done_on is not None
        url = reverse("painpoints:detail", args=[journey.workspace.slug, action.painpoint_id])
        yield Happening(action.done_on, ACTION, action.text, url)


def _settings(journey: Journey, code: str) -> Iterable[Happening]:
    """Weights, thresholds, and the promises and codes of this touchpoint."""
    changes = SettingsChange.objects.filter(workspace=journey.workspace).filter(
        Q(kind=SettingsChange.Kind.SCORING) | Q(subject=code)
    )
    for one in changes:
        day = _local(one.created_at, journey)
        yield Happening(day, SETTINGS, _("%s changed") % one.get_kind_display())


def _imports(journey: Journey) -> Iterable[Happening]:
    """The days on which evidence came in; those of one day together."""
    by_day: dict[date, int] = {}
    standing = Import.objects.filter(workspace=journey.workspace).standing()
    for at in standing.filter(finished_at__isnull=False).values_list("finished_at", flat=True):
        assert at is not None
        day = _local(at, journey)
        by_day[day] = by_day.get(day, 0) + 1
    url = reverse("evidence:list", args=[journey.workspace.slug])
    for day, n in by_day.items():
        text = ngettext("evidence imported", "evidence imported (%(n)s files)", n) % {"n": n}
        yield Happening(day, IMPORT, text, url)


def _local(moment: datetime, journey: Journey) -> date:
    return moment.astimezone(journey.workspace.zone).date()
