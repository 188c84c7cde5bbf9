"""What every API view begins with: the caller's workspace and rights in it.

A token belongs to one workspace. A signed-in person names it: `?workspace=slug`.
"""

from typing import Any

from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import serializers, viewsets
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.access import PERMISSIONS, Permission
from accounts.models import ApiToken, Membership, User, Workspace

READ = ("GET", "HEAD", "OPTIONS")


class TokenScheme(OpenApiAuthenticationExtension):
    """Tells the OpenAPI document how programs sign in."""

    target_class = "accounts.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "Token tl_… (made in the workspace's settings)",
        }


class InWorkspace(APIView):
    """Resolves the workspace for this caller before anything else; strangers get 404."""

    read_permission = Permission.VIEW
    write_permission = Permission.ADMINISTER
    workspace: Workspace

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        membership = self._membership(request)
        needed = self.read_permission if request.method in READ else self.write_permission
        if needed not in PERMISSIONS[membership.role]:
            raise PermissionDenied(
                _("The role %(role)s does not allow this; it needs the right “%(right)s”.")
                % {"role": membership.role, "right": str(needed)}
            )
        self.workspace = membership.workspace

    def _membership(self, request: Request) -> Membership:
        asked = request.query_params.get("workspace")
        token = request.auth
        if isinstance(token, ApiToken):  # its role came with it (accounts/tokens.py)
            role = getattr(token, "role", None)
            if role is None or asked not in (None, "", token.workspace.slug):
                raise Http404
            return Membership(user=token.user, workspace=token.workspace, role=role)
        mine = Membership.objects.select_related("workspace").filter(user__pk=request.user.pk or 0)
        if asked:
            mine = mine.filter(workspace__slug=asked)
        found = list(mine[:2])
        if not found:
            raise Http404
        if len(found) > 1:
            raise ValidationError(
                {"workspace": _("You belong to several workspaces; say which: ?workspace=slug")}
            )
        return found[0]


class WorkspaceViewSet(InWorkspace, viewsets.GenericViewSet[Any]):
    """A view set whose queries never leave the caller's workspace."""

    model: Any

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.model.objects.none()
        return self.model.objects.filter(workspace=self.workspace)

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "workspace": getattr(self, "workspace", None)}

    def perform_create(self, serializer: serializers.BaseSerializer[Any]) -> None:
        serializer.save(workspace=self.workspace)


class InWorkspaceSlugField(serializers.SlugRelatedField[Any]):
    """Names another object of the same workspace by its code."""

    def get_queryset(self) -> Any:
        queryset: Any = super().get_queryset()
        workspace = self.context.get("workspace")
        return queryset.filter(workspace=workspace) if workspace else queryset.none()


class UniqueInWorkspace:
    """Refuses a second object with the same code in a workspace, with a sentence."""

    unique_field = "code"

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)  # type: ignore[misc]
        serializer: Any = self
        value = attrs.get(self.unique_field)
        if value is None:
            return attrs
        others = serializer.Meta.model.objects.filter(
            workspace=serializer.context["workspace"], **{self.unique_field: value}
        )
        if serializer.instance is not None:
            others = others.exclude(pk=serializer.instance.pk)
        if others.exists():
            raise serializers.ValidationError(
                {self.unique_field: _("“%s” is taken in this workspace.") % value}
            )
        return attrs


class MemberField(serializers.SlugRelatedField[Any]):
    """A member of the workspace, by e-mail."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="email", queryset=User.objects.all(), **kwargs)

    def get_queryset(self) -> models.QuerySet[User]:
        workspace = self.context.get("workspace")
        return User.objects.filter(memberships__workspace=workspace)
