"""Maps that a workspace starts new journeys from."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Workspace


class Template(models.Model):
    """A map as it was when somebody made it a template; no journey, so nothing is scored by it."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="map_templates")
    name = models.CharField(_("name"), max_length=160)
    goal = models.CharField(_("the customer's goal"), max_length=300, blank=True)
    lists = models.JSONField()  # stages, steps, … in the words of the map file
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, editable=False)  # so that it can be undone

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                condition=Q(deleted_at=None),
                name="template_name_unique",
            )
        ]

    def __str__(self) -> str:
        return self.name
