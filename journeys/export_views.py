"""Maps as files, and spreadsheets as maps."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Permission, get_workspace
from accounts.models import Workspace
from journeys import grid_import, sheets
from journeys.errors import MapError
from journeys.exports import FORMATS, WHOLE, file_name
from journeys.forms import GridFileForm, GridNameForm
from journeys.models import Journey
from journeys.paper.drawing import drawing_of
from journeys.views import current_user, journey_of


@login_required
@require_GET
def exports(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """All formats of a map, to choose from."""
    workspace = get_workspace(request, slug)
    found = journey_of(workspace, journey)
    return render(
        request,
        "journeys/exports.html",
        {
            "journey": found,
            "formats": FORMATS,
            "has_hidden": found.lanes.filter(hidden=True).exists(),
        },
    )


@login_required
@require_GET
def download(request: HttpRequest, slug: str, journey: str, form: str) -> HttpResponse:
    """The map in one format."""
    workspace = get_workspace(request, slug)
    found = journey_of(workspace, journey)
    drawing = drawing_of(found, with_hidden=form in WHOLE)
    response = HttpResponse(FORMATS[form].made(drawing), content_type=FORMATS[form].kind)
    response["Content-Disposition"] = content_disposition_header(True, file_name(drawing, form))
    return response


@login_required
@require_POST
def grid_new(request: HttpRequest, slug: str) -> HttpResponse:
    """A new journey from a spreadsheet: first its preview, then the journey."""
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    return _imported(request, workspace, None)


@login_required
@require_http_methods(["GET", "POST"])
def grid(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """A map made that of a spreadsheet, in one edit that can be undone."""
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    found = journey_of(workspace, journey)
    if request.method == "POST":
        return _imported(request, workspace, found)
    return _page(request, found, GridFileForm())


def _imported(request: HttpRequest, workspace: Workspace, journey: Journey | None) -> HttpResponse:
    """The file's preview, or, once that was seen, the import."""
    if "cells" not in request.POST:
        form = GridFileForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                rows = sheets.read_rows(file.read(sheets.MAX_BYTES + 1))
            except MapError as error:
                form.add_error("file", error.problems)  # type: ignore[arg-type]
            else:
                naming = GridNameForm({"name": file.name.rsplit(".", 1)[0][:160]})
                return _preview(request, workspace, journey, rows, naming)
        return _page(request, journey, form, status=422)
    try:
        rows = _cells(request.POST["cells"])
        naming = GridNameForm(request.POST)
        if journey is None and not naming.is_valid():
            return _preview(request, workspace, journey, rows, naming, status=422)
        made = grid_import.import_grid(
            workspace=workspace,
            user=current_user(request),
            rows=rows,
            journey=journey,
            name="" if journey else naming.cleaned_data["name"],
        )
    except MapError as error:
        form = GridFileForm()
        return _page(request, journey, form, status=422, problems=error.problems)
    _tell(request, made, before=journey.revision if journey else made.revision)
    return redirect("journeys:edit", workspace.slug, made.slug)


def _tell(request: HttpRequest, journey: Journey, *, before: int) -> None:
    """What was done, with a way back where a map was changed."""
    undo = ""
    if journey.revision > before:
        own = [journey.workspace.slug, journey.slug, journey.revision]
        undo = "undo:" + reverse("journeys:undo", args=own)
    messages.success(request, _("“%s” is as the spreadsheet says.") % journey, extra_tags=undo)


def _cells(text: str) -> sheets.Rows:
    """The cells as the preview's page sent them back."""
    try:
        rows = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        rows = None
    is_rows = isinstance(rows, list) and all(
        isinstance(row, list) and all(isinstance(cell, str) for cell in row) for row in rows
    )
    if not is_rows:
        raise MapError([_("The preview is incomplete; choose the file again.")])
    return sheets.squared(rows)


def _preview(
    request: HttpRequest,
    workspace: Workspace,
    journey: Journey | None,
    rows: sheets.Rows,
    naming: GridNameForm,
    status: int = 200,
) -> HttpResponse:
    preview = grid_import.preview_of(workspace, rows, journey)
    context = {
        "journey": journey,
        "preview": preview,
        "cells": json.dumps(rows, ensure_ascii=False),
        "naming": naming,
    }
    status = 422 if preview.problems else status
    return render(request, "journeys/grid_preview.html", context, status=status)


def _page(
    request: HttpRequest, journey: Journey | None, form: Any, status: int = 200,
    problems: list[str] | None = None,
) -> HttpResponse:  # fmt: skip
    context = {"journey": journey, "form": form, "problems": problems}
    return render(request, "journeys/grid_import.html", context, status=status)
