"""Bringing evidence in and taking it out again."""

import hashlib
import json
import logging
import os
import secrets
import shutil
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User, Workspace
from evidence import commits, import_files, lake, locks, rejected
from evidence.errors import AlreadyImported, EvidenceError, FileError
from evidence.known_codes import known_codes
from evidence.mapping import ParsedMapping, check_columns
from evidence.mapping_document import parse
from evidence.mapping_sql import Compiler
from evidence.metrics import scales_of
from evidence.models import Import, State, Unsettled
from evidence.reading import Table, open_table
from evidence.settling import settle
from evidence.staging import Stage, stage
from jobs.actions import JobCancelled, JobLost, Running, create_job, register
from jobs.models import Job, Status
from jobs.reasons import ServiceAway, is_service_away, want_of

log = logging.getLogger(__name__)
# More of them in one import, and its rows are written by touchpoint and time: a journey with a few
# of them then reads only its own row groups. With fewer, most journeys read most rows anyway.
MANY_TOUCHPOINTS = 100
FEW = 10  # rows: they go into the catalogue instead of a file


def create_import(
    *, workspace: Workspace, user: User | None, path: Path, source: str, keep: bool = True
) -> Import:
    """A new import of this file, not started yet.

    The file comes under our own roof, where alone DuckDB may read: moved there, or (`keep`)
    linked or copied.
    """
    path = Path(path)
    if not path.exists():
        raise FileError(_("There is no file %s.") % path)
    if not path.is_file():
        raise FileError(_("%s is not a file.") % path)
    if not os.access(path, os.R_OK):
        raise FileError(_("The file %s may not be read.") % path)
    found = Import.objects.create(
        workspace=workspace,
        source=source[:255],
        file_bytes=path.stat().st_size,
        created_by=user,
    )
    home = folder_of(found)
    home.mkdir(parents=True, exist_ok=True)
    # The name is ours: theirs may hold anything.
    mine = home / "file"
    try:
        _link_or_copy(path.resolve(), mine) if keep else shutil.move(path, mine)
    except OSError:  # no room: nothing stays of it
        shutil.rmtree(home, ignore_errors=True)
        found.delete()
        raise
    found.path = str(mine.relative_to(Path(settings.MEDIA_ROOT).resolve()))
    found.save(update_fields=["path"])
    return found


def _link_or_copy(path: Path, mine: Path) -> None:
    try:
        mine.hardlink_to(path)
    except OSError:  # another disk, or a file that may not be linked
        shutil.copyfile(path, mine)


def folder_of(found: Import) -> Path:
    """Where the import's file, and its rejected rows, lie."""
    return Path(settings.MEDIA_ROOT).resolve() / "imports" / str(found.pk)


def file_of(found: Import) -> Path:
    return Path(settings.MEDIA_ROOT).resolve() / found.path


def rejected_file(found: Import) -> Path:
    return folder_of(found) / "rejected.csv"


def read_mapping(*, workspace: Workspace, document: Any) -> ParsedMapping:
    return parse(document, metrics=scales_of(workspace))


def start_import(
    *,
    found: Import,
    document: dict[str, Any],
    user: User | None,
    send: bool = True,
    columns: tuple[list[str], Iterable[str]] | None = None,
) -> Job:
    """Checks mapping and file as far as that is quick, and queues the rest as a job.

    `columns` are the file's, and those it has twice, where they are known from a look before.
    """
    workspace = found.workspace
    mapping = read_mapping(workspace=workspace, document=document)
    if columns is None:
        open_file(found, mapping).forget_copy()
    else:
        check_columns(mapping, *columns)
    fingerprint = fingerprint_of(found, document)
    with transaction.atomic():
        # One start at a time in a workspace, so that the same file cannot slip in twice.
        Workspace.objects.select_for_update().get(pk=workspace.pk)
        found = Import.objects.select_for_update().get(pk=found.pk)
        if found.state not in (State.DRAFT, State.FAILED):
            raise EvidenceError(_("This import was started already."))
        if "event_id" not in mapping.fields:
            refuse_repeat(found, fingerprint)
        found.kind, found.mapping, found.fingerprint = mapping.kind, document, fingerprint
        found.unit, found.state, found.error = mapping.unit, State.IMPORTING, ""
        found.job = create_job(
            workspace=workspace, kind="import", arguments={"import": found.pk}, user=user, send=send
        )
        found.save()
        return found.job


