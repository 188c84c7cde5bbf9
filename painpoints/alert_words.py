"""An alert in words: what changed, where, how sure, on how much evidence."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import wording
from accounts.filter_bar import period_label
from painpoints import explanation
from painpoints.alert_models import Alert


@dataclass(frozen=True)
class Message:
    title: str
    text: str
    url: str  # within the site


def message_of(alert: Alert) -> Message:
    """In the language that is active."""
    finding, journey = alert.finding, alert.rule.journey
    before, now = finding["severity_before"], finding["severity_now"]
    worse = alert.direction == Alert.Direction.WORSE
    title = (
        _("%(touchpoint)s became worse: %(now)s of 100 passages hurt, before %(before)s")
        if worse
        else _("%(touchpoint)s became better: %(now)s of 100 passages hurt, before %(before)s")
    )
    return Message(
        title=title
        % {
            "touchpoint": alert.touchpoint.name,
            "now": wording.points(now),
            "before": wording.points(before),
        },
        text=" ".join(
            [
                _("Journey: %s.") % journey.name,
                _("Compared: %(now)s with %(before)s.") % periods_of(alert),
                difference_text(alert),
                _("n %(now)s, before %(before)s (%(families)s).")
                % {
                    "now": wording.number(finding["n_now"]),
                    "before": wording.number(finding["n_before"]),
                    "families": ", ".join(map(explanation.label_of, finding["families"])),
                },
            ]
        ),
        url=change_url(alert),
    )


def difference_text(alert: Alert) -> str:
    """How much, and how sure."""
    finding = alert.finding
    return _(
        "Difference: %(difference)s points (%(low)s … %(high)s, a %(level)s interval); the change "
        "is real with probability %(certainty)s."
    ) % {
        "difference": wording.signed(finding["difference"] * 100, 0),
        "low": wording.signed(finding["difference_low"] * 100, 0),
        "high": wording.signed(finding["difference_high"] * 100, 0),
        "level": wording.percent(0.9),
        "certainty": wording.percent(finding["certainty"], 1),
    }


def periods_of(alert: Alert) -> dict[str, str]:
    return {
        "now": period_label(alert.first_day, _after(alert.last_day)),
        "before": period_label(alert.first_day_before, _after(alert.last_day_before)),
    }


def change_url(alert: Alert) -> str:
    """The change page at the touchpoint, with the periods of the alert."""
    journey = alert.rule.journey
    query = {
        "since": alert.first_day.isoformat(),
        "until": _after(alert.last_day).isoformat(),
        "touchpoint": alert.touchpoint.code,
    }
    # The page is a higher app's; its address below the journey's is part of what links promise.
    return journey.get_absolute_url() + "change/?" + urlencode(query)


def settings_url(alert: Alert) -> str:
    journey = alert.rule.journey
    return reverse("painpoints:alerts", args=[journey.workspace.slug, journey.slug])


def absolute(url: str) -> str:
    """For e-mail, where nothing else says which site it is."""
    return settings.PUBLIC_URL.rstrip("/") + url


def mail_text(alert: Alert, message: Message) -> str:
    name = alert.rule.journey.name
    why = _("You get this because you asked to be told of changes in “%s”. Change it here:") % name
    parts = [message.title + ".", message.text, absolute(message.url)]
    return "\n\n".join(parts) + f"\n\n--\n{why}\n{absolute(settings_url(alert))}\n"


def _after(day: date) -> date:
    return day + timedelta(days=1)
