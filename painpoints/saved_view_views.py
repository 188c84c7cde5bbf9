"""Addresses of saved views: opened, kept, renamed, shared, deleted and brought back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import get_workspace
from accounts.models import User
from painpoints import saved_views
from painpoints.saved_views import ADDRESSES, Page, ViewError, address_of
from painpoints.view_models import SavedView

SALT = "saved-view"
UNDO_S = 24 * 3600


def _view(request: HttpRequest, slug: str, pk: int, *, deleted: bool = False) -> SavedView:
    """The view, for this person: their own, or one that is shared."""
    workspace = get_workspace(request, slug)
    assert isinstance(request.user, User)
    views = saved_views.views_for(workspace, request.user)
    return get_object_or_404(views, pk=pk, deleted_at__isnull=not deleted)


@login_required
@require_GET
def view(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Leads to the page with the view's filters as they are today."""
    return redirect(address_of(_view(request, slug, pk)))


@login_required
@require_POST
def view_add(request: HttpRequest, slug: str) -> HttpResponse:
    workspace = get_workspace(request, slug)
    assert isinstance(request.user, User)
    page, query = request.POST.get("page", ""), request.POST.get("query", "")
    if page not in saved_views.KEPT:
        raise Http404
    try:
        made = saved_views.save_view(
            workspace=workspace,
            user=request.user,
            page=page,
            name=request.POST.get("name", ""),
            query=query,
            is_shared="shared" in request.POST,
            rolls="rolls" in request.POST,
        )
    except ViewError as error:
        messages.error(request, str(error))
        back = reverse(ADDRESSES[Page(page)], args=[slug])
        cleaned = saved_views.kept(page, QueryDict(query))
        return redirect(f"{back}?{cleaned}" if cleaned else back)
    messages.success(request, _("“%s” is saved; its address can be sent to others.") % made)
    return redirect(made)


@login_required
@require_POST
def view_change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Another name, shared or not; or, with `query`, other filters."""
    found = _view(request, slug, pk)
    assert isinstance(request.user, User)
    changes: dict[str, Any] = {}
    if "name" in request.POST:
        changes = {"name": request.POST["name"], "is_shared": "shared" in request.POST}
    try:
        if "query" in request.POST:
            changes |= saved_views.filters_now(found, request.POST["query"])
        before = saved_views.change_view(view=found, user=request.user, changes=changes)
    except ViewError as error:
        messages.error(request, str(error))
        return redirect(found)
    token = signing.dumps({"pk": pk, "before": before}, salt=SALT, compress=True)
    undo = reverse("views:back", args=[slug, pk, token])
    messages.success(request, _("The view is changed."), extra_tags=f"undo:{undo}")
    return redirect(found)


@login_required
@require_POST
def view_back(request: HttpRequest, slug: str, pk: int, token: str) -> HttpResponse:
    """What stood there before a change stands there again."""
    found = _view(request, slug, pk)
    assert isinstance(request.user, User)
    saved_views.refuse_others(found, request.user)
    try:
        told = signing.loads(token, salt=SALT, max_age=UNDO_S)
    except signing.BadSignature:
        raise Http404 from None
    if told["pk"] != pk:
        raise Http404
    try:
        saved_views.change_view(view=found, user=request.user, changes=told["before"])
    except ViewError as error:
        messages.error(request, str(error))
    return redirect(found)


@login_required
@require_POST
def view_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = _view(request, slug, pk)
    assert isinstance(request.user, User)
    saved_views.delete_view(view=found, user=request.user)
    undo = reverse("views:restore", args=[slug, pk])
    messages.success(request, _("“%s” is deleted.") % found, extra_tags=f"undo:{undo}")
    return redirect(ADDRESSES[Page(found.page)], slug)


@login_required
@require_POST
def view_restore(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = _view(request, slug, pk, deleted=True)
    assert isinstance(request.user, User)
    saved_views.restore_view(view=found, user=request.user)
    messages.success(request, _("“%s” is back.") % found)
    return redirect(found)
