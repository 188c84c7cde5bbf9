"""Evidence that programs send: items join their source's import of the day.

Calls of the same sender that come at the same time are kept together (gathering.py), by one lake
transaction and one of ours. What died between the two lies behind the rows accounted for, and is
taken out (settling.py); its senders never got an answer and send again.
"""

import json
import logging
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User, Workspace
from evidence import commits, gathering, lake, locks, posted_ids, settling, upkeep
from evidence.errors import EvidenceError
from evidence.gathering import Call, Taking
from evidence.mapping import FIELDS
from evidence.mapping_words import did_you_mean
from evidence.metrics import scales_of
from evidence.models import Import, Kind, PostKey, State, Unsettled
from evidence.posted import Busy, Key, KeyReused, Posted, Sender, Sent
from evidence.posted_rows import PostedRows, checked

log = logging.getLogger(__name__)
MOST_ITEMS = gathering.MOST_AT_ONCE
PATIENCE_S = 20.0
COMMITS_APART = 64
# What a commit of posts changes of its import; `gone` an erasure may count up meanwhile.
CHANGED = (
    *("rows", "accepted", "ignored", "missing", "duplicate", "rejected", "codes", "journeys"),
    *("first_at", "last_at", "finished_at", "snapshot", "unsettled"),
)


def post_evidence(
    *,
    workspace: Workspace,
    user: User | None,
    kind: str,
    source: str,
    items: Sequence[Mapping[str, Any]],
    key: Key | None = None,
) -> Posted:
    """Adds the items that are good; every item gets a verdict. All of them, or none, are kept.

    With a `key`, once: its answer is kept in the same transaction as the account.
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
        key=key,
    )


def post_lines(
    *,
    workspace: Workspace,
    user: User | None,
    document: dict[str, Any],
    source: str,
    lines: Sequence[Mapping[str, Any]],
    key: Key | None = None,
) -> Posted:
    """Adds lines that all have the columns of the mapping."""
    sender = Sender(workspace, user, document, source)
    call = Call(Sent(lines, key), size=len(lines))
    posted: Posted = gathering.together(sender.kind, call, lambda taking: _keep(sender, taking))
    _gather_now_and_then(document["kind"])
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


def _keep(sender: Sender, taking: Taking) -> None:
    """Keeps all calls whose turn it is, in the import of the day."""
    todays = _import_of_the_day(sender)
    with locks.held(locks.importing(todays)._replace(queued=True), check=_patience()) as take:
        joined = Import.objects.select_related("workspace").get(pk=todays)
        settling.tidy(joined)
        if joined.state != State.DONE:
            raise EvidenceError(_("The import was undone just now. Send the items again."))
        settling.settle_idle(joined.workspace_id)
        calls = taking()
        try:
            _commit(joined, sender, calls, take)
        except EvidenceError:
            if len(calls) == 1:
                raise
            for call in calls:  # one of them cannot be kept; which one, and why?
                try:
                    _commit(joined, sender, [call], take)
                except EvidenceError as error:
                    call.error = error


def _commit(joined: Import, sender: Sender, calls: list[Call], take: locks.Take) -> None:
    fresh = _not_answered(joined, calls)
    lines = [line for call in fresh for line in call.asked.lines]
    if lines:
        with checked(joined, scales_of(sender.workspace), lines) as rows:
            take(locks.event_ids(joined.workspace_id, joined.kind)._replace(queued=True))
            take(locks.appending(joined.kind)._replace(queued=True))
            with lake.transaction(f"import {joined.pk} after row {joined.rows}") as cursor:
                rows.mark_known(partial(posted_ids.known, cursor, joined))
                _write(cursor, joined, rows, take)
            posted = _verdicts(joined, rows, fresh)
            _account(joined, rows, sender.user, _under_keys(joined, fresh, posted))
        for call, told in zip(fresh, posted, strict=True):  # now, and not before, it is kept
            call.answer = told
    for call in calls:
        if call.answer is None and call.error is None:  # the same key stands among these
            call.answer = next(
                Posted(other.answer.answer, again=True)
                for other in fresh
                if other.asked.key and other.asked.key.name == call.asked.key.name
            )


def _not_answered(joined: Import, calls: list[Call]) -> list[Call]:
    """Calls to be kept; those whose key came before get their answer here, or their refusal."""
    names = [call.asked.key.name for call in calls if call.asked.key]
    known = {
        row.name: row
        for row in PostKey.objects.filter(workspace=joined.workspace_id, name__in=names)
    }
    bodies = {name: row.body for name, row in known.items()}
    fresh = []
    for call in calls:
        key = call.asked.key
        if key is None or key.name not in bodies:
            fresh.append(call)
            if key is not None:
                bodies[key.name] = key.body
        elif bodies[key.name] != key.body:
            call.error = KeyReused(
                _(
                    "This “Idempotency-Key” came with another body before. A new call needs a "
                    "new key; the same call must be sent as it was."
                )
            )
        elif key.name in known:
            call.answer = Posted(json.loads(zlib.decompress(known[key.name].answer)), again=True)
    return fresh


def _verdicts(joined: Import, rows: PostedRows, calls: list[Call]) -> list[Posted]:
    """What each call will be told."""
    verdicts, posted, begins = rows.verdicts(), [], 0
    for call in calls:
        ends = begins + len(call.asked.lines) * rows.cells
        posted.append(Posted.of(joined, verdicts[begins:ends]))
        begins = ends
    return posted


def _under_keys(joined: Import, calls: list[Call], posted: list[Posted]) -> list[PostKey]:
    return [
        PostKey(
            workspace_id=joined.workspace_id,
            name=call.asked.key.name,
            body=call.asked.key.body,
            answer=zlib.compress(json.dumps(told.answer).encode(), 1),
        )
        for call, told in zip(calls, posted, strict=True)
        if call.asked.key is not None
    ]


def _import_of_the_day(sender: Sender) -> int:
    workspace = sender.workspace
    day = timezone.now().astimezone(workspace.zone).date()
    todays = workspace.imports.filter(
        state=State.DONE,
        source=f"{sender.source} {day:%Y-%m-%d}"[:255],
        path="",
        mapping=sender.document,
    ).values_list("pk", flat=True)
    if found := todays.first():
        return found
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=workspace.pk)  # one maker at a time
        if found := todays.first():
            return found
        made = Import.objects.create(
            workspace=workspace,
            state=State.DONE,
            kind=sender.document["kind"],
            unit="cells" if sender.document.get("answers") else "rows",
            source=f"{sender.source} {day:%Y-%m-%d}"[:255],
            mapping=sender.document,
            ids_kept=True,
            created_by=sender.user,
            finished_at=timezone.now(),
        )
        return made.pk


def _write(cursor: lake.Cursor, joined: Import, rows: PostedRows, take: locks.Take) -> None:
    if not rows.counts().accepted:
        return
    if "customer" in rows.mapping.fields:
        rows.hash_customers(bytes(joined.workspace.secret))
    table = lake.known(joined.kind)
    select = rows.insert_select(
        workspace_id=joined.workspace_id, import_id=joined.pk, after=joined.rows
    )
    cursor.execute(f"INSERT INTO {table} ({rows.lake_columns}) {select}")
    commits.begin(take, joined, Unsettled.APPEND)
    with _counting:
        _commits_of[table] += 1


@transaction.atomic
def _account(joined: Import, rows: PostedRows, user: User | None, kept: list[PostKey]) -> None:
    counts = rows.counts()
    first, last = rows.period()
    codes, journeys = rows.codes("touchpoint"), rows.codes("journey")
    for name, value in vars(counts).items():
        setattr(joined, name, getattr(joined, name) + value)
    joined.first_at = min(filter(None, (joined.first_at, first)), default=None)
    joined.last_at = max(filter(None, (joined.last_at, last)), default=None)
    joined.codes = _added(joined.codes, codes)
    joined.journeys = _added(joined.journeys, journeys)
    joined.finished_at, joined.snapshot = timezone.now(), lake.snapshot()
    joined.unsettled = ""
    joined.save(update_fields=CHANGED)
    PostKey.objects.bulk_create(kept)
    posted_ids.keep(joined, rows.event_ids())
    if counts.accepted:
        commits.announce_change(found=joined, user=user, codes=set(codes), journeys=set(journeys))


_counting = threading.Lock()
_commits_of: Counter[str] = Counter()


def _gather_now_and_then(table: str) -> None:
    """What this process wrote in many small commits is put together before it slows reading."""
    with _counting:
        if _commits_of[table] < COMMITS_APART:
            return
        _commits_of[table] = 0
    try:
        upkeep.gather(table)
    except Exception:  # the call is kept; the next one tries again, and the night does it surely
        log.exception("Small files of %s were not put together", table)


def _patience() -> Callable[[], None]:
    until = time.monotonic() + PATIENCE_S

    def check() -> None:
        if time.monotonic() > until:
            raise Busy(
                _(
                    "The evidence is being written anew just now (an erasure, or the upkeep of "
                    "the night); nothing was kept. Send the same again in a moment."
                )
            )

    return check


def _added(before: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return {code: before.get(code, 0) + more.get(code, 0) for code in {**before, **more}}
