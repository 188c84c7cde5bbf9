"""Saved views: a named set of filters of a list, under an address of its own."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Workspace


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def standing(self) -> "SavedViewQuerySet":
        return self.filter(deleted_at=None)

    def seen_by(self, user: User) -> "SavedViewQuerySet":
        """One's own, and those that others share."""
        return self.filter(Q(user=user) | Q(is_shared=True))


class SavedView(models.Model):
    """What somebody chose to look at, again and again; of one member or for the workspace."""

    class Page(models.TextChoices):
        PORTFOLIO = "portfolio", _("Portfolio")
        PAINPOINTS = "painpoints", _("Pain points")
        MATRIX = "matrix", _("What to mend first")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="saved_views")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    page = models.CharField(max_length=12, choices=Page.choices)
    name = models.CharField(_("name"), max_length=80)
    is_shared = models.BooleanField(_("shared with the workspace"), default=False)
    query = models.CharField(max_length=2000, blank=True)  # as in the address; saved_views.py
    # A period that ends with the evidence moves on with it: so many days.
    days = models.PositiveSmallIntegerField(null=True)
    changed_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "workspace",
                "user",
                "page",
                "name",
                condition=Q(deleted_at=None),
                name="saved_view_name_unique",
            ),
            models.CheckConstraint(
                condition=Q(page__in=["portfolio", "painpoints", "matrix"]),
                name="saved_view_page_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("views:view", args=[self.workspace.slug, self.pk])
