"""The filter bar's period presets and removable chips, as addresses.

A scope lives in the address: since (included), until (excluded), and repeated filter names.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, TypedDict

from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


class Chip(TypedDict):
    label: str
    remove_label: str
    remove_url: str


class DatePreset(TypedDict):
    label: str
    url: str
    current: bool


def as_date(value: date | str | None) -> date | None:
    """A date, or None where the text is not one; never an error: addresses are typed by hand."""
    if isinstance(value, date) or not value:
        return value or None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _address(get: QueryDict) -> str:
    return "?" + get.urlencode()


def _changed(get: QueryDict, **values: str) -> QueryDict:
    """A copy with these set (an empty one is dropped) that starts at the first page again."""
    copy = get.copy()
    copy.pop("page", None)
    for name, value in values.items():
        if value:
            copy[name] = value
        else:
            copy.pop(name, None)
    return copy


def date_presets(
    get: QueryDict, since: date | str | None, until: date | str | None, today: date | None = None
) -> list[DatePreset]:
    """Periods that end with `today`, its day included, and all time."""
    end = (today or timezone.localdate()) + timedelta(days=1)
    chosen = (as_date(since), as_date(until))
    presets: list[DatePreset] = []
    for days, label in (
        (30, _("30 days")),
        (90, _("90 days")),
        (365, _("12 months")),
    ):
        start = end - timedelta(days=days)
        presets.append(
            {
                "label": label,
                "url": _address(_changed(get, since=start.isoformat(), until=end.isoformat())),
                "current": chosen == (start, end),
            }
        )
    presets.append(
        {
            "label": _("All time"),
            "url": _address(_changed(get, since="", until="")),
            "current": chosen == (None, None),
        }
    )
    return presets


def day(value: date) -> str:
    return date_format(value, pgettext("a short date, as in 3 Nov 2026", "j M Y"))


def period_label(since: date | str | None, until: date | str | None) -> str:
    """The period with its last day, since people read periods as including both ends."""
    start, end = as_date(since), as_date(until)
    last = end - timedelta(days=1) if end else None
    if start and last:
        return f"{day(start)} – {day(last)}"
    if start:
        return _("since %(day)s") % {"day": day(start)}
    if last:
        return _("up to %(day)s") % {"day": day(last)}
    return ""


def active_chips(
    get: QueryDict,
    filters: Iterable[dict[str, Any]],
    since: date | str | None,
    until: date | str | None,
) -> list[Chip]:
    """One chip per thing that narrows the scope, each with the address without it."""
    chips: list[Chip] = []
    period = period_label(since, until)
    if period:
        chips.append(
            {
                "label": period,
                "remove_label": _("Remove the period %(period)s") % {"period": period},
                "remove_url": _address(_changed(get, since="", until="")),
            }
        )
    for one in filters:
        for value, label, selected in one["options"]:
            if not selected:
                continue
            rest = _changed(get)
            left = [v for v in rest.getlist(one["name"]) if v != value]
            rest.setlist(one["name"], left)
            text = f"{one['label']}: {label}"
            chips.append(
                {
                    "label": text,
                    "remove_label": _("Remove %(what)s") % {"what": text},
                    "remove_url": _address(rest),
                }
            )
    return chips
