"""What touchpoints mean to scoring, their promises and codes, and what became of it.

Whatever changes them (a page, the API, a map file) does so within `recorded`: the difference
goes into the history, and those who score by it are told.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.changes import Recorded
from accounts.models import SettingsChange, User, Workspace
from touchpoints.entries import promise_entry
from touchpoints.models import Promise, Touchpoint
from touchpoints.signals import meaning_changed

Kind, Via = SettingsChange.Kind, SettingsChange.Via


@dataclass(frozen=True)
class Meaning:
    """One touchpoint's code, further codes and promises at one moment."""

    code: str = ""
    codes: tuple[str, ...] = ()
    promises: tuple[dict[str, Any], ...] = ()


@contextmanager
def recorded(
    *,
    workspace: Workspace,
    user: User | None,
    via: str = Via.PAGE,
    codes: Collection[str] | None = None,
) -> Iterator[Recorded]:
    """All or nothing: the block's changes, their history, and the scoring they set off.

    codes: of the touchpoints that the block may change, where that is known; else all are compared.
    """
    with transaction.atomic():
        found = Recorded()
        before = meanings(workspace, codes)
        yield found
        after = meanings(workspace, codes)
        changed = {pk for pk in before | after if before.get(pk) != after.get(pk)}
        for pk in sorted(changed):
            _record(workspace, pk, before.get(pk), after.get(pk), user, via)
        if changed:
            answers = meaning_changed.send(
                sender=Touchpoint, workspace=workspace, touchpoints=changed, user=user
            )
            found.changed = len(changed)
            found.scored_again = sum(int(answer or 0) for _receiver, answer in answers)


def meanings(workspace: Workspace, codes: Collection[str] | None = None) -> dict[int, Meaning]:
    """Touchpoint → what it means now; of the library, or of those with these codes."""
    touchpoints = Touchpoint.objects.filter(workspace=workspace).prefetch_related("evidence_codes")
    stated = Promise.objects.filter(touchpoint__workspace=workspace)
    if codes is not None:
        touchpoints = touchpoints.filter(code__in=codes)
        stated = stated.filter(touchpoint__code__in=codes)
    promises: dict[int, list[dict[str, Any]]] = {}
    for promise in stated.select_related("segment", "channel"):
        promises.setdefault(promise.touchpoint_id, []).append(promise_entry(promise))
    return {
        t.pk: Meaning(
            t.code,
            tuple(sorted(t.further_codes())),
            tuple(sorted(promises.get(t.pk, []), key=_whose)),
        )
        for t in touchpoints
    }


def _whose(entry: dict[str, Any]) -> tuple[str, str]:
    return entry.get("segment", ""), entry.get("channel", "")


def _record(
    workspace: Workspace,
    pk: int,
    before: Meaning | None,
    after: Meaning | None,
    user: User | None,
    via: str,
) -> None:
    was, is_now = before or Meaning(), after or Meaning()
    told = {"workspace": workspace, "subject_id": pk, "user": user, "via": via}
    subject = is_now.code or was.code
    if was.promises != is_now.promises:
        SettingsChange.objects.create(
            kind=Kind.PROMISES,
            subject=subject,
            before=list(was.promises),
            after=list(is_now.promises),
            **told,
        )
    old, new = _known_by(before), _known_by(after)
    # A touchpoint that is new, or gone, with no code but its own: nothing was mapped otherwise.
    if old != new and max(len(old), len(new)) > (1 if not old or not new else 0):
        SettingsChange.objects.create(
            kind=Kind.CODES, subject=subject, before=old, after=new, **told
        )


def _known_by(meaning: Meaning | None) -> list[str]:
    return [meaning.code, *meaning.codes] if meaning else []
