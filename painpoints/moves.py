"""How a pain point's touchpoint moved: its weeks in small, and the alerts it raised."""

from typing import Any

from painpoints import trend as drawing
from painpoints.alert_models import Alert
from painpoints.alert_words import message_of
from painpoints.models import PainPoint, ScoringRun
from painpoints.series import trends_of

SHOWN = 5


def moves_of(point: PainPoint, run: ScoringRun | None) -> dict[str, Any]:
    """As templates/painpoints/_moves.html takes it."""
    trends = trends_of(run, point.touchpoint.code) if run else None
    trend = trends.by_code.get(point.touchpoint.code) if trends else None
    alerts = Alert.objects.filter(
        rule__journey=point.journey, touchpoint=point.touchpoint
    ).select_related("rule__journey__workspace", "touchpoint")[:SHOWN]
    return {
        "trend": drawing.context_of(trend, point.touchpoint.name, drawing.top_of([trend]))
        if trend
        else None,
        "change_url": point.journey.get_absolute_url()
        + f"change/?touchpoint={point.touchpoint.code}",
        "alerts": [(alert, message_of(alert)) for alert in alerts],
    }
