"""API of what the dashboards show: the portfolio, what to mend first, each figure of a journey."""

from dataclasses import asdict
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import InWorkspace
from evidence.scope import Scope
from journeys.models import Journey
from painpoints.list_api import CHOSEN, SCOPE
from painpoints.models import ScoringRun
from painpoints.shifts import Shift
from painpoints.vocabulary import scope_in
from painpoints.whom import DIMENSIONS
from reports import gallery, matrix, portfolio_asked
from reports.blocks import figures
from reports.blocks.kinds import FIGURE, FIGURES, MAP, RANKING, Block
from reports.blocks.runs import Runs
from reports.figures import matrix_records
from reports.files.plain import document_of
from reports.portfolio import Row, portfolio_of
from reports.views.beside import figure_of, pair_of

STAGES = tuple(name for name in gallery.FIGURES if name.startswith("stages-"))
BESIDE = tuple(f"beside-{dimension}" for dimension in DIMENSIONS)
NAMES = (MAP, RANKING, *FIGURES, *STAGES, *BESIDE)


class PortfolioView(InWorkspace):
    """Every journey's health, with the words of the portfolio's address."""

    @extend_schema(
        parameters=[
            OpenApiParameter(name, str)
            for name in ("q", "owner", "kind", "state", "against", "sort")
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        asked = portfolio_asked.asked_in(request.query_params)
        found = portfolio_of(self.workspace, asked.against)
        rows = portfolio_asked.chosen(found.rows, asked)
        return Response(
            {
                "against": asked.against,
                "evidence_revision": self.workspace.evidence_revision,
                "being_counted": found.being_counted,
                "count": len(rows),
                "results": [_journey(row) for row in rows],
            }
        )


def _journey(row: Row) -> dict[str, Any]:
    journey, run, owner = row.journey, row.run, row.journey.owner
    weeks = row.glance.weeks() if row.glance else None
    return {
        "journey": journey.slug,
        "name": journey.name,
        "kind": journey.kind,
        "owner": owner.email if owner else None,
        "states": sorted(row.states),
        "run": run.pk if run else None,
        "snapshot": run.snapshot if run else None,
        "formula": run.formula if run else None,
        "outcome": {k: row.outcome[k] for k in ("figure", "value", "low", "high", "n")}
        if row.outcome else None,
        "burden": row.total,
        "worst": row.worst,
        "change": _shift(row.shift),
        "open_pain_points": row.pain_points,
        "evidence_until": row.evidence_until,
        "weeks": {
            k: getattr(weeks, k) for k in ("weeks", "severity", "low", "high", "n")
        } if weeks else None,
    }  # fmt: skip


def _shift(shift: Shift) -> dict[str, Any]:
    if shift.why:
        return {"why_not": shift.reason}
    told = asdict(shift)
    names = ("difference", "n_then", "n_now") if shift.shares_rows else (
        "difference", "low", "high", "holds", "n_then", "n_now")  # fmt: skip
    return {**{name: told[name] for name in names}, "p_worse": shift.chance,
            "now": shift.now, "then": shift.then, "same_rows": shift.shares_rows}  # fmt: skip


class MatrixView(InWorkspace):
    """Pain points with burden, effort, value, RICE and Ulwick's opportunity score. Effort and
    business value are changed at the pain point: `effort_days`, `business_value`."""

    @extend_schema(
        parameters=[
            *SCOPE,
            *CHOSEN,
            OpenApiParameter("business", int, description="Weight of the business's value, %."),
            OpenApiParameter("sort", str, enum=list(matrix.ORDERS)),
        ],
        responses={200: OpenApiTypes.OBJECT, 202: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> Response:
        scope, error = scope_in(self.workspace, request.query_params)
        if error:
            raise ValidationError({"scope": [error]})
        asked = matrix.Asked.from_query(request.query_params, scope)
        answers = matrix.answers_for(self.workspace, asked, gallery.user_of(request.user))
        rows = matrix.rows_of(self.workspace, asked, answers.runs)
        return Response(
            {
                "scope": scope.to_json(),
                "job": answers.job.pk if answers.job else None,
                "business_weight": asked.business,
                "count": len(rows),
                "results": matrix_records.records_of(rows),
            },
            status=status.HTTP_202_ACCEPTED if answers.job else status.HTTP_200_OK,
        )


class FigureView(InWorkspace):
    """A figure of a journey in a scope: its sentence, the cells of its table, its exact values,
    and where they come from. 202 while they are being made; ask again.

    `map` is the journey's map with its scores, `stages-…` are the heat maps of stages; `beside-…`
    compares `one` and `other` of a dimension.
    """

    @extend_schema(
        parameters=[
            OpenApiParameter("name", str, "path", enum=list(NAMES)),
            *SCOPE,
            OpenApiParameter("one", str),
            OpenApiParameter("other", str),
        ],
        responses={200: OpenApiTypes.OBJECT, 202: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, slug: str, name: str) -> Response:
        journeys = self.workspace.journeys.select_related("workspace")
        journey = get_object_or_404(journeys, slug=slug)
        if name not in NAMES:
            raise Http404(_("There is no figure “%s”.") % name[:40])
        scope, error = scope_in(self.workspace, request.query_params)
        if error:
            raise ValidationError({"scope": [error]})
        kind = name if name in (MAP, RANKING) else FIGURE
        block = Block("figure", kind, name if kind == FIGURE else "")
        runs = Runs(gallery.user_of(request.user))
        reading = runs.of(journey, figures.scope_for(block, scope))
        if reading.failed:
            raise ValidationError({"scope": [reading.failed.error]})
        if reading.run is None:
            return _coming(reading.job.pk if reading.job else None)
        if name in BESIDE:
            found, why = _beside(request, name, journey, scope, reading.run)
        else:
            found, why = figures.found(block, journey, scope, reading.run, runs)
        if why == figures.COMING:
            return _coming(None)
        made_at = timezone.now()
        return Response(
            {
                "journey": journey.slug,
                "scope": scope.to_json(),
                "run": reading.run.pk,
                "is_newest": reading.is_fresh,
                "nothing_because": why,
                "figures": [document_of(figure, made_at) for figure in found],
            }
        )


def _beside(
    request: Request, name: str, journey: Journey, scope: Scope, run: ScoringRun
) -> figures.Found:
    by = name.removeprefix("beside-")
    pair = pair_of(request.query_params, run, by)
    found = figure_of(journey, scope, run, by, pair) if pair else None
    why = _("There is no evidence of this kind in this scope.")
    return ([found], "") if found else ([], why)


def _coming(job: Any) -> Response:
    return Response({"job": job}, status=status.HTTP_202_ACCEPTED, headers={"Retry-After": "2"})
