"""Files that arrive piece by piece: begun, gone on with after a lost connection, thrown away.

The parts lie on the disk under a limit; what nobody goes on with is swept.
"""

import errno
import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import IO, BinaryIO

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User, Workspace
from evidence.errors import EvidenceError
from evidence.sizes import megabytes
from evidence.upload_models import Upload, waiting_room

KEPT_FOR = timedelta(days=7)
STRAY_FOR = timedelta(days=1)  # files of plain uploads whose process was killed
PIECE = 256 * 1024
SPARE_BYTES = 2**30  # what the disk keeps for everything else


class Busy(Exception):
    """Another request writes to the same upload just now."""


class WrongPlace(Exception):
    """The piece belongs elsewhere; `there` is how much has come."""

    def __init__(self, there: int) -> None:
        super().__init__(there)
        self.there = there


class NoRoom(EvidenceError):
    """The server cannot take the file, now."""


def begin(*, workspace: Workspace, user: User, name: str, size: int, mark: str) -> Upload:
    """The upload of this file: the one that was begun before, or a new one."""
    if size <= 0:
        raise EvidenceError(
            _("The file is empty. Expected was a table: a line of column names, then rows.")
        )
    if size > settings.EVIDENCE_MAX_FILE_BYTES:
        raise EvidenceError(
            _("The file is too large; at most %s can be uploaded.")
            % megabytes(settings.EVIDENCE_MAX_FILE_BYTES)
        )
    own = Upload.objects.filter(workspace=workspace, user=user)
    begun = own.filter(name=name[:255], size=size, mark=mark[:100]).first()
    if begun is not None:
        return begun
    with transaction.atomic():
        Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
        _check_room(workspace, size)
        return own.create(
            workspace=workspace, user=user, name=name[:255], size=size, mark=mark[:100]
        )


def _check_room(workspace: Workspace, size: int) -> None:
    waiting = workspace.uploads.aggregate(bytes=Sum("size"))["bytes"] or 0
    if waiting + size > settings.EVIDENCE_MAX_UPLOADING_BYTES:
        raise NoRoom(
            _(
                "Unfinished uploads of this workspace already take %(waiting)s of %(limit)s. "
                "Finish or throw away some of them first."
            )
            % {
                "waiting": megabytes(waiting),
                "limit": megabytes(settings.EVIDENCE_MAX_UPLOADING_BYTES),
            }
        )
    free = shutil.disk_usage(waiting_room()).free - SPARE_BYTES
    if size > free:
        raise NoRoom(
            _("The server's disk has room for %(free)s only; the file has %(size)s.")
            % {"free": megabytes(max(0, free)), "size": megabytes(size)}
        )


def append(*, upload: Upload, offset: int, source: BinaryIO) -> int:
    """Adds what comes at this place and returns how much is there now.

    What came before a connection broke is kept, bytes beyond the file's size are not taken.
    """
    with _alone(upload) as file:
        there = file.seek(0, 2)
        if there != offset:
            raise WrongPlace(there)
        try:
            while there < upload.size:
                piece = source.read(min(PIECE, upload.size - there))
                if not piece:
                    break
                file.write(piece)
                there += len(piece)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            raise NoRoom(_("The server's disk is full. What has come so far is kept.")) from None
    Upload.objects.filter(pk=upload.pk).update(touched_at=timezone.now())
    return there


@contextmanager
def _alone(upload: Upload) -> Iterator[IO[bytes]]:
    # Unbuffered: what is told to have come lies in the file.
    with upload.path.open("ab", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield file


def throw_away(*, upload: Upload) -> None:
    upload.path.unlink(missing_ok=True)
    Upload.objects.filter(pk=upload.pk).delete()


def sweep_uploads() -> int:
    """Throws away what nobody went on with for a week, and files that belong to nothing."""
    old = list(Upload.objects.filter(touched_at__lt=timezone.now() - KEPT_FOR))
    for upload in old:
        throw_away(upload=upload)
    known = {upload.path for upload in Upload.objects.all()}
    limit = (timezone.now() - STRAY_FOR).timestamp()
    for path in waiting_room().iterdir():
        if path not in known and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
    return len(old)
