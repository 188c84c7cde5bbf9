"""API of schedules: reports that go out by themselves, and the log of what was sent."""

from typing import Any

from django.conf import settings
from django.db import models
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Permission
from accounts.api import MemberField, WorkspaceViewSet
from reports import scheduling
from reports.files.formats import FORMATS
from reports.report_models import Report
from reports.schedule_models import Schedule, Sending


class ScheduleSerializer(serializers.ModelSerializer[Schedule]):
    """`weekday` 0 is Monday and counts for every week, `day` for every month. `reader`: a member's
    e-mail; its language and rights decide what is sent."""

    report: Any = serializers.PrimaryKeyRelatedField(queryset=Report.objects.all())
    reader = MemberField()
    format = serializers.ChoiceField(choices=list(FORMATS), default="pdf")
    timezone = serializers.CharField(required=False)
    is_going = serializers.SerializerMethodField()

    class Meta:
        model = Schedule
        fields = ["id", "report", "every", "weekday", "day", "at", "timezone", "format", "reader",
                  "to_folder", "next_at", "is_going", "created_at"]  # fmt: skip
        read_only_fields = ["next_at", "created_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["timezone"].validators += Schedule._meta.get_field("timezone").validators

    def get_is_going(self, schedule: Schedule) -> bool:
        return schedule.ended_at is None

    def validate_report(self, report: Report) -> Report:
        if report.workspace_id != self.context["workspace"].pk or report.deleted_at:
            raise serializers.ValidationError("There is no such report.")
        return report

    def validate_to_folder(self, wanted: bool) -> bool:
        if wanted and not settings.REPORTS_DIR:
            raise serializers.ValidationError(
                "No folder for reports is set up (TOUCHLINE_REPORTS)."
            )
        return wanted

    def create(self, validated_data: dict[str, Any]) -> Schedule:
        asked = {"timezone": self.context["workspace"].timezone, **validated_data}
        return scheduling.add_schedule(user=self.context["request"].user, **asked)


class SendingSerializer(serializers.ModelSerializer[Sending]):
    class Meta:
        model = Sending
        fields = ["id", "due_at", "state", "tries", "to", "file_name", "size", "error",
                  "finished_at"]  # fmt: skip
        read_only_fields = fields


class ScheduleViewSet(
    mixins.ListModelMixin,
    mixins.CreateModelMixin,
    mixins.RetrieveModelMixin,
    mixins.DestroyModelMixin,
    WorkspaceViewSet,
):
    """Schedules of reports. DELETE stops one; POST to `resume/` lets it go on from then."""

    model = Schedule
    serializer_class = ScheduleSerializer
    read_permission = Permission.EDIT_REPORTS  # as their page
    write_permission = Permission.EDIT_REPORTS
    filterset_fields = ["report"]

    def get_queryset(self) -> models.QuerySet[Schedule]:
        if getattr(self, "swagger_fake_view", False):
            return Schedule.objects.none()
        kept = Schedule.objects.filter(report__workspace=self.workspace, report__deleted_at=None)
        return kept.select_related("reader")

    def perform_create(self, serializer: serializers.BaseSerializer[Schedule]) -> None:
        serializer.save()

    def perform_destroy(self, instance: Schedule) -> None:
        scheduling.end_schedule(schedule=instance)

    @extend_schema(request=None, responses=ScheduleSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """Goes on from now: what it would have sent meanwhile is not made up for."""
        schedule = self.get_object()
        scheduling.resume_schedule(schedule=schedule)
        schedule.refresh_from_db()
        return Response(self.get_serializer(schedule).data)

    @extend_schema(responses=SendingSerializer(many=True))
    @action(detail=True, methods=["get"])
    def sendings(self, request: Request, pk: str) -> Response:
        """What was sent, to whom, and what came of it; the newest first."""
        page = self.paginate_queryset(Sending.objects.filter(schedule=self.get_object()))
        return self.get_paginated_response(SendingSerializer(page, many=True).data)
