"""The history of metrics' scales and thresholds, for pages."""

from accounts.changes import SHOWN, Told
from accounts.models import SettingsChange
from evidence.metrics import Scale, own_scales, scale_text
from evidence.models import Metric


def history_of(metric: Metric) -> list[Told]:
    """What became of this metric's scale and threshold, newest first.

    By its code, which it keeps: one that was deleted and brought back is the same question.
    """
    changes = SettingsChange.objects.filter(
        workspace=metric.workspace, kind=SettingsChange.Kind.METRICS, subject=metric.code
    ).select_related("user")
    now = own_scales(metric.workspace).get(metric.code)
    return [tell(change, now) for change in changes[:SHOWN]]


def tell(change: SettingsChange, now: Scale | None) -> Told:
    """`now` is the metric's scale of today; None where it is gone."""
    again = ""
    if now is not None:
        today = now.to_json()
        stood = {"after": change.after, "before": change.before}
        again = next((which for which, kept in stood.items() if kept and kept != today), "")
    return Told(change, _words(change.before), _words(change.after), again)


def _words(kept: dict[str, str | None]) -> list[str]:
    return [scale_text(kept)] if kept else []
