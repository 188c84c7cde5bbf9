"""API of journeys. A journey's `map` is the whole map file (docs/map-file.md)."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from accounts.access import Permission
from accounts.api import InWorkspaceSlugField, WorkspaceViewSet
from accounts.models import User
from journeys.actions import change_journey, delete_journey
from journeys.mapfile import MapError, dump_map, load_map
from journeys.models import Journey
from touchpoints.models import Touchpoint


class JourneySerializer(serializers.ModelSerializer[Journey]):
    owner: serializers.SlugRelatedField[User] = serializers.SlugRelatedField(
        slug_field="email", read_only=True
    )
    goal_touchpoints = InWorkspaceSlugField(
        slug_field="code", queryset=Touchpoint.objects.all(), many=True, required=False
    )

    class Meta:
        model = Journey
        fields = [
            "id", "slug", "name", "kind", "goal", "description", "owner", "goal_touchpoints",
            "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["slug", "created_at", "updated_at"]


class JourneyViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    WorkspaceViewSet,
):
    """Journeys. POST a map file to make one; a map file with a known slug replaces that map."""

    model = Journey
    serializer_class = JourneySerializer
    write_permission = Permission.EDIT_JOURNEYS
    lookup_field = "slug"
    filterset_fields = ["kind"]

    def get_queryset(self) -> models.QuerySet[Journey]:
        return super().get_queryset().select_related("owner").prefetch_related("goal_touchpoints")

    @extend_schema(request=OpenApiTypes.OBJECT, responses={201: JourneySerializer})
    def create(self, request: Request) -> Response:
        journey = self._load(request.data)
        return Response(self.get_serializer(journey).data, status=status.HTTP_201_CREATED)

    def perform_update(self, serializer: serializers.BaseSerializer[Journey]) -> None:
        assert serializer.instance is not None
        user = self.request.user
        serializer.instance = change_journey(
            journey=serializer.instance,
            user=user if isinstance(user, User) else None,
            **serializer.validated_data,
        )

    def perform_destroy(self, instance: Journey) -> None:
        """As on the pages: it can be brought back from the list of journeys."""
        delete_journey(journey=instance)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def map(self, request: Request, slug: str) -> Response:
        """The whole map as a map file."""
        return Response(dump_map(self.get_object()))

    @extend_schema(request=OpenApiTypes.OBJECT, responses=JourneySerializer)
    @map.mapping.put
    def replace_map(self, request: Request, slug: str) -> Response:
        """Replaces the map by this map file; its slug must be this journey's."""
        journey = self.get_object()
        document = request.data
        named = document.get("journey", {}) if isinstance(document, dict) else {}
        if not isinstance(named, dict) or named.get("slug", slug) != journey.slug:
            raise ValidationError(
                {"journey": _("The map file is of another journey; expected slug “%s”.") % slug}
            )
        return Response(self.get_serializer(self._load(document)).data)

    def _load(self, document: Any) -> Journey:
        user = self.request.user
        try:
            return load_map(self.workspace, document, user if isinstance(user, User) else None)
        except MapError as error:
            raise ValidationError({"map": str(error).splitlines()}) from error


router = SimpleRouter()
router.register("journeys", JourneyViewSet, basename="api-journey")
