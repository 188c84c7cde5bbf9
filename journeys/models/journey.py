"""What a customer goes through to reach a goal; its map is made of parts (parts.py)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import SLUG, User, Workspace
from touchpoints.models import Touchpoint


class StandingJourneys(models.Manager["Journey"]):
    """Journeys that are not deleted: what every page, run and export sees."""

    def get_queryset(self) -> models.QuerySet["Journey"]:
        return super().get_queryset().filter(deleted_at=None)


class AllJourneys(models.Manager["Journey"]):
    """Deleted ones as well, to bring them back."""


class Journey(models.Model):
    """What a customer goes through to reach a goal."""

    class Kind(models.TextChoices):
        AS_IS = "as-is", _("As it is")
        TO_BE = "to-be", _("As it should be")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="journeys")
    slug = models.CharField(_("address"), max_length=80, validators=[SLUG])
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices, default=Kind.AS_IS)
    goal = models.CharField(_("the customer's goal"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True, max_length=4000)
    owner = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    # A journey instance has reached its goal once it passes one of these (docs/methods.md, `lost`).
    goal_touchpoints = models.ManyToManyField(
        Touchpoint,
        blank=True,
        related_name="goal_of",
        verbose_name=_("touchpoints that mean success"),
    )
    # The journey whose map this one started as: its as-is, mostly.
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, editable=False, related_name="copies"
    )
    # How many operations made the map what it is (operations.py).
    revision = models.PositiveBigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    # A deleted journey keeps its runs and pain points, so that deleting can be undone.
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects = StandingJourneys()
    with_deleted = AllJourneys()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "slug"],
                condition=Q(deleted_at=None),
                name="journey_slug_unique",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["as-is", "to-be"]), name="journey_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the map and its figures."""
        return f"{reverse('journeys:list', args=[self.workspace.slug])}{self.slug}/"

    def touchpoints(self) -> models.QuerySet[Touchpoint]:
        """The touchpoints on this journey's map, each once, in the order of the map."""
        return (
            Touchpoint.objects.filter(steptouchpoint__step__journey=self)
            .annotate(
                stage_position=models.Min("steptouchpoint__step__stage__position"),
                first_position=models.Min("steptouchpoint__step__position"),
                step_position=models.Min("steptouchpoint__position"),
            )
            .order_by("stage_position", "first_position", "step_position", "code")
        )
