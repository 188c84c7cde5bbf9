"""API of scoring runs and pain points."""

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from accounts.access import Permission
from accounts.api import InWorkspaceSlugField, MemberField, WorkspaceViewSet
from accounts.models import User
from evidence.scope import Scope
from journeys.models import Journey
from painpoints.action_api import ActionActions
from painpoints.actions import change_pain_point, request_run
from painpoints.alert_api import AlertViewSet
from painpoints.compare_api import LedgerActions
from painpoints.history_models import TOLD
from painpoints.knowing_api import KnowingActions
from painpoints.list_api import ListActions
from painpoints.models import PainPoint, PainPointChange, ScoringRun
from painpoints.view_api import SavedViewViewSet
from touchpoints.models import Touchpoint


class RunSummarySerializer(serializers.ModelSerializer[ScoringRun]):
    journey = serializers.CharField(source="journey.slug", read_only=True)
    status = serializers.CharField(source="job.status", default=None, read_only=True)

    class Meta:
        model = ScoringRun
        fields = [
            "id", "journey", "job", "status", "formula", "scope", "key", "evidence_revision",
            "snapshot", "created_at", "finished_at",
        ]  # fmt: skip
        read_only_fields = fields


class RunSerializer(RunSummarySerializer):
    class Meta(RunSummarySerializer.Meta):
        fields = [*RunSummarySerializer.Meta.fields, "parameters", "result"]
        read_only_fields = fields


class NewRunSerializer(serializers.Serializer[Any]):
    """The scope to score: without dates and filters, all evidence."""

    journey = InWorkspaceSlugField(slug_field="slug", queryset=Journey.objects.all())
    since = serializers.DateField(required=False, allow_null=True)
    until = serializers.DateField(required=False, allow_null=True)
    channels = serializers.ListField(child=serializers.CharField(), required=False)
    segments = serializers.ListField(child=serializers.CharField(), required=False)
    units = serializers.ListField(child=serializers.CharField(), required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        since: date | None = attrs.get("since")
        until: date | None = attrs.get("until")
        if since and until and since >= until:
            raise serializers.ValidationError(
                {"until": _("The period ends before it begins; “until” is not included.")}
            )
        return attrs

    def scope(self) -> Scope:
        given = self.validated_data
        return Scope(
            since=given.get("since"),
            until=given.get("until"),
            channels=tuple(given.get("channels", ())),
            segments=tuple(given.get("segments", ())),
            units=tuple(given.get("units", ())),
        )


class RunViewSet(
    LedgerActions,
    KnowingActions,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    WorkspaceViewSet,
):
    """Scoring runs: the ledger of every number. POST scores a journey; the same scope on the
    same evidence answers with the run that exists."""

    model = ScoringRun
    write_permission = Permission.SCORE
    filterset_fields = {"journey__slug": ["exact"], "is_whole": ["exact"]}

    def get_queryset(self) -> models.QuerySet[ScoringRun]:
        runs = (
            super().get_queryset().filter(journey__deleted_at=None).select_related("journey", "job")
        )
        return runs.defer("result", "parameters") if self.action == "list" else runs

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        if self.action == "create":
            return NewRunSerializer
        return RunSummarySerializer if self.action == "list" else RunSerializer

    @extend_schema(request=NewRunSerializer, responses={200: RunSerializer, 202: RunSerializer})
    def create(self, request: Request) -> Response:
        asked = NewRunSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        user = request.user
        run = request_run(
            journey=asked.validated_data["journey"],
            scope=asked.scope(),
            user=user if isinstance(user, User) else None,
        )
        done = status.HTTP_200_OK if run.result is not None else status.HTTP_202_ACCEPTED
        return Response(RunSerializer(run).data, status=done)


class PainPointSerializer(serializers.ModelSerializer[PainPoint]):
    journey = InWorkspaceSlugField(slug_field="slug", queryset=Journey.objects.all())
    touchpoint = InWorkspaceSlugField(slug_field="code", queryset=Touchpoint.objects.all())
    owner = MemberField(allow_null=True, required=False)

    class Meta:
        model = PainPoint
        fields = [
            "id", "journey", "touchpoint", "origin", "title", "note", "status", "type", "cause",
            "owner", "effort_days", "business_value", "first_run", "last_run", "created_at",
            "updated_at",
        ]  # fmt: skip
        read_only_fields = ["origin", "first_run", "last_run", "created_at", "updated_at"]

    def update(self, instance: PainPoint, validated_data: dict[str, Any]) -> PainPoint:
        """What a person may say goes through the same door as on a page, with its history."""
        said = {name: value for name, value in validated_data.items() if name in TOLD}
        user = self.context["request"].user
        change_pain_point(painpoint=instance, user=user, changes=said, via=PainPointChange.Via.API)
        instance.refresh_from_db()
        rest = {name: value for name, value in validated_data.items() if name not in said}
        return super().update(instance, rest)


class PainPointViewSet(
    ActionActions,
    ListActions,
    mixins.ListModelMixin,
    mixins.CreateModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    WorkspaceViewSet,
):
    """Findings that customers are hurt somewhere. A person's type and cause overrule scoring's."""

    model = PainPoint
    serializer_class = PainPointSerializer
    write_permission = Permission.EDIT_PAINPOINTS
    filterset_fields = {
        "journey__slug": ["exact"],
        "touchpoint__code": ["exact"],
        "status": ["exact", "in"],
        "type": ["exact"],
        "cause": ["exact"],
        "owner__email": ["exact"],
        "origin": ["exact"],
    }

    def get_queryset(self) -> models.QuerySet[PainPoint]:
        shown = super().get_queryset().filter(journey__deleted_at=None)
        return shown.select_related("journey", "touchpoint", "owner")

    def perform_create(self, serializer: serializers.BaseSerializer[Any]) -> None:
        serializer.save(
            workspace=self.workspace, origin=PainPoint.Origin.PERSON, **self._overruled(serializer)
        )

    def _overruled(self, serializer: serializers.BaseSerializer[Any]) -> dict[str, Any]:
        given = serializer.validated_data
        return {f"{name}_by": self.request.user for name in ("type", "cause") if given.get(name)}


router = SimpleRouter()
router.register("scoring-runs", RunViewSet, basename="api-run")
router.register("painpoints", PainPointViewSet, basename="api-painpoint")
router.register("saved-views", SavedViewViewSet, basename="api-saved-view")
router.register("alerts", AlertViewSet, basename="api-alert")
