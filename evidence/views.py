"""Imports: the list, the upload, what became of each row, undo."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F, Max, Sum
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Permission, get_workspace
from accounts.models import User, Workspace
from evidence.actions import rejected_file, undo_import
from evidence.drafts import create_draft, discard
from evidence.errors import EvidenceError
from evidence.examples import EXAMPLES, example_csv, example_xlsx
from evidence.forms import ACCEPT, UploadForm
from evidence.known_words import known_words, unmapped
from evidence.models import Import, Kind, State
from evidence.redo import can_redo, redo_import
from evidence.sizes import megabytes
from evidence.upload import StreamingHandler
from evidence.wording import share_parts
from jobs.models import Job, Status

PER_PAGE = 25
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_CODES = 500  # listed on the result page


def get_import(
    request: HttpRequest, slug: str, pk: int, permission: Permission = Permission.VIEW
) -> Import:
    """The workspace's import, for this user."""
    workspace = get_workspace(request, slug, permission)
    found = get_object_or_404(workspace.imports.select_related("job", "created_by"), pk=pk)
    found.workspace = workspace
    return found


@login_required
@require_GET
def import_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Who brought what, and what became of it."""
    workspace = get_workspace(request, slug)
    imports = workspace.imports.select_related("created_by", "undone_by", "job")
    page = Paginator(imports, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(found, shares(found), outcome_of(found)) for found in page],
        "freshness": freshness(workspace),
        "examples": EXAMPLES,
    }
    return render(request, "evidence/list.html", context)


def freshness(workspace: Workspace) -> list[dict[str, Any]]:
    """For each kind, how many rows stand and when the newest of them happened."""
    found = {
        row["kind"]: row
        for row in workspace.imports.standing()
        .order_by()
        .values("kind")
        .annotate(rows=Sum(F("accepted") - F("gone")), newest=Max("last_at"))
    }
    return [{"label": label, **found[kind]} for kind, label in Kind.choices if kind in found]


def shares(found: Import) -> list[dict[str, Any]]:
    """What became of every row, as parts of one bar."""
    return share_parts(found, found.rows)


def outcome_of(found: Import) -> str:
    """The state a person sees: a job that ended badly says so at once."""
    if found.state == State.IMPORTING and found.job is not None:
        if found.job.status == Status.FAILED:
            return "failed"
        if found.job.status == Status.CANCELLED:
            return "draft"
    return found.state


@csrf_exempt
def import_new(request: HttpRequest, slug: str) -> HttpResponse:
    """The upload. Its body is read (for the CSRF check, too) only by our own handler."""
    request.upload_handlers = [StreamingHandler(request)]
    return _import_new(request, slug)


@login_required
@require_http_methods(["GET", "POST"])
def _import_new(request: HttpRequest, slug: str) -> HttpResponse:
    # The right to import comes before the first byte of the file is read.
    workspace = get_workspace(request, slug, Permission.IMPORT)
    if request.method == "POST" and _is_far_too_big(request):
        return _upload_page(request, workspace, UploadForm(), _too_big(), status=413)
    return _receive(request, workspace)


@csrf_protect
def _receive(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    if request.method == "GET":
        return _upload_page(request, workspace, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, workspace, form, status=422)
    assert isinstance(request.user, User)
    try:
        file = form.cleaned_data["file"]
        found = create_draft(
            workspace=workspace,
            user=request.user,
            path=Path(file.temporary_file_path()),
            name=file.name,
        )
    except EvidenceError as error:
        return _upload_page(request, workspace, form, str(error), status=422)
    return redirect("evidence:mapping", workspace.slug, found.pk)


def _is_far_too_big(request: HttpRequest) -> bool:
    """So big that reading it to the end only to refuse it would be a waste."""
    told = request.META.get("CONTENT_LENGTH") or "0"
    return told.isdigit() and int(told) > 2 * settings.EVIDENCE_MAX_FILE_BYTES


def _too_big() -> str:
    return _("The file is too large; at most %s can be uploaded.") % megabytes(
        settings.EVIDENCE_MAX_FILE_BYTES
    )


def _upload_page(
    request: HttpRequest,
    workspace: Workspace,
    form: UploadForm,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    assert isinstance(request.user, User)
    context = {
        "form": form,
        "error": error,
        "accept": ACCEPT,
        "limit": megabytes(settings.EVIDENCE_MAX_FILE_BYTES),
        "limit_bytes": settings.EVIDENCE_MAX_FILE_BYTES,
        "examples": EXAMPLES,
        "unfinished": workspace.uploads.filter(user=request.user),
    }
    return render(request, "evidence/new.html", context, status=status)


@login_required
@require_GET
def import_result(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What became of every row; until then, how far it is, or why it failed."""
    found = get_import(request, slug, pk)
    outcome = outcome_of(found)
    if outcome == "draft":
        return redirect("evidence:mapping", slug, pk)
    job: Job | None = found.job
    words = known_words(found.workspace) if outcome == State.DONE else {}
    context = {
        "found": found,
        "outcome": outcome,
        "shares": shares(found),
        "error": found.error or (job.error if job else ""),
        "unmapped": unmapped(found.codes, words) if outcome == State.DONE else {},
        "codes": _codes(found, words.get("touchpoint", {})),
        "mapping_json": json.dumps(found.mapping, indent=1, ensure_ascii=False),
        "has_rejected": rejected_file(found).exists(),
        "can_redo": can_redo(found),
        "sse_url": reverse("job_live", args=[slug, job.pk]) if job else "",
        "poll_url": reverse("job_progress", args=[slug, job.pk]) if job else "",
        "cancel_url": reverse("job_cancel", args=[slug, job.pk]) if job else "",
    }
    return render(request, "evidence/result.html", context)


