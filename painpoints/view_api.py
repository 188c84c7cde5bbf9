"""API of saved views: a name and an address for the filters of a page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import QueryDict
from rest_framework import exceptions as rest
from rest_framework import mixins, serializers

from accounts.access import Permission
from accounts.api import WorkspaceViewSet
from painpoints import saved_views
from painpoints.saved_views import ViewError, address_of, kept
from painpoints.view_models import SavedView


class SavedViewSerializer(serializers.ModelSerializer[SavedView]):
    """`query` as in the page's address; `days`: its period ends with the evidence and moves on with
    it; `opens` leads to the page with the filters as they are today."""

    owner = serializers.EmailField(source="user.email", read_only=True)
    rolls = serializers.BooleanField(write_only=True, required=False, default=False)
    url = serializers.CharField(source="get_absolute_url", read_only=True)
    opens = serializers.SerializerMethodField()

    class Meta:
        model = SavedView
        fields = ["id", "page", "name", "query", "days", "rolls", "is_shared", "owner", "url",
                  "opens", "changed_at"]  # fmt: skip
        read_only_fields = ["days", "changed_at"]
        validators: list[Any] = []  # one's own of this name is replaced, as on the page

    def get_opens(self, view: SavedView) -> str:
        return address_of(view)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        page = attrs.get("page") or (self.instance.page if self.instance else "")
        told = QueryDict(attrs.get("query", ""))
        unknown = sorted(set(told) - set(saved_views.KEPT.get(page, ())))
        if unknown:
            known = ", ".join(saved_views.KEPT[page])
            raise serializers.ValidationError(
                {"query": [f"This page keeps {known}; it does not know {', '.join(unknown)}."]}
            )
        if self.instance and attrs.get("page", page) != self.instance.page:
            raise serializers.ValidationError({"page": ["A view stays on its page."]})
        if "query" in attrs:
            attrs["query"] = kept(page, told)
        return attrs


class SavedViewViewSet(
    mixins.ListModelMixin,
    mixins.CreateModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    WorkspaceViewSet,
):
    """Saved views: one's own, and those that others share. A deleted one can be brought back on
    its page for a day."""

    model = SavedView
    serializer_class = SavedViewSerializer
    # Whoever sees the pages keeps views of their own; sharing needs more, and is refused below.
    write_permission = Permission.VIEW
    filterset_fields = ["page", "is_shared"]

    def get_queryset(self) -> models.QuerySet[SavedView]:
        if getattr(self, "swagger_fake_view", False):
            return SavedView.objects.none()
        user: Any = self.request.user
        return saved_views.views_for(self.workspace, user).standing()  # type: ignore[attr-defined]

    def perform_create(self, serializer: serializers.BaseSerializer[SavedView]) -> None:
        given = serializer.validated_data
        serializer.instance = self._told(
            saved_views.save_view, workspace=self.workspace, user=self.request.user,
            page=given["page"], name=given["name"], query=given.get("query", ""),
            is_shared=given.get("is_shared", False), rolls=given["rolls"],
        )  # fmt: skip

    def perform_update(self, serializer: serializers.BaseSerializer[SavedView]) -> None:
        view, given = serializer.instance, serializer.validated_data
        assert view is not None
        changes = {name: given[name] for name in ("name", "is_shared") if name in given}
        if "query" in given:
            changes |= self._told(saved_views.filters_now, view, given["query"])
        self._told(saved_views.change_view, view=view, user=self.request.user, changes=changes)
        view.refresh_from_db()

    def perform_destroy(self, instance: SavedView) -> None:
        self._told(saved_views.delete_view, view=instance, user=self.request.user)

    def _told(self, does: Any, *args: Any, **given: Any) -> Any:
        """What the pages say of a wish that cannot be met, as the API says it."""
        try:
            return does(*args, **given)
        except ViewError as error:
            raise rest.ValidationError({"name": [str(error)]}) from None
        except PermissionDenied as error:
            raise rest.PermissionDenied(str(error)) from None
