"""The address of what the evidence covers: among those of evidence, but told by touchpoint."""

from django.urls import path

from touchpoints import coverage_views

app_name = "coverage"
urlpatterns = [path("", coverage_views.coverage_page, name="page")]
