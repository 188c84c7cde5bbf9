"""Saved mappings: the list, their versions, and an old one taken again."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Permission, get_workspace
from accounts.models import User
from evidence.arriving_views import used_by
from evidence.errors import MappingError
from evidence.mapping_actions import take_version_again
from evidence.models import Kind, MappingVersion


@login_required
@require_GET
def mapping_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The saved mappings."""
    workspace = get_workspace(request, slug)
    versions = MappingVersion.objects.select_related("created_by")
    rows = workspace.mappings.prefetch_related(Prefetch("versions", versions))
    return render(request, "evidence/mappings.html", {"rows": rows, "kinds": dict(Kind.choices)})


@login_required
@require_GET
def mapping_version(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponse:
    """One version as JSON, to be read or taken elsewhere."""
    workspace = get_workspace(request, slug)
    saved = get_object_or_404(workspace.mappings, pk=pk)
    version = get_object_or_404(saved.versions, number=number)
    text = json.dumps(version.document, indent=1, ensure_ascii=False)
    return HttpResponse(text + "\n", content_type="application/json; charset=utf-8")


@login_required
@require_POST
def mapping_again(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponse:
    """Makes an old version the newest."""
    workspace = get_workspace(request, slug, Permission.IMPORT)
    saved = get_object_or_404(workspace.mappings, pk=pk)
    version = get_object_or_404(saved.versions, number=number)
    assert isinstance(request.user, User)
    try:
        saved = take_version_again(version=version, user=request.user)
    except MappingError as error:
        messages.error(request, _("Not saved: %s") % error)
    else:
        messages.success(
            request,
            _("Version %(number)d of “%(name)s” is the newest again, as version %(version)d.")
            % {"number": number, "name": saved.name, "version": saved.version},
        )
    return redirect("evidence:mappings", slug)


@login_required
@require_POST
def mapping_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Imports made by it keep their own copy."""
    workspace = get_workspace(request, slug, Permission.IMPORT)
    saved = get_object_or_404(workspace.mappings, pk=pk)
    if users := used_by(saved.pk):
        messages.error(
            request,
            _("“%(name)s” is needed by: %(users)s. Delete these first.")
            % {"name": saved.name, "users": ", ".join(users)},
        )
        return redirect("evidence:mappings", slug)
    saved.delete()
    messages.success(request, _("The mapping “%s” is deleted.") % saved.name)
    return redirect("evidence:mappings", slug)
