"""API of the library: touchpoints, channels, segments, units."""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.routers import SimpleRouter

from accounts.access import Permission
from accounts.api import InWorkspaceSlugField, MemberField, UniqueInWorkspace, WorkspaceViewSet
from accounts.models import User
from touchpoints.actions import delete_touchpoint, delete_word, save_touchpoint
from touchpoints.errors import InUse, LibraryError
from touchpoints.meaning import Via, recorded
from touchpoints.models import CODE_LENGTH, Channel, Named, Promise, Segment, Touchpoint, Unit


class ChannelSerializer(UniqueInWorkspace, serializers.ModelSerializer[Channel]):
    class Meta:
        model = Channel
        fields = ["id", "code", "name", "kind", "position"]


class SegmentSerializer(UniqueInWorkspace, serializers.ModelSerializer[Segment]):
    class Meta:
        model = Segment
        fields = ["id", "code", "name", "position"]


class UnitSerializer(UniqueInWorkspace, serializers.ModelSerializer[Unit]):
    parent = InWorkspaceSlugField(  # type: ignore[assignment]
        slug_field="code", queryset=Unit.objects.all(), allow_null=True, required=False
    )

    owner = MemberField(allow_null=True, required=False)  # type: ignore[assignment]

    class Meta:
        model = Unit
        fields = ["id", "code", "name", "position", "parent", "owner"]


class PromiseSerializer(serializers.ModelSerializer[Promise]):
    segment = InWorkspaceSlugField(
        slug_field="code", queryset=Segment.objects.all(), allow_null=True, required=False
    )
    channel = InWorkspaceSlugField(
        slug_field="code", queryset=Channel.objects.all(), allow_null=True, required=False
    )

    class Meta:
        model = Promise
        fields = ["segment", "channel", "max_wait_s", "target_share"]


class TouchpointSerializer(UniqueInWorkspace, serializers.ModelSerializer[Touchpoint]):
    channel = InWorkspaceSlugField(
        slug_field="code", queryset=Channel.objects.all(), allow_null=True, required=False
    )
    promises = PromiseSerializer(many=True, required=False)
    codes = serializers.ListField(
        child=serializers.CharField(max_length=CODE_LENGTH, trim_whitespace=False),
        required=False,
        source="further_codes",
        help_text=_("Further codes by which evidence knows it."),
    )

    class Meta:
        model = Touchpoint
        fields = [
            "id", "code", "name", "description", "channel", "codes",
            "forms", "fields", "signatures", "documents", "handoffs", "promises",
        ]  # fmt: skip

    def validate_promises(self, promises: list[dict[str, Any]]) -> list[dict[str, Any]]:
        scopes = [(p.get("segment"), p.get("channel")) for p in promises]
        if len(set(scopes)) < len(scopes):
            raise serializers.ValidationError(
                _("Two promises for the same segment and channel; keep one.")
            )
        return promises

    def create(self, validated_data: dict[str, Any]) -> Touchpoint:
        return self.update(Touchpoint(workspace=validated_data.pop("workspace")), validated_data)

    @transaction.atomic
    def update(self, instance: Touchpoint, validated_data: dict[str, Any]) -> Touchpoint:
        promises = validated_data.pop("promises", None)
        codes = validated_data.pop("further_codes", None)
        for name, value in validated_data.items():
            setattr(instance, name, value)
        if codes is None:
            codes = instance.further_codes() if instance.pk else []
        try:
            with recorded(workspace=instance.workspace, user=self._caller(), via=Via.API):
                touchpoint = save_touchpoint(touchpoint=instance, codes=codes)
                if promises is not None:
                    touchpoint.promises.all().delete()
                    self._set_promises(touchpoint, promises)
        except LibraryError as error:
            raise ValidationError(str(error)) from error
        return touchpoint

    def _caller(self) -> User | None:
        user = self.context["request"].user
        return user if isinstance(user, User) else None

    def _set_promises(self, touchpoint: Touchpoint, promises: list[dict[str, Any]]) -> None:
        Promise.objects.bulk_create(Promise(touchpoint=touchpoint, **p) for p in promises)


class LibraryViewSet(
    WorkspaceViewSet,  # first: its perform_create names the workspace
    mixins.ListModelMixin,
    mixins.CreateModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
):
    write_permission = Permission.EDIT_LIBRARY
    lookup_field = "code"
    lookup_value_regex = "[^/]+"

    def perform_destroy(self, instance: models.Model) -> None:
        try:
            if isinstance(instance, Touchpoint):
                user = self.request.user
                delete_touchpoint(
                    touchpoint=instance, user=user if isinstance(user, User) else None, via=Via.API
                )
            elif isinstance(instance, Named):
                delete_word(word=instance)
        except InUse as error:
            raise ValidationError(str(error)) from error


class TouchpointViewSet(LibraryViewSet):
    """Places where customer and organisation meet, with their promises."""

    model = Touchpoint
    serializer_class = TouchpointSerializer
    filterset_fields = ["channel__code"]

    def get_queryset(self) -> models.QuerySet[Touchpoint]:
        return (
            super()
            .get_queryset()
            .select_related("channel")
            .prefetch_related("promises__segment", "promises__channel", "evidence_codes")
        )


class ChannelViewSet(LibraryViewSet):
    """Ways to reach the organisation."""

    model = Channel
    serializer_class = ChannelSerializer


class SegmentViewSet(LibraryViewSet):
    """Customer tiers and groups."""

    model = Segment
    serializer_class = SegmentSerializer


class UnitViewSet(LibraryViewSet):
    """Branches, teams and desks."""

    model = Unit
    serializer_class = UnitSerializer

    def get_queryset(self) -> models.QuerySet[Unit]:
        return super().get_queryset().select_related("parent", "owner")


router = SimpleRouter()
router.register("touchpoints", TouchpointViewSet, basename="api-touchpoint")
router.register("channels", ChannelViewSet, basename="api-channel")
router.register("segments", SegmentViewSet, basename="api-segment")
router.register("units", UnitViewSet, basename="api-unit")
