"""A touchpoint as an entry of a map file, and back (docs/map-file.md)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import Workspace
from touchpoints.models import EvidenceCode, Promise, Touchpoint
from touchpoints.vocabulary import channel_by_code, segment_by_code

INVENTORY = ("forms", "fields", "signatures", "documents", "handoffs")
Entry = dict[str, Any]


def entry_of(touchpoint: Touchpoint) -> Entry:
    """Everything the library knows of the touchpoint; what is empty is left out."""
    entry: Entry = {"code": touchpoint.code, "name": touchpoint.name}
    if touchpoint.description:
        entry["description"] = touchpoint.description
    if touchpoint.channel:
        entry["channel"] = touchpoint.channel.code
    codes = sorted(code.code for code in touchpoint.evidence_codes.all())
    if codes:
        entry["codes"] = codes
    inventory = {name: getattr(touchpoint, name) for name in INVENTORY}
    if any(inventory.values()):
        entry["inventory"] = {name: count for name, count in inventory.items() if count}
    promises = [promise_entry(promise) for promise in touchpoint.promises.all()]
    if promises:
        entry["promises"] = promises
    return entry


def entries_of(workspace: Workspace, codes: Iterable[str]) -> list[Entry]:
    """The entries of these touchpoints, in the order of the codes."""
    found = {
        touchpoint.code: entry_of(touchpoint)
        for touchpoint in Touchpoint.objects.filter(workspace=workspace, code__in=list(codes))
        .select_related("channel")
        .prefetch_related("evidence_codes", "promises__segment", "promises__channel")
    }
    return [found[code] for code in codes]


def promise_entry(promise: Promise) -> Entry:
    """The promise as a map file writes it."""
    entry: Entry = {"max_wait_s": plain_number(promise.max_wait_s)}
    if promise.target_share is not None:
        entry["target_share"] = plain_number(promise.target_share)
    if promise.segment:
        entry["segment"] = promise.segment.code
    if promise.channel:
        entry["channel"] = promise.channel.code
    return entry


def plain_number(value: Decimal) -> int | float:
    """60 rather than 60.000."""
    return int(value) if value == value.to_integral_value() else float(value)


@transaction.atomic
def save_entry(*, workspace: Workspace, entry: Entry) -> Touchpoint:
    """Makes the touchpoint, or gives the one with this code the attributes that stand here.

    The entry has been checked before (`journeys.mapcheck`, `clashes`).
    """
    touchpoint = Touchpoint.objects.filter(workspace=workspace, code=entry["code"]).first()
    if touchpoint is None:
        touchpoint = Touchpoint(workspace=workspace, code=entry["code"], name=entry["code"])
    touchpoint.name = entry.get("name", touchpoint.name)
    touchpoint.description = entry.get("description", touchpoint.description)
    if "channel" in entry:
        touchpoint.channel = channel_by_code(workspace, entry["channel"])
    if "inventory" in entry:
        for name in INVENTORY:
            setattr(touchpoint, name, entry["inventory"].get(name, 0))
    touchpoint.save()
    if "codes" in entry:
        _save_codes(touchpoint, entry["codes"])
    if "promises" in entry:
        save_promises(touchpoint, entry["promises"])
    return touchpoint


def _save_codes(touchpoint: Touchpoint, codes: list[str]) -> None:
    touchpoint.evidence_codes.exclude(code__in=codes).delete()
    present = set(touchpoint.evidence_codes.values_list("code", flat=True))
    EvidenceCode.objects.bulk_create(
        EvidenceCode(workspace_id=touchpoint.workspace_id, touchpoint=touchpoint, code=code)
        for code in codes
        if code not in present
    )


def save_promises(touchpoint: Touchpoint, entries: list[Entry]) -> None:
    """Makes the touchpoint's promises these and no others."""
    workspace = touchpoint.workspace
    kept = []
    for position, entry in enumerate(entries):
        segment = segment_by_code(workspace, entry["segment"]) if "segment" in entry else None
        channel = channel_by_code(workspace, entry["channel"]) if "channel" in entry else None
        share = entry.get("target_share")
        promise, _made = Promise.objects.update_or_create(
            touchpoint=touchpoint,
            segment=segment,
            channel=channel,
            defaults={
                "max_wait_s": round(Decimal(str(entry["max_wait_s"])), 3),
                "target_share": None if share is None else round(Decimal(str(share)), 4),
                "position": position,
            },
        )
        kept.append(promise.pk)
    touchpoint.promises.exclude(pk__in=kept).delete()
