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
    shared,
    showing,
    versions,
    waiting,
)

app_name = "reports"
urlpatterns = [
    path("", portfolio.portfolio, name="portfolio"),
    path("jump.json", jump.jump, name="jump"),
    path("journeys/<slug:journey>/", journey.journey_map, name="journey"),
    path("journeys/<slug:journey>/present/", showing.presentation, name="present"),
    path("journeys/<slug:journey>/print/", showing.paper, name="paper"),
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

# Of no workspace, and without a login: what a link shows.
shared_urlpatterns = [
    path("s/<str:token>/", shared.shared, name="shared"),
    path("s/<str:token>/present/", shared.shared_presentation, name="shared_presentation"),
    path("s/<str:token>/print/", shared.shared_paper, name="shared_paper"),
    path(
        "s/<str:token>/pictures/<picture_id:sha256>/", shared.shared_picture, name="shared_picture"
    ),
]
