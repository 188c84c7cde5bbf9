"""What people said of a pain point, as it was said: entries are only ever added."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

# What a person may say of a pain point; effort and value stand in no scoring.
TOLD = (
    "status", "owner", "type", "cause", "title", "note", "effort_days", "business_value",
)  # fmt: skip


class PainPointChange(models.Model):
    """One saving of a pain point: the fields that became others, from what to what.

    An owner is kept by number; what is told of an owner who left is that there was one.
    """

    class Via(models.TextChoices):
        PAGE = "page", _("on a page")
        API = "api", _("through the API")

    painpoint = models.ForeignKey(
        "painpoints.PainPoint", models.CASCADE, related_name="changes", editable=False
    )
    before = models.JSONField()
    after = models.JSONField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    via = models.CharField(max_length=4, choices=Via.choices, default=Via.PAGE)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(before=F("after")), name="painpoint_change_changes_something"
            ),
        ]
        indexes = [
            models.Index("painpoint", F("created_at").desc(), name="painpoint_change_newest")
        ]

    def __str__(self) -> str:
        return f"{self.painpoint_id}: {', '.join(self.after)}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("History is only added to.")
        super().save(*args, **kwargs)
