"""The history of a touchpoint's promises and codes, for pages."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.changes import SHOWN, Told
from accounts.models import SettingsChange
from accounts.wording import duration, percent
from touchpoints.meaning import Kind, meanings
from touchpoints.models import Touchpoint


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
