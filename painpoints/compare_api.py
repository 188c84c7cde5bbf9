"""API of the ledger: compare two runs, pin a baseline, compute a run again."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from painpoints import comparing, ledger
from painpoints.comparing import Comparison, Row
from painpoints.errors import LedgerError
from painpoints.verifying import verify

WITH = OpenApiParameter("with", OpenApiTypes.INT, description="The earlier run; else the usual.")
SAME = OpenApiParameter(
    "same", OpenApiTypes.BOOL, description="Count the earlier run again with the later settings."
)


class LedgerActions:
    """What can be done with a stored run, beside reading it."""

    @extend_schema(parameters=[WITH, SAME], responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def compare(self, request: Request, pk: str = "") -> Response:
        """This run beside an earlier one: the one named by `with`, else the baseline, else the one
        before it. Where both read the same rows there is neither an interval nor a chance."""
        runs: Any = self.get_queryset()  # type: ignore[attr-defined]
        now = get_object_or_404(runs, pk=pk)
        named = request.query_params.get("with", "")
        then = get_object_or_404(runs, pk=named) if named else comparing.usual_other(now)
        if then is None:
            raise NotFound(_("There is no other finished run of this journey yet."))
        same = request.query_params.get("same", "") not in ("", "0", "false")
        try:
            found = comparing.compared(then, now, same_settings=same)
        except LedgerError as error:
            raise ValidationError({"with": str(error)}) from None
        return Response(_document(found))

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["post", "delete"])
    def baseline(self, request: Request, pk: str = "") -> Response:
        """POST makes the run its journey's baseline, DELETE ends that."""
        run = self.get_object()  # type: ignore[attr-defined]
        user = request.user if isinstance(request.user, User) else None
        try:
            if request.method == "POST":
                ledger.pin(run=run, user=user)
            else:
                ledger.unpin(run=run)
        except LedgerError as error:
            raise ValidationError(str(error)) from None
        return Response({"run": run.pk, "baseline": request.method == "POST"})

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str = "") -> Response:
        """Computes the run again from its snapshot: identical, differs, or gone."""
        run = self.get_object()  # type: ignore[attr-defined]
        try:
            verdict = verify(run)
        except LedgerError as error:
            raise ValidationError(str(error)) from None
        return Response({"run": run.pk, **asdict(verdict)})


def _document(found: Comparison) -> dict[str, Any]:
    return {
        "then": found.then.pk,
        "now": found.now.pk,
        "same_rows": found.share_rows,
        "identical": found.is_identical,
        "differs": [asdict(difference) for difference in (*found.asked, *found.settings)],
        "touchpoints": [_line(row, found) for row in found.rows],
    }


def _line(row: Row, found: Comparison) -> dict[str, Any]:
    change = row.change
    independent = change is not None and not found.share_rows
    return {
        "code": row.code,
        "name": row.name,
        "then": row.then,
        "now": row.now,
        "families": list(change.families) if change else None,
        "difference": change.difference if change else None,
        "difference_low": change.difference_low if change and independent else None,
        "difference_high": change.difference_high if change and independent else None,
        "p_worse": change.p_worse if change and independent else None,
        "verdict": (row.verdict or None) if independent else None,
        "difference_same_settings": row.same.difference if row.same else None,
    }