def open_file(found: Import, mapping: ParsedMapping) -> Table:
    """The import's file as a table that has all the columns of the mapping."""
    table = open_table(file_of(found), mapping.read, folder_of(found))
    try:
        check_columns(mapping, table.columns, table.repeated)
    except EvidenceError:
        table.forget_copy()
        raise
    return table


def fingerprint_of(found: Import, document: dict[str, Any]) -> str:
    """SHA-256 over the file's bytes and the mapping."""
    kept = folder_of(found) / "digest"
    digest = hashlib.sha256(kept.read_bytes() if kept.exists() else digest_of(found))
    digest.update(json.dumps(document, sort_keys=True, ensure_ascii=False).encode())
    return digest.hexdigest()


def digest_of(found: Import) -> bytes:
    """SHA-256 of the file; kept beside it, for files of gigabytes."""
    with file_of(found).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    kept = folder_of(found) / "digest"
    try:
        kept.write_bytes(digest)
    except OSError:  # no room: a part of it would be another file's as well
        kept.unlink(missing_ok=True)
    return digest


def earlier_import(found: Import, fingerprint: str) -> Import | None:
    """The same file by the same mapping, standing or on its way."""
    same = found.workspace.imports.filter(fingerprint=fingerprint).exclude(pk=found.pk)
    under_way = same.filter(state=State.IMPORTING).exclude(job__status=Status.FAILED)
    return (same.standing() | under_way.exclude(job__status=Status.CANCELLED)).first()


def refuse_repeat(found: Import, fingerprint: str) -> None:
    earlier = earlier_import(found, fingerprint)
    if earlier is not None:
        raise AlreadyImported(
            _(
                "This file was imported by the same mapping before: import %(id)d of %(when)s. "
                "Undo that one first, or name an “event_id” in the mapping so that rows can be "
                "told apart."
            )
            % {"id": earlier.pk, "when": f"{earlier.created_at:%Y-%m-%d %H:%M}"},
            earlier.pk,
        )


@register("import")
def run_import(running: Running) -> None:
    """The work of an import; may be cut off at any point and run again."""
    found = Import.objects.select_related("workspace").get(pk=running.arguments["import"])
    if found.state != State.IMPORTING:
        return
    try:
        importing = locks.held(locks.importing(found.pk), check=running.check)
        with running.stoppable(), importing as take:
            _import(found, running, take)
    except (JobLost, ServiceAway):
        raise
    except JobCancelled:
        _give_up(found, State.DRAFT, "")
        raise
    except EvidenceError as error:
        _give_up(found, State.FAILED, str(error))
        raise
    except Exception as error:
        reason = want_of(error)
        if reason or not is_service_away(error):  # then it is tried again
            wrong = _("Something went wrong on our side; nothing was imported.")
            _give_up(found, State.FAILED, reason or wrong)
        raise


def _give_up(found: Import, state: State, error: str) -> None:
    Import.objects.filter(pk=found.pk, state=State.IMPORTING).update(
        state=state, error=error, finished_at=timezone.now()
    )
    settle(found)


def _import(found: Import, running: Running, take: locks.Take) -> None:
    workspace = found.workspace
    mapping = read_mapping(workspace=workspace, document=found.mapping)
    running.progress(0, message=_("Reading the file"))
    table = open_file(found, mapping)
    try:
        about = (mapping, table, scales_of(workspace), workspace.timezone)
        codes = known_codes(Compiler(*about))
        sql = Compiler(*about, codes=codes).compile()
        with stage(table, mapping, sql) as staged:
            with locks.held(*_append_locks(found, mapping), check=running.check):
                _check(found, mapping, staged, running)
                _keep_rejected(found, staged)
                snapshot = _write(found, staged, running, take)
            _finish(found, snapshot, running)
    finally:
        table.forget_copy()


def _append_locks(found: Import, mapping: ParsedMapping) -> list[locks.Lock]:
    """A cut-off attempt's rows have to be deleted first, which needs the table for itself."""
    before = lake.rows_of(mapping.kind, workspace_id=found.workspace_id, import_id=found.pk)
    table = locks.rewriting if before else locks.appending
    own = [locks.event_ids(found.workspace_id, mapping.kind)]
    return [*(own if "event_id" in mapping.fields else []), table(mapping.kind)]


