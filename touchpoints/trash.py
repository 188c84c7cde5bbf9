"""What a person deleted from the library lately, kept in the session so that it can come back."""

import secrets
from typing import Any

from django.http import Http404, HttpRequest

from accounts.models import Workspace

KEY = "library_bin"
KEPT = 20


def keep(request: HttpRequest, workspace: Workspace, kind: str, fields: dict[str, Any]) -> str:
    """Puts a deleted entry away; the answer is its name in the bin."""
    token = secrets.token_urlsafe(9)
    entry = {"token": token, "workspace": workspace.pk, "kind": kind, "fields": fields}
    request.session[KEY] = [*request.session.get(KEY, []), entry][-KEPT:]
    return token


def take(request: HttpRequest, workspace: Workspace, token: str) -> tuple[str, dict[str, Any]]:
    """The entry's kind and fields, taken out of the bin; 404 where it is not there."""
    for entry in request.session.get(KEY, []):
        if entry["token"] == token and entry["workspace"] == workspace.pk:
            request.session[KEY] = [e for e in request.session[KEY] if e is not entry]
            return entry["kind"], entry["fields"]
    raise Http404
