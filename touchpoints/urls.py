"""Addresses of the touchpoint library and its vocabulary."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from touchpoints import views, word_views


class WordKind(StringConverter):
    regex = "channel|segment|unit"


register_converter(WordKind, "word_kind")

app_name = "touchpoints"
urlpatterns = [
    path("", views.touchpoint_list, name="list"),
    path("add/", views.touchpoint_add, name="add"),
    path("<int:pk>/", views.touchpoint_edit, name="edit"),
    path("<int:pk>/delete/", views.touchpoint_delete, name="delete"),
    path("restore/<str:token>/", views.restore, name="restore"),
    path("history/<int:pk>/again/", views.promises_again, name="promises_again"),
    path("unmapped/", views.unmapped_page, name="unmapped"),
    path("unmapped/map/", views.map_code, name="map_code"),
    path("<word_kind:kind>/", word_views.word_list, name="words"),
    path("<word_kind:kind>/<int:pk>/", word_views.word_edit, name="word_edit"),
    path("<word_kind:kind>/<int:pk>/move/", word_views.word_move, name="word_move"),
    path("<word_kind:kind>/<int:pk>/delete/", word_views.word_delete, name="word_delete"),
]
