"""Evidence that programs send: items join their source's import of the day.

An import of the day grows by one lake transaction a call. What a call that was cut off left in
the lake lies behind the rows accounted for, and is taken out (settling.py); its sender never got
an answer and sends again.
"""

import json
import secrets
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User, Workspace
from evidence import commits, lake, locks, settling
from evidence.actions import folder_of, read_mapping
from evidence.commits import announce_change
from evidence.errors import EvidenceError
from evidence.mapping import FIELDS, ParsedMapping, Read
from evidence.mapping_sql import ACCEPTED, DUPLICATE, IGNORED, MISSING, REJECTED, Compiler
from evidence.mapping_words import did_you_mean
from evidence.metrics import scales_of
from evidence.models import Import, Kind, PostKey, State, Unsettled
from evidence.reading import open_table
from evidence.staging import Stage, stage

MOST_ITEMS = 10_000
KEPT = ("id", "gone")
STATES = {
    ACCEPTED: "accepted",
    IGNORED: "ignored",
    MISSING: "missing",
    REJECTED: "rejected",
    DUPLICATE: "duplicate",
}


@dataclass(frozen=True)
class Posted:
    """The import the items joined, and each item's state and reason, in their order."""

    joined: Import
    verdicts: list[tuple[str, str]]

    def counts(self) -> dict[str, int]:
        states = [state for state, _reason in self.verdicts]
        return {name: states.count(name) for name in STATES.values()}

    def answer(self) -> dict[str, Any]:
        """What the sender is told."""
        items = [
            {"state": state, **({"reason": reason} if reason else {})}
            for state, reason in self.verdicts
        ]
        return {"joined": self.joined.pk, **self.counts(), "items": items}


def post_evidence(
    *,
    workspace: Workspace,
    user: User | None,
    kind: str,
    source: str,
    items: Sequence[Mapping[str, Any]],
    claim: PostKey | None = None,
) -> Posted:
    """Adds the items that are good; every item gets a verdict. All of them, or none, are kept.

    With the `claim` of a key, its answer is kept in the same transaction as the account.
    """
    _check(kind, items)
    blank: dict[str, Any] = dict.fromkeys(FIELDS[kind])
    if kind == Kind.WAITS:
        blank["outcome"] = "served"
    elif kind == Kind.RESPONSES:
        blank["weight"] = 1
    return post_lines(
        workspace=workspace,
        user=user,
        document={"kind": kind, "fields": {f: {"column": f} for f in FIELDS[kind]}},
        source=source,
        lines=[{**blank, **item} for item in items],
        claim=claim,
    )


def post_lines(
    *,
    workspace: Workspace,
    user: User | None,
    document: dict[str, Any],
    source: str,
    lines: Sequence[Mapping[str, Any]],
    claim: PostKey | None = None,
) -> Posted:
    """Adds lines that all have the columns of the mapping."""
    joined = _claimed_import(claim, document) or _import_of_the_day(
        workspace, user, document, source
    )
    if claim is not None:
        PostKey.objects.filter(pk=claim.pk).update(joined=joined)
    mapping = read_mapping(workspace=workspace, document=joined.mapping)
    with locks.held(locks.importing(joined.pk)) as take:
        joined.refresh_from_db()
        settling.tidy(joined)
        if joined.state != State.DONE:
            raise EvidenceError(_("The import was undone just now. Send the items again."))
        with _staged(joined, mapping, lines) as staged:
            needed = [locks.event_ids(workspace.pk, joined.kind), locks.appending(joined.kind)]
            with locks.held(*needed):
                staged.mark_duplicates(workspace_id=workspace.pk, import_id=0, came_before=False)
                _write(joined, staged, take)
            verdicts = [(STATES[state], reason) for state, reason in staged.verdicts()]
            posted = Posted(joined, verdicts)
            with transaction.atomic():
                _account(joined, staged, user)
                if claim is not None:
                    answer = zlib.compress(json.dumps(posted.answer()).encode())
                    PostKey.objects.filter(pk=claim.pk).update(answer=answer)
    return posted


