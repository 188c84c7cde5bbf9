"""Numbers as people read them. Values come in the unit of the core, unrounded.

number   as it is               1,204          percent  share 0–1       31%
points   severity 0–1           31 (of 100)    signed   NPS −100…100    +39.8
duration seconds                1 min 44 s
"""

from functools import lru_cache

from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

NO_VALUE = "–"
PAIN_STEPS = 7


def number(value: float | None, digits: int = 0) -> str:
    """1204 → 1,204, in the reader's way of grouping."""
    if value is None:
        return NO_VALUE
    rounded = round(value, digits)
    text = _grouped(abs(rounded), digits, get_language())
    return "−" + text if rounded < 0 else text


@lru_cache(10_000)
def _grouped(value: float, digits: int, _language: str | None) -> str:
    """A page has hundreds of numbers, and most of them more than once."""
    return number_format(value, digits, use_l10n=True, force_grouping=True)


def points(share: float | None) -> str:
    """Severity 0–1 as 0–100."""
    return NO_VALUE if share is None else number(share * 100)


def percent(share: float | None, digits: int = 0) -> str:
    """0.7889 → 79%; 0.0002 → <1%, for neither none nor all is said of what is not quite so."""
    if share is None:
        return NO_VALUE
    value, least = round(share * 100, digits), 10.0**-digits
    if share > 0 and value == 0:
        return "<" + number(least, digits) + "%"
    if share < 1 and value == 100:
        return ">" + number(100 - least, digits) + "%"
    return number(value, digits) + "%"


def signed(value: float | None, digits: int = 1) -> str:
    """39.84 → +39.8, with a true minus."""
    if value is None:
        return NO_VALUE
    return ("+" if round(value, digits) > 0 else "") + number(value, digits)


def duration(seconds: float | None) -> str:
    """104 → 1 min 44 s; at most two units, so that it stays readable."""
    return NO_VALUE if seconds is None else _duration(seconds, get_language())


@lru_cache(10_000)
def _duration(seconds: float, _language: str | None) -> str:
    if seconds == float("inf"):
        return _("never")
    total = int(seconds + 0.5)
    if 0 < seconds < 10 and seconds != total:
        return _("%(s)s s") % {"s": number_format(round(seconds, 1), 1)}
    hours, rest = divmod(total, 3600)
    minutes, left = divmod(rest, 60)
    if hours >= 48:
        days, hours_left = divmod(hours, 24)
        if not hours_left:
            return _("%(d)s d") % {"d": number(days)}
        return _("%(d)s d %(h)s h") % {"d": number(days), "h": hours_left}
    if hours and not minutes:
        return _("%(h)s h") % {"h": hours}
    if hours:
        return _("%(h)s h %(min)s min") % {"h": hours, "min": minutes}
    if minutes and not left:
        return _("%(min)s min") % {"min": minutes}
    if minutes:
        return _("%(min)s min %(s)s s") % {"min": minutes, "s": left}
    return _("%(s)s s") % {"s": left}


def of_hundred(severity: float | None) -> str:
    """Severity 0–1 in words: 31 of 100 passages hurt."""
    if severity is None:
        return _("not known")
    count = round(severity * 100)
    return ngettext("%(count)s of 100 passages hurts", "%(count)s of 100 passages hurt", count) % {
        "count": count
    }


def pain_step(severity: float | None) -> int:
    """The step 1–7 of the pain scale for a severity 0–1; 50 of 100 is already the top."""
    if severity is None:
        return 1
    return 1 + min(PAIN_STEPS - 1, max(0, int(severity * 2 * PAIN_STEPS)))


def plain(value: float | None) -> str:
    """A number for SVG and CSS, which want a point whatever the language."""
    return "" if value is None else f"{value:g}"
