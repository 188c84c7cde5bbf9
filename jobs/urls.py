"""Addresses of jobs; those below `live/` are served by the asynchronous side."""

from django.urls import path

from jobs import views

urlpatterns = [
    path("w/<slug:slug>/jobs/<uuid:pk>.json", views.job_progress, name="job_progress"),
    path("w/<slug:slug>/jobs/<uuid:pk>/cancel/", views.job_cancel, name="job_cancel"),
    path("live/w/<slug:slug>/jobs/<uuid:pk>/", views.job_live, name="job_live"),
]
