"""Imports: who brought which evidence, from which file, by which mapping, and what became of it.

The evidence itself lies in the lake (`evidence/lake.py`); here is only its bookkeeping.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Workspace
from evidence.look_models import CustomerLook as CustomerLook
from evidence.mapping_models import Mapping as Mapping
from evidence.mapping_models import MappingVersion as MappingVersion
from evidence.sending_models import PostedId as PostedId
from evidence.sending_models import PostKey as PostKey
from evidence.sending_models import Pull as Pull
from evidence.sending_models import PulledFile as PulledFile
from evidence.sending_models import Webhook as Webhook
from evidence.upkeep_models import LakeFile as LakeFile
from evidence.upkeep_models import Removal as Removal
from evidence.upkeep_models import Retention as Retention
from evidence.upkeep_models import UpkeepRun as UpkeepRun
from evidence.upload_models import Upload as Upload
from jobs.models import Job


class Kind(models.TextChoices):
    RESPONSES = "responses", _("Responses")
    WAITS = "waits", _("Waits")
    INTERACTIONS = "interactions", _("Interactions")


class State(models.TextChoices):
    DRAFT = "draft", _("Being prepared")
    IMPORTING = "importing", _("Importing")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Failed")
    UNDONE = "undone", _("Undone")


class Unsettled(models.TextChoices):
    """What a writer was about when it left its mark (commits.py)."""

    APPEND = "append"
    UNDO = "undo"


class Metric(models.Model):
    """A workspace's own question, with its scale and the answers that tell of pain.

    NPS, CSAT and CES are built in (`evidence/metrics.py`).
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="metrics")
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    low = models.DecimalField(_("lowest score"), max_digits=8, decimal_places=3)
    high = models.DecimalField(_("highest score"), max_digits=8, decimal_places=3)
    pain_at_most = models.DecimalField(
        _("painful at or below"), max_digits=8, decimal_places=3, null=True, blank=True
    )
    pain_at_least = models.DecimalField(
        _("painful at or above"), max_digits=8, decimal_places=3, null=True, blank=True
    )

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint("workspace", "code", name="metric_code_unique"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="metric_low_below_high"),
            models.CheckConstraint(
                condition=Q(pain_at_most=None, pain_at_least__isnull=False)
                | Q(pain_at_most__isnull=False, pain_at_least=None),
                name="metric_one_threshold",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ImportQuerySet(models.QuerySet["Import"]):
    def standing(self) -> "ImportQuerySet":
        """Imports whose rows are in the lake."""
        return self.filter(state=State.DONE)


class Import(models.Model):
    """One file (or one day of one source's API calls) brought in as one transaction."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="imports")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    kind = models.CharField(max_length=12, choices=Kind.choices, blank=True)
    source = models.CharField(_("source"), max_length=255)  # the file's name, or the API source's
    mapping = models.JSONField(default=dict)
    # Where the file lies below MEDIA_ROOT (or an absolute path for the command line).
    path = models.CharField(max_length=1000, blank=True)
    file_bytes = models.PositiveBigIntegerField(default=0)
    # SHA-256 over file and mapping: the same again is refused where no event_id tells rows apart.
    fingerprint = models.CharField(max_length=64, blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")

    unit = models.CharField(max_length=5, default="rows")  # rows or cells
    rows = models.PositiveBigIntegerField(default=0)
    accepted = models.PositiveBigIntegerField(default=0)
    ignored = models.PositiveBigIntegerField(default=0)
    missing = models.PositiveBigIntegerField(default=0)
    duplicate = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    # Of the accepted, those that left since: customers erased, rules of retention.
    gone = models.PositiveBigIntegerField(default=0)
    codes = models.JSONField(default=dict)  # touchpoint code → accepted rows
    journeys = models.JSONField(default=dict)  # journey code → accepted rows
    # Why rows were rejected: reason, field, columns, count, some examples.
    problems = models.JSONField(default=list)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    snapshot = models.BigIntegerField(null=True)

    # Whether the event ids of its rows are also among `PostedId`.
    ids_kept = models.BooleanField(default=False)
    # Set from before the lake's commit until our own; where it stays, the writer died between.
    unsettled = models.CharField(max_length=6, choices=Unsettled.choices, blank=True)

    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="import_state_known"),
            models.CheckConstraint(
                condition=~Q(state=State.DONE)
                | Q(
                    rows=F("accepted")
                    + F("ignored")
                    + F("missing")
                    + F("duplicate")
                    + F("rejected")
                ),
                name="import_every_row_accounted_for",
            ),
        ]
        indexes = [
            models.Index("workspace", F("created_at").desc(), name="import_newest"),
            models.Index(fields=["workspace", "fingerprint"], name="import_fingerprint"),
            models.Index("workspace", condition=~Q(unsettled=""), name="import_unsettled"),
        ]

    def __str__(self) -> str:
        return f"{self.source} ({self.kind})"

    @property
    def remaining(self) -> int:
        """How many of its rows stand, or stood until it was undone."""
        return self.accepted - self.gone

    def counts(self) -> dict[str, object]:
        """The account of every row, as the command line and the API show it."""
        return {
            "import": self.pk,
            "rows": self.rows,
            "unit": self.unit,
            "accepted": self.accepted,
            "ignored": self.ignored,
            "missing": self.missing,
            "duplicate": self.duplicate,
            "rejected": self.rejected,
        }
