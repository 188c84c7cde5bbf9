"""API of alerts: what was told, for programs that pass it on."""

from datetime import timedelta
from typing import Any

from django.db import models
from rest_framework import mixins, serializers

from accounts.api import WorkspaceViewSet
from painpoints.alert_models import Alert


class AlertSerializer(serializers.ModelSerializer[Alert]):
    """`finding`: severities 0–1, difference with its 90% interval, certainty, n, families."""

    journey = serializers.CharField(source="rule.journey.slug", read_only=True)
    touchpoint = serializers.CharField(source="touchpoint.code", read_only=True)
    since = serializers.DateField(source="first_day", read_only=True)
    until = serializers.SerializerMethodField()
    finding = serializers.JSONField(read_only=True)

    class Meta:
        model = Alert
        fields = [
            "id", "journey", "touchpoint", "direction", "since", "until", "window", "finding",
            "run", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_until(self, alert: Alert) -> str:
        """The day after the later period, as everywhere in the API."""
        return (alert.last_day + timedelta(days=1)).isoformat()


class AlertViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, WorkspaceViewSet):
    """What became worse (or better) for certain, each finding once, the newest first."""

    model = Alert
    serializer_class = AlertSerializer
    filterset_fields = {
        "rule__journey__slug": ["exact"],
        "touchpoint__code": ["exact"],
        "direction": ["exact"],
    }

    def get_queryset(self) -> models.QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return Alert.objects.none()
        return Alert.objects.filter(
            rule__journey__workspace=self.workspace, rule__journey__deleted_at=None
        ).select_related("rule__journey", "touchpoint")