def _check(kind: str, items: Sequence[Mapping[str, Any]]) -> None:
    if kind not in FIELDS:
        raise EvidenceError(
            _("There is no kind of evidence “%(kind)s”.%(hint)s")
            % {"kind": kind, "hint": did_you_mean(kind, list(FIELDS))}
        )
    if not items:
        raise EvidenceError(_("Expected a list of items; it is empty."))
    if len(items) > MOST_ITEMS:
        raise EvidenceError(
            _("Expected at most %(most)d items in one call, got %(n)d. Send them in parts.")
            % {"most": MOST_ITEMS, "n": len(items)}
        )
    known = FIELDS[kind]
    for number, item in enumerate(items):
        if not isinstance(item, Mapping):
            raise EvidenceError(_("Item %d is not an object of fields.") % number)
        for name, value in item.items():
            if name not in known:
                raise EvidenceError(
                    _("Item %(n)d has an unknown field “%(name)s”.%(hint)s")
                    % {"n": number, "name": name, "hint": did_you_mean(name, known)}
                )
            if isinstance(value, dict | list | bool):
                raise EvidenceError(
                    _("Item %(n)d: “%(name)s” must be a text or a number.")
                    % {"n": number, "name": name}
                )


def _import_of_the_day(
    workspace: Workspace, user: User | None, document: dict[str, Any], source: str
) -> Import:
    day = timezone.now().astimezone(workspace.zone).date()
    name = f"{source} {day:%Y-%m-%d}"[:255]
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=workspace.pk)  # one maker at a time
        todays = workspace.imports.filter(state=State.DONE, source=name, path="")
        found = todays.filter(mapping=document).first()
        return found or Import.objects.create(
            workspace=workspace,
            state=State.DONE,
            kind=document["kind"],
            unit="cells" if document.get("answers") else "rows",
            source=name,
            mapping=document,
            created_by=user,
            finished_at=timezone.now(),
        )


def _claimed_import(claim: PostKey | None, document: dict[str, Any]) -> Import | None:
    """Where an earlier call with this key was cut off: there it may have left rows."""
    joined = claim.joined if claim else None
    if joined is None or joined.state != State.DONE:
        return None
    if joined.mapping == document:
        return joined
    settling.settle(joined)
    return None


@contextmanager
def _staged(
    joined: Import, mapping: ParsedMapping, lines: Sequence[Mapping[str, Any]]
) -> Iterator[Stage]:
    """The items as a file like any other, read and checked like any other."""
    folder = folder_of(joined)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"items-{secrets.token_hex(6)}.jsonl"
    try:
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)
        table = open_table(path, Read(), folder)
        sql = Compiler(
            mapping, table, scales_of(joined.workspace), joined.workspace.timezone
        ).compile()
        with stage(table, mapping, sql) as staged:
            yield staged
    finally:
        path.unlink(missing_ok=True)


def _write(joined: Import, staged: Stage, take: locks.Take) -> None:
    if "customer" in staged.mapping.fields:
        staged.hash_customers(bytes(joined.workspace.secret))
    table = lake.known(joined.kind)
    rows = staged.insert_select(
        workspace_id=joined.workspace_id, import_id=joined.pk, after=joined.rows
    )
    with lake.transaction(f"import {joined.pk} after row {joined.rows}") as cursor:
        cursor.execute(f"INSERT INTO {table} ({staged.lake_columns}) {rows}")
        commits.begin(take, joined, Unsettled.APPEND)


def _account(joined: Import, staged: Stage, user: User | None) -> None:
    counts = staged.counts()
    first, last = staged.period()
    codes, journeys = staged.codes("touchpoint"), staged.codes("journey")
    with transaction.atomic():
        for name, value in vars(counts).items():
            setattr(joined, name, getattr(joined, name) + value)
        joined.first_at = min(filter(None, (joined.first_at, first)), default=None)
        joined.last_at = max(filter(None, (joined.last_at, last)), default=None)
        joined.codes = _added(joined.codes, codes)
        joined.journeys = _added(joined.journeys, journeys)
        joined.finished_at, joined.snapshot = timezone.now(), lake.snapshot()
        joined.unsettled = ""
        # Not `gone`: an erasure may have counted up meanwhile.
        joined.save(update_fields=[f.name for f in Import._meta.fields if f.name not in KEPT])
        if counts.accepted:
            announce_change(found=joined, user=user, codes=set(codes), journeys=set(journeys))


def _added(before: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return {code: before.get(code, 0) + more.get(code, 0) for code in {**before, **more}}
