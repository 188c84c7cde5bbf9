"""The history of a pain point in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.wording import number
from painpoints.history_models import PainPointChange
from painpoints.models import PainPoint

SHOWN = 30
LONGEST = 120


@dataclass(frozen=True)
class Line:
    """One field: what it is called, what it was and what it became."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    change: PainPointChange
    lines: list[Line]
    can_go_back: bool  # what it changed stands today


def history_of(point: PainPoint) -> list[Entry]:
    """Newest first."""
    changes = list(point.changes.select_related("user")[:SHOWN])
    people = _people(changes)
    today = {
        "owner": point.owner_id,
        **{n: getattr(point, n) for c in changes for n in c.after if n != "owner"},
    }
    return [
        Entry(
            change,
            [
                Line(
                    _label(name),
                    _said(name, change.before[name], people),
                    _said(name, value, people),
                )
                for name, value in change.after.items()
            ],
            all(today[name] == value for name, value in change.after.items()),
        )
        for change in changes
    ]


def _label(name: str) -> str:
    told = PainPoint._meta.get_field(name)
    return str(getattr(told, "verbose_name", name)).capitalize()


def _people(changes: list[PainPointChange]) -> dict[int, str]:
    known = {
        side["owner"] for c in changes for side in (c.before, c.after) if side.get("owner")
    }  # fmt: skip
    return {user.pk: str(user) for user in User.objects.filter(pk__in=known)} if known else {}


def _said(name: str, value: Any, people: dict[int, str]) -> str:
    if value in (None, ""):
        return _("nobody") if name == "owner" else _("not decided")
    if name == "owner":
        return people.get(value, _("somebody who left"))
    if name == "effort_days":
        return _("%(days)s person-days") % {"days": number(value)}
    if name == "business_value":
        return _("%(value)s of 10") % {"value": number(value)}
    choices = dict(PainPoint._meta.get_field(name).flatchoices)  # type: ignore[union-attr]
    text = str(choices.get(value, value))
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
