"""People, the workspaces they belong to, and the tokens of programs."""

import secrets
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import connection, models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Role
from accounts.notices import Notification as Notification

SLUG = RegexValidator(
    r"^[a-z0-9]+(?:-[a-z0-9]+)*$",
    _("Use small letters, digits and single hyphens, for example “north-bank”."),
)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by an e-mail address."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    # In which the pages were last read: what is written to people later speaks it.
    language = models.CharField(max_length=10, default="en", editable=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_ci")]

    def __str__(self) -> str:
        return self.name or self.email


def check_timezone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(
            _("“%(zone)s” is not a time zone. Use a name such as Europe/Berlin or Asia/Shanghai."),
            params={"zone": value},
        )


def new_secret() -> bytes:
    return secrets.token_bytes(32)


class WorkspaceQuerySet(models.QuerySet["Workspace"]):
    def of(self, user: User) -> "WorkspaceQuerySet":
        """The workspaces this user belongs to."""
        return self.filter(memberships__user=user)


class Workspace(models.Model):
    """One organisation's walled-off area."""

    slug = models.CharField(_("address"), max_length=60, unique=True, validators=[SLUG])
    name = models.CharField(_("name"), max_length=120)
    timezone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[check_timezone]
    )
    # Customers' identifiers are hashed with it on the way in; it never leaves the database.
    secret = models.BinaryField(default=new_secret, editable=False)
    # Raised whenever the workspace's evidence changes: "same evidence" means same revision.
    evidence_revision = models.PositiveBigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def raise_evidence_revision(self) -> int:
        """Count one more change of this workspace's evidence; returns the new revision."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE accounts_workspace SET evidence_revision = evidence_revision + 1 "
                "WHERE id = %s RETURNING evidence_revision",
                [self.pk],
            )
            (self.evidence_revision,) = cursor.fetchone()
        return self.evidence_revision


class Membership(models.Model):
    """A user's role in a workspace."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("workspace", "user", name="membership_unique"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.workspace} ({self.role})"


class ApiToken(models.Model):
    """Lets a program act for a member in one workspace. Only the token's hash is kept."""

    class Scope(models.TextChoices):
        MEMBER = "member", _("Everything I may do")
        APPEND = "append", _("Only send evidence, read nothing")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="tokens")
    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=12, editable=False)
    scope = models.CharField(
        _("what it may do"), max_length=6, choices=Scope.choices, default=Scope.MEMBER
    )
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scope__in=["member", "append"]), name="token_scope_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"


class SettingsChange(models.Model):
    """Something that scores depend on was set otherwise: who, when, from what to what.

    Entries are only ever added. `subject` names what was changed within the workspace (the
    touchpoint's code as it was then, a metric's code), `subject_id` finds it where it still exists.
    """

    class Kind(models.TextChoices):
        SCORING = "scoring", _("Weights and thresholds")
        PROMISES = "promises", _("Promises")
        CODES = "codes", _("Codes in the evidence")
        METRICS = "metrics", _("Scale and threshold of a metric")

    class Via(models.TextChoices):
        PAGE = "page", _("on a page")
        API = "api", _("through the API")
        MAP = "map", _("by a map file")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="settings_changes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    subject = models.CharField(max_length=100, blank=True)
    subject_id = models.BigIntegerField(null=True)
    before = models.JSONField()
    after = models.JSONField()
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    via = models.CharField(max_length=4, choices=Via.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(before=F("after")), name="settings_change_changes_something"
            ),
        ]
        indexes = [models.Index("workspace", F("created_at").desc(), name="settings_change_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.subject}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("History is only added to.")
        super().save(*args, **kwargs)
