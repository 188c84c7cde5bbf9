"""Addresses of saved views."""

from django.urls import path

from painpoints import saved_view_views as views

app_name = "views"
urlpatterns = [
    path("add/", views.view_add, name="add"),
    path("<int:pk>/", views.view, name="view"),
    path("<int:pk>/change/", views.view_change, name="change"),
    path("<int:pk>/back/<str:token>/", views.view_back, name="back"),
    path("<int:pk>/delete/", views.view_delete, name="delete"),
    path("<int:pk>/restore/", views.view_restore, name="restore"),
]
