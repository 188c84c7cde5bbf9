"""What is kept of evidence that arrives by itself."""

from datetime import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Workspace


class PostKey(models.Model):
    """An `Idempotency-Key` that a sender gave, and the answer it got, for some days.

    Key and body are kept as keyed hashes: a sender may put anything into them.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="post_keys")
    name = models.CharField(max_length=64)  # over sender and key
    body = models.CharField(max_length=64)
    answer = models.BinaryField()  # JSON, deflated
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint("workspace", "name", name="post_key_unique")]

    def __str__(self) -> str:
        return f"key of {self.created_at:%Y-%m-%d %H:%M}"


class PostedId(models.Model):
    """That an event id came by a post (posted_ids.py), as a keyed hash over kind and id."""

    pk = models.CompositePrimaryKey("workspace_id", "hash")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    hash = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.hash:x}"


class Arriving(models.Model):
    """Something by which evidence arrives by itself, in the name of a member, by a mapping."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    mapping = models.ForeignKey(
        "evidence.Mapping", models.SET_NULL, null=True, related_name="+", verbose_name=_("mapping")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    paused_at = models.DateTimeField(null=True, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True


class Webhook(Arriving):
    """An address that takes JSON from a survey tool. Only its token's hash is kept."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="webhooks")
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=12, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def caller(self) -> str:
        """Whose calls are counted together."""
        return f"webhook {self.pk}"


class PullQuerySet(models.QuerySet["Pull"]):
    def due(self, now: datetime) -> "PullQuerySet":
        return self.filter(deleted_at=None, paused_at=None, look_at__lte=now)


class Pull(Arriving):
    """Files below TOUCHLINE_PULL_ROOT that are looked for again and again."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="pulls")
    pattern = models.CharField(_("files"), max_length=300)
    every_minutes = models.PositiveIntegerField(
        _("every (minutes)"),
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(7 * 24 * 60)],
    )
    look_at = models.DateTimeField(editable=False)
    looked_at = models.DateTimeField(null=True, editable=False)
    error = models.TextField(blank=True, editable=False)

    objects = PullQuerySet.as_manager()

    class Meta:
        ordering = ["pattern", "pk"]
        indexes = [
            models.Index("look_at", condition=Q(deleted_at=None, paused_at=None), name="pull_due"),
        ]

    def __str__(self) -> str:
        return self.pattern


class PulledFile(models.Model):
    """One version of a file that a pull saw, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting until it stays the same")
        BROUGHT = "brought", _("Brought in")
        SAME = "same", _("Left: the same content came before")
        FAILED = "failed", _("Refused")

    pull = models.ForeignKey(Pull, models.CASCADE, related_name="files")
    path = models.CharField(max_length=1000)
    size = models.BigIntegerField()
    mtime_ns = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    error = models.TextField(blank=True)
    imported = models.ForeignKey("evidence.Import", models.SET_NULL, null=True, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-seen_at", "-pk"]
        constraints = [
            models.UniqueConstraint("pull", "path", "size", "mtime_ns", name="pulled_file_once"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "brought", "same", "failed"]),
                name="pulled_file_state_known",
            ),
        ]
        indexes = [models.Index("pull", F("seen_at").desc(), name="pulled_file_newest")]

    def __str__(self) -> str:
        return self.path
