"""Files of a report: the formats to choose from, those that are made, and fetching one."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import PERMISSIONS, Permission, get_workspace
from accounts.models import Workspace
from jobs.models import Status
from reports.blocks.kinds import blocks_of
from reports.files.formats import FORMATS
from reports.gallery import user_of
from reports.report_exports import ExportError, request_export, told
from reports.report_models import Export, Report
from reports.views.downloads import sentence
from reports.views.report_pages import get_report

SHOWN = 20


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def files(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Whoever sees the report may take it along."""
    report = get_report(request, slug, pk)
    block = request.POST.get("block", request.GET.get("block", ""))
    if request.method == "POST":
        code = request.POST.get("format", "")
        try:
            request_export(report=report, user=user_of(request.user), code=code, block=block)
        except ExportError as error:
            return sentence(str(error), 422)
        tail = f"?block={block}" if block else ""
        return redirect(reverse("reports:report_files", args=[slug, pk]) + tail + "#files")
    blocks = [(one.id, one.title or one.label) for one in blocks_of(report.blocks)]
    made = report.exports.kept().select_related("job", "made_by")[:SHOWN]
    titles = dict(blocks)
    context = {
        "report": report,
        "blocks": blocks,
        "block": block if block in titles else "",
        "formats": FORMATS,
        "files": _followed([_told(one, titles, report.workspace) for one in made]),
    }
    return render(request, "reports/report/files.html", context)


def _followed(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Only the one whose turn is next is listened to: a browser keeps six connections to a server,
    and streams for more files than that would hold up whatever is asked for next."""
    waiting = [one for one in files if one["state"] in (Status.QUEUED, Status.RUNNING)]
    for one in waiting[:-1]:  # the newest come first
        one["sse_url"] = one["poll_url"] = ""
    return files


def _told(export: Export, titles: dict[str, str], workspace: Workspace) -> dict[str, Any]:
    job, args = export.job, [workspace.slug, export.job_id]
    return {
        "export": export,
        "format": FORMATS[export.format].label,
        "of": titles.get(export.block, ""),
        "job": job,
        "sse_url": reverse("job_live", args=args) if job else "",
        "poll_url": reverse("job_progress", args=args) if job else "",
        **told(export),
    }


@login_required
@never_cache
@require_GET
def fetch(request: HttpRequest, slug: str, export: object) -> HttpResponseBase:
    """The file, if this person may have it now."""
    workspace = get_workspace(request, slug)
    role = request.membership.role  # type: ignore[attr-defined]
    return file_of(workspace, export, PERMISSIONS[role])


def file_of(workspace: Workspace, pk: object, may: frozenset[Permission]) -> HttpResponseBase:
    """The file's content; 404 where it is kept no longer, 403 with words that are not for all."""
    kept = Export.objects.kept().filter(workspace=workspace, report__in=Report.objects.standing())
    export = get_object_or_404(kept, pk=pk)
    if export.has_comments and Permission.VIEW_ROWS not in may:
        raise PermissionDenied(
            _("This file holds what customers wrote; your role does not show that.")
        )
    if export.finished_at is None:
        return sentence(_("The file is being made. Try again in a few seconds."), 503)
    try:
        content = export.path.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, content_type=FORMATS[export.format].kind)
    response["Content-Disposition"] = content_disposition_header(True, export.file_name)
    response["Content-Length"] = str(export.size)
    return response
