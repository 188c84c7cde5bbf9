"""Journeys and the maps they are drawn as: stages → steps (columns) × lanes (rows) with cards.

Stages, steps, lanes, personas and cards carry a `key`, stable within their journey: the `id` of
the map file (docs/map-file.md). Their order on the map is `position`. Whatever changes a map is an
Operation (operations.py).
"""

from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import SLUG, User, Workspace
from touchpoints.models import Segment, Touchpoint

KEY_LENGTH = 60


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


class Part(models.Model):
    """A piece of a journey's map with a key that is stable within the journey."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="%(class)ss")
    key = models.CharField(max_length=KEY_LENGTH)
    # Ascending with gaps, so that a part put between two others moves none of them.
    position = models.BigIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint("journey", "key", name="%(class)s_key_unique")]


class Stage(Part):
    """A phase of the journey, holding steps."""

    name = models.CharField(_("name"), max_length=160)

    def __str__(self) -> str:
        return self.name


class Step(Part):
    """A column of the map: one thing the customer does within a stage."""

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="steps", verbose_name=_("stage"))
    name = models.CharField(_("name"), max_length=160)
    touchpoints = models.ManyToManyField(
        Touchpoint, through="StepTouchpoint", related_name="steps", verbose_name=_("touchpoints")
    )

    def __str__(self) -> str:
        return self.name


class StepTouchpoint(models.Model):
    """A touchpoint used in a step."""

    step = models.ForeignKey(Step, models.CASCADE)
    touchpoint = models.ForeignKey(Touchpoint, models.PROTECT)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint("step", "touchpoint", name="step_touchpoint_unique")]

    def __str__(self) -> str:
        return f"{self.step}: {self.touchpoint}"


class Lane(Part):
    """A row of the map."""

    class Kind(models.TextChoices):
        ACTION = "action", _("What customers do")
        THOUGHT = "thought", _("What customers think or say")
        EMOTION = "emotion", _("How customers feel")
        TOUCHPOINT = "touchpoint", _("Touchpoints")
        PAIN = "pain", _("Pain points")
        OPPORTUNITY = "opportunity", _("Opportunities")
        FRONTSTAGE = "frontstage", _("Frontstage")
        BACKSTAGE = "backstage", _("Backstage")
        SYSTEM = "system", _("Systems")
        POLICY = "policy", _("Policies and processes")
        METRIC = "metric", _("What is measured")
        TEXT = "text", _("Free text")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=160)

    def __str__(self) -> str:
        return self.name


class Persona(Part):
    """A kind of customer, drawn as a person."""

    name = models.CharField(_("name"), max_length=120)
    segment = models.ForeignKey(
        Segment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="personas",
        verbose_name=_("segment"),
    )
    description = models.TextField(_("description"), blank=True, max_length=2000)

    def __str__(self) -> str:
        return self.name


class Card(Part):
    """What is written (or felt) in one cell of the map."""

    class Basis(models.TextChoices):
        ASSUMPTION = "assumption", _("Assumption")
        INTERVIEW = "interview", _("Interview")
        OBSERVATION = "observation", _("Observation")
        SURVEY = "survey", _("Survey")
        LOG = "log", _("Log")

    lane = models.ForeignKey(Lane, models.CASCADE, related_name="cards", verbose_name=_("lane"))
    step = models.ForeignKey(Step, models.CASCADE, related_name="cards", verbose_name=_("step"))
    persona = models.ForeignKey(
        Persona,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="cards",
        verbose_name=_("persona"),
    )
    text = models.TextField(_("text"), blank=True, max_length=10_000)
    emotion = models.SmallIntegerField(
        _("emotion"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-2), MaxValueValidator(2)],
    )
    basis = models.CharField(_("basis"), max_length=12, choices=Basis.choices, blank=True)

    class Meta(Part.Meta):
        constraints = [
            *Part.Meta.constraints,
            models.CheckConstraint(
                condition=Q(emotion=None) | Q(emotion__gte=-2, emotion__lte=2),
                name="card_emotion_from_minus_2_to_2",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60] or f"{self.lane} / {self.step}"


class Operation(models.Model):
    """One edit of a map: its `number` is the journey's revision that it made."""

    class Kind(models.TextChoices):
        EDIT = "edit", _("Edit")
        UNDO = "undo", _("Undo")
        REDO = "redo", _("Redo")
        IMPORT = "import", _("Map file")
        RESTORE = "restore", _("Restored version")

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="operations")
    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.EDIT)
    # Given by whoever sends it: sent twice, it is applied once.
    client_id = models.UUIDField(default=uuid4)
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    changes = models.JSONField()  # [{"list", "id", "before", "after"}, …]
    # The operation that took this one back, if any: an undo, or a redo of an undo.
    undone_by = models.OneToOneField("self", models.SET_NULL, null=True, related_name="undoes")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("journey", "number", name="operation_numbered_once"),
            models.UniqueConstraint("journey", "client_id", name="operation_sent_once"),
        ]
        indexes = [models.Index("journey", "user", F("number").desc(), name="operation_of_user")]

    def __str__(self) -> str:
        return f"{self.journey} {self.number}"
