"""API of “How do we know?”: a number of a run with its definition, its rows and its sensitivity."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Permission, permissions_of
from accounts.models import User
from evidence import rows, snapshots
from painpoints import knowing_rows, sensitivity
from painpoints.definitions import definition_of
from painpoints.knowing import Number, UnknownNumber, expected, number_of
from painpoints.rules import rules_of, why_not
from painpoints.sensitivity import Move

if TYPE_CHECKING:
    from rest_framework.viewsets import GenericViewSet

    Base = GenericViewSet[Any]
else:
    Base = object

AT = OpenApiParameter("at", str, description="Code of the touchpoint; without: the journey's own.")
METRIC = OpenApiParameter("metric", str, description="Code of the metric, for the figure “metric”.")
PAGE = OpenApiParameter("page", int)
PAINFUL = OpenApiParameter("painful", bool, description="1: only the painful rows.")
FIGURE = r"know/(?P<figure>[a-z_0-9]+)"


class KnowingActions(Base):
    """Beside a run: what a number of it means, and the rows it was counted from."""

    @extend_schema(parameters=[AT, METRIC], responses={200: OpenApiTypes.OBJECT})
    @action(detail=True, methods=["get"], url_path=FIGURE, url_name="know")
    def know(self, request: Request, pk: str, figure: str) -> Response:
        """The number, its definition with its values filled in, what it was made with, and where
        its touchpoint would rank with other weights."""
        number = self._number(request, figure)
        shown, told = number.shown, definition_of(number)
        x_n = expected(number)
        moves = sensitivity.weight_moves(number.run, number.code) if number.is_scored else []
        return Response(
            {
                **_named(number),
                **{k: v for k, v in asdict(shown).items() if k not in ("fmt", "digits")},
                "x": x_n[0] if x_n else None,
                "why_not": why_not(number),
                "sentence": told.sentence,
                "definition": told.words,
                "formula": list(told.lines),
                "made_with": [{"name": name, "value": said} for name, said in rules_of(number)],
                "scope": number.run.scope,
                "rows_are_kept": snapshots.is_kept(number.run.snapshot),
                "moved_weights": [_move(move) for move in moves],
                "moved_weights_say": sensitivity.summary(number.line.get("rank"), moves),
            }
        )

    @extend_schema(
        parameters=[AT, METRIC, PAGE, PAINFUL],
        responses={200: OpenApiTypes.OBJECT, 410: OpenApiTypes.OBJECT},
    )
    @action(detail=True, methods=["get"], url_path=FIGURE + "/rows", url_name="know-rows")
    def know_rows(self, request: Request, pk: str, figure: str) -> Response:
        """A page of the rows it was counted from, read at the run's snapshot; what all of them add
        up to; the imports they come from. 410 where the snapshot is kept no longer."""
        user = request.user
        assert isinstance(user, User)
        if Permission.VIEW_ROWS not in permissions_of(user, self.workspace):  # type: ignore[attr-defined]
            raise PermissionDenied(_("Your role does not open evidence row by row."))
        number = self._number(request, figure)
        if number.wanted is None:
            raise Http404(_("This number has no rows of its own."))
        asked, painful = request.query_params.get("page", ""), request.query_params.get("painful")
        try:
            behind = knowing_rows.behind(number)
            page = knowing_rows.page_of(
                number,
                page=int(asked) if asked.isdecimal() else 1,
                painful_only=painful in ("1", "true"),
                account=behind.account,
            )
        except snapshots.SnapshotGone as gone:
            return Response({"detail": str(gone)}, status=status.HTTP_410_GONE)
        return Response(
            {
                **_named(number),
                **asdict(behind.account),
                "agrees_with_the_run": behind.agrees,
                "imports": [asdict(one) for one in behind.imports],
                "count": page.total,
                "page": page.number,
                "pages": page.pages,
                "results": [_row(number, row) for row in page.rows],
            }
        )

    def _number(self, request: Request, figure: str) -> Number:
        run = self.get_object()
        if run.result is None:
            raise Http404(_("The run is not finished."))
        asked = request.query_params
        try:
            return number_of(run, figure, asked.get("at", ""), asked.get("metric", ""))
        except UnknownNumber:
            raise Http404(_("This run has no such number.")) from None


def _named(number: Number) -> dict[str, Any]:
    return {
        "run": number.run.pk,
        "figure": number.figure,
        "touchpoint": number.code or None,
        "metric": number.metric or None,
        "snapshot": number.run.snapshot,
    }


def _move(move: Move) -> dict[str, Any]:
    names = ("rank", "rank_low", "rank_high", "severity", "severity_low", "severity_high",
             "burden", "burden_low", "burden_high")  # fmt: skip
    scored = {name: getattr(move.score, name, None) for name in names}
    return {"setting": move.setting, "change": move.change, **scored}


def _row(number: Number, row: rows.Row) -> dict[str, Any]:
    zone = number.run.workspace.zone
    return {name: knowing_rows.exact(name, value, zone) for name, value in row.items()}
