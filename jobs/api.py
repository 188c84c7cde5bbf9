"""API of background work: how far it is and how it ended."""

from rest_framework import mixins, serializers
from rest_framework.routers import SimpleRouter

from accounts.api import WorkspaceViewSet
from jobs.models import Job


class JobSerializer(serializers.ModelSerializer[Job]):
    class Meta:
        model = Job
        fields = [
            "id", "kind", "status", "done", "total", "unit", "message", "error",
            "created_at", "started_at", "finished_at",
        ]  # fmt: skip
        read_only_fields = fields


class JobViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, WorkspaceViewSet):
    """What runs in the background: queued → running → done, failed or cancelled."""

    model = Job
    serializer_class = JobSerializer
    filterset_fields = ["kind", "status"]


router = SimpleRouter()
router.register("jobs", JobViewSet, basename="api-job")
