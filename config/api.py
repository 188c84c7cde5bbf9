"""The API's addresses: every app brings its own."""

from django.urls import include, path

from evidence import api as evidence
from evidence.customer_api import TimelineView
from evidence.rows_api import RowsView
from evidence.webhooks import WebhookView
from jobs.api import router as jobs
from journeys.api import router as journeys
from painpoints.api import router as painpoints
from reports.figure_api import FigureView, MatrixView, PortfolioView
from reports.report_api import router as reports
from touchpoints.api import router as touchpoints

urlpatterns = [
    *(
        path("", include(router.urls))
        for router in (journeys, touchpoints, evidence.router, painpoints, reports, jobs)
    ),
    path("portfolio/", PortfolioView.as_view(), name="api_portfolio"),
    path("matrix/", MatrixView.as_view(), name="api_matrix"),
    path("journeys/<slug:slug>/figures/<slug:name>/", FigureView.as_view(), name="api_figure"),
    path("evidence/<str:kind>/rows.<str:form>", RowsView.as_view(), name="api_rows"),
    path("evidence/<str:kind>/", evidence.evidence_post, name="api_evidence"),
    path("customers/timeline/", TimelineView.as_view(), name="api_timeline"),
    path("webhooks/<str:token>/", WebhookView.as_view(), name="api_webhook"),
]
