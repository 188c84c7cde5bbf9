"""The API's addresses: every app brings its own."""

from django.urls import include, path

from evidence import api as evidence
from evidence.webhooks import WebhookView
from jobs.api import router as jobs
from journeys.api import router as journeys
from painpoints.api import router as painpoints
from reports.report_api import router as reports
from touchpoints.api import router as touchpoints

urlpatterns = [
    *(
        path("", include(router.urls))
        for router in (journeys, touchpoints, evidence.router, painpoints, reports, jobs)
    ),
    path("evidence/<str:kind>/", evidence.evidence_post, name="api_evidence"),
    path("webhooks/<str:token>/", WebhookView.as_view(), name="api_webhook"),
]
