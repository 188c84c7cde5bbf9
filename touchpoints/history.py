"""The history of a touchpoint's promises and codes, for pages."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import SettingsChange
from accounts.wording import duration, percent
from touchpoints.meaning import Kind, Recorded, meanings
from touchpoints.models import Touchpoint

SHOWN = 30


@dataclass(frozen=True)
class Told:
    """One entry in words: from what to what, and which of the two can be used again."""

    change: SettingsChange
    before: list[str]
    after: list[str]
    again: str = ""  # "before", "after", or empty where there is nothing to go back to


def history_of(touchpoint: Touchpoint) -> list[Told]:
    """What became of this touchpoint's promises and codes, newest first."""
    changes = SettingsChange.objects.filter(
        workspace=touchpoint.workspace,
        kind__in=[Kind.PROMISES, Kind.CODES],
        subject_id=touchpoint.pk,
    ).select_related("user")
    now = list(meanings(touchpoint.workspace)[touchpoint.pk].promises)
    return [tell(change, now) for change in changes[:SHOWN]]


def tell(change: SettingsChange, now: list[dict[str, Any]] | None) -> Told:
    """`now` are the touchpoint's promises of today; None where it is gone."""
    if change.kind == Kind.CODES:
        return Told(change, list(change.before), list(change.after))
    again = ""
    if now is not None:
        # The first promises of all are no change to go back from.
        again = "after" if change.after != now else "before" if change.before else ""
    return Told(change, promised(change.before), promised(change.after), again)


def promised(entries: list[dict[str, Any]]) -> list[str]:
    """Promises in words, one each."""
    return [_promise(entry) for entry in entries]


def _promise(entry: dict[str, Any]) -> str:
    wait = duration(entry["max_wait_s"])
    if entry.get("target_share") is not None:
        text = _("%(share)s within %(wait)s") % {
            "share": percent(entry["target_share"]),
            "wait": wait,
        }
    else:
        text = _("within %(wait)s") % {"wait": wait}
    whose = ", ".join(entry[kind] for kind in ("segment", "channel") if entry.get(kind))
    return f"{text} ({whose})" if whose else text


def told(found: Recorded) -> str:
    """What a change set off, to stand behind the message that it is saved."""
    if not found.scored_again:
        return ""
    n = found.scored_again
    return " " + ngettext(
        "%(n)d journey is being scored again with it.",
        "%(n)d journeys are being scored again with it.",
        n,
    ) % {"n": n}
