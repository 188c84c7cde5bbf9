"""Addresses of evidence."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from evidence import (
    arriving_views,
    browse_views,
    customer_views,
    keeping_views,
    mapping_views,
    metric_views,
    saved_views,
    upload_views,
    views,
)


class RowFormat(StringConverter):
    regex = "csv|parquet"


class ExampleForm(StringConverter):
    regex = "csv|xlsx"


class ArrivingKind(StringConverter):
    regex = "webhooks|pulls"


class ArrivingDeed(StringConverter):
    regex = "pause|resume|delete|restore"


register_converter(ExampleForm, "example_form")
register_converter(RowFormat, "row_format")
register_converter(ArrivingKind, "arriving_kind")
register_converter(ArrivingDeed, "arriving_deed")

app_name = "evidence"
urlpatterns = [
    path("", views.import_list, name="list"),
    path("new/", views.import_new, name="new"),
    path("uploads/", upload_views.upload_new, name="uploads"),
    path("uploads/<uuid:upload>/", upload_views.upload_part, name="upload"),
    path("uploads/<uuid:upload>/finish/", upload_views.upload_finish, name="upload_finish"),
    path("examples/<slug:kind>.<example_form:form>", views.example_file, name="example"),
    path("<int:pk>/", views.import_result, name="result"),
    path("<int:pk>/mapping/", mapping_views.import_mapping, name="mapping"),
    path("<int:pk>/read/", mapping_views.import_read, name="read"),
    path("<int:pk>/json/", mapping_views.import_json, name="json"),
    path("<int:pk>/use/", mapping_views.import_use, name="use"),
    path("<int:pk>/rejected.csv", views.import_rejected, name="rejected"),
    path("<int:pk>/undo/", views.import_undo, name="undo"),
    path("<int:pk>/redo/", views.import_redo, name="redo"),
    path("<int:pk>/discard/", views.import_discard, name="discard"),
    path("rows/", browse_views.rows_page, name="rows"),
    path("rows/customer/", browse_views.rows_customer, name="rows_customer"),
    path("rows/<row_format:format>/", browse_views.rows_download, name="rows_download"),
    path("rows/<int:pk>/<int:row_no>/", browse_views.row_page, name="row"),
    path("customers/", customer_views.customers, name="customers"),
    path("customers/find/", customer_views.customer_find, name="customer_find"),
    path("customers/<uuid:customer>/", customer_views.customer_page, name="customer"),
    path("keeping/", keeping_views.keeping, name="keeping"),
    path("keeping/rules/", keeping_views.rules_set, name="rules_set"),
    path("keeping/erase/", keeping_views.erase, name="erase"),
    path("keeping/proofs/<int:pk>.json", keeping_views.proof, name="proof"),
    path("arriving/", arriving_views.arriving, name="arriving"),
    path("arriving/webhooks/", arriving_views.webhook_new, name="webhook_new"),
    path("arriving/pulls/", arriving_views.pull_new, name="pull_new"),
    path(
        "arriving/<arriving_kind:kind>/<int:pk>/<arriving_deed:deed>/",
        arriving_views.arriving_set,
        name="arriving_set",
    ),
    path("mappings/", saved_views.mapping_list, name="mappings"),
    path(
        "mappings/<int:pk>/<int:number>.json",
        saved_views.mapping_version,
        name="mapping_json",
    ),
    path(
        "mappings/<int:pk>/<int:number>/again/",
        saved_views.mapping_again,
        name="mapping_again",
    ),
    path("mappings/<int:pk>/delete/", saved_views.mapping_delete, name="mapping_delete"),
    path("metrics/", metric_views.metric_list, name="metrics"),
    path("metrics/new/", metric_views.metric_new, name="metric_new"),
    path("metrics/<int:pk>/", metric_views.metric_edit, name="metric_edit"),
    path("metrics/<int:pk>/delete/", metric_views.metric_delete, name="metric_delete"),
    path("metrics/history/<int:pk>/again/", metric_views.metric_again, name="metric_again"),
    path("metrics/restore/<str:token>/", metric_views.metric_restore, name="metric_restore"),
]
