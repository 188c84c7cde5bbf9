"""When a report goes out by itself, to whom, and what was sent."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission
from reports import scheduling
from reports.files.formats import FORMATS
from reports.gallery import user_of
from reports.schedule_forms import ScheduleForm
from reports.schedule_models import Schedule, Sending
from reports.views.report_pages import get_report

SHOWN = 30


@login_required
@require_http_methods(["GET", "POST"])
def schedules(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    report = get_report(request, slug, pk, Permission.EDIT_REPORTS)
    answer = request.POST if request.method == "POST" else None
    form = ScheduleForm(answer, report=report)
    if answer is not None and form.is_valid():
        scheduling.add_schedule(report=report, user=user_of(request.user), **form.cleaned_data)
        messages.success(request, _("The report goes out by itself from now on."))
        return redirect("reports:report_schedules", slug, pk)
    every = Schedule.objects.filter(report=report).select_related("reader")
    log = Sending.objects.filter(schedule__report=report).select_related("schedule__reader")
    context = {
        "report": report,
        "form": form,
        "schedules": [(one, FORMATS[one.format].label) for one in every],
        "log": log[:SHOWN],
        "is_mail_set_up": settings.EMAIL_IS_SET_UP,
    }
    status = 200 if answer is None else 422
    return render(request, "reports/report/schedules.html", context, status=status)


@login_required
@require_POST
def switch(request: HttpRequest, slug: str, pk: int, schedule: int) -> HttpResponse:
    """Stops a schedule, or lets it go on."""
    report = get_report(request, slug, pk, Permission.EDIT_REPORTS)
    found = get_object_or_404(Schedule, report=report, pk=schedule)
    if found.ended_at is None:
        scheduling.end_schedule(schedule=found)
        back = "undo:" + reverse("reports:report_schedule_switch", args=[slug, pk, found.pk])
        messages.success(request, _("It is sent no longer."), extra_tags=back)
    else:
        scheduling.resume_schedule(schedule=found)
        messages.success(request, _("It is sent again."))
    return redirect("reports:report_schedules", slug, pk)
