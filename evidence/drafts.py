"""Imports that are still being prepared: made by an upload, thrown away or swept if not used."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User, Workspace
from evidence import presets
from evidence.actions import create_import, folder_of
from evidence.errors import EvidenceError
from evidence.guessing import Guess, guess_mapping
from evidence.guessing_columns import Column
from evidence.guessing_log import guess_log
from evidence.known_words import known_words
from evidence.mapping import Read
from evidence.models import Import, Kind, Mapping, State
from evidence.preset_guess import guess_preset
from evidence.presets import Preset
from evidence.sampling import Preview, forget_look, look
from jobs.actions import Running, cancel_job, create_job, register
from jobs.models import Status

KEPT_FOR = timedelta(days=7)


def create_draft(*, workspace: Workspace, user: User, path: Path, name: str) -> Import:
    """A draft from an uploaded file, which moves there. One that is no table leaves nothing."""
    sweep_drafts()
    found = create_import(workspace=workspace, user=user, path=path, source=name, keep=False)
    if found.file_bytes > settings.EVIDENCE_LOOK_AT_ONCE_BYTES:
        _look_later(found, user, {})
        return found
    try:
        _look_first(found)
    except EvidenceError:
        discard(found=found)
        raise
    return found


def _look_first(found: Import) -> None:
    preview = look(found, Read())
    found.mapping = first_mapping(found, preview)
    read_as_told(found, preview, found.mapping.get("read", {}).get("case", ""))
    found.save(update_fields=["mapping"])


def _look_later(found: Import, user: User | None, read: dict[str, Any]) -> None:
    """Looks at a large file as a job: that takes longer than a page may."""
    forget_look(found)
    with transaction.atomic():
        found.job = create_job(
            workspace=found.workspace,
            kind="look",
            arguments={"import": found.pk, "read": read},
            user=user,
        )
        found.save(update_fields=["job"])


@register("look")
def run_look(running: Running) -> None:
    """The work of a look; again, it finds the same."""
    found = Import.objects.select_related("workspace").get(pk=running.arguments["import"])
    running.progress(0, message=_("Looking at the file: columns, rows, values"))
    read = running.arguments["read"]
    if read:
        _look_again(found, read)
    else:
        _look_first(found)


def is_looked_at(found: Import) -> bool:
    """Whether the look at a large file is still under way."""
    job = found.job
    return job is not None and job.kind == "look" and not job.has_ended


def first_mapping(found: Import, preview: Preview) -> dict[str, Any]:
    """The saved mapping made for a file of this shape, or what is proposed."""
    saved = saved_for(found.workspace, preview)
    return dict(saved.document) if saved else proposed(found, preview).document


def saved_for(workspace: Workspace, preview: Preview) -> Mapping | None:
    """The newest of the saved mappings that were made for just these columns."""
    header = set(preview.header)
    same = [
        m for m in fitting_mappings(workspace, preview) if header in (set(m.header), set(m.columns))
    ]
    return next((m for m in same if _has_case(m, preview)), None)


def proposed(found: Import, preview: Preview, preset: Preset | None = None) -> Guess:
    """By what the log says, by the preset (the one asked for), or by names and values."""
    preset = preset or next(iter(presets_for(preview)), None)
    if preview.log or preset is None:
        return guess(found, preview)
    return guess_preset(
        preset,
        columns_of(preview, month_first=preset.month_first),
        found.workspace,
        zone=preview.zone,
        journeys=list(known_words(found.workspace).get("journey", {})),
    )


def presets_for(preview: Preview) -> list[Preset]:
    return [] if preview.log else presets.fitting(columns_of(preview))


def reasons(found: Import, preview: Preview, kind: str) -> dict[str, str]:
    """Why each column is taken for what, as the preset or the guess says."""
    why = dict(guess(found, preview, kind).why)
    for preset in presets_for(preview)[:1]:
        if preset.kind == kind:
            why |= proposed(found, preview, preset).why
    return why


def columns_of(preview: Preview, *, month_first: bool = False) -> list[Column]:
    return [
        Column(
            name,
            [row[i] if i < len(row) else "" for row in preview.rows],
            month_first,
            label=preview.labels.get(name, ""),
        )
        for i, name in enumerate(preview.header)
    ]


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
        labels=preview.labels,
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


def is_read_so(preview: Preview, read: dict[str, Any]) -> bool:
    """Whether the file was looked at in this way; how decimals are written changes no cell."""
    told, asked = ({k: v for k, v in r.items() if k != "decimal"} for r in (preview.read, read))
    return told == asked


def read_again(*, found: Import, user: User | None, read: dict[str, Any]) -> None:
    """Reads the file another way; the mapping is guessed anew where the columns changed."""
    read = {key: value for key, value in read.items() if value not in ("", None)}
    if found.file_bytes > settings.EVIDENCE_LOOK_AT_ONCE_BYTES:
        _look_later(found, user, read)
    else:
        _look_again(found, read)


def _look_again(found: Import, read: dict[str, Any]) -> None:
    preview = look(found, Read(**read))
    document = dict(found.mapping)
    named = {c for f in document.get("fields", {}).values() for c in [f.get("column")] if c}
    if not named <= set(preview.header):
        document = proposed(found, preview).document
    document.pop("read", None)
    if read:
        document["read"] = read
    found.mapping = document
    still_a_draft = Import.objects.filter(pk=found.pk, state__in=[State.DRAFT, State.FAILED])
    still_a_draft.update(mapping=document)


def discard(*, found: Import) -> None:
    """Throws a draft away, with its file."""
    if found.job is not None and is_looked_at(found):
        cancel_job(job=found.job)
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
