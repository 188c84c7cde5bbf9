"""Addresses of workspaces and their settings."""

from django.conf import settings
from django.urls import path

from accounts import bell, styleguide, views

urlpatterns = [
    path("w/", views.workspace_new, name="workspace_new"),
    path("w/<slug:slug>/settings/", views.workspace_settings, name="workspace_settings"),
    path("w/<slug:slug>/settings/members/", views.member_add, name="member_add"),
    path("w/<slug:slug>/settings/members/<int:pk>/role/", views.member_role, name="member_role"),
    path(
        "w/<slug:slug>/settings/members/<int:pk>/remove/",
        views.member_remove,
        name="member_remove",
    ),
    path("w/<slug:slug>/notifications/", bell.notifications, name="notifications"),
    path("w/<slug:slug>/notifications/read/", bell.notifications_read, name="notifications_read"),
    path("w/<slug:slug>/notifications/<int:pk>/", bell.notification_open, name="notification_open"),
    path("live/w/<slug:slug>/notifications/", bell.bell_live, name="bell_live"),
    path("w/<slug:slug>/settings/tokens/", views.token_add, name="token_add"),
    path("w/<slug:slug>/settings/tokens/<int:pk>/revoke/", views.token_revoke, name="token_revoke"),
]

if settings.DEBUG:
    urlpatterns += [path("styleguide/", styleguide.styleguide, name="styleguide")]
