"""How hours of the week are written: place 24 · weekday + hour, Monday's first is 0."""

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _


def weekday(day: int) -> str:
    return str(WEEKDAYS[day])


def weekday_short(day: int) -> str:
    return str(WEEKDAYS_ABBR[day])


def clock(hour: int) -> str:
    return f"{hour:02d}:00"


def span(hour: int) -> str:
    """10:00–11:00"""
    return f"{clock(hour)}–{clock((hour + 1) % 24)}"


def hour_of_week(place: int) -> str:
    """Monday 10:00–11:00"""
    day, hour = divmod(place, 24)
    return _("%(day)s %(hours)s") % {"day": weekday(day), "hours": span(hour)}
