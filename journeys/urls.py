"""Addresses of journeys. `<journey>/` itself is the map with its figures (reports)."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from journeys import (
    editor_views,
    export_urls,
    history_urls,
    operation_views,
    part_views,
    picture_views,
    share_views,
    template_views,
    views,
)


class PartKind(StringConverter):
    regex = "stage|step|lane|persona|card"


class PictureId(StringConverter):
    regex = "[0-9a-f]{64}"


register_converter(PartKind, "part_kind")
register_converter(PictureId, "picture_id")

app_name = "journeys"
urlpatterns = [
    path("", views.journey_list, name="list"),
    # Two segments, so that no journey's own address is taken.
    path("add/journey/", views.journey_add, name="add"),
    path("add/map-file/", views.upload, name="upload"),
    path("add/picture/", picture_views.upload, name="picture_add"),
    path("add/template/<int:pk>/delete/", template_views.delete, name="template_delete"),
    path("add/template/<int:pk>/restore/", template_views.restore, name="template_restore"),
    path("pictures/<picture_id:sha256>/", picture_views.picture, name="picture"),
    path("deleted/<int:pk>/restore/", views.restore, name="restore"),
    path("deleted/<int:pk>/purge/", views.purge, name="purge"),
    path("<slug:journey>/edit/", views.edit, name="edit"),
    path("<slug:journey>/edit/settings/", views.settings, name="settings"),
    path("<slug:journey>/edit/duplicate/", views.duplicate, name="duplicate"),
    path("<slug:journey>/edit/template/", template_views.make, name="template_make"),
    path("<slug:journey>/edit/delete/", views.delete, name="delete"),
    path("<slug:journey>/edit/operations/", operation_views.operations, name="operations"),
    path("<slug:journey>/edit/presence/", operation_views.presence, name="presence"),
    path("<slug:journey>/edit/touchpoints/", editor_views.touchpoints, name="find_touchpoints"),
    path("<slug:journey>/edit/views/", editor_views.views, name="views"),
    path("<slug:journey>/edit/views/<int:pk>/", editor_views.view, name="view"),
    path("<slug:journey>/edit/share/", share_views.links, name="share"),
    path("<slug:journey>/edit/share/<int:pk>/end/", share_views.end, name="share_end"),
    path("<slug:journey>/edit/share/<int:pk>/reopen/", share_views.reopen, name="share_reopen"),
    path("<slug:journey>/edit/undo/<int:number>/", part_views.undo, name="undo"),
    path("<slug:journey>/edit/<part_kind:kind>/", part_views.add, name="part_add"),
    path("<slug:journey>/edit/<part_kind:kind>/<int:pk>/", part_views.change, name="part"),
    path("<slug:journey>/edit/<part_kind:kind>/<int:pk>/move/", part_views.move, name="part_move"),
    path(
        "<slug:journey>/edit/<part_kind:kind>/<int:pk>/delete/",
        part_views.delete,
        name="part_delete",
    ),
    *history_urls.urlpatterns,
    *export_urls.urlpatterns,
    path("<slug:journey>/map.json", views.export, name="export"),
]

live_urlpatterns = [
    path(
        "live/w/<slug:slug>/journeys/<slug:journey>/",
        operation_views.journey_live,
        name="journey_live",
    ),
]
