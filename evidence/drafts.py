"""Imports that are still being prepared: made by an upload, thrown away or swept if not used."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User, Workspace
from evidence.actions import create_import, folder_of
from evidence.errors import EvidenceError
from evidence.guessing import Guess, guess_mapping
from evidence.guessing_log import guess_log
from evidence.known_words import known_words
from evidence.mapping import Read
from evidence.models import Import, Kind, Mapping, State
from evidence.sampling import Preview, look
from jobs.models import Status

KEPT_FOR = timedelta(days=7)


def create_draft(*, workspace: Workspace, user: User, upload: UploadedFile) -> Import:
    """A draft from an uploaded file. A file that is no table leaves nothing behind."""
    sweep_drafts()
    found = create_import(
        workspace=workspace,
        user=user,
        path=_on_disk(upload),
        source=upload.name or "",
        keep=False,
    )
    try:
        preview = look(found, Read())
        found.mapping = first_mapping(found, preview)
        read_as_told(found, preview, found.mapping.get("read", {}).get("case", ""))
        found.save(update_fields=["mapping"])
    except EvidenceError:
        discard(found=found)
        raise
    return found


def first_mapping(found: Import, preview: Preview) -> dict[str, Any]:
    """The saved mapping made for just these columns, or else a guess."""
    saved = fitting_mappings(found.workspace, preview)
    if saved and set(saved[0].columns) == set(preview.header) and _has_case(saved[0], preview):
        return dict(saved[0].document)
    return guess(found, preview).document


def _has_case(saved: Mapping, preview: Preview) -> bool:
    """Whether the type of object a saved mapping takes for the case is in this file, too."""
    case = saved.document.get("read", {}).get("case", "")
    return not case or case in preview.log.get("types", {})


def guess(found: Import, preview: Preview, kind: str = "") -> Guess:
    if preview.log and kind in ("", Kind.INTERACTIONS):
        return guess_log(preview, found.workspace)
    journeys = list(known_words(found.workspace).get("journey", {}))
    return guess_mapping(
        preview.header,
        preview.rows,
        found.workspace,
        kind=kind,
        journeys=journeys,
        tells_apart=preview.tells_rows_apart,
    )


def read_as_told(found: Import, preview: Preview, case: str) -> None:
    """Looks at an OCEL again where the mapping takes another type of object for the case."""
    types = preview.log.get("types", {})
    if types and (case or next(iter(types))) != preview.log["case"]:
        look(found, Read(case=case))


def fitting_mappings(workspace: Workspace, preview: Preview) -> list[Mapping]:
    """Saved mappings whose columns this file has; those that match best first."""
    header = set(preview.header)
    fitting = [m for m in workspace.mappings.all() if m.columns and set(m.columns) <= header]
    return sorted(fitting, key=lambda m: (-len(m.columns), m.name))


def read_again(*, found: Import, read: dict[str, str]) -> Preview:
    """Reads the file another way; the mapping is guessed anew where the columns changed."""
    read = {key: value for key, value in read.items() if value}
    preview = look(found, Read(**read))
    document = dict(found.mapping)
    named = {c for f in document.get("fields", {}).values() for c in [f.get("column")] if c}
    if not named <= set(preview.header):
        document = guess(found, preview).document
    document.pop("read", None)
    if read:
        document["read"] = read
    found.mapping = document
    still_a_draft = Import.objects.filter(pk=found.pk, state__in=[State.DRAFT, State.FAILED])
    still_a_draft.update(mapping=document)
    return preview


def discard(*, found: Import) -> None:
    """Throws a draft away, with its file."""
    with transaction.atomic():
        Import.objects.select_for_update().get(pk=found.pk)
        home = folder_of(found)
        found.delete()
    shutil.rmtree(home, ignore_errors=True)


def settle(found: Import) -> None:
    """An import whose job was stopped, or given up, before it began is a draft again."""
    ended = [Status.CANCELLED, Status.FAILED]
    stuck = Import.objects.filter(pk=found.pk, state=State.IMPORTING, job__status__in=ended)
    if stuck.update(state=State.DRAFT):
        found.refresh_from_db(fields=["state"])


def sweep_drafts() -> int:
    """Throws away drafts of last week and before, and the files of imports that failed then."""
    limit = timezone.now() - KEPT_FOR
    old = Import.objects.filter(created_at__lt=limit).exclude(path="")
    drafts = list(old.filter(state=State.DRAFT))
    for found in drafts:
        discard(found=found)
    for found in old.filter(state=State.FAILED):
        shutil.rmtree(folder_of(found), ignore_errors=True)
        Import.objects.filter(pk=found.pk, state=State.FAILED).update(path="")
    return len(drafts)


def _on_disk(upload: UploadedFile) -> Path:
    """Where the upload lies; it may be moved away from there."""
    return Path(upload.temporary_file_path())  # type: ignore[attr-defined]
