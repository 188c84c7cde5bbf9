"""Reports: blocks one below the other with the filters they share, and files made of them."""

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Workspace
from evidence.scope import Scope
from jobs.models import Job
from journeys.models import Journey

NAME_LENGTH = 120
# How long a file that was made can be fetched.
KEPT_FOR = timedelta(days=7)


class ReportQuerySet(models.QuerySet["Report"]):
    def standing(self) -> "ReportQuerySet":
        return self.filter(deleted_at=None)


class Report(models.Model):
    """A saved composition. `blocks` are as reports/blocks/kinds.py says; scope as in a run."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="reports")
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    template = models.CharField(max_length=30, blank=True)
    journey = models.ForeignKey(
        Journey, models.SET_NULL, null=True, blank=True, related_name="reports",
        verbose_name=_("journey"),
    )  # fmt: skip
    scope = models.JSONField(default=dict)
    blocks = models.JSONField(default=list)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [models.Index("workspace", "deleted_at", name="report_of_workspace")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reports:report", args=[self.workspace.slug, self.pk])

    @property
    def asked_scope(self) -> Scope:
        return Scope.from_json(self.scope)


class ReportChange(models.Model):
    """One edit of a report: who, when, and the report before and after. Only ever added."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="changes")
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    what = models.CharField(max_length=20)  # a key of report_actions.WHAT
    before = models.JSONField()
    after = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(before=F("after")), name="report_change_changes_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.report_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("History is only added to.")
        super().save(*args, **kwargs)


class ExportQuerySet(models.QuerySet["Export"]):
    def kept(self) -> "ExportQuerySet":
        return self.filter(expires_at__gt=timezone.now())

    def over(self) -> "ExportQuerySet":
        return self.filter(expires_at__lte=timezone.now())


def in_a_while() -> Any:
    return timezone.now() + KEPT_FOR


class Export(models.Model):
    """A report, or one block of it, as a file: asked for, made by a job, kept for a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="exports")
    report = models.ForeignKey(Report, models.CASCADE, related_name="exports")
    block = models.CharField(max_length=20, blank=True)  # none: the whole report
    format = models.CharField(max_length=10)  # a key of reports.files.formats.FORMATS
    # What people wrote stands in it: only who may read the evidence row by row may fetch it.
    has_comments = models.BooleanField(default=False)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    file_name = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(default=in_a_while)

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(size__isnull=False),
                name="export_finished_has_size",
            ),
        ]
        indexes = [models.Index("expires_at", name="export_by_end")]

    def __str__(self) -> str:
        return f"{self.format} of {self.report_id}"

    @property
    def path(self) -> Path:
        return Path(settings.MEDIA_ROOT) / "exports" / str(self.workspace_id) / str(self.pk)
