"""Edits of maps as they are kept (journeys/operations.py says what they mean)."""

from uuid import uuid4

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from journeys.models.journey import Journey


class Operation(models.Model):
    """One edit of a map: its `number` is the journey's revision that it made."""

    class Kind(models.TextChoices):
        EDIT = "edit", _("Edit")
        UNDO = "undo", _("Undo")
        REDO = "redo", _("Redo")
        IMPORT = "import", _("Map file")
        RESTORE = "restore", _("Restored version")

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="operations")
    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.EDIT)
    # Given by whoever sends it: sent twice, it is applied once.
    client_id = models.UUIDField(default=uuid4)
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    changes = models.JSONField()  # [{"list", "id", "before", "after"}, …]
    # The operation that took this one back, if any: an undo, or a redo of an undo.
    undone_by = models.OneToOneField("self", models.SET_NULL, null=True, related_name="undoes")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("journey", "number", name="operation_numbered_once"),
            models.UniqueConstraint("journey", "client_id", name="operation_sent_once"),
        ]
        indexes = [models.Index("journey", "user", F("number").desc(), name="operation_of_user")]

    def __str__(self) -> str:
        return f"{self.journey} {self.number}"
