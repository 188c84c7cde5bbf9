"""Reports that go out by themselves, and the log of what was sent."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User, check_timezone
from jobs.models import Job
from reports.report_models import Report

WEEKDAYS = (
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")),
    (4, _("Friday")), (5, _("Saturday")), (6, _("Sunday")),
)  # fmt: skip


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def going(self) -> "ScheduleQuerySet":
        return self.filter(ended_at=None, report__deleted_at=None)

    def due(self) -> "ScheduleQuerySet":
        return self.going().filter(next_at__lte=timezone.now())


class Schedule(models.Model):
    """When, in which format, and to whom: by e-mail to a member, or into the folder of reports."""

    class Every(models.TextChoices):
        DAY = "day", _("every day")
        WEEK = "week", _("every week")
        MONTH = "month", _("every month")

    report = models.ForeignKey(Report, models.CASCADE, related_name="schedules")
    every = models.CharField(_("how often"), max_length=5, choices=Every.choices)
    weekday = models.PositiveSmallIntegerField(
        _("on (for every week)"), choices=WEEKDAYS, default=0
    )
    day = models.PositiveSmallIntegerField(
        _("day of the month (for every month)"), default=1,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text=_("A month that is shorter: its last day."),
    )  # fmt: skip
    at = models.TimeField(_("at"), default=time(7))
    timezone = models.CharField(_("time zone"), max_length=64, validators=[check_timezone])
    format = models.CharField(_("format"), max_length=10, default="pdf")
    # Whose language it speaks and whose rights decide what stands in it.
    reader = models.ForeignKey(
        User, models.CASCADE, related_name="report_schedules", verbose_name=_("for")
    )
    to_folder = models.BooleanField(_("into the folder of reports"), default=False)
    next_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(every__in=["day", "week", "month"]), name="schedule_every_known"
            ),
            models.CheckConstraint(
                condition=Q(weekday__lte=6) & Q(day__gte=1) & Q(day__lte=31),
                name="schedule_days_exist",
            ),
        ]
        indexes = [models.Index("next_at", condition=Q(ended_at=None), name="schedule_due")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.every} {self.at}"

    def after(self, moment: datetime) -> datetime:
        """The first time it is due later than this moment."""
        zone = ZoneInfo(self.timezone)
        day = moment.astimezone(zone).date()
        while True:
            if self._falls_on(day):
                due = datetime.combine(day, self.at, zone)
                if due > moment:
                    return due
            day += timedelta(days=1)

    def _falls_on(self, day: Any) -> bool:
        if self.every == self.Every.WEEK:
            return bool(day.weekday() == self.weekday)
        if self.every == self.Every.MONTH:
            last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
            return bool(day.day == min(self.day, last.day))
        return True


class Sending(models.Model):
    """One time a schedule was due: what was sent, to whom, or why not. Missed times are one."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("a report to be sent", "Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        KEPT = "kept", _("Kept as a file: no mail server is set up")
        WRITTEN = "written", _("Written into the folder")
        REFUSED = "refused", _("Not sent")
        UNSURE = "unsure", _("Broken off: it may have been sent")

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="sendings")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    to = models.CharField(max_length=300, blank=True)  # the address, or the path in the folder
    file_name = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)
    again_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-due_at", "-pk"]
        constraints = [
            models.UniqueConstraint("schedule", "due_at", name="sending_once_each_time"),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.due_at:%Y-%m-%d %H:%M}"
