"""Bookkeeping of what is kept and what leaves: rules, removals with their proof, upkeep."""

import hashlib
import json
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Workspace


class Retention(models.Model):
    """How long a workspace keeps one kind of evidence; without a rule, for ever."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="retentions")
    kind = models.CharField(max_length=12)
    months = models.PositiveSmallIntegerField(_("months"))
    set_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    set_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint("workspace", "kind", name="retention_once_a_kind"),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=1200), name="retention_months_sensible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.months}"


class Removal(models.Model):
    """Rows that left the evidence for good, and the proof of it: no personal data is in it.

    `plan` says before anything is deleted how many rows of which import will go, so that a
    removal that was cut off can be accounted for (removals.py). The seal is a hash over everything
    the proof says and the seal of the proof before: neither can be changed later without being
    seen.
    """

    class Reason(models.TextChoices):
        ERASURE = "erasure", _("Erasure of a customer")
        RETENTION = "retention", _("Retention rule")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="removals")
    reason = models.CharField(max_length=9, choices=Reason.choices)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    asked_by_name = models.CharField(max_length=254)
    asked_at = models.DateTimeField()
    # Of a rule: rows of this kind from before this moment.
    kind = models.CharField(max_length=12, blank=True)
    before = models.DateTimeField(null=True)
    plan = models.JSONField(default=dict)  # kind → imports → rows, …
    counts = models.JSONField(default=dict)  # what → how many
    done_at = models.DateTimeField(null=True)
    previous = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index("workspace", F("asked_at").desc(), name="removal_newest")]

    def __str__(self) -> str:
        return f"{self.reason} {self.pk}"

    @property
    def rows(self) -> int:
        return sum(self.counts.get(kind, 0) for kind in ("responses", "waits", "interactions"))

    def unaccounted(self) -> bool:
        """Whether rows are planned to go, and perhaps went, that no import's account knows of."""
        return any(told["imports"] and not told.get("accounted") for told in self.plan.values())

    def told(self) -> dict[str, Any]:
        """All that the proof says, its seal apart."""
        return {
            "number": self.pk,
            "workspace": self.workspace_id,
            "reason": self.reason,
            "asked_by": self.asked_by_name,
            "asked_at": self.asked_at.isoformat(),
            "kind": self.kind,
            "before": self.before.isoformat() if self.before else None,
            "counts": self.counts,
            "done_at": self.done_at.isoformat() if self.done_at else None,
            "previous": self.previous,
        }

    def sealed(self) -> str:
        """The hash of what the proof says now."""
        return hashlib.sha256(json.dumps(self.told(), sort_keys=True).encode()).hexdigest()

    @property
    def is_intact(self) -> bool:
        return self.done_at is None or self.seal == self.sealed()


class UpkeepRun(models.Model):
    """One night's upkeep of the whole lake (`night`), or one that was asked for by hand."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    night = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    log = models.JSONField(default=list)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["night"], condition=Q(night__isnull=False), name="upkeep_once_a_night"
            )
        ]

    def __str__(self) -> str:
        return f"upkeep {self.night or self.pk}"


class LakeFile(models.Model):
    """What a file of the lake was when it was first checked; files never change once written."""

    path = models.CharField(max_length=500, unique=True)
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    seen_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.path
