"""API of reports: composing them, having them made into files, fetching those."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions as rest
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from accounts.access import Permission, permissions_of
from accounts.api import InWorkspaceSlugField, WorkspaceViewSet
from accounts.models import User
from evidence.scope import Scope, ScopeError
from journeys.models import Journey
from painpoints.vocabulary import check_scope
from reports import report_actions
from reports.blocks.kinds import BlockError, blocks_of
from reports.blocks.starters import STARTERS
from reports.files.formats import FORMATS
from reports.report_exports import ExportError, request_export, told
from reports.report_models import Export, Report
from reports.schedule_api import ScheduleViewSet
from reports.views.report_files import file_of


class ReportSerializer(serializers.ModelSerializer[Report]):
    """`blocks`: [{"id": "b1", "kind": "ranking", …}], see docs/reports.md. `scope` as in a run."""

    journey = InWorkspaceSlugField(
        slug_field="slug", queryset=Journey.objects.all(), allow_null=True, required=False
    )
    template = serializers.ChoiceField(choices=list(STARTERS), required=False)
    blocks = serializers.JSONField(required=False)
    scope = serializers.JSONField(required=False)

    class Meta:
        model = Report
        fields = ["id", "name", "template", "journey", "scope", "blocks", "created_at",
                  "changed_at"]  # fmt: skip
        read_only_fields = ["created_at", "changed_at"]

    def validate_blocks(self, value: Any) -> Any:
        try:
            return blocks_of(value)
        except BlockError as error:
            raise serializers.ValidationError(str(error)) from None

    def validate_scope(self, value: Any) -> Scope:
        if not isinstance(value, dict):
            raise serializers.ValidationError('A scope is an object, such as {"channels": []}.')
        try:
            scope = Scope.from_json(value)
            check_scope(self.context["workspace"], scope)
        except ScopeError as error:
            raise serializers.ValidationError(str(error)) from None
        except (TypeError, AttributeError):
            raise serializers.ValidationError("Dates are text, filters lists of codes.") from None
        return scope

    def create(self, validated_data: dict[str, Any]) -> Report:
        return report_actions.create_report(user=self.context["request"].user, **validated_data)

    def update(self, instance: Report, validated_data: dict[str, Any]) -> Report:
        user = self.context["request"].user
        if "blocks" in validated_data:
            report_actions.set_blocks(report=instance, user=user, blocks=validated_data["blocks"])
        report_actions.change_report(
            report=instance,
            user=user,
            name=validated_data.get("name", instance.name),
            journey=validated_data.get("journey", instance.journey),
            scope=validated_data.get("scope", instance.asked_scope),
        )
        return instance


class ReportViewSet(
    mixins.ListModelMixin,
    mixins.CreateModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    WorkspaceViewSet,
):
    """Reports: saved compositions of blocks. A deleted one can be brought back on its page."""

    model = Report
    serializer_class = ReportSerializer
    write_permission = Permission.EDIT_REPORTS
    filterset_fields = {"journey__slug": ["exact"], "template": ["exact"]}

    def get_queryset(self) -> models.QuerySet[Report]:
        found: models.QuerySet[Report] = super().get_queryset()
        return found.filter(deleted_at=None).select_related("journey", "workspace")

    def perform_create(self, serializer: serializers.BaseSerializer[Report]) -> None:
        serializer.save(workspace=self.workspace)

    def perform_destroy(self, instance: Report) -> None:
        report_actions.delete_report(report=instance)


class ExportSerializer(serializers.ModelSerializer[Export]):
    """`state`: queued, running, ready, failed or cancelled; `url` is where a ready file lies."""

    state = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Export
        fields = ["id", "report", "block", "format", "state", "error", "job", "file_name", "size",
                  "url", "created_at", "finished_at", "expires_at"]  # fmt: skip
        read_only_fields = fields

    def get_state(self, export: Export) -> str:
        return str(told(export)["state"])

    def get_error(self, export: Export) -> str:
        return str(told(export)["error"])

    def get_url(self, export: Export) -> str | None:
        if export.finished_at is None:
            return None
        path = reverse("api-export-file", args=[export.pk])
        return f"{path}?workspace={self.context['workspace'].slug}"


class NewExportSerializer(serializers.Serializer[Any]):
    report = serializers.IntegerField()
    format = serializers.ChoiceField(choices=list(FORMATS))
    block = serializers.CharField(required=False, allow_blank=True, max_length=20)


class ExportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, WorkspaceViewSet):
    """Files made of reports. POST has one made; it is kept for a week."""

    model = Export
    serializer_class = ExportSerializer
    write_permission = Permission.VIEW
    filterset_fields = ["report", "format"]

    def get_queryset(self) -> models.QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return Export.objects.none()
        kept = Export.objects.kept().filter(workspace=self.workspace)
        return kept.filter(report__deleted_at=None).select_related("job")

    @extend_schema(request=NewExportSerializer, responses={202: ExportSerializer})
    def create(self, request: Request) -> Response:
        asked = NewExportSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        reports = Report.objects.standing().filter(workspace=self.workspace)
        report = reports.filter(pk=asked.validated_data["report"]).first()
        if report is None:
            raise serializers.ValidationError({"report": ["There is no such report."]})
        assert isinstance(request.user, User)
        try:
            export = request_export(
                report=report, user=request.user, code=asked.validated_data["format"],
                block=asked.validated_data.get("block", ""),
            )  # fmt: skip
        except ExportError as error:
            raise serializers.ValidationError({"block": [str(error)]}) from None
        shown = ExportSerializer(export, context=self.get_serializer_context())
        return Response(shown.data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def file(self, request: Request, pk: str) -> HttpResponseBase:
        """The file itself; rights are looked at now."""
        assert isinstance(request.user, User)
        try:
            export = self.get_object()
            return file_of(self.workspace, export.pk, permissions_of(request.user, self.workspace))
        except PermissionDenied as error:
            raise rest.PermissionDenied(str(error)) from None


router = SimpleRouter()
router.register("reports", ReportViewSet, basename="api-report")
router.register("schedules", ScheduleViewSet, basename="api-schedule")
router.register("exports", ExportViewSet, basename="api-export")
