"""Scoring runs (the ledger of every number shown) and pain points."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User, Workspace
from jobs.models import Job
from journeys.models import Journey
from painpoints.alert_models import Alert as Alert
from painpoints.alert_models import AlertMail as AlertMail
from painpoints.alert_models import AlertReader as AlertReader
from painpoints.alert_models import AlertRule as AlertRule
from painpoints.history_models import PainPointChange as PainPointChange
from painpoints.settings_models import ScoringSettings as ScoringSettings
from painpoints.titles import shown_title
from painpoints.view_models import SavedView as SavedView
from touchpoints.models import Touchpoint

# Ten person-years are no estimate any more; a value is told in tenths of the greatest.
MOST_DAYS = 2000
MOST_VALUE = 10


class RunQuerySet(models.QuerySet["ScoringRun"]):
    def shown(self, workspace: Workspace) -> "RunQuerySet":
        """The workspace's runs, without those of journeys that were put away."""
        return self.filter(workspace=workspace, journey__deleted_at=None)

    def done(self) -> "RunQuerySet":
        return self.filter(result__isnull=False)

    def unfiltered(self) -> "RunQuerySet":
        """Runs over all evidence: no period, no filters."""
        return self.filter(is_whole=True)


class ScoringRun(models.Model):
    """One scoring of one journey: its scope, parameters, evidence, and every x and n."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="runs")
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="runs")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    formula = models.CharField(max_length=20)
    scope = models.JSONField()  # since, until, channels, segments, units
    is_whole = models.BooleanField()  # scope without period and filters
    parameters = models.JSONField()  # weights, thresholds, touchpoints, codes, promises
    # SHA-256 of formula, scope and parameters; with the revision it names the result.
    key = models.CharField(max_length=64)
    evidence_revision = models.PositiveBigIntegerField()
    snapshot = models.BigIntegerField(null=True)
    result = models.JSONField(null=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    # When settings went back to those of this run, it is the newest answer once more.
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                "journey", "key", "evidence_revision", name="run_same_evidence_same_result"
            ),
        ]
        indexes = [models.Index("journey", "is_whole", F("created_at").desc(), name="run_newest")]

    def __str__(self) -> str:
        return f"{self.journey} {self.created_at:%Y-%m-%d %H:%M}"

    def document(self) -> dict[str, Any]:
        """The result with what names this run; `result` alone is the same for equal evidence."""
        assert self.result is not None
        return {
            **self.result,
            "run": self.pk,
            "created": self.created_at.isoformat(),
            "evidence_revision": self.evidence_revision,
        }


class RunCounts(models.Model):
    """What was counted at a run's snapshot beside its score: a document for each kind of count."""

    run = models.ForeignKey(ScoringRun, models.CASCADE, related_name="counts")
    kind = models.CharField(max_length=20)  # a key of counts.COUNTERS
    document = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint("run", "kind", name="run_counts_one_of_each_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.run}"


class Baseline(models.Model):
    """The run that a journey's later ones are compared with; it cannot be deleted meanwhile."""

    journey = models.OneToOneField(Journey, models.CASCADE, related_name="baseline")
    run = models.OneToOneField(ScoringRun, models.RESTRICT, related_name="pinned")
    pinned_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    pinned_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.run}"


class PainPointQuerySet(models.QuerySet["PainPoint"]):
    def shown(self, workspace: Workspace) -> "PainPointQuerySet":
        """The workspace's pain points, without those of journeys that were put away."""
        return self.filter(workspace=workspace, journey__deleted_at=None)

    def unsolved(self) -> "PainPointQuerySet":
        return self.exclude(status__in=[PainPoint.Status.RESOLVED, PainPoint.Status.DISMISSED])

    def with_last_run(self) -> "PainPointQuerySet":
        """Beside each the run that found it last, without its documents: some 30 kB of JSON."""
        return self.select_related("last_run").defer("last_run__result", "last_run__parameters")


class PainPoint(models.Model):
    """A finding that customers are hurt somewhere."""

    class Origin(models.TextChoices):
        SCORING = "scoring", _("Found by scoring")
        PERSON = "person", _("Recorded by a person")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        IN_PROGRESS = "in_progress", _("Being worked on")
        RESOLVED = "resolved", _("Resolved")
        DISMISSED = "dismissed", _("Dismissed")

    class Type(models.TextChoices):
        PAIN = "pain", _("Pain")
        DIFFICULTY = "difficulty", _("Difficulty")
        ITCH = "itch", _("Itch")

    class Cause(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("a cause of pain", "Waiting")
        PROCEDURES = "procedures", _("Procedures")
        INFORMATION = "information", _("Information")
        COMMUNICATION = "communication", _("Communication")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="painpoints")
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="painpoints")
    touchpoint = models.ForeignKey(
        Touchpoint, models.CASCADE, related_name="painpoints", verbose_name=_("touchpoint")
    )
    origin = models.CharField(max_length=8, choices=Origin.choices)
    title = models.CharField(_("title"), max_length=200)
    note = models.TextField(_("note"), blank=True, max_length=4000)
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.OPEN
    )
    # Proposed by scoring; a person's word stands, and the page shows whose it is.
    type = models.CharField(_("type"), max_length=10, choices=Type.choices, blank=True)
    type_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    cause = models.CharField(_("cause"), max_length=13, choices=Cause.choices, blank=True)
    cause_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="painpoints",
        verbose_name=_("owner"),
    )
    # What mending it would take, and be worth to the business besides; people's estimates.
    effort_days = models.PositiveSmallIntegerField(
        _("effort (person-days)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
    )
    business_value = models.PositiveSmallIntegerField(
        _("business value (0–10)"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_VALUE)],
    )
    first_run = models.ForeignKey(ScoringRun, models.SET_NULL, null=True, related_name="+")
    last_run = models.ForeignKey(ScoringRun, models.SET_NULL, null=True, related_name="+")
    # What was known when it was resolved or dismissed: found again by later evidence, it says so.
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_revision = models.PositiveBigIntegerField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PainPointQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                "journey",
                "touchpoint",
                condition=Q(origin="scoring"),
                name="painpoint_one_per_touchpoint_from_scoring",
            ),
            models.CheckConstraint(
                condition=Q(effort_days__isnull=True) | Q(effort_days__range=(1, MOST_DAYS)),
                name="painpoint_effort_within_reason",
            ),
            models.CheckConstraint(
                condition=Q(business_value__isnull=True) | Q(business_value__lte=MOST_VALUE),
                name="painpoint_business_value_of_ten",
            ),
        ]

    def __str__(self) -> str:
        return shown_title(self)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._note_closing()
        super().save(*args, **kwargs)

    @property
    def is_closed(self) -> bool:
        return self.status in (self.Status.RESOLVED, self.Status.DISMISSED)

    @property
    def found_again(self) -> bool:
        """Closed, and evidence that came later shows the pain all the same."""
        return (
            self.is_closed
            and self.closed_revision is not None
            and self.last_run is not None
            and self.last_run.evidence_revision > self.closed_revision
        )

    def _note_closing(self) -> None:
        if not self.is_closed:
            self.closed_at = self.closed_revision = None
        elif self.closed_at is None:
            self.closed_at = timezone.now()
            self.closed_revision = Workspace.objects.values_list(
                "evidence_revision", flat=True
            ).get(pk=self.workspace_id)


class Action(models.Model):
    """Something done about a pain point."""

    painpoint = models.ForeignKey(PainPoint, models.CASCADE, related_name="actions")
    text = models.CharField(_("action"), max_length=400)
    owner = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.text
