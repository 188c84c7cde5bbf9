"""Addresses of pain points and scoring runs."""

from django.urls import path

from painpoints import run_views, views

app_name = "painpoints"
urlpatterns = [
    path("", views.painpoint_list, name="list"),
    path("add/", views.painpoint_add, name="add"),
    path("<int:pk>/", views.painpoint_detail, name="detail"),
    path("<int:pk>/actions/add/", views.action_add, name="action_add"),
    path("<int:pk>/actions/<int:action>/", views.action_toggle, name="action_toggle"),
    path("<int:pk>/actions/<int:action>/delete/", views.action_delete, name="action_delete"),
    path("runs/", run_views.run_list, name="runs"),
    path("runs/start/", run_views.run_start, name="run_start"),
    path("runs/<int:pk>/", run_views.run_detail, name="run"),
    path("settings/", run_views.scoring_settings, name="settings"),
]
