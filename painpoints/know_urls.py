"""Addresses below a run: “How do we know?” of one of its numbers.

Which touchpoint (?at=code) and which metric (?metric=code) is a query: codes hold any character.
"""

from django.urls import path

from painpoints import knowing_views as views

urlpatterns = [
    path("<slug:figure>/", views.know, name="know"),
    path("<slug:figure>/sources/", views.know_sources, name="know_sources"),
    path("<slug:figure>/thresholds/", views.know_thresholds, name="know_thresholds"),
    path("<slug:figure>/rows/", views.know_rows, name="know_rows"),
    path("<slug:figure>/rows.csv", views.know_rows_csv, name="know_rows_csv"),
]
