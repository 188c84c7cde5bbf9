"""API beside a pain point: the ranked list with its numbers, what customers wrote, the history."""

from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Permission, permissions_of
from accounts.models import User, Workspace
from evidence.heard import FEWEST
from painpoints import comments_views
from painpoints.list_csv import record_of
from painpoints.listing import Asked, asked_in, listing_of, with_lines, with_shifts
from painpoints.models import PainPoint
from painpoints.scoped import scoped_of
from painpoints.vocabulary import scope_in

if TYPE_CHECKING:
    from rest_framework.viewsets import GenericViewSet

    Base = GenericViewSet[Any]
else:
    Base = object

SCOPE = [
    OpenApiParameter("since", OpenApiTypes.DATE),
    OpenApiParameter("until", OpenApiTypes.DATE, description="The day after the last one."),
    *(OpenApiParameter(name, str, many=True) for name in ("channel", "segment", "unit")),
]
CHOSEN = [
    OpenApiParameter(name, str, many=True)
    for name in ("journey", "stage", "type", "cause", "owner", "status")
]
AGAINST = OpenApiParameter("against", str, enum=["before", "year", "baseline"])
SORT = OpenApiParameter("sort", str, description="As on the page: burden, severity, change, …")
COMMENTS = [
    OpenApiParameter("all", bool, description="1: not only beside painful answers."),
    OpenApiParameter("script", str, enum=["latin", "han", "other"]),
    OpenApiParameter("theme", str),
    OpenApiParameter("q", str, description="A word to look for; for those who may read rows."),
    OpenApiParameter("from", int, description="How many to leave out: the next ones."),
]


class ListActions(Base):
    """What the pages of pain points show, from the same functions."""

    workspace: Workspace

    @extend_schema(
        parameters=[*SCOPE, *CHOSEN, AGAINST, SORT],
        responses={200: OpenApiTypes.OBJECT, 202: OpenApiTypes.OBJECT},
    )
    @action(detail=False, methods=["get"])
    def ranked(self, request: Request) -> Response:
        """The list as its page shows it: the same address, the same numbers. 202 while a scope is
        being counted; ask again."""
        asked = self._listed(request)
        assert isinstance(request.user, User)
        listing = listing_of(self.workspace, asked, request.user)
        entries = listing.entries
        if asked.sort != "change":  # which knows them already
            entries = with_shifts(listing, entries, self.workspace)
        entries = with_lines(entries)
        job = listing.answers.job
        return Response(
            {
                "scope": asked.scope.to_json(),
                "against": asked.against,
                "sort": asked.sort,
                "evidence_revision": self.workspace.evidence_revision,
                "job": job.pk if job else None,
                "count": len(entries),
                "results": [record_of(entry) for entry in entries],
            },
            status=status.HTTP_202_ACCEPTED if job else status.HTTP_200_OK,
        )

    def _listed(self, request: Request) -> Asked:
        scope, error = scope_in(self.workspace, request.query_params)
        if error:
            raise ValidationError({"scope": [error]})
        return asked_in(request.query_params, scope)

    @extend_schema(
        parameters=[*SCOPE, *COMMENTS],
        responses={200: OpenApiTypes.OBJECT, 202: OpenApiTypes.OBJECT},
    )
    @action(detail=True, methods=["get"])
    def comments(self, request: Request, pk: str) -> Response:
        """Themes and words of the comments in a scope, as they stood behind its newest run; only
        where at least five customers answered, and words only for those who may read rows. 202
        while the scope is being counted; ask again."""
        point: PainPoint = self.get_object()
        assert isinstance(request.user, User)
        may_read = Permission.VIEW_ROWS in permissions_of(request.user, self.workspace)
        scoped = scoped_of(cast(HttpRequest, request), point)
        if scoped.error or scoped.failed:
            why = scoped.error or (scoped.failed.error if scoped.failed else "")
            raise ValidationError({"scope": [why]})
        run = scoped.run
        if run is None and scoped.job:
            return Response(
                {"job": scoped.job.pk}, status.HTTP_202_ACCEPTED, headers={"Retry-After": "2"}
            )
        found, gone = comments_views.heard_at(
            run, point, comments_views.asked_in(request.query_params, may_read)
        )
        answer: dict[str, Any] = {
            "scope": scoped.scope.to_json(),
            "run": run.pk if run else None, "snapshot": run.snapshot if run else None,
            "answered": found.answered if found else 0, "fewest": FEWEST,
            "why_not": gone or None,
        }  # fmt: skip
        if found and found.is_enough:
            answer |= {
                "comments": found.comments, "asked": found.asked, "themes": dict(found.themes),
                "of_no_theme": found.none, "scripts": dict(found.scripts),
                "quotes": [vars(quote) for quote in found.quotes] if may_read else None,
            }  # fmt: skip
        return Response(answer)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def history(self, request: Request, pk: str) -> Response:
        """Who changed what, from what to what, the newest first."""
        point: PainPoint = self.get_object()
        return Response(
            [
                {
                    "id": change.pk, "by": change.user.email if change.user else None,
                    "via": change.via, "at": change.created_at,
                    "before": change.before, "after": change.after,
                }
                for change in point.changes.select_related("user")
            ]
        )  # fmt: skip