def _check(found: Import, mapping: ParsedMapping, staged: Stage, running: Running) -> None:
    running.progress(0, message=_("Checking the rows"))
    staged.mark_duplicates(
        workspace_id=found.workspace_id,
        import_id=found.pk,
        came_before=earlier_import(found, found.fingerprint) is not None,
    )
    counts = staged.counts()
    for name, value in vars(counts).items():
        setattr(found, name, value)
    found.codes, found.journeys = staged.codes("touchpoint"), staged.codes("journey")
    found.first_at, found.last_at = staged.period()
    found.problems = rejected.problems(staged)


def _write(found: Import, staged: Stage, running: Running, take: locks.Take) -> int:
    running.progress(
        0, found.accepted, unit=_("rows"), message=_("Writing %d rows") % found.accepted
    )
    table, own = staged.mapping.kind, {"workspace_id": found.workspace_id, "import_id": found.pk}
    if "customer" in staged.mapping.fields:
        staged.hash_customers(bytes(found.workspace.secret))
    running.check()
    with lake.transaction(f"import {found.pk} attempt {running.job.attempt}") as cursor:
        cursor.execute(
            f"DELETE FROM {lake.known(table)} WHERE workspace_id = $workspace_id "
            "AND import_id = $import_id",
            own,
        )
        rows = staged.insert_select(**own, by_touchpoint=len(found.codes) > MANY_TOUCHPOINTS)
        with ExitStack() as until_commit:
            if found.accepted > FEW:
                file = until_commit.enter_context(import_files.new_file(table, found.pk))
                import_files.write(cursor, file, staged.filled_columns(rows))
                import_files.add(cursor, table, file)
            else:
                cursor.execute(f"INSERT INTO {table} ({staged.lake_columns}) {rows}")
            running.check()
            commits.begin(take, found, Unsettled.APPEND)
    return lake.snapshot()


def _keep_rejected(found: Import, staged: Stage) -> None:
    path = rejected_file(found)
    path.unlink(missing_ok=True)
    if found.rejected:
        fresh = path.with_name(f"rejected-{secrets.token_hex(4)}.csv")
        try:
            rejected.write(staged, fresh)
            fresh.replace(path)
        finally:  # where there is no room for it, half of it takes none
            fresh.unlink(missing_ok=True)


def _finish(found: Import, snapshot: int, running: Running) -> None:
    running.progress(found.accepted, found.accepted)
    with transaction.atomic():
        # Where another worker has taken the job over, it will do this; the lock orders the two.
        mine = Job.objects.select_for_update().filter(
            pk=running.job.pk, attempt=running.job.attempt, status=Status.RUNNING
        )
        if not mine.exists():
            raise JobLost
        found.state, found.finished_at, found.snapshot = State.DONE, timezone.now(), snapshot
        found.unsettled = ""
        found.save()
        commits.announce_change(found=found, user=running.user)
    _clear_away(found)


def _clear_away(found: Import) -> None:
    """What was made of the file for the pages, and the file itself where none is to be kept."""
    kept = {rejected_file(found)} | ({file_of(found)} if settings.KEEP_FILES_DAYS else set())
    for path in folder_of(found).iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path not in kept:
            path.unlink(missing_ok=True)


def undo_import(*, found: Import, user: User | None) -> None:
    """Takes the import's rows out of the lake; its event ids are free again."""
    with locks.held(locks.importing(found.pk), locks.rewriting(lake.known(found.kind))) as take:
        found.refresh_from_db()
        if found.state != State.DONE:
            raise EvidenceError(_("Only an import that was brought in can be undone."))
        lake.delete_import(
            found.kind,
            workspace_id=found.workspace_id,
            import_id=found.pk,
            message=f"undo import {found.pk}",
            before_commit=lambda: commits.begin(take, found, Unsettled.UNDO, user),
        )
        commits.record_undone(found, user)


def start_undo(*, found: Import, user: User | None, send: bool = True) -> Job:
    """Queues the undo; for imports of millions of rows, which take seconds."""
    if found.state != State.DONE:
        raise EvidenceError(_("Only an import that was brought in can be undone."))
    return create_job(
        workspace=found.workspace,
        kind="undo",
        arguments={"import": found.pk},
        user=user,
        send=send,
    )


@register("undo")
def run_undo(running: Running) -> None:
    """The work of an undo; a second attempt finds nothing left to do."""
    found = Import.objects.select_related("workspace").get(pk=running.arguments["import"])
    running.progress(
        0, found.accepted, unit=_("rows"), message=_("Taking out %d rows") % found.accepted
    )
    if found.state == State.DONE:
        undo_import(found=found, user=running.user)
    running.progress(found.accepted)
