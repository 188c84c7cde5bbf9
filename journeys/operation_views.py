"""Editing together: operations in, operations out, and who is where on the map just now.

All answers are JSON. A refusal says why in `error`; a text that changed underneath answers 409 with
both versions in `conflict`. Whoever lost the connection asks for what came `since` a revision.
"""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import live
from accounts.access import Permission, get_workspace
from journeys import editing
from journeys.comments import ANNOUNCED, told_of
from journeys.errors import Conflict, JourneyError
from journeys.models import Journey, Operation
from journeys.operations import Change
from journeys.views import current_user, journey_of

MOST_AT_ONCE = 500
MOST_PRESENCE_BYTES = 2000
MOST_NUMBER = 2**63
PRESENCE = "presence "


@login_required
@require_http_methods(["GET", "POST"])
def operations(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """GET: what happened since a revision. POST: an edit, or {"undo": true}, or {"redo": true}.

    {"undo": 17} takes back that operation, whatever came after it.
    """
    if request.method == "GET":
        found = journey_of(get_workspace(request, slug), journey)
        return _since(found, request.GET.get("since", "0"))
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    found = journey_of(workspace, journey)
    try:
        done = _done(found, request)
    except Conflict as conflict:
        return JsonResponse({"error": str(conflict), "conflict": conflict.details}, status=409)
    except JourneyError as error:
        return JsonResponse({"error": str(error)}, status=422)
    return JsonResponse(told(done))


def _done(journey: Journey, request: HttpRequest) -> Operation:
    document = read_document(request.body)
    user = current_user(request)
    client_id = _uuid(document.get("id"))
    undo = document.get("undo")
    if undo is True:
        return editing.undo(journey=journey, user=user, client_id=client_id)
    if document.get("redo") is True:
        return editing.redo(journey=journey, user=user, client_id=client_id)
    if isinstance(undo, int):
        operation = journey.operations.filter(number=undo).first() if undo < MOST_NUMBER else None
        if operation is None:
            raise JourneyError(_("This map has no operation %d.") % undo)
        return editing.take_back(
            journey=journey, operation=operation, user=user, client_id=client_id
        )
    return editing.edit(
        journey=journey,
        user=user,
        changes=[_change(each) for each in _list(document.get("changes"))],
        client_id=client_id,
    )


def _since(journey: Journey, since: str) -> HttpResponse:
    if not since.isdecimal() or len(since) > 18:
        said = _("Expected a revision's number in “since”, got “%s”.") % since[:40]
        return JsonResponse({"error": said}, status=400)
    newer = journey.operations.filter(number__gt=int(since)).select_related("user")
    found = [told(operation) for operation in newer.order_by("number")[:MOST_AT_ONCE]]
    reached = found[-1]["number"] if found else journey.revision
    return JsonResponse({"operations": found, "revision": reached})


def told(operation: Operation) -> dict[str, Any]:
    """An operation as clients hear of it."""
    return {
        "number": operation.number,
        "id": str(operation.client_id),
        "kind": operation.kind,
        "user": operation.user_id,
        "who": str(operation.user) if operation.user else "",
        "at": operation.made_at.isoformat(),
        "changes": operation.changes,
    }


@login_required
@require_POST
def presence(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """Tells the others where this person is on the map: {"client", "place"}; nothing is kept."""
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    found = journey_of(workspace, journey)
    try:
        document = read_document(request.body[: MOST_PRESENCE_BYTES + 1])
    except JourneyError as error:
        return JsonResponse({"error": str(error)}, status=422)
    user = current_user(request)
    said = {
        "client": str(document.get("client", ""))[:60],
        "place": str(document.get("place", ""))[:200],
        "user": user.pk,
        "who": str(user),
    }
    live.notify(editing.channel_of(found), PRESENCE + json.dumps(said))
    return HttpResponse(status=204)


@require_safe
async def journey_live(request: HttpRequest, slug: str, journey: str) -> HttpResponseBase:
    """`operation` for each edit after `?since=`, in order and none left out; `presence` as told.

    `comment` where one came, went or was settled, with how many its part has now.
    """
    await request.auser()
    workspace = await sync_to_async(get_workspace)(request, slug)
    found = await sync_to_async(journey_of)(workspace, journey)
    since = request.GET.get("since", "")
    known = int(since) if since.isdecimal() and len(since) < 19 else found.revision
    return live.sse_response(journey_events(found, known))


async def journey_events(journey: Journey, known: int) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    async with live.subscription(editing.channel_of(journey)) as messages:
        message = ""
        while True:
            if message.startswith(PRESENCE):
                yield "presence", json.loads(message.removeprefix(PRESENCE))
            elif message.startswith(ANNOUNCED):
                yield "comment", await sync_to_async(told_of)(message.removeprefix(ANNOUNCED))
            elif not message or int(message) > known:
                newer = journey.operations.filter(number__gt=known).select_related("user")
                async for operation in newer.order_by("number"):
                    known = operation.number
                    yield "operation", told(operation)
            message = await anext(messages)


def read_document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise JourneyError(_("Expected a JSON object; this is none.")) from None
    if not isinstance(document, dict):
        raise JourneyError(_("Expected a JSON object; this is none."))
    return document


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise JourneyError(_("Expected “changes”, a list."))
    return value


def _uuid(value: Any) -> UUID | None:
    if value is None:
        return None
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError):
        raise JourneyError(_("Expected a UUID in “id”.")) from None


def _change(value: Any) -> Change:
    """A change as it was sent; whether it can be is decided where it is applied."""
    if (
        not isinstance(value, dict)
        or not isinstance(value.get("list"), str)
        or not isinstance(value.get("id"), str)
        or not all(value.get(side) is None or isinstance(value[side], dict) for side in SIDES)
        or (value.get("before") is None and value.get("after") is None)
    ):
        raise JourneyError(_("Expected changes of the form {list, id, before, after}."))
    return Change(value["list"], value["id"], value.get("before"), value.get("after"))


SIDES = ("before", "after")
