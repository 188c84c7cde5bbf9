"""Names for states of a map, and states kept whole so that any other is found quickly."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from journeys.models.journey import Journey


class VersionQuerySet(models.QuerySet["Version"]):
    def standing(self) -> "VersionQuerySet":
        return self.filter(deleted_at=None)


class Version(models.Model):
    """A name for the map as it was after an operation; 0 is the beginning."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="versions")
    number = models.PositiveBigIntegerField()
    name = models.CharField(_("name"), max_length=120)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, editable=False)  # so that it can be undone

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["journey", "name"],
                condition=Q(deleted_at=None),
                name="version_name_unique",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Snapshot(models.Model):
    """The whole map after an operation: states near it are found from here."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="snapshots")
    number = models.PositiveBigIntegerField()
    lists = models.JSONField()  # stages, steps, … in the words of the map file, and "journey"

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("journey", "number", name="snapshot_numbered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.journey} {self.number}"
