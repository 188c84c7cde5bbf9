"""The workspace's library: touchpoints and the words they are described with."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Workspace

CODE_LENGTH = 100


class Named(models.Model):
    """A word of the workspace's vocabulary: a stable code and a name for people."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="%(class)ss")
    code = models.CharField(_("code"), max_length=CODE_LENGTH)
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "name"]
        constraints = [models.UniqueConstraint("workspace", "code", name="%(class)s_code_unique")]

    def __str__(self) -> str:
        return self.name


class Channel(Named):
    """A way to reach the organisation: branch, phone, web, app, WeChat, chatbot…"""

    class Kind(models.TextChoices):
        BRANCH = "branch", _("Branch")
        PHONE = "phone", _("Phone")
        WEB = "web", _("Web")
        APP = "app", _("App")
        WECHAT = "wechat", _("WeChat")
        CHATBOT = "chatbot", _("Chatbot")
        EMAIL = "email", _("E-mail")
        POST = "post", _("Post")
        ATM = "atm", _("ATM")
        OTHER = "other", _("Other")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.OTHER)


class Segment(Named):
    """A customer tier or group."""


class Unit(Named):
    """A branch, team or desk."""

    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("belongs to"),
    )
    # Whom to ask when its figures stand out.
    owner = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="units",
        verbose_name=_("owner"),
    )


class Touchpoint(models.Model):
    """A place where customer and organisation meet; known to evidence by its code."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="touchpoints")
    code = models.CharField(_("code"), max_length=CODE_LENGTH)
    name = models.CharField(_("name"), max_length=160)
    description = models.TextField(_("description"), blank=True, max_length=2000)
    channel = models.ForeignKey(
        Channel,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="touchpoints",
        verbose_name=_("channel"),
    )
    # The step inventory: what a customer has to do and bring here.
    forms = models.PositiveSmallIntegerField(_("forms to fill"), default=0)
    fields = models.PositiveSmallIntegerField(_("fields to fill"), default=0)
    signatures = models.PositiveSmallIntegerField(_("signatures"), default=0)
    documents = models.PositiveSmallIntegerField(_("documents to bring"), default=0)
    handoffs = models.PositiveSmallIntegerField(_("hand-offs"), default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("workspace", "code", name="touchpoint_code_unique")]

    def __str__(self) -> str:
        return self.name

    def further_codes(self) -> list[str]:
        """Other codes by which evidence knows it, beside its own."""
        return [code.code for code in self.evidence_codes.all()]


class EvidenceCode(models.Model):
    """Another code by which evidence knows a touchpoint. Re-mapping rewrites no evidence."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="evidence_codes")
    code = models.CharField(_("code in the evidence"), max_length=CODE_LENGTH)
    touchpoint = models.ForeignKey(Touchpoint, models.CASCADE, related_name="evidence_codes")

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint("workspace", "code", name="evidence_code_unique")]

    def __str__(self) -> str:
        return self.code


class Promise(models.Model):
    """The service standard of a touchpoint, possibly for one segment or channel only."""

    touchpoint = models.ForeignKey(Touchpoint, models.CASCADE, related_name="promises")
    segment = models.ForeignKey(
        Segment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="promises",
        verbose_name=_("segment"),
    )
    channel = models.ForeignKey(
        Channel,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="promises",
        verbose_name=_("channel"),
    )
    max_wait_s = models.DecimalField(_("served within (seconds)"), max_digits=12, decimal_places=3)
    target_share = models.DecimalField(
        _("for this share of customers"), max_digits=5, decimal_places=4, null=True, blank=True
    )
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                "touchpoint", "segment", "channel", nulls_distinct=False, name="promise_unique"
            ),
            models.CheckConstraint(
                condition=Q(max_wait_s__gte=0), name="promise_wait_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(target_share=None) | Q(target_share__gt=0, target_share__lte=1),
                name="promise_share_between_0_and_1",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.touchpoint}: {self.max_wait_s} s"

    @property
    def wait_s(self) -> float:
        return float(self.max_wait_s)

    @property
    def share(self) -> float | None:
        return None if self.target_share is None else float(self.target_share)
