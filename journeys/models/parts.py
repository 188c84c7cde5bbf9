"""The parts of a map: stages, steps, lanes, personas and cards.

Each carries a `key`, stable within its journey: the `id` of the map file (docs/map-file.md).
Their order on the map is `position`.
"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import SLUG
from journeys import basis as bases
from journeys.models.journey import Journey
from touchpoints.models import Segment, Touchpoint

KEY_LENGTH = 60
COLOURS = 8  # of personas, as in the palette of charts
MOST_CURVES = 5  # personas whose feelings are drawn, the first ones
MOST_ASKED = 1_000_000_000


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
    description = models.TextField(_("description"), blank=True, max_length=2000)
    # The address of another journey of the workspace, which this step is in full (tree.py). Text,
    # because a map can come before the map it speaks of.
    opens = models.CharField(
        _("opens the journey"), max_length=80, blank=True, validators=[SLUG], db_index=True
    )
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
        CHANNEL = "channel", _("Channels")
        PAIN = "pain", _("Pain points")
        OPPORTUNITY = "opportunity", _("Opportunities")
        FRONTSTAGE = "frontstage", _("Frontstage")
        BACKSTAGE = "backstage", _("Backstage")
        SYSTEM = "system", _("Systems")
        POLICY = "policy", _("Policies and processes")
        METRIC = "metric", _("What is measured")
        IMAGE = "image", _("Pictures")
        TEXT = "text", _("Free text")

    class Height(models.TextChoices):
        SMALL = "small", _("small")
        MEDIUM = "medium", _("medium")
        LARGE = "large", _("large")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=160)
    hidden = models.BooleanField(_("hidden"), default=False)
    # Blank: as high as what stands in it.
    height = models.CharField(_("height"), max_length=6, choices=Height.choices, blank=True)

    class Meta(Part.Meta):
        constraints = [
            *Part.Meta.constraints,
            models.CheckConstraint(
                condition=Q(height__in=["", "small", "medium", "large"]), name="lane_height_known"
            ),
        ]

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
    goals = models.TextField(_("goals"), blank=True, max_length=2000)
    frustrations = models.TextField(_("frustrations"), blank=True, max_length=2000)
    picture = models.CharField(_("picture"), max_length=64, blank=True)  # a Picture's sha256
    # One of the palette's colours; none: by its place among the personas.
    colour = models.PositiveSmallIntegerField(
        _("colour"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(COLOURS)],
    )

    class Meta(Part.Meta):
        constraints = [
            *Part.Meta.constraints,
            models.CheckConstraint(
                condition=Q(colour=None) | Q(colour__gte=1, colour__lte=8),
                name="persona_colour_from_1_to_8",
            ),
        ]

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

    class Colour(models.TextChoices):
        """Colours by what they mean."""

        POSITIVE = "positive", _("Goes well")
        NEGATIVE = "negative", _("Goes badly")
        IDEA = "idea", _("Idea")
        QUESTION = "question", _("Open question")
        DECISION = "decision", _("Decision")
        RISK = "risk", _("Risk")

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
    colour = models.CharField(_("meaning"), max_length=8, choices=Colour.choices, blank=True)
    owner = models.CharField(_("owner"), max_length=120, blank=True)
    links = models.JSONField(_("links"), default=list, blank=True)  # [{"url", "title"}, …]
    image = models.CharField(_("picture"), max_length=64, blank=True)  # a Picture's sha256
    basis = models.CharField(_("basis"), max_length=12, choices=Basis.choices, blank=True)
    n = models.PositiveIntegerField(
        _("how many"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_ASKED)],
    )
    date = models.DateField(_("when"), null=True, blank=True)
    expires = models.DateField(_("counts until"), null=True, blank=True)

    class Meta(Part.Meta):
        # Of the lists only this one is long: its neighbours are found without reading it.
        indexes = [models.Index("journey", "position", "id", name="card_in_order")]
        constraints = [
            *Part.Meta.constraints,
            models.CheckConstraint(
                condition=Q(emotion=None) | Q(emotion__gte=-2, emotion__lte=2),
                name="card_emotion_from_minus_2_to_2",
            ),
            models.CheckConstraint(condition=Q(n=None) | Q(n__gte=1), name="card_n_at_least_1"),
            models.CheckConstraint(
                condition=Q(
                    colour__in=["", "positive", "negative", "idea", "question", "decision", "risk"]
                ),
                name="card_colour_known",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60] or f"{self.lane} / {self.step}"

    @property
    def evidence_strength(self) -> bases.Strength:
        """How well this is founded today."""
        return bases.strength(self.basis, self.n, self.expires, timezone.localdate())
