"""Alerts: a rule for each journey, who is told, what was told, and the e-mails about it."""

from datetime import date, timedelta
from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jobs.models import Job
from journeys.models import Journey
from touchpoints.models import Touchpoint


class AlertRule(models.Model):
    """When people are told that a journey's touchpoint became worse, or better."""

    class Window(models.IntegerChoices):
        ONE = 1, _("1 week against the week before")
        TWO = 2, _("2 weeks against the 2 before")
        FOUR = 4, _("4 weeks against the 4 before")
        EIGHT = 8, _("8 weeks against the 8 before")
        THIRTEEN = 13, _("13 weeks against the 13 before")

    journey = models.OneToOneField(Journey, models.CASCADE, related_name="alert_rule")
    is_on = models.BooleanField(_("alerts are on"), default=False)
    window = models.PositiveSmallIntegerField(
        _("compared"), choices=Window.choices, default=Window.FOUR
    )
    least = models.PositiveSmallIntegerField(
        _("smallest change worth telling (points of 100)"),
        default=3,
        validators=[MaxValueValidator(50)],
    )
    better = models.BooleanField(_("tell of improvements too"), default=False)
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(window__in=[1, 2, 4, 8, 13]), name="alert_rule_window_known"
            ),
            models.CheckConstraint(condition=Q(least__lte=50), name="alert_rule_least_in_points"),
        ]

    def __str__(self) -> str:
        return f"Alerts of {self.journey}"

    @classmethod
    def of(cls, journey: Journey) -> "AlertRule":
        """The journey's rule, or one that is off (not saved)."""
        return cls.objects.filter(journey=journey).first() or cls(journey=journey)


class AlertReader(models.Model):
    """Somebody who is told of a journey's alerts: in the app, and by e-mail where asked for."""

    rule = models.ForeignKey(AlertRule, models.CASCADE, related_name="readers")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    by_email = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint("rule", "user", name="alert_reader_once")]

    def __str__(self) -> str:
        return f"{self.user} of {self.rule}"


class Alert(models.Model):
    """One finding that was told: seen again in later weeks it stays the same one."""

    class Direction(models.TextChoices):
        WORSE = "worse", _("worse")
        BETTER = "better", _("better")

    rule = models.ForeignKey(AlertRule, models.CASCADE, related_name="alerts")
    touchpoint = models.ForeignKey(Touchpoint, models.CASCADE, related_name="alerts")
    direction = models.CharField(max_length=6, choices=Direction.choices)
    # The Monday of the newest week that was compared, and how many weeks each period had.
    week = models.DateField()
    window = models.PositiveSmallIntegerField()
    # analytics.alerts.Finding without code, direction and week.
    finding = models.JSONField()
    run = models.ForeignKey("painpoints.ScoringRun", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "rule", "touchpoint", "direction", "week", name="alert_once_per_finding"
            ),
            models.CheckConstraint(
                condition=Q(direction__in=["worse", "better"]), name="alert_direction_known"
            ),
        ]
        indexes = [models.Index("rule", F("created_at").desc(), name="alert_newest")]

    def __str__(self) -> str:
        return f"{self.touchpoint} {self.direction} {self.week}"

    @property
    def last_day(self) -> date:
        return self.week + timedelta(days=6)

    @property
    def first_day(self) -> date:
        """The later period's first day."""
        return self.week - timedelta(weeks=self.window - 1)

    @property
    def first_day_before(self) -> date:
        return self.first_day - timedelta(weeks=self.window)

    @property
    def last_day_before(self) -> date:
        return self.first_day - timedelta(days=1)


class AlertMail(models.Model):
    """An alert on its way to one person by e-mail: what became of it, and when."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to be sent")
        SENDING = "sending", _("is being sent")
        SENT = "sent", _("sent")
        KEPT = "kept", _("kept in a file: no mail server is set up")
        FAILED = "failed", _("could not be sent")
        UNSURE = "unsure", _("cut off while sending; not sent again")

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="mails")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    address = models.EmailField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("alert", "user", name="alert_mail_once_per_person"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending", "sent", "kept", "failed", "unsure"]),
                name="alert_mail_state_known",
            ),
        ]
        indexes = [
            models.Index("due_at", condition=Q(state="waiting"), name="alert_mail_due"),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.state}"

    def finish(self, state: "AlertMail.State", **fields: Any) -> None:
        self.state = state
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=["state", *fields])
