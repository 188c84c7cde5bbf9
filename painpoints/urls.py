"""Addresses of pain points and scoring runs."""

from django.urls import include, path

from painpoints import (
    alert_views,
    comments_views,
    compare_views,
    history_views,
    list_views,
    live,
    opening_views,
    run_views,
    settings_views,
    views,
)

app_name = "painpoints"
urlpatterns = [
    path("", list_views.painpoint_list, name="list"),
    path("add/", views.painpoint_add, name="add"),
    path("<int:pk>/", views.painpoint_detail, name="detail"),
    path("<int:pk>/comments/", comments_views.painpoint_comments, name="comments"),
    path("<int:pk>/worth/", history_views.painpoint_worth, name="worth"),
    path("<int:pk>/history/<int:change>/undo/", history_views.painpoint_undo, name="undo"),
    path("<int:pk>/actions/add/", views.action_add, name="action_add"),
    path("<int:pk>/actions/<int:action>/", views.action_toggle, name="action_toggle"),
    path("<int:pk>/actions/<int:action>/delete/", views.action_delete, name="action_delete"),
    path("alerts/<slug:journey>/", alert_views.alert_rule, name="alerts"),
    path("alerts/<slug:journey>/me/", alert_views.alert_mine, name="alert_mine"),
    path("runs/", run_views.run_list, name="runs"),
    path("runs/start/", run_views.run_start, name="run_start"),
    path("runs/<int:pk>/", run_views.run_detail, name="run"),
    path("runs/<int:pk>/know/", include("painpoints.know_urls")),
    path("runs/<int:pk>/opened/<slug:kind>/", opening_views.opened, name="opened"),
    path("runs/compare/", compare_views.compare_chosen, name="compare_chosen"),
    path("runs/<int:pk>/compare/", compare_views.run_compare, name="run_compare"),
    path("runs/<int:pk>/pin/", compare_views.run_pin, name="run_pin"),
    path("runs/<int:pk>/unpin/", compare_views.run_unpin, name="run_unpin"),
    path("runs/<int:pk>/verify/", compare_views.run_verify, name="run_verify"),
    path("settings/", settings_views.scoring_settings, name="settings"),
    path("settings/history/<int:pk>/again/", settings_views.settings_again, name="settings_again"),
]

live_urlpatterns = [
    path("live/w/<slug:slug>/figures/", live.figures_live, name="figures_live"),
]
