"""Addresses of reports and of the files made of them."""

from django.urls import path

from reports.views import report_edit, report_files, report_pages, report_schedule

urlpatterns = [
    path("", report_pages.report_list, name="reports"),
    path("new/", report_pages.report_new, name="report_new"),
    path("<int:pk>/", report_pages.report, name="report"),
    path("<int:pk>/edit/", report_edit.edit, name="report_edit"),
    path("<int:pk>/body/", report_pages.body, name="report_body"),
    path("<int:pk>/settings/", report_edit.settings, name="report_settings"),
    path("<int:pk>/copy/", report_edit.copy, name="report_copy"),
    path("<int:pk>/delete/", report_edit.delete, name="report_delete"),
    path("<int:pk>/restore/", report_edit.restore, name="report_restore"),
    path("<int:pk>/blocks/add/", report_edit.block_add, name="report_block_add"),
    path("<int:pk>/blocks/order/", report_edit.block_order, name="report_block_order"),
    path("<int:pk>/blocks/<slug:block>/edit/", report_edit.block_edit, name="report_block"),
    path(
        "<int:pk>/blocks/<slug:block>/remove/",
        report_edit.block_remove,
        name="report_block_remove",
    ),
    path("<int:pk>/blocks/<slug:block>/move/", report_edit.block_move, name="report_block_move"),
    path("<int:pk>/undo/<int:change>/", report_edit.undo, name="report_undo"),
    path("<int:pk>/files/", report_files.files, name="report_files"),
    path("<int:pk>/schedules/", report_schedule.schedules, name="report_schedules"),
    path(
        "<int:pk>/schedules/<int:schedule>/switch/",
        report_schedule.switch,
        name="report_schedule_switch",
    ),
    path("exports/<uuid:export>/", report_files.fetch, name="report_file"),
]
