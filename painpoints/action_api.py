"""API of what is done about a pain point."""

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import MemberField
from accounts.models import User
from painpoints.actions import add_action
from painpoints.models import Action, PainPoint

if TYPE_CHECKING:
    from rest_framework.viewsets import GenericViewSet

    Base = GenericViewSet[Any]
else:
    Base = object


class ActionSerializer(serializers.ModelSerializer[Action]):
    owner = MemberField(allow_null=True, required=False)

    class Meta:
        model = Action
        fields = ["id", "text", "owner", "due_on", "done_on", "created_at"]
        read_only_fields = ["created_at"]


NUMBER = OpenApiParameter("number", int, "path", description="An action's id.")


class ActionActions(Base):
    """Listed, added, changed, done and taken away, as on the pain point's page."""

    @extend_schema(
        methods=["get"],
        operation_id="painpoints_actions_list",
        responses=ActionSerializer(many=True),
        filters=False,
    )
    @extend_schema(methods=["post"], request=ActionSerializer, responses={201: ActionSerializer})
    @action(detail=True, methods=["get", "post"], url_path="actions", pagination_class=None)
    def all_actions(self, request: Request, pk: str) -> Response:
        """What is done about it, the first first. The first one added to an open pain point sets
        it to being worked on."""
        point: PainPoint = self.get_object()
        if request.method != "POST":
            told = ActionSerializer(point.actions.select_related("owner"), many=True)
            return Response(told.data)
        asked = self._asked(request)
        done_on = asked.validated_data.pop("done_on", None)
        assert isinstance(request.user, User)
        made = add_action(painpoint=point, user=request.user, **asked.validated_data)
        if done_on:
            made.done_on = done_on
            made.save(update_fields=["done_on"])
        return Response(ActionSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(methods=["get"], parameters=[NUMBER], responses=ActionSerializer)
    @extend_schema(
        methods=["patch"], parameters=[NUMBER], request=ActionSerializer, responses=ActionSerializer
    )
    @extend_schema(methods=["delete"], parameters=[NUMBER], responses={204: None})
    @action(
        detail=True, methods=["get", "patch", "delete"], url_path=r"actions/(?P<number>[0-9]{1,15})"
    )
    def one_action(self, request: Request, pk: str, number: str) -> Response:
        """`done_on` is the day it was done, null while it is not."""
        point: PainPoint = self.get_object()
        found = get_object_or_404(point.actions.select_related("owner"), pk=number)
        if request.method == "DELETE":
            found.delete()
            return Response(status=status.HTTP_204_NO_CONTENT)
        if request.method == "PATCH":
            asked = self._asked(request, found)
            asked.save()
        return Response(ActionSerializer(found).data)

    def _asked(self, request: Request, instance: Action | None = None) -> ActionSerializer:
        asked = ActionSerializer(
            instance,
            data=request.data,
            partial=instance is not None,
            context=self.get_serializer_context(),
        )
        asked.is_valid(raise_exception=True)
        return asked
