"""API of evidence: imports, and evidence posted by programs."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from accounts.access import Permission
from accounts.api import WorkspaceViewSet
from accounts.models import ApiToken, User, Workspace
from evidence.actions import create_import, folder_of, start_import, undo_import
from evidence.errors import EvidenceError
from evidence.models import Import, Kind
from evidence.post_keys import key_of
from evidence.posted import Busy, Key, KeyReused, Posted
from evidence.posted_body import Body, ItemLinesParser, ItemsParser
from evidence.posting import post_evidence
from evidence.redo import redo_import

DEFAULT_SOURCE = "API"


class ImportSerializer(serializers.ModelSerializer[Import]):
    created_by: Any = serializers.SlugRelatedField(slug_field="email", read_only=True)

    class Meta:
        model = Import
        fields = [
            "id", "state", "kind", "source", "unit", "rows", "accepted", "ignored", "missing",
            "duplicate", "rejected", "codes", "journeys", "first_at", "last_at", "error", "job",
            "mapping", "created_by", "created_at", "finished_at", "undone_at",
        ]  # fmt: skip
        read_only_fields = fields


class NewImportSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(
        help_text="CSV, TSV, XLSX, JSON Lines, Parquet, XES, XES.gz or OCEL 2.0 (JSON)"
    )
    mapping = serializers.JSONField(help_text="see docs/evidence.md")


def import_upload(
    *, workspace: Workspace, user: User | None, upload: UploadedFile, document: Any
) -> Import:
    """An import of an uploaded file, started; nothing stays of one that is refused."""
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        found = create_import(
            workspace=workspace, user=user, path=Path(file.name), source=upload.name or "file"
        )
    try:
        start_import(found=found, document=document, user=user)
    except EvidenceError:
        shutil.rmtree(folder_of(found), ignore_errors=True)
        found.delete()
        raise
    found.refresh_from_db()
    return found


class ImportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, WorkspaceViewSet):
    """Who brought which evidence, and what became of every row."""

    model = Import
    serializer_class = ImportSerializer
    write_permission = Permission.IMPORT
    filterset_fields = ["kind", "state"]
    parser_classes = [MultiPartParser, JSONParser]

    def get_queryset(self) -> models.QuerySet[Import]:
        return super().get_queryset().select_related("created_by")

    @extend_schema(
        request={"multipart/form-data": NewImportSerializer},
        responses={
            202: ImportSerializer,
            507: OpenApiResponse(description="the server's disk is full; nothing was kept"),
        },
    )
    def create(self, request: Request) -> Response:
        """Starts the import of a file by a mapping; the job tells how far it is."""
        asked = NewImportSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        upload, user = asked.validated_data["file"], _user(request)
        try:
            found = import_upload(
                workspace=self.workspace,
                user=user,
                upload=upload,
                document=asked.validated_data["mapping"],
            )
        except EvidenceError as error:
            raise ValidationError({"import": str(error)}) from error
        return Response(self.get_serializer(found).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Takes the import's rows out again."""
        found = self.get_object()
        try:
            undo_import(found=found, user=_user(request))
        except EvidenceError as error:
            raise ValidationError({"import": str(error)}) from error
        return Response(self.get_serializer(found).data)

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def redo(self, request: Request, pk: str) -> Response:
        """Puts the rows of an undone import back, while the lake keeps them."""
        found = self.get_object()
        try:
            redo_import(found=found, user=_user(request))
        except EvidenceError as error:
            raise ValidationError({"import": str(error)}) from error
        return Response(self.get_serializer(found).data)


class PostedSerializer(serializers.Serializer[Any]):
    """What became of the items: counts, and each item's state in the order they were sent."""

    joined = serializers.IntegerField(help_text="the import they joined")
    accepted = serializers.IntegerField()
    ignored = serializers.IntegerField()
    missing = serializers.IntegerField()
    duplicate = serializers.IntegerField()
    rejected = serializers.IntegerField()
    items = serializers.ListField(child=serializers.DictField())


