"""Saved mappings: named, with every version they had."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Workspace


class Mapping(models.Model):
    """A saved mapping of a kind of file to evidence (see docs/evidence.md); its newest version."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="mappings")
    name = models.CharField(_("name"), max_length=120)
    version = models.PositiveIntegerField(default=1)
    document = models.JSONField()
    # The columns it needs, and all those of the file it was made for: offered again for the next
    # file that has them, taken at once for one that has just these.
    columns = models.JSONField(default=list)
    header = models.JSONField(default=list)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("workspace", "name", name="mapping_name_unique")]

    def __str__(self) -> str:
        return self.name


class MappingVersion(models.Model):
    """A mapping as it was: versions are added, never changed."""

    mapping = models.ForeignKey(Mapping, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    columns = models.JSONField(default=list)
    header = models.JSONField(default=list)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint("mapping", "number", name="mapping_version_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.mapping} {self.number}"
