"""Addresses of a map's files, and of spreadsheets that become maps."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from journeys import export_views
from journeys.exports import FORMATS


class MapFormat(StringConverter):
    regex = "|".join(FORMATS)


register_converter(MapFormat, "map_format")

urlpatterns = [
    path("add/grid/", export_views.grid_new, name="grid_new"),
    path("<slug:journey>/edit/grid/", export_views.grid, name="grid"),
    path("<slug:journey>/export/", export_views.exports, name="exports"),
    path("<slug:journey>/export/<map_format:form>/", export_views.download, name="download"),
]
