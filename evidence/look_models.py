"""Who looked at a customer's timeline, and when."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Workspace


class CustomerLook(models.Model):
    """A look at everything that is known of one customer. The raw id is not in it.

    After an erasure nobody can tell any more whom a look was about: `customer` is empty.
    """

    class Via(models.TextChoices):
        PAGE = "page", _("on a page")
        API = "api", _("through the API")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="customer_looks")
    customer = models.UUIDField(null=True)  # as the lake knows it
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    via = models.CharField(max_length=4, choices=Via.choices)
    token = models.CharField(max_length=80, blank=True)  # the API token's name
    looked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-looked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(via__in=["page", "api"]), name="customer_look_via_known"
            ),
        ]
        indexes = [
            models.Index("workspace", F("looked_at").desc(), name="customer_look_newest"),
            models.Index(fields=["workspace", "customer"], name="customer_look_whom"),
        ]

    def __str__(self) -> str:
        return f"look of {self.looked_at:%Y-%m-%d %H:%M}"
