"""Addresses of dashboards, maps and downloads."""

from django.urls import include, path

from reports.views import (
    beside,
    change,
    downloads,
    drivers,
    journey,
    jump,
    matrix,
    measures,
    numbers,
    overview,
    personas,
    portfolio,
    segments,
    shared,
    showing,
    units,
    versions,
    waiting,
    waiting_place,
)

app_name = "reports"
urlpatterns = [
    path("", portfolio.portfolio, name="portfolio"),
    path("painpoints/matrix/", matrix.matrix, name="matrix"),
    *(
        path(
            f"painpoints/matrix/matrix.{form}",
            matrix.matrix_download,
            {"form": form},
            name=f"matrix_{form}",
        )
        for form in ("html", "csv")
    ),
    path("jump.json", jump.jump, name="jump"),
    path("reports/", include("reports.report_urls")),
    path("journeys/<slug:journey>/", journey.journey_map, name="journey"),
    path("journeys/<slug:journey>/present/", showing.presentation, name="present"),
    path("journeys/<slug:journey>/print/", showing.paper, name="paper"),
    path("journeys/overview/tree/", overview.overview, name="overview"),
    path("journeys/<slug:journey>/personas/", personas.personas, name="personas"),
    path("journeys/<slug:journey>/measures.json", measures.measures, name="measures"),
    path("journeys/<slug:journey>/measures/", measures.behind, name="behind"),
    path("journeys/<slug:journey>/compare/", versions.compare, name="compare"),
    path("journeys/<slug:journey>/numbers/", numbers.of_map, name="numbers_map"),
    path("journeys/<slug:journey>/ranking/", journey.ranking, name="ranking"),
    path("journeys/<slug:journey>/ranking/numbers/", numbers.of_ranking, name="numbers_ranking"),
    path("journeys/<slug:journey>/waiting/", waiting.waiting, name="waiting"),
    path(
        "journeys/<slug:journey>/waiting/touchpoint/",
        waiting_place.waiting_place,
        name="waiting_place",
    ),
    *(
        path(
            f"journeys/<slug:journey>/waiting/touchpoint/figures/<slug:figure>.{form}",
            waiting_place.waiting_place_download,
            {"form": form},
            name=f"waiting_place_{form}",
        )
        for form in ("html", "csv")
    ),
    path("journeys/<slug:journey>/segments/", segments.segments, name="segments"),
    path("journeys/<slug:journey>/beside/", beside.beside_page, name="beside"),
    *(
        path(
            f"journeys/<slug:journey>/beside/figures/<slug:figure>.{form}",
            beside.beside_download,
            {"form": form},
            name=f"beside_{form}",
        )
        for form in ("html", "csv")
    ),
    path("journeys/<slug:journey>/change/", change.change, name="change"),
    *(
        path(
            f"journeys/<slug:journey>/change/figures/<slug:figure>.{form}",
            change.change_download,
            {"form": form},
            name=f"change_{form}",
        )
        for form in ("html", "csv")
    ),
    path("journeys/<slug:journey>/units/", units.units, name="units"),
    path("journeys/<slug:journey>/drivers/", drivers.drivers, name="drivers"),
    *(
        path(
            f"journeys/<slug:journey>/{of}/figures/<slug:figure>.{form}",
            view,
            {"form": form},
            name=f"{of}_{form}",
        )
        for of, view in (("units", units.units_download), ("drivers", drivers.drivers_download))
        for form in ("html", "csv")
    ),
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
