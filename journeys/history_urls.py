"""Addresses below a journey's own: its history, versions, and comments."""

from django.urls import path

from journeys import version_views

HISTORY = "<slug:journey>/history/"
urlpatterns = [
    path(HISTORY, version_views.history, name="history"),
    path(f"{HISTORY}<int:number>/", version_views.state, name="state"),
    path(f"{HISTORY}<int:number>/restore/", version_views.restore, name="state_restore"),
    path(f"{HISTORY}<int:number>/undo/", version_views.take_back, name="take_back"),
    path(f"{HISTORY}versions/", version_views.name, name="version_name"),
    path(
        f"{HISTORY}versions/<int:pk>/delete/", version_views.version_delete, name="version_delete"
    ),
    path(
        f"{HISTORY}versions/<int:pk>/restore/",
        version_views.version_restore,
        name="version_restore",
    ),
]
