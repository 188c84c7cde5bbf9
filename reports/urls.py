"""Addresses of dashboards, maps and downloads."""

from django.urls import path

from reports.views import (
    downloads,
    journey,
    jump,
    measures,
    overview,
    personas,
    portfolio,
    versions,
    waiting,
)

app_name = "reports"
urlpatterns = [
    path("", portfolio.portfolio, name="portfolio"),
    path("jump.json", jump.jump, name="jump"),
    path("journeys/<slug:journey>/", journey.journey_map, name="journey"),
    path("journeys/overview/tree/", overview.overview, name="overview"),
    path("journeys/<slug:journey>/personas/", personas.personas, name="personas"),
    path("journeys/<slug:journey>/measures.json", measures.measures, name="measures"),
    path("journeys/<slug:journey>/measures/", measures.behind, name="behind"),
    path("journeys/<slug:journey>/compare/", versions.compare, name="compare"),
    path("journeys/<slug:journey>/ranking/", journey.ranking, name="ranking"),
    path("journeys/<slug:journey>/waiting/", waiting.waiting, name="waiting"),
    path(
        "journeys/<slug:journey>/figures/<slug:figure>.html",
        downloads.standalone,
        name="figure_html",
    ),
    path("journeys/<slug:journey>/figures/<slug:figure>.csv", downloads.as_csv, name="figure_csv"),
]
