"""The bell: a person's own notifications, and the stream that rings it."""

from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts import live
from accounts.access import get_membership, get_workspace
from accounts.notices import Notification, live_channel, mark_read, unread_count

PER_PAGE = 30


@login_required
@require_GET
def notifications(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest first; each leads to what it speaks of."""
    workspace = get_workspace(request, slug)
    mine = Notification.objects.filter(workspace=workspace, user_id=request.user.pk or 0)
    context = {
        "page": Paginator(mine, PER_PAGE).get_page(request.GET.get("page")),
        "any_unread": mine.unread().exists(),
    }
    return render(request, "accounts/notifications.html", context)


@login_required
@require_GET
def notification_open(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Marks it as read and goes where it leads."""
    workspace = get_workspace(request, slug)
    mine = Notification.objects.filter(workspace=workspace, user_id=request.user.pk or 0)
    found = get_object_or_404(mine, pk=pk)
    mark_read(workspace_id=workspace.pk, user_id=found.user_id, pk=found.pk)
    if url_has_allowed_host_and_scheme(found.url, {request.get_host()}, request.is_secure()):
        return redirect(found.url)
    return redirect("notifications", slug)


@login_required
@require_POST
def notifications_read(request: HttpRequest, slug: str) -> HttpResponse:
    """Marks all as read, or the one named; a person's own affair in any role."""
    workspace = get_workspace(request, slug)
    pk = request.POST.get("notification", "")
    mark_read(
        workspace_id=workspace.pk,
        user_id=request.user.pk or 0,
        pk=int(pk) if pk.isdigit() else None,
    )
    return redirect("notifications", slug)


@require_safe
async def bell_live(request: HttpRequest, slug: str) -> HttpResponseBase:
    """How many are unread, as server-sent events `unread`: now and on every change."""
    await request.auser()
    membership = await sync_to_async(get_membership)(request, slug)
    return live.sse_response(bell_events(membership.workspace_id, membership.user_id))


async def bell_events(
    workspace_id: int, user_id: int
) -> AsyncIterator[tuple[str, dict[str, object]]]:
    count = sync_to_async(unread_count)
    async with live.subscription(live_channel(workspace_id, user_id)) as changes:
        while True:
            yield "unread", {"count": await count(workspace_id=workspace_id, user_id=user_id)}
            await anext(changes)
