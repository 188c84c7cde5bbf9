"""API of the evidence itself: rows as a file, for pandas, Polars and everything else that reads."""

from django.http import Http404, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from accounts.access import Permission
from accounts.api import InWorkspace
from evidence.browse_views import rows_file
from evidence.models import Kind

FORMATS = ("csv", "parquet")


class RowsView(InWorkspace):
    """The rows of one kind, as CSV or Parquet, with the filters of the page of rows.

    Customers are their pseudonyms. CSV streams; `sample` draws rows at random, the same ones for
    the same `seed`.
    """

    read_permission = Permission.VIEW_ROWS

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", str, "path", enum=Kind.values),
            OpenApiParameter("form", str, "path", enum=list(FORMATS)),
            OpenApiParameter("since", OpenApiTypes.DATE),
            OpenApiParameter("until", OpenApiTypes.DATE, description="The day after the last one."),
            OpenApiParameter("code", str, description="A touchpoint's code, or a raw one."),
            *(
                OpenApiParameter(name, str)
                for name in ("channel", "segment", "unit", "metric", "outcome", "customer")
            ),
            OpenApiParameter("import", int),
            OpenApiParameter("sample", int, description="So many rows at random."),
            OpenApiParameter("seed", int),
        ],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, kind: str, form: str) -> HttpResponseBase:
        if kind not in Kind.values or form not in FORMATS:
            raise Http404
        query = request.query_params.copy()
        query["kind"] = kind
        return rows_file(self.workspace, query, form)