class EvidenceViewSet(WorkspaceViewSet):
    """Evidence from programs: up to 10,000 items a call, kept all together or not at all.

    Items are objects with the fields of a mapping (docs/evidence.md): `occurred_at` as ISO 8601,
    `touchpoint`, `customer`, `channel`, `segment`, `unit`, `journey`, `case_id`, `event_id`;
    waits: `wait_s`, `service_s`, `outcome` (served | abandoned); responses: `metric`, `score`,
    `weight`, `comment`; interactions: `outcome`, `ended_at`. An `event_id` that came before makes
    the item a duplicate, so a call may be sent again. With an `Idempotency-Key` any call may: the
    same again gets the first answer, and nothing is written twice.
    """

    model = Import
    write_permission = Permission.IMPORT
    only_appends = True
    serializer_class = PostedSerializer
    parser_classes = [ItemsParser, ItemLinesParser]

    @extend_schema(
        request={
            "application/json": {
                "type": "array",
                "items": {"type": "object", "additionalProperties": True},
                "maxItems": 10_000,
            },
            "application/x-ndjson": {
                "type": "string",
                "description": "an object a line, at most 10,000 of them",
            },
        },
        responses={
            200: PostedSerializer,
            400: OpenApiResponse(description="nothing was kept; the body says what to mend"),
            413: OpenApiResponse(description="more than 20 MB sent, or 40 MB unpacked"),
            415: OpenApiResponse(description="neither JSON nor NDJSON, or not packed by gzip"),
            422: OpenApiResponse(description="this key came with another body before"),
            429: OpenApiResponse(description="too many calls; `Retry-After` tells the seconds"),
            503: OpenApiResponse(description="evidence is written anew just now; send it again"),
            507: OpenApiResponse(description="the server's disk is full; nothing was kept"),
        },
        parameters=[
            OpenApiParameter("kind", str, "path", enum=Kind.values),
            OpenApiParameter("source", str, description="who sends; one import a day for each"),
            OpenApiParameter(
                "Idempotency-Key",
                str,
                "header",
                description="1–200 characters; the same call with it is done once, for two days",
            ),
            OpenApiParameter("Content-Encoding", str, "header", enum=["gzip", "identity"]),
        ],
    )
    def create(self, request: Request, kind: str) -> Response:
        sent = request.data if isinstance(request.data, Body) else Body(b"", None)
        if not isinstance(sent.found, list):
            raise ValidationError({"items": _("Expected a JSON list of items.")})

        def post(key: Key | None) -> Posted:
            return post_evidence(
                workspace=self.workspace,
                user=_user(request),
                kind=kind,
                source=_source(request),
                items=sent.found,
                key=key,
            )

        about = f"{kind} {_source(request)}\n".encode()
        return answer_post(request, self.workspace, _sender(request), about + sent.raw, post)


def answer_post(
    request: Request,
    workspace: Workspace,
    sender: str,
    body: bytes,
    post: Callable[[Key | None], Posted],
) -> Response:
    """The answer to posted evidence; done once where the call has a key."""
    told = request.headers.get("Idempotency-Key")
    try:
        key = key_of(workspace, sender=sender, key=told, body=body) if told is not None else None
        posted = post(key)
    except KeyReused as error:
        refused = {"Idempotency-Key": [str(error)]}
        return Response(refused, status=status.HTTP_422_UNPROCESSABLE_ENTITY)
    except Busy as error:
        wait = {"Retry-After": "5"}
        told_why = {"items": [str(error)]}
        return Response(told_why, status=status.HTTP_503_SERVICE_UNAVAILABLE, headers=wait)
    except EvidenceError as error:
        raise ValidationError({"items": str(error)}) from error
    return Response(
        posted.answer, headers={"Idempotent-Replayed": "true"} if posted.again else None
    )


def _user(request: Request) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _source(request: Request) -> str:
    asked = request.query_params.get("source", "").strip()
    if asked:
        return asked[:200]
    return request.auth.name if isinstance(request.auth, ApiToken) else DEFAULT_SOURCE


def _sender(request: Request) -> str:
    """Whose key it is: two senders may use the same."""
    if isinstance(request.auth, ApiToken):
        return f"token {request.auth.pk}"
    return f"user {request.user.pk}"


router = SimpleRouter()
router.register("imports", ImportViewSet, basename="api-import")
evidence_post = EvidenceViewSet.as_view({"post": "create"})
