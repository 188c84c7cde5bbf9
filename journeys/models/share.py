"""Links that show a map to people without a login; only a hash of each is kept."""

from django.contrib.auth.hashers import check_password
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from journeys.models.journey import Journey

LINK_NAME_LENGTH = 80


class ShareLinkQuerySet(models.QuerySet["ShareLink"]):
    def open(self) -> "ShareLinkQuerySet":
        """Those that show something now."""
        return self.filter(revoked_at=None, journey__deleted_at=None).exclude(
            expires_at__lte=timezone.now()
        )

    def seen(self) -> None:
        """Counts one more visit of these."""
        self.update(seen_count=F("seen_count") + 1, seen_at=timezone.now())


class ShareLink(models.Model):
    """Shows one map, read-only, to whoever has its address and its password, if it has one."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="share_links")
    name = models.CharField(_("who is it for?"), max_length=LINK_NAME_LENGTH, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=12, editable=False)
    password = models.CharField(max_length=128, blank=True, editable=False)  # Django's hash
    expires_at = models.DateTimeField(null=True)
    lanes = models.JSONField(default=list)  # keys; none: all that are not hidden
    shows_figures = models.BooleanField(default=False)
    # The operation after which the map is shown; null: always the newest.
    number = models.PositiveBigIntegerField(null=True)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, editable=False)
    seen_at = models.DateTimeField(null=True, editable=False)
    seen_count = models.PositiveBigIntegerField(default=0, editable=False)

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.name or f"{self.hint}…"

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    def takes(self, password: str) -> bool:
        return check_password(password, self.password)


class PasswordTry(models.Model):
    """A password that was tried at a link and not found right; old ones are deleted."""

    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="tries")
    sender = models.CharField(max_length=64)  # a hash of where it came from
    tried_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index("link", "tried_at", name="password_try_of_link")]

    def __str__(self) -> str:
        return f"{self.link_id} {self.tried_at:%H:%M}"
