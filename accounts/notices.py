"""What the product tells people: one row a person and thing, told once, heard of at once."""

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import live


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)


class Notification(models.Model):
    """One thing told to one person, in the language that person reads."""

    workspace = models.ForeignKey(
        "accounts.Workspace", models.CASCADE, related_name="notifications"
    )
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="notifications")
    # What it tells of: the same is never told twice, whoever tries.
    key = models.CharField(max_length=100)
    title = models.CharField(_("title"), max_length=300)
    text = models.TextField(_("text"))
    url = models.CharField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint("user", "key", name="notification_told_once"),
        ]
        indexes = [
            models.Index("user", "workspace", F("created_at").desc(), name="notification_newest"),
        ]

    def __str__(self) -> str:
        return self.title


def live_channel(workspace_id: int, user_id: int) -> str:
    """Where it is announced that this person's notifications changed."""
    return f"bell_{workspace_id}_{user_id}"


@transaction.atomic
def notify(
    *, workspace_id: int, user_id: int, key: str, title: str, text: str, url: str
) -> Notification | None:
    """Tells a person something; None where it was told before."""
    found, is_new = Notification.objects.get_or_create(
        user_id=user_id,
        key=key,
        defaults={"workspace_id": workspace_id, "title": title[:300], "text": text, "url": url},
    )
    if not is_new:
        return None
    live.notify(live_channel(workspace_id, user_id))
    return found


@transaction.atomic
def mark_read(*, workspace_id: int, user_id: int, pk: int | None = None) -> int:
    """Marks one as read, or all; answers how many were unread until now."""
    mine = Notification.objects.filter(workspace_id=workspace_id, user_id=user_id).unread()
    if pk is not None:
        mine = mine.filter(pk=pk)
    count = mine.update(read_at=timezone.now())
    if count:
        live.notify(live_channel(workspace_id, user_id))
    return count


def unread_count(*, workspace_id: int, user_id: int) -> int:
    return Notification.objects.filter(workspace_id=workspace_id, user_id=user_id).unread().count()
