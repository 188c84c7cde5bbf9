"""A workspace's own weights and thresholds of the scoring formula."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Workspace

SHARE = [MinValueValidator(0), MaxValueValidator(1)]


class ScoringSettings(models.Model):
    """A workspace's own weights and thresholds of formula pain/1 (docs/methods.md)."""

    workspace = models.OneToOneField(Workspace, models.CASCADE, related_name="scoring_settings")
    weight_felt = models.FloatField(_("weight of felt"), default=1.0, validators=SHARE)
    weight_waited = models.FloatField(_("weight of waited"), default=0.6, validators=SHARE)
    weight_repeated = models.FloatField(_("weight of repeated"), default=0.5, validators=SHARE)
    weight_lost = models.FloatField(_("weight of lost"), default=0.8, validators=SHARE)
    weight_complained = models.FloatField(_("weight of complained"), default=1.0, validators=SHARE)
    short_abandon_s = models.DecimalField(
        _("short abandons end within (seconds)"),
        max_digits=8,
        decimal_places=3,
        default=Decimal(5),
        validators=[MinValueValidator(0)],
    )
    repeat_days = models.PositiveSmallIntegerField(_("a repeat comes within (days)"), default=7)

    def __str__(self) -> str:
        return f"Scoring settings of {self.workspace}"

    @classmethod
    def of(cls, workspace: Workspace) -> "ScoringSettings":
        """The workspace's own settings, or the defaults (not saved)."""
        if cls.workspace.field.remote_field.is_cached(workspace):  # read with the workspace
            own: ScoringSettings | None = getattr(workspace, "scoring_settings", None)
            return own or cls(workspace_id=workspace.pk)
        return cls.stored(workspace)

    @classmethod
    def stored(cls, workspace: Workspace) -> "ScoringSettings":
        """The same as the database has them now, whatever was read or changed before."""
        return cls.objects.filter(workspace=workspace).first() or cls(workspace_id=workspace.pk)

    def values(self) -> dict[str, float | str]:
        """All weights and thresholds, as the history keeps them."""
        return {
            **{f"weight_{name}": weight for name, weight in self.weights().items()},
            "short_abandon_s": f"{self.short_abandon_s.normalize():f}",
            "repeat_days": self.repeat_days,
        }

    def weights(self) -> dict[str, float]:
        return {
            name: getattr(self, f"weight_{name}")
            for name in ("felt", "waited", "repeated", "lost", "complained")
        }
