"""Bringing evidence in and taking it out again."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User, Workspace
from evidence import commits, lake, locks
from evidence.errors import AlreadyImported, EvidenceError, FileError
from evidence.mapping import ParsedMapping, check_columns
from evidence.mapping_document import parse
from evidence.metrics import scales_of
from evidence.models import Import, State, Unsettled
from evidence.reading import Table, open_table
from jobs.actions import Running, create_job, register
from jobs.models import Job, Status


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
    _told_apart(found, document)  # the digests are kept, so that the second time is quick
    with transaction.atomic():
        # One start at a time in a workspace, so that the same file cannot slip in twice.
        Workspace.objects.select_for_update().get(pk=workspace.pk)
        found = Import.objects.select_for_update().get(pk=found.pk)
        if found.state not in (State.DRAFT, State.FAILED):
            raise EvidenceError(_("This import was started already."))
        fingerprint = _told_apart(found, document)
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


def _told_apart(found: Import, document: dict[str, Any]) -> str:
    """The fingerprint, where the workspace has another file of as many bytes, whose own is told
    too. Where it has none "": the job, which reads the file anyway, finds it."""
    alike = found.workspace.imports.filter(file_bytes=found.file_bytes).exclude(pk=found.pk)
    for other in alike.filter(state=State.IMPORTING, fingerprint=""):
        with suppress(FileNotFoundError):  # it ended just now, and its job has told it
            told = fingerprint_of(other, other.mapping)
            Import.objects.filter(pk=other.pk).update(fingerprint=told)
    return fingerprint_of(found, document) if alike.exists() else ""


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
    if not fingerprint:
        return None
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
