"""Uploads piece by piece, in the core of the tus protocol (tus.io, 1.0.0).

POST creates (or finds what was begun), HEAD tells how much has come, PATCH adds at that place,
DELETE throws away; a POST to `…/finish/` makes a draft of the whole file.
"""

import base64
import binascii
from typing import BinaryIO, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission, get_workspace
from accounts.models import User
from evidence import uploads
from evidence.drafts import create_draft
from evidence.errors import EvidenceError
from evidence.upload_models import Upload

TUS = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}
PIECE_TYPE = "application/offset+octet-stream"


@login_required
@require_POST
def upload_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Begins an upload. One of the same file that was begun before is gone on with."""
    workspace = get_workspace(request, slug, Permission.IMPORT)
    assert isinstance(request.user, User)
    told = _metadata(request.headers.get("Upload-Metadata", ""))
    length = request.headers.get("Upload-Length", "")
    if not length.isdigit() or not told.get("filename"):
        sentence = _("Expected were the headers Upload-Length and Upload-Metadata (filename).")
        return _refused(sentence, 400)
    try:
        upload = uploads.begin(
            workspace=workspace,
            user=request.user,
            name=told["filename"],
            size=int(length),
            mark=told.get("mark", ""),
        )
    except uploads.NoRoom as error:
        return _refused(str(error), 507)
    except EvidenceError as error:
        return _refused(str(error), 413)
    place = reverse("evidence:upload", args=[slug, upload.pk])
    return HttpResponse(status=201, headers={**_state(upload), "Location": place})


@login_required
@require_http_methods(["HEAD", "PATCH", "DELETE", "POST"])
def upload_part(request: HttpRequest, slug: str, upload: str) -> HttpResponse:
    """How much has come; the next piece; or no more of it (POST: the same from a plain form)."""
    found = _upload(request, slug, upload)
    if request.method == "HEAD":
        return HttpResponse(headers=_state(found))
    if request.method in ("DELETE", "POST"):
        uploads.throw_away(upload=found)
        if request.method == "POST":
            return redirect("evidence:new", slug)
        return HttpResponse(status=204, headers=TUS)
    return _add(request, found)


def _add(request: HttpRequest, found: Upload) -> HttpResponse:
    offset = request.headers.get("Upload-Offset", "")
    if request.content_type != PIECE_TYPE or not offset.isdigit():
        return _refused(_("Expected was %s with an Upload-Offset.") % PIECE_TYPE, 415)
    try:
        there = uploads.append(upload=found, offset=int(offset), source=cast(BinaryIO, request))
    except uploads.WrongPlace as error:
        return HttpResponse(status=409, headers={**TUS, "Upload-Offset": str(error.there)})
    except uploads.Busy:
        return HttpResponse(status=423, headers=TUS)
    except uploads.NoRoom as error:
        return _refused(str(error), 507)
    except UnreadablePostError:
        return HttpResponse(status=400, headers=TUS)  # nobody is there to read it
    return HttpResponse(status=204, headers={**TUS, "Upload-Offset": str(there)})


@login_required
@require_POST
def upload_finish(request: HttpRequest, slug: str, upload: str) -> HttpResponse:
    """The whole file has come: a draft is made of it, and the answer says where it is."""
    found = _upload(request, slug, upload)
    if found.received != found.size:
        return _refused(_("The file has not come completely yet."), 409)
    assert isinstance(request.user, User)
    try:
        draft = create_draft(
            workspace=found.workspace, user=request.user, path=found.path, name=found.name
        )
    except EvidenceError as error:
        uploads.throw_away(upload=found)
        return _refused(str(error), 422)
    uploads.throw_away(upload=found)
    return JsonResponse({"url": reverse("evidence:mapping", args=[slug, draft.pk])}, status=201)


def _upload(request: HttpRequest, slug: str, upload: str) -> Upload:
    """The upload, for the person who began it."""
    workspace = get_workspace(request, slug, Permission.IMPORT)
    assert isinstance(request.user, User)
    found = get_object_or_404(workspace.uploads.filter(user=request.user), pk=upload)
    found.workspace = workspace
    return found


def _state(upload: Upload) -> dict[str, str]:
    return {**TUS, "Upload-Offset": str(upload.received), "Upload-Length": str(upload.size)}


def _refused(sentence: str, status: int) -> HttpResponse:
    return JsonResponse({"error": sentence}, status=status, headers=TUS)


def _metadata(told: str) -> dict[str, str]:
    """`filename d29ybGQ=,mark MTIz`: names with values in base64."""
    found = {}
    for pair in told.split(","):
        name, _blank, value = pair.strip().partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
    return found
