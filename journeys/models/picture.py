"""Pictures on cards and personas; how they are taken in: journeys/pictures.py."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Workspace


class Picture(models.Model):
    """An uploaded picture, as it was made ready to be shown; known by what is in its file."""

    class Kind(models.TextChoices):
        JPEG = "jpeg", "JPEG"
        PNG = "png", "PNG"

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="pictures")
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=4, choices=Kind.choices)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text=_("in bytes"))
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("workspace", "sha256", name="picture_once_in_workspace"),
            models.CheckConstraint(
                condition=Q(width__gte=1, height__gte=1), name="picture_not_empty"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["jpeg", "png"]), name="picture_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]

    def get_absolute_url(self) -> str:
        return reverse("journeys:picture", args=[self.workspace.slug, self.sha256])

    @property
    def path(self) -> Path:
        """Where the file lies."""
        folder = Path(settings.MEDIA_ROOT) / "pictures" / str(self.workspace_id)
        return folder / f"{self.sha256}.{self.kind}"
