"""Writes to the library that touch more than one model."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import SettingsChange, User, Workspace
from touchpoints.codes import clashes
from touchpoints.entries import Entry, entry_of, save_entry, save_promises
from touchpoints.errors import InUse, LibraryError
from touchpoints.meaning import Recorded, recorded
from touchpoints.models import EvidenceCode, Named, Touchpoint
from touchpoints.uses import uses_of
from touchpoints.vocabulary import KINDS, next_position


@transaction.atomic
def save_touchpoint(*, touchpoint: Touchpoint, codes: Iterable[str]) -> Touchpoint:
    """Saves a touchpoint with the further codes evidence knows it by.

    When its own code changes, evidence that came under the old one keeps its touchpoint: the old
    code becomes a further code.
    """
    wanted = [code for code in dict.fromkeys(codes) if code != touchpoint.code]
    if touchpoint.pk:
        old = Touchpoint.objects.select_for_update().get(pk=touchpoint.pk).code
        if old != touchpoint.code and old not in wanted:
            wanted.append(old)
    refuse_taken_codes(touchpoint, wanted)
    touchpoint.save()
    touchpoint.evidence_codes.exclude(code__in=wanted).delete()
    present = set(touchpoint.evidence_codes.values_list("code", flat=True))
    EvidenceCode.objects.bulk_create(
        EvidenceCode(workspace=touchpoint.workspace, touchpoint=touchpoint, code=code)
        for code in wanted
        if code not in present
    )
    return touchpoint


def refuse_taken_codes(touchpoint: Touchpoint, codes: Iterable[str]) -> None:
    """Raises LibraryError where another touchpoint has one of these codes."""
    others = {
        raw: code
        for raw, code in clashes(touchpoint.workspace, {touchpoint.code: list(codes)}).items()
        if not (touchpoint.pk and _is(touchpoint, code))
    }
    for raw, code in others.items():  # the first is enough to say
        raise LibraryError(
            _("The code “%(raw)s” belongs to the touchpoint “%(code)s” already.")
            % {"raw": raw, "code": code}
        )


def _is(touchpoint: Touchpoint, code: str) -> bool:
    return Touchpoint.objects.filter(pk=touchpoint.pk, code=code).exists()


@transaction.atomic
def map_code(
    *,
    workspace: Workspace,
    code: str,
    touchpoint: Touchpoint | None = None,
    name: str = "",
    user: User | None = None,
) -> tuple[Touchpoint, Recorded]:
    """Says which touchpoint a code of the evidence means; without one, makes it."""
    target = touchpoint or Touchpoint(
        workspace=workspace, code=code.strip() or "blank", name=name.strip() or code.strip() or code
    )
    further = [] if code == target.code else [code]
    refuse_taken_codes(target, further)
    with recorded(workspace=workspace, user=user) as found:
        if touchpoint is None:
            target.save()
        EvidenceCode.objects.bulk_create(
            EvidenceCode(workspace=workspace, code=raw, touchpoint=target) for raw in further
        )
    return target, found


@transaction.atomic
def new_touchpoint(*, workspace: Workspace, name: str) -> Touchpoint:
    """A touchpoint known by its name only, with a code made from it."""
    stem = slugify(name, allow_unicode=True)[:90] or "touchpoint"
    taken = set(
        Touchpoint.objects.filter(workspace=workspace, code__startswith=stem).values_list(
            "code", flat=True
        )
    ) | set(
        EvidenceCode.objects.filter(workspace=workspace, code__startswith=stem).values_list(
            "code", flat=True
        )
    )
    code, number = stem, 2
    while code in taken:
        code = f"{stem}-{number}"
        number += 1
    return Touchpoint.objects.create(workspace=workspace, code=code, name=name)


@transaction.atomic
def delete_touchpoint(
    *, touchpoint: Touchpoint, user: User | None = None, via: str = SettingsChange.Via.PAGE
) -> Entry:
    """Deletes a touchpoint nobody uses; the answer is what `restore_touchpoint` needs."""
    _refuse_used(touchpoint)
    entry = entry_of(touchpoint)
    with recorded(workspace=touchpoint.workspace, user=user, via=via):
        touchpoint.delete()
    return entry


@transaction.atomic
def restore_touchpoint(
    *, workspace: Workspace, entry: Entry, user: User | None = None
) -> Touchpoint:
    """Brings a deleted touchpoint back, unless its codes have gone to others meanwhile."""
    if Touchpoint.objects.filter(workspace=workspace, code=entry["code"]).exists():
        raise LibraryError(_("There is a touchpoint with the code “%s” again.") % entry["code"])
    refuse_taken_codes(Touchpoint(workspace=workspace, code=entry["code"]), entry.get("codes", []))
    with recorded(workspace=workspace, user=user):
        return save_entry(workspace=workspace, entry=entry)


@transaction.atomic
def use_promises_again(*, change: SettingsChange, values: list[Entry], user: User) -> Recorded:
    """Gives the touchpoint of an entry of the history the promises that stand there."""
    touchpoint = Touchpoint.objects.filter(
        workspace=change.workspace, pk=change.subject_id or 0
    ).first()
    if touchpoint is None:
        raise LibraryError(_("The touchpoint “%s” is gone.") % change.subject)
    with recorded(workspace=change.workspace, user=user) as found:
        save_promises(touchpoint, values)
    return found


@transaction.atomic
def add_word(*, word: Named) -> Named:
    """A new channel, segment or unit, at the end of its list."""
    rows = type(word)._default_manager.filter(workspace=word.workspace)
    word.position = next_position(rows)
    word.save()
    return word


@transaction.atomic
def move_word(*, word: Named, by: int) -> None:
    """One place up (−1) or down (+1)."""
    rows = list(type(word)._default_manager.select_for_update().filter(workspace=word.workspace))
    place = rows.index(word)
    if not 0 <= place + by < len(rows):
        return
    rows[place], rows[place + by] = rows[place + by], rows[place]
    for position, row in enumerate(rows):
        row.position = position
    type(word)._default_manager.bulk_update(rows, ["position"])


@transaction.atomic
def delete_word(*, word: Named) -> dict[str, Any]:
    """Deletes a channel, segment or unit nobody uses; the answer brings it back."""
    _refuse_used(word)
    fields = {"code": word.code, "name": word.name, "position": word.position}
    for extra in ("kind", "parent_id", "owner_id"):
        if hasattr(word, extra):
            fields[extra] = getattr(word, extra)
    word.delete()
    return fields


@transaction.atomic
def restore_word(*, workspace: Workspace, kind: str, fields: dict[str, Any]) -> Named:
    model = KINDS[kind]
    rows = model._default_manager.filter(workspace=workspace)
    if rows.filter(code=fields["code"]).exists():
        raise LibraryError(_("The code “%s” is in use again.") % fields["code"])
    if not rows.filter(pk=fields.get("parent_id")).exists():
        fields = {name: value for name, value in fields.items() if name != "parent_id"}
    if not workspace.memberships.filter(user=fields.get("owner_id")).exists():
        fields = {name: value for name, value in fields.items() if name != "owner_id"}
    return model._default_manager.create(workspace=workspace, **fields)


def _refuse_used(entry: Touchpoint | Named) -> None:
    uses = uses_of(entry)
    if uses:
        raise InUse(
            _("“%(name)s” is in use by %(uses)s. Take it out there first.")
            % {"name": entry, "uses": ", ".join(use.label for use in uses[:6])}
        )
