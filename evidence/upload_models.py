"""Uploads that are under way: a file that arrives piece by piece and may be gone on with later."""

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User, Workspace


def waiting_room() -> Path:
    """Where the parts of files lie until they are whole."""
    folder = Path(settings.MEDIA_ROOT).resolve() / "uploading"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Upload(models.Model):
    """One file on its way in. How much of it has come is what lies on the disk, nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="uploads")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    # What tells this file from others of its name: the browser's word for when it was changed.
    mark = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-touched_at"]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="upload_has_bytes"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        return waiting_room() / f"{self.id.hex}.part"

    @property
    def received(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0
