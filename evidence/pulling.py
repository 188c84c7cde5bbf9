"""Looking into folders for new files, and bringing each in once.

A file is known by name, size and time of change; its content by SHA-256. One that was seen the
same a minute before is taken to be whole. What was refused is tried again when it changes.
"""

import logging
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.access import Permission, permissions_of
from evidence import locks, pull_folder, pull_prefix
from evidence.actions import create_import, start_import
from evidence.drafts import discard
from evidence.errors import AlreadyImported, EvidenceError
from evidence.models import Import, Pull, PulledFile, State
from evidence.pull_folder import Seen
from evidence.s3 import is_s3

log = logging.getLogger(__name__)
CALM = timedelta(seconds=60)
WAITING, BROUGHT, SAME, FAILED = (
    PulledFile.State.WAITING,
    PulledFile.State.BROUGHT,
    PulledFile.State.SAME,
    PulledFile.State.FAILED,
)


class Busy(Exception):
    """Another worker looks into this folder just now."""


def look(now: datetime | None = None) -> None:
    """Looks into every folder whose time has come."""
    if not settings.PULL_ROOT:
        return
    now = now or timezone.now()
    for pull in Pull.objects.due(now).select_related("workspace", "user", "mapping"):
        try:
            with locks.held(locks.pulling(pull.pk), check=_refuse), override(pull.user.language):
                if Pull.objects.due(now).filter(pk=pull.pk).exists():
                    _look_into(pull, now)
        except Busy:
            continue
        except Exception:
            log.exception("Pull %s failed", pull.pk)


def is_on_s3() -> bool:
    return is_s3(settings.PULL_ROOT)


def _source() -> ModuleType:
    return pull_prefix if is_on_s3() else pull_folder


def _look_into(pull: Pull, now: datetime) -> None:
    error, calm = "", True
    try:
        calm = _take(pull, now)
    except EvidenceError as found:
        error = str(found)
    wait = timedelta(minutes=pull.every_minutes)
    Pull.objects.filter(pk=pull.pk).update(
        looked_at=now, look_at=now + (wait if calm else min(wait, CALM)), error=error
    )


def _take(pull: Pull, now: datetime) -> bool:
    """Brings in what is new and whole; says whether nothing has to be looked at again soon."""
    if Permission.IMPORT not in permissions_of(pull.user, pull.workspace):
        raise EvidenceError(_("Whoever made this may no longer bring in evidence."))
    if pull.mapping is None:
        raise EvidenceError(_("The mapping of this pull was deleted."))
    found = _source().files(pull.workspace.slug, pull.pattern)
    known = {
        Seen(f.path, f.size, f.mtime_ns): f
        for f in pull.files.filter(path__in=[s.path for s in found])
    }
    pull.files.filter(state=WAITING).exclude(
        pk__in=[known[s].pk for s in found if s in known]
    ).delete()
    calm = True
    for seen in found:
        row = known.get(seen)
        if row is None:
            row = pull.files.create(**seen._asdict(), seen_at=now)
        if row.state == WAITING:
            if now - row.seen_at < CALM and not is_on_s3():
                calm = False
            else:
                calm = _bring(pull, row, seen) and calm
    return calm


def _bring(pull: Pull, row: PulledFile, seen: Seen) -> bool:
    """Starts the file's import; False where it changed under our hands."""
    folder = Path(settings.MEDIA_ROOT).resolve() / "uploading"
    folder.mkdir(parents=True, exist_ok=True)
    copied = folder / f"pull-{secrets.token_hex(8)}"
    try:
        if seen.size > settings.EVIDENCE_MAX_FILE_BYTES:
            raise EvidenceError(_("The file is too large to be brought in."))
        row.sha256 = _source().copy(pull.workspace.slug, seen, copied)
        if not row.sha256:
            row.delete()
            return False
        earlier = _same_content(pull, row)
        if earlier is not None:
            _end(row, SAME, earlier.imported)
        else:
            _start(pull, row, copied)
    except EvidenceError as error:
        _end(row, FAILED, None, str(error))
    except Exception:
        log.exception("The file %s of pull %s was not brought in", row.path, pull.pk)
        _end(row, FAILED, None, _("Something went wrong on our side; nothing was imported."))
    finally:
        copied.unlink(missing_ok=True)
    return True


def _same_content(pull: Pull, row: PulledFile) -> PulledFile | None:
    """An earlier file with this content, unless its import failed."""
    earlier = pull.files.filter(sha256=row.sha256, state=BROUGHT).exclude(pk=row.pk)
    return earlier.exclude(imported__state=State.FAILED).select_related("imported").first()


def _start(pull: Pull, row: PulledFile, copied: Path) -> None:
    assert pull.mapping is not None
    found = create_import(
        workspace=pull.workspace, user=pull.user, path=copied, source=row.path, keep=False
    )
    try:
        # Both or neither: whoever dies in between leaves a draft, which is swept, and tries again.
        with transaction.atomic():
            start_import(found=found, document=dict(pull.mapping.document), user=pull.user)
            _end(row, BROUGHT, found)
    except AlreadyImported as error:
        discard(found=found)
        _end(row, SAME, Import.objects.filter(pk=error.earlier).first())
    except BaseException:
        discard(found=found)
        raise


def _end(row: PulledFile, state: str, imported: Import | None, error: str = "") -> None:
    row.state, row.imported, row.error = state, imported, error
    row.save(update_fields=["state", "imported", "error", "sha256"])


def _refuse() -> None:
    raise Busy
