"""Saved views: how somebody looks at a map, under an address of its own."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from journeys.models.journey import Journey


class SavedView(models.Model):
    """Which lanes, whose cards, which lens: of one member, or for all who see the map."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="views")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    shared = models.BooleanField(_("shared"), default=False)
    settings = models.JSONField(default=dict)  # see journeys/saved_views.py
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint("journey", "user", "name", name="view_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name
