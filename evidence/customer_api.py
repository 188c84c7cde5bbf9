"""A customer's timeline for programs."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Permission
from accounts.api import InWorkspace
from accounts.models import ApiToken, User
from evidence.browse_words import local
from evidence.erasure import hash_of
from evidence.models import CustomerLook, Kind
from evidence.timeline import Row, note_look, timeline

FURTHEST = 2**53


class AskedSerializer(serializers.Serializer[Any]):
    customer = serializers.CharField(
        max_length=500, help_text="the id as it stands in your files; it is hashed and not stored"
    )
    before = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=FURTHEST,
        help_text="`older` of the page before",
    )


class TimelineSerializer(serializers.Serializer[Any]):
    """A page of at most 50 rows, newest first; `older` asks for the next one."""

    counts = serializers.DictField(child=serializers.IntegerField())
    first_at = serializers.DateTimeField(allow_null=True)
    last_at = serializers.DateTimeField(allow_null=True)
    older = serializers.IntegerField(allow_null=True)
    rows = serializers.ListField(child=serializers.DictField())


class TimelineView(InWorkspace):
    """All evidence of one customer, newest first: answers, waits and interactions.

    Asked by POST, so that the id stands in no address and no log. It needs the right to see rows,
    and every look is kept (who, when, whom by hash).
    """

    write_permission = Permission.VIEW_ROWS
    serializer_class = TimelineSerializer

    @extend_schema(
        request=AskedSerializer,
        responses={200: TimelineSerializer, 400: OpenApiResponse(description="what to mend")},
        parameters=[OpenApiParameter("workspace", str, description="where no token names it")],
    )
    def post(self, request: Request) -> Response:
        asked = AskedSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        customer = hash_of(self.workspace, asked.validated_data["customer"])
        note_look(
            workspace=self.workspace,
            customer=customer,
            user=request.user if isinstance(request.user, User) else None,
            via=CustomerLook.Via.API,
            token=request.auth.name if isinstance(request.auth, ApiToken) else "",
        )
        found = timeline(self.workspace, customer, before=asked.validated_data.get("before"))
        zone = self.workspace.zone
        return Response({
            "counts": found.counts,
            "first_at": found.first_at and local(found.first_at, zone),
            "last_at": found.last_at and local(found.last_at, zone),
            "older": found.older,
            "rows": [_told(self, row) for row in found.rows],
        })  # fmt: skip


def _told(view: TimelineView, row: Row) -> Row:
    """What the row has, by the names of a mapping."""
    zone = view.workspace.zone
    told: Row = {}
    for name, value in row.items():
        if value is None or name == "place":
            continue
        if name in ("occurred_at", "ended_at"):
            told[name] = local(value, zone).isoformat()
        elif name in ("wait_ms", "service_ms"):
            told[name.removesuffix("_ms") + "_s"] = value / 1000
        elif name == "score":
            told[name] = float(value)
        else:
            told[name] = str(Kind(value)) if name == "kind" else value
    return told
