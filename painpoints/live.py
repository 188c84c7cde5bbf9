"""Tells open pages of a workspace that its figures are others now: evidence came, or was scored."""

from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from accounts import live
from accounts.access import get_membership


def channel_of(workspace_id: int) -> str:
    return f"figures_{workspace_id}"


def announce_figures(*, workspace_id: int) -> None:
    """Belongs to the transaction it is called in: pages look again once that is committed."""
    live.notify(channel_of(workspace_id))


@require_safe
async def figures_live(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Server-sent events `changed`, whenever a page of many journeys should look again."""
    await request.auser()
    membership = await sync_to_async(get_membership)(request, slug)
    return live.sse_response(figures_events(membership.workspace_id))


async def figures_events(workspace_id: int) -> AsyncIterator[tuple[str, dict[str, object]]]:
    async with live.subscription(channel_of(workspace_id)) as changes:
        async for _message in changes:
            yield "changed", {}