def _codes(found: Import, names: Mapping[str, str]) -> list[tuple[str, int, str]]:
    """The codes with their accepted rows and their touchpoints' names, most rows first."""
    most_first = sorted(found.codes.items(), key=lambda pair: -pair[1])
    return [(code, n, names.get(code, "")) for code, n in most_first[:MOST_CODES]]


@login_required
@require_GET
def import_rejected(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """The rejected rows with their reasons, as CSV."""
    found = get_import(request, slug, pk, Permission.VIEW_ROWS)
    path = rejected_file(found)
    if not path.exists():
        raise Http404
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=f"rejected-{found.pk}.csv",
        content_type="text/csv; charset=utf-8",
    )  # fmt: skip


@login_required
@require_POST
def import_undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Takes the import's rows out again."""
    found = get_import(request, slug, pk, Permission.IMPORT)
    assert isinstance(request.user, User)
    try:
        undo_import(found=found, user=request.user)
    except EvidenceError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _(
                "“%s” was undone: its rows are out of the evidence, and the journeys "
                "it touched are scored again."
            )
            % found.source,
            extra_tags="undo:" + reverse("evidence:redo", args=[slug, pk]),
        )
    return redirect("evidence:result", slug, pk)


@login_required
@require_POST
def import_redo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Puts the rows of an undone import back."""
    found = get_import(request, slug, pk, Permission.IMPORT)
    assert isinstance(request.user, User)
    try:
        redo_import(found=found, user=request.user)
    except EvidenceError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _("“%s” is back: its rows count again, and the journeys it touches are scored again.")
            % found.source,
            extra_tags="undo:" + reverse("evidence:undo", args=[slug, pk]),
        )
    return redirect("evidence:result", slug, pk)


@login_required
@require_POST
def import_discard(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Throws away a draft or a failed import, with its file."""
    found = get_import(request, slug, pk, Permission.IMPORT)
    if outcome_of(found) not in ("draft", "failed"):
        messages.error(request, _("Only an import that was not brought in can be thrown away."))
        return redirect("evidence:result", slug, pk)
    discard(found=found)
    messages.success(request, _("“%s” was thrown away; nothing was imported.") % found.source)
    return redirect("evidence:list", slug)


@login_required
@require_GET
def example_file(request: HttpRequest, slug: str, kind: str, form: str) -> HttpResponse:
    """A template to start from, as CSV or XLSX."""
    get_workspace(request, slug)
    if kind not in EXAMPLES:
        raise Http404
    content, content_type = (
        (example_csv(kind), "text/csv; charset=utf-8")
        if form == "csv"
        else (example_xlsx(kind), XLSX)
    )
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="touchline-{kind}.{form}"'
    return answer
