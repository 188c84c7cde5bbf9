"""The truth about background work: one row a job, whatever the queue remembers."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User, Workspace


class Status(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("a job in the queue", "Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


ENDED = (Status.DONE, Status.FAILED, Status.CANCELLED)


class JobQuerySet(models.QuerySet["Job"]):
    def ended(self) -> "JobQuerySet":
        return self.filter(status__in=ENDED)

    def under_way(self) -> "JobQuerySet":
        return self.exclude(status__in=ENDED)

    def lost(self) -> "JobQuerySet":
        """Running, but silent for longer than a living worker would be.

        A heartbeat from the future was written before the clock was put back; a living worker
        writes another at once.
        """
        limit = timedelta(seconds=settings.JOB_LOST_AFTER_S)
        silent = Q(heartbeat_at__lt=Now() - limit) | Q(heartbeat_at__gt=Now() + limit)
        return self.filter(silent, status=Status.RUNNING)

    def unsent(self) -> "JobQuerySet":
        """Queued, and the queue may have forgotten it."""
        limit = timedelta(seconds=settings.JOB_RESEND_AFTER_S)
        forgotten = Q(sent_at__lt=Now() - limit) | Q(sent_at__gt=Now() + limit)
        return self.filter(forgotten, status=Status.QUEUED)


class Job(models.Model):
    """One piece of background work: `kind` names the work, `arguments` its subject."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=40)
    arguments = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True)
    unit = models.CharField(max_length=20, blank=True)
    message = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)
    log = models.TextField(blank=True)
    # Counts the claims; a worker that was taken for dead and lives again finds it changed.
    attempt = models.PositiveSmallIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    # What the work tells people is kept as text, so it speaks the language of whoever asked.
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="job_status_known"),
            models.CheckConstraint(
                condition=Q(total=None) | Q(done__lte=F("total")), name="job_done_within_total"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=ENDED) | Q(finished_at__isnull=False),
                name="job_ended_has_time",
            ),
        ]
        indexes = [
            models.Index(
                "status",
                "heartbeat_at",
                condition=Q(status__in=[Status.QUEUED, Status.RUNNING]),
                name="job_under_way",
            ),
            models.Index("workspace", "kind", F("created_at").desc(), name="job_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED

    @property
    def is_over_time(self) -> bool:
        """Whether its attempt has had all the time a job may take."""
        limit = timedelta(seconds=settings.JOB_TIME_LIMIT_S)
        return Job.objects.filter(pk=self.pk, started_at__lt=Now() - limit).exists()

    @property
    def live_channel(self) -> str:
        """Where its progress is announced."""
        return f"job_{self.id.hex}"

    def progress(self) -> dict[str, object]:
        """What pages show of it."""
        seconds = (
            ((self.finished_at or timezone.now()) - self.started_at).total_seconds()
            if self.started_at
            else 0.0
        )
        rate = self.done / seconds if seconds > 0.5 and self.done else None
        left = (self.total - self.done) / rate if rate and self.total else None
        return {
            "status": self.status,
            "done": self.done,
            "total": self.total,
            "unit": self.unit,
            "message": self.message,
            "error": self.error,
            "rate": rate,
            "eta_s": left,
        }
