"""Answers that a survey tool sends as they come in: any JSON, read by a saved mapping."""

import json
import secrets
from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Permission, permissions_of
from accounts.models import User, Workspace
from accounts.tokens import digest
from evidence.actions import read_mapping
from evidence.api import PostedSerializer, answer_post
from evidence.errors import EvidenceError
from evidence.models import Mapping as SavedMapping
from evidence.models import Webhook
from evidence.posted import Key, Posted
from evidence.posted_body import Body, ItemLinesParser, ItemsParser
from evidence.posting import MOST_ITEMS, post_lines

PREFIX = "tlw_"
DEEPEST = 8


def create_webhook(
    *, workspace: Workspace, user: User, name: str, mapping: SavedMapping
) -> tuple[Webhook, str]:
    """A new webhook and the token of its address, which is shown once and kept nowhere."""
    text = PREFIX + secrets.token_urlsafe(32)
    hook = Webhook.objects.create(
        workspace=workspace, user=user, name=name, mapping=mapping,
        digest=digest(text), hint=text[:9],
    )  # fmt: skip
    return hook, text


def flat(found: Mapping[str, Any], before: str = "", depth: int = 0) -> dict[str, Any]:
    """Objects within objects as columns `outer.inner`, lists by number; what is deeper, as text."""
    columns: dict[str, Any] = {}
    for key, value in found.items():
        inner = dict(enumerate(value, start=1)) if isinstance(value, list) else value
        if isinstance(inner, dict) and depth < DEEPEST:
            columns.update(flat(inner, f"{before}{key}.", depth + 1))
        elif isinstance(inner, dict):
            columns[f"{before}{key}"] = json.dumps(value, ensure_ascii=False)
        else:
            columns[f"{before}{key}"] = value
    return columns


def post_objects(hook: Webhook, sent: Any, key: Key | None) -> Posted:
    """Adds what was sent as rows of the webhook's mapping."""
    objects = sent if isinstance(sent, list) else [sent]
    if not objects or not all(isinstance(o, dict) for o in objects):
        raise EvidenceError(_("Expected a JSON object, or a list of them."))
    if len(objects) > MOST_ITEMS:
        raise EvidenceError(
            _("Expected at most %(most)d items in one call, got %(n)d. Send them in parts.")
            % {"most": MOST_ITEMS, "n": len(objects)}
        )
    if hook.mapping is None:
        raise EvidenceError(_("The mapping of this webhook was deleted."))
    document = {k: v for k, v in hook.mapping.document.items() if k != "read"}
    columns = read_mapping(workspace=hook.workspace, document=document).columns
    rows = [flat(o) for o in objects]
    if columns and not any(name in row for row in rows for name in columns):
        shown = ", ".join(f"“{name[:60]}”" for name in list(rows[0])[:20])
        raise EvidenceError(
            _("None of the mapping's columns is in it. It has: %(columns)s.") % {"columns": shown}
        )
    return post_lines(
        workspace=hook.workspace,
        user=hook.user,
        document=document,
        source=hook.name,
        lines=[{name: row.get(name) for name in columns} for row in rows],
        key=key,
    )


class WebhookAuthentication(BaseAuthentication):
    """The token in the address. Who does not know it learns nothing: 404."""

    def authenticate(self, request: Request) -> tuple[User, Webhook]:
        token = request.parser_context["kwargs"]["token"]
        hook = (
            Webhook.objects.select_related("user", "workspace", "mapping")
            .filter(digest=digest(token), deleted_at=None, user__is_active=True)
            .first()
        )
        if hook is None:
            raise Http404
        return hook.user, hook


class WebhookView(APIView):
    """Evidence from survey tools, by an address made on *Evidence → Arriving by itself*.

    Takes one JSON object or a list of up to 10,000, of any shape: its fields are the columns of
    the webhook's saved mapping, those of objects within objects as `outer.inner`. Nothing can be
    read by this address.
    """

    authentication_classes = [WebhookAuthentication]
    parser_classes = [ItemsParser, ItemLinesParser]
    serializer_class = PostedSerializer

    @extend_schema(
        auth=[],
        request={
            "application/json": {"oneOf": [
                {"type": "object", "additionalProperties": True},
                {"type": "array", "items": {"type": "object", "additionalProperties": True}},
            ]},
            "application/x-ndjson": {"type": "string", "description": "an object a line"},
        },
        responses={
            200: PostedSerializer,
            400: OpenApiResponse(description="nothing was kept; the body says what to mend"),
            403: OpenApiResponse(description="paused, or its maker may no longer bring in"),
            404: OpenApiResponse(description="there is no such webhook, or no more"),
            413: OpenApiResponse(description="more than 20 MB sent, or 40 MB unpacked"),
            422: OpenApiResponse(description="this key came with another body before"),
            429: OpenApiResponse(description="too many calls; `Retry-After` tells the seconds"),
            503: OpenApiResponse(description="evidence is written anew just now; send it again"),
            507: OpenApiResponse(description="the server's disk is full; nothing was kept"),
        },
        parameters=[
            OpenApiParameter("token", str, "path"),
            OpenApiParameter("Idempotency-Key", str, "header"),
            OpenApiParameter("Content-Encoding", str, "header", enum=["gzip", "identity"]),
        ],
    )  # fmt: skip
    def post(self, request: Request, token: str) -> Response:
        hook = request.auth
        assert isinstance(hook, Webhook)
        if hook.paused_at is not None:
            raise PermissionDenied(_("This webhook is paused."))
        if Permission.IMPORT not in permissions_of(hook.user, hook.workspace):
            raise PermissionDenied(_("Whoever made this may no longer bring in evidence."))
        sent = request.data if isinstance(request.data, Body) else None
        if sent is None:
            raise ValidationError({"items": _("Expected a JSON object, or a list of them.")})
        Webhook.objects.filter(pk=hook.pk).update(last_used_at=timezone.now())
        return answer_post(
            request,
            hook.workspace,
            hook.caller,
            sent.raw,
            lambda key: post_objects(hook, sent.found, key),
        )
