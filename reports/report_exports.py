"""Making files of reports: asked for, made by a job, kept for a while, then swept away."""

import os
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Permission, permissions_of
from accounts.models import User
from jobs.actions import JobError, Running, create_job, register
from reports.blocks.content import filled
from reports.blocks.kinds import COMMENTS, blocks_of
from reports.files.formats import FORMATS, file_name
from reports.report_models import KEPT_FOR, Export, Report

KIND = "export"


class ExportError(ValueError):
    """A file that cannot be asked for, in a sentence for people."""


@transaction.atomic
def request_export(
    *, report: Report, user: User, code: str, block: str = "", send: bool = True
) -> Export:
    """A file of the report (or of one block), made as soon as a worker is free."""
    if code not in FORMATS:
        raise ExportError(
            _("There is no format “%(code)s”; there is: %(known)s.")
            % {"code": code[:20], "known": ", ".join(FORMATS)}
        )
    blocks = [one for one in blocks_of(report.blocks) if block in ("", one.id)]
    if block and not blocks:
        raise ExportError(_("This report has no block “%s”.") % block[:20])
    may_read = Permission.VIEW_ROWS in permissions_of(user, report.workspace)
    export = Export(
        workspace=report.workspace,
        report=report,
        block=block,
        format=code,
        made_by=user,
        # Before a word is read: an erasure meanwhile must find it.
        has_comments=may_read and any(one.kind == COMMENTS for one in blocks),
    )
    export.job = create_job(
        workspace=report.workspace, kind=KIND, arguments={"export": str(export.pk)}, user=user,
        send=send,
    )  # fmt: skip
    export.save()
    return export


@register(KIND)
def make(running: Running) -> None:
    """Makes the file of the export named by the job; made again, it is the same row and place."""
    exports = Export.objects.select_related("report__workspace", "report__journey", "made_by")
    export = exports.filter(pk=running.arguments["export"]).first()
    if export is None or export.finished_at is not None:
        return
    if export.made_by is None or export.report.deleted_at is not None:
        raise JobError(_("The report was deleted before its turn came."))
    with timezone.override(export.workspace.zone):
        name, content, has_comments = _made(running, export, export.made_by)
    export.path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = export.path.with_suffix(".part")
    unfinished.write_bytes(content)
    running.check()
    os.replace(unfinished, export.path)
    done = timezone.now()
    kept = Export.objects.filter(pk=export.pk).update(
        file_name=name, size=len(content), finished_at=done, expires_at=done + KEPT_FOR,
        has_comments=has_comments,
    )  # fmt: skip
    if not kept:  # an erasure went by
        export.path.unlink(missing_ok=True)
        raise JobError(_("A customer was erased while the file was made; ask for it again."))


def _made(running: Running, export: Export, user: User) -> tuple[str, bytes, bool]:
    """The file's name, its content, and whether people's words stand in it."""

    def step(done: int, of: int) -> None:
        said = _("Reading the figures")
        running.progress(done, of + 1, unit=_("blocks"), message=said)

    found = filled(export.report, user, waits=True, only=export.block, step=step)
    blocks = len(found.contents)
    running.progress(blocks, blocks + 1, message=_("Writing the file"))
    content = FORMATS[export.format].made(found)
    running.progress(blocks + 1, message=_("Done"))
    return file_name(found, export.format, export.block), content, found.has_comments


def sweep() -> int:
    """Takes away what was kept long enough; answers how many."""
    count = 0
    for export in Export.objects.over():
        export.path.unlink(missing_ok=True)
        export.path.with_suffix(".part").unlink(missing_ok=True)
        export.delete()
        count += 1
    return count


def told(export: Export) -> dict[str, Any]:
    """How it stands with the file, for pages and programs."""
    job = export.job
    state = "ready" if export.finished_at else (job.status if job else "failed")
    return {"state": state, "error": job.error if job else ""}
