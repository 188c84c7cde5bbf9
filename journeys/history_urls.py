"""Addresses below a journey's own: its history, versions, and comments."""

from django.urls import path

from journeys import comment_views, version_views

HISTORY = "<slug:journey>/history/"
COMMENTS = "<slug:journey>/comments/"
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
    path(COMMENTS, comment_views.comments, name="comments"),
    path(f"{COMMENTS}<int:pk>/", comment_views.change, name="comment"),
    path(f"{COMMENTS}<int:pk>/delete/", comment_views.delete, name="comment_delete"),
    path(f"{COMMENTS}<int:pk>/restore/", comment_views.restore, name="comment_restore"),
    path(f"{COMMENTS}<int:pk>/resolve/", comment_views.resolve, name="comment_resolve"),
    path("<slug:journey>/edit/comments.json", comment_views.counts, name="comment_counts"),
]
